package activity

import (
	"encoding/base64"
	"net/netip"
	"net/url"
	"strings"
)

// things sorts out what the event was done to. Patients are whose information it touched: the patient of R5, every entity
// in the role of a patient, every entity that refers to one whatever its type says, and only where none of these is there,
// whom the query named. The object is the first entity that is not the patient, and the session is the request identity
// that BALP lets client and server record for one act, each of them for itself.
func (a *auditEvent) things(e *Event) {
	if !a.Patient.empty() {
		who := a.Patient.parse()
		if p, ok := who.patient(true); ok {
			e.Patients = append(e.Patients, p)
		}
	}
	for i := range a.Entity {
		entity := &a.Entity[i]
		what, known := entity.what(), entity.isPatient()
		if p, ok := what.patient(known); ok {
			e.Patients = appendNew(e.Patients, p)
		}
		if len(entity.Type) > 0 && entity.Type.has("XrequestId") {
			e.Session = what.Value
			if what.Value != "" {
				e.Request = Request{ID: what.Value, Recorder: a.Source.name()}
			}
			continue
		}
		if e.Object.ID == "" && what.kind != "Patient" && !known {
			e.Object = what.object()
		}
	}
	if len(e.Patients) > 0 {
		return
	}
	for i := range a.Entity {
		for _, p := range queried(a.Entity[i].Query) {
			e.Patients = appendNew(e.Patients, p)
		}
	}
}

// referred is what a reference says.
type referred struct {
	reference      string
	identifier            // logical
	kind, id, base string // of the reference, if it is literal
}

func (r *reference) parse() referred {
	out := referred{reference: r.Reference, identifier: r.Identifier}
	out.kind, out.id, out.base = resource(r.Reference)
	return out
}

// what is what the entity refers to, in the members of any version.
func (e *auditEntity) what() referred {
	r := e.What.parse()
	if r.reference == "" && e.Reference.Reference != "" {
		other := e.Reference.parse()
		other.identifier = r.identifier
		r = other
	}
	if r.Value == "" {
		r.identifier = e.Reference.Identifier
	}
	if r.Value == "" {
		r.identifier = e.Identifier
	}
	return r
}

// isPatient reports whether the role is that of a patient (1 of object-role). The type "person" (1 of audit-entity-type)
// counts only where no role is given, because users and doctors are persons too.
func (e *auditEntity) isPatient() bool {
	if e.Role.first().Code != "" {
		return e.Role.has("1")
	}
	return e.Type.has("1") || e.Type.has("Patient")
}

// patient reads a patient out of a reference. Unless the role is known to be a patient's, only a reference to a resource
// of type Patient is one.
func (r *referred) patient(known bool) (Patient, bool) {
	switch {
	case r.kind != "" && r.kind != "Patient":
		return Patient{}, false
	case known && r.Value != "":
		return numbered(r.System, r.Value), true
	case r.kind == "Patient" && r.id != "":
		return Patient{System: r.base, ID: r.id}, true
	case known && r.reference != "" && !strings.ContainsAny(r.reference, "/?#"):
		return Patient{ID: r.reference}, true
	}
	return conditional(r.reference)
}

// object reads an object out of a reference.
func (r *referred) object() Object {
	if r.reference != "" {
		return Object{Type: r.kind, ID: r.reference}
	}
	return Object{ID: r.Value}
}

// numbered reads an identifier, which may be a whole HL7 CX: id^^^namespace&oid&ISO.
func numbered(system, value string) Patient {
	id, rest, ok := strings.Cut(value, "^^^")
	if !ok {
		return Patient{System: system, ID: value}
	}
	return Patient{System: authority(system, rest), ID: id}
}

// authority is the numbering that a CX names behind the number, or else the system.
func authority(system, rest string) string {
	rest, _, _ = strings.Cut(rest, "^")
	namespace, universal, _ := strings.Cut(rest, "&")
	if oid, kind, _ := strings.Cut(universal, "&"); oid != "" && kind == "ISO" {
		return "urn:oid:" + oid
	}
	if system == "" {
		return namespace
	}
	return system
}

// cx remembers the last numbering of a CX, because a log has few of them.
type cx struct{ rest, system string }

