package sigma

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Access says where a mapping takes the fields of an event from.
type Access string

const (
	// AccessEvent takes them from the fields of [activity.Event], by the words of [activity.Field] and "source".
	AccessEvent Access = "event"
	// AccessJSON takes them from the members of the entry, by their paths, as [Matcher.PutJSON] does.
	AccessJSON Access = "json"
	// AccessAuditd takes them from the records of the entry, each by itself, as [Matcher.PutAuditd] does.
	AccessAuditd Access = "auditd"
)

// Values returns the members of the enumeration.
func (Access) Values() []Access { return []Access{AccessEvent, AccessJSON, AccessAuditd} }

// IsValid reports whether a is a member.
func (a Access) IsValid() bool { return slices.Contains(a.Values(), a) }

// MarshalText refuses a value that is no member.
func (a Access) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sigma.Access", a, a.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (a *Access) UnmarshalText(text []byte) (err error) {
	*a, err = hipaasmp.ParseEnum("sigma.Access", text, a.Values())
	return err
}

// Mapping says which rules a source can be filtered with, and where the fields that they name are found.
type Mapping struct {
	// Name is what a review records of the mapping.
	Name string
	// Access says where the fields are taken from.
	Access Access
	// Sources are the log sources whose rules may be used. A rule must not ask for more than one of them says.
	Sources []LogSource
	// Rename gives fields of rules other names in the log, for example "gcp.audit.method_name" to
	// "protoPayload.methodName". A field that is not in it keeps its name.
	Rename map[string]string
}

// CloudTrail is the mapping for entries of AWS CloudTrail.
func CloudTrail() Mapping {
	return Mapping{Name: "cloudtrail", Access: AccessJSON, Sources: []LogSource{{Product: "aws", Service: "cloudtrail"}}}
}

// Okta is the mapping for entries of Okta's System Log.
func Okta() Mapping {
	return Mapping{Name: "okta", Access: AccessJSON, Sources: []LogSource{{Product: "okta", Service: "okta"}}}
}

// GoogleCloud is the mapping for audit logs of Google Cloud and Google Workspace in JSON, one entry a line. Rules name the
// fields of the shipper that brought the log; [Mapping.Rename] brings them to yours.
func GoogleCloud() Mapping {
	return Mapping{Name: "gcp", Access: AccessJSON, Sources: []LogSource{
		{Product: "gcp", Service: "gcp.audit"}, {Product: "gcp", Service: "google_workspace.admin"}, {Product: "gcp", Service: "google_workspace.login"},
	}}
}

// Auditd is the mapping for records of the Linux audit daemon.
func Auditd() Mapping {
	return Mapping{Name: "auditd", Access: AccessAuditd, Sources: []LogSource{{Product: "linux", Service: "auditd"}}}
}

// EventFields is the mapping for rules of one's own over the fields of [activity.Event], which every format fills:
// "actor", "action", "family", "outcome", "patient", "object" and so on, the words of [activity.Field], and "source". The
// log source of such a rule is the product "hipaasmp" with the service "activity".
func EventFields() Mapping {
	return Mapping{Name: "event", Access: AccessEvent, Sources: []LogSource{{Product: "hipaasmp", Service: "activity"}}}
}

// Serves reports whether a rule may be used with the mapping, as far as its log source says.
func (mp Mapping) Serves(r Rule) bool {
	return slices.ContainsFunc(mp.Sources, func(l LogSource) bool { return l.serves(r.LogSource) })
}

// MappingError says that a rule cannot be used with a mapping. It would never match, which must not pass for a log in
// which nothing was found.
type MappingError struct {
	// Rule is the identity of the rule.
	Rule string
	// Mapping is the name of the mapping.
	Mapping string
	// Why says what is wrong and what to do.
	Why string
}

func (e *MappingError) Error() string {
	return fmt.Sprintf("sigma: rule %q cannot be used with the mapping %q: %s", e.Rule, e.Mapping, e.Why)
}

// check returns why a rule cannot be used.
func (mp Mapping) check(r Rule) error {
	if !mp.Serves(r) {
		return &MappingError{r.ID, mp.Name, fmt.Sprintf("it is written for %s; use it with the mapping of that log", r.LogSource)}
	}
	if mp.Access != AccessEvent {
		return nil
	}
	for _, f := range r.Fields() {
		if have := EventFieldNames(); !slices.Contains(have, mp.rename(f)) {
			return &MappingError{r.ID, mp.Name, fmt.Sprintf("an event has no field %q; it has %s", f, strings.Join(have, ", "))}
		}
	}
	return nil
}

func (mp Mapping) rename(field string) string {
	if to, ok := mp.Rename[field]; ok {
		return to
	}
	return field
}

// renamed returns the rule with the names that its fields have in the log.
func (mp Mapping) renamed(r Rule) Rule {
	if len(mp.Rename) == 0 {
		return r
	}
	done := map[*node]*node{}
	var copied func(n *node) *node
	copied = func(n *node) *node {
		if have, ok := done[n]; ok {
			return have
		}
		out := &node{op: n.op, name: n.name}
		for _, k := range n.kids {
			out.kids = append(out.kids, copied(k))
		}
		if n.op == opAtom {
			a := *n.atom
			if a.kind != atomKeyword {
				a.field = mp.rename(a.field)
			}
			if a.kind == atomFieldRef {
				a.other = mp.rename(a.other)
			}
			out.atom = &a
		}
		done[n] = out
		return out
	}
	r.expr = copied(r.expr)
	return r
}
