package sigma

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Rule is one Sigma rule, read and checked. [Load] makes it; the zero Rule matches nothing.
type Rule struct {
	// ID is the identity that the author gave the rule, as a rule a UUID.
	ID string
	// Title says what it looks for.
	Title string
	// Description says more.
	Description string
	// Status is the author's word for its maturity, for example "test"; empty where there is none.
	Status string
	// Author is who wrote it, as the rule says.
	Author string
	// References are where the author took it from.
	References []string
	// Tags are the author's, for example "attack.t1078".
	Tags []string
	// FalsePositives says what else looks the same.
	FalsePositives []string
	// Level is how serious a match is in the author's eyes.
	Level Level
	// LogSource is the kind of log that it is written for.
	LogSource LogSource
	// Condition is the condition as it is written.
	Condition string
	// Digest is the SHA-256 of the file. A review records it, so that it is known by which text it filtered.
	Digest hipaasmp.Digest

	expr *node
}

// Fields returns the names of the fields that the rule looks at, in order.
func (r Rule) Fields() []string {
	var out []string
	r.expr.walk(func(a *atom) {
		if a.kind != atomKeyword {
			out = append(out, a.field)
		}
		if a.kind == atomFieldRef {
			out = append(out, a.other)
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// Keywords reports whether the rule looks for words anywhere in the event.
func (r Rule) Keywords() bool {
	found := false
	r.expr.walk(func(a *atom) { found = found || a.kind == atomKeyword })
	return found
}

// LogSource is the kind of log that a rule is written for. Empty parts say nothing.
type LogSource struct {
	// Category is a kind of event that many products log, for example "process_creation".
	Category string
	// Product is what writes the log, for example "aws".
	Product string
	// Service is the part of it, for example "cloudtrail".
	Service string
}

func (l LogSource) String() string {
	s := ""
	for _, part := range []string{l.Product, l.Service, l.Category} {
		if part == "" {
			continue
		}
		if s != "" {
			s += "/"
		}
		s += part
	}
	return s
}

// serves reports whether what is given says all that a rule asks for.
func (l LogSource) serves(rule LogSource) bool {
	fits := func(have, want string) bool { return want == "" || have == want }
	return fits(l.Category, rule.Category) && fits(l.Product, rule.Product) && fits(l.Service, rule.Service)
}

// Level is how serious a match is in the eyes of the rule's author.
type Level string

const (
	// LevelInformational is for what is worth knowing together with other things.
	LevelInformational Level = "informational"
	// LevelLow is notable, seldom an incident.
	LevelLow Level = "low"
	// LevelMedium should be looked at by a person.
	LevelMedium Level = "medium"
	// LevelHigh should be looked at soon.
	LevelHigh Level = "high"
	// LevelCritical should be looked at at once.
	LevelCritical Level = "critical"
	// LevelUnknown: the rule does not say.
	LevelUnknown Level = "unknown"
)

// Values returns the members of the enumeration.
func (Level) Values() []Level {
	return []Level{LevelInformational, LevelLow, LevelMedium, LevelHigh, LevelCritical, LevelUnknown}
}

// IsValid reports whether l is a member.
func (l Level) IsValid() bool { return slices.Contains(l.Values(), l) }

// MarshalText refuses a value that is no member.
func (l Level) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sigma.Level", l, l.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (l *Level) UnmarshalText(text []byte) (err error) {
	*l, err = hipaasmp.ParseEnum("sigma.Level", text, l.Values())
	return err
}

// Severity is how soon a match should be looked at: low for informational and low, high for high and critical, moderate
// for medium and for a rule that does not say.
func (l Level) Severity() detect.Severity {
	switch l {
	case LevelInformational, LevelLow:
		return detect.SeverityLow
	case LevelHigh, LevelCritical:
		return detect.SeverityHigh
	}
	return detect.SeverityModerate
}