// patient reads an identifier as [numbered] does, without a system.
func (c *cx) patient(value string) Patient {
	id, rest, ok := strings.Cut(value, "^^^")
	if !ok {
		return Patient{ID: value}
	}
	if c.system == "" || rest != c.rest {
		c.rest, c.system = rest, authority("", rest)
	}
	return Patient{System: c.system, ID: id}
}

// conditional reads a reference of the form Patient?identifier=system|value.
func conditional(ref string) (Patient, bool) {
	query, ok := strings.CutPrefix(ref, "Patient?")
	if !ok {
		return Patient{}, false
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return Patient{}, false
	}
	system, value, ok := strings.Cut(values.Get("identifier"), "|")
	if !ok || value == "" {
		return Patient{}, false
	}
	return Patient{System: system, ID: value}, true
}

// resource takes a literal reference apart: Patient/1, Patient/1/_history/2, https://host/fhir/Patient/1. The base is
// empty for a relative one.
func resource(ref string) (kind, id, base string) {
	if ref == "" {
		return "", "", ""
	}
	ref, _, _ = strings.Cut(ref, "/_history/")
	for i := range len(ref) {
		if ref[i] == '?' || ref[i] == '#' {
			return "", "", ""
		}
	}
	i := strings.LastIndexByte(ref, '/')
	if i < 0 {
		return "", "", ""
	}
	ref, id = ref[:i], ref[i+1:]
	if i = strings.LastIndexByte(ref, '/'); i >= 0 {
		base, ref = ref[:i], ref[i+1:]
	}
	if ref == "" || ref[0] < 'A' || ref[0] > 'Z' {
		return "", "", ""
	}
	return ref, id, base
}

// queried reads the patients that a search names out of its recorded request, which is base64 of a URL or of a line that
// holds one.
func queried(query string) []Patient {
	if query == "" {
		return nil
	}
	text, err := base64.StdEncoding.DecodeString(query)
	if err != nil {
		return nil
	}
	var out []Patient
	for _, word := range strings.Fields(string(text)) {
		u, err := url.Parse(word)
		if err != nil {
			continue
		}
		if kind, id, base := resource(strings.TrimSuffix(u.Path, "/")); kind == "Patient" && u.RawQuery == "" {
			if u.Host != "" {
				base = u.Scheme + "://" + u.Host + base
			}
			out = appendNew(out, Patient{System: strings.Trim(base, "/"), ID: id})
		}
		parameters := u.Query()
		own := strings.HasSuffix(u.Path, "Patient")
		for _, name := range []string{"patient", "subject", "patient:Patient", "subject:Patient", "_id", "identifier", "patient.identifier", "subject.identifier"} {
			if (name == "_id" || name == "identifier") && !own {
				continue
			}
			for _, value := range strings.Split(parameters.Get(name), ",") {
				if p, ok := asked(name, value); ok {
					out = appendNew(out, p)
				}
			}
		}
	}
	return out
}

// asked reads the value of one search parameter.
func asked(name, value string) (Patient, bool) {
	if strings.HasSuffix(name, "identifier") {
		system, id, ok := strings.Cut(value, "|")
		if !ok {
			system, id = "", value
		}
		return Patient{System: system, ID: id}, id != ""
	}
	if kind, id, base := resource(value); kind != "" {
		return Patient{System: base, ID: id}, kind == "Patient" && id != ""
	}
	return Patient{ID: value}, value != "" && !strings.ContainsAny(value, "/?#")
}

// origin sorts a network address into an IP address or a name.
func origin(place string) Origin {
	if dotted(place) { // as it would be written again
		return Origin{Addr: place}
	}
	if addr, err := netip.ParseAddr(place); err == nil {
		return Origin{Addr: addr.String()}
	}
	return Origin{Host: place}
}

// dotted reports whether the text is an IPv4 address as it is always written: four numbers up to 255 without zeros before.
func dotted(text string) bool {
	parts, digits, n := 1, 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			if digits > 0 && n == 0 {
				return false
			}
			digits, n = digits+1, 10*n+int(c-'0')
			if n > 255 {
				return false
			}
		case c == '.' && digits > 0:
			parts, digits, n = parts+1, 0, 0
		default:
			return false
		}
	}
	return parts == 4 && digits > 0
}
