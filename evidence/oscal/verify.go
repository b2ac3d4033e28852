package oscal

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Verify finds what OSCAL's own JSON Schema cannot see, all of it, in a [*hipaasmp.ValidationError] whose pointers begin
// at the document.
func (p POAM) Verify() error {
	var c checker
	c.version(p.Metadata)
	if p.SystemID == nil && p.ImportSSP == nil {
		c.add(FaultSystem, "/system-id", "is missing, and so is import-ssp; give one of the two")
	}
	for i, r := range p.Risks {
		if !slices.Contains(statuses(), r.Status) {
			c.add(FaultStatus, hipaasmp.Pointer("risks", i, "status"), quote(r.Status)+" is no status that OSCAL defines; use one of: "+strings.Join(statuses(), ", "))
		}
		for j, x := range r.Characterizations {
			for k, f := range x.Facets {
				if f.System == CoreNamespace && !slices.Contains(coreFacets(), f.Name) {
					c.add(FaultFacet, hipaasmp.Pointer("risks", i, "characterizations", j, "facets", k, "name"), quote(f.Name)+" is no facet that OSCAL defines; use one of: "+strings.Join(coreFacets(), ", ")+", or a system of your own")
				}
			}
		}
		if r.RiskLog == nil {
			continue
		}
		for j, e := range r.RiskLog.Entries {
			c.order(hipaasmp.Pointer("risks", i, "risk-log", "entries", j), e)
		}
	}
	return c.document(p)
}

// Verify finds what OSCAL's own JSON Schema cannot see, as [POAM.Verify] does.
func (x Catalog) Verify() error {
	var c checker
	c.version(x.Metadata)
	return c.document(x)
}

// checker collects faults.
type checker struct {
	faults  []hipaasmp.Fault
	defined map[string]string
	refers  map[string]string
}

func (c *checker) add(code hipaasmp.FaultCode, pointer, message string) {
	c.faults = append(c.faults, hipaasmp.Fault{Code: code, Pointer: pointer, Message: message})
}

func (c *checker) version(m Metadata) {
	if m.OSCALVersion != Version {
		c.add(FaultVersion, "/metadata/oscal-version", quote(m.OSCALVersion)+" is not the version that this document is of; write "+Version)
	}
}

func (c *checker) order(at string, e LogEntry) {
	start, err := time.Parse(time.RFC3339Nano, e.Start)
	if err != nil {
		c.add(FaultOrder, at+"/start", "is no time with its offset")
	}
	if e.End == "" {
		return
	}
	if end, bad := time.Parse(time.RFC3339Nano, e.End); bad != nil {
		c.add(FaultOrder, at+"/end", "is no time with its offset")
	} else if err == nil && end.Before(start) {
		c.add(FaultOrder, at+"/end", "is before the start; correct one of them")
	}
}

// document compares the identities of a document with its references. Both are told by the names of members, which
// OSCAL keeps to: an identity is a uuid or a control's id, a reference ends in -uuid, -uuids or role-id, or is a link to "#".
func (c *checker) document(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		return err
	}
	c.defined, c.refers = map[string]string{}, map[string]string{}
	c.walk("", doc)
	for _, at := range slices.Sorted(maps.Keys(c.refers)) {
		if _, ok := c.defined[c.refers[at]]; !ok {
			c.add(FaultDangling, at, quote(c.refers[at])+" is no identity of this document; add what it refers to, or correct it")
		}
	}
	return hipaasmp.Invalid(hipaasmp.Ref{}, c.faults)
}

func (c *checker) walk(at string, v any) {
	switch v := v.(type) {
	case []any:
		for i := range v {
			c.walk(at+hipaasmp.Pointer(i), v[i])
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			here := at + hipaasmp.Pointer(name)
			text, _ := v[name].(string)
			switch {
			case name == "uuid":
				c.define(here, strings.ToLower(text))
			case name == "id" && isIdentified(at):
				c.define(here, "id:"+text)
			case name == "role-id":
				c.refers[here] = "id:" + text
			case strings.HasSuffix(name, "-uuid"):
				c.refers[here] = strings.ToLower(text)
			case strings.HasSuffix(name, "-uuids"):
				list, _ := v[name].([]any)
				for i := range list {
					text, _ := list[i].(string)
					c.refers[here+hipaasmp.Pointer(i)] = strings.ToLower(text)
				}
			case name == "href" && strings.HasPrefix(text, "#"):
				c.refers[here] = strings.ToLower(text[1:])
			}
			c.walk(here, v[name])
		}
	}
}

// isIdentified reports whether the id at a place is an identity in the document: of a role, a group, a control or a part.
// The ids of systems and threats are names of something outside.
func isIdentified(at string) bool {
	return !strings.Contains(at, "/system-id") && !strings.Contains(at, "/threat-ids")
}

func (c *checker) define(at, id string) {
	if first, ok := c.defined[id]; ok {
		c.add(FaultIdentity, at, quote(id)+" is also the identity at "+first+"; give each its own")
		return
	}
	c.defined[id] = at
}
