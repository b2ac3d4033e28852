package hipaasmp

import (
	"fmt"
	"time"
)

// EntityType says which duties bind the entity. Subpart C binds both; 45 CFR 164.530 binds covered entities only, so
// its duties are never asked of a business associate.
type EntityType string

const (
	// EntityCoveredEntity is a health plan, a clearinghouse or a provider that transmits in a standard transaction
	// (45 CFR 160.103).
	EntityCoveredEntity EntityType = "covered_entity"
	// EntityBusinessAssociate handles PHI on behalf of a covered entity, or for another associate (45 CFR 160.103).
	EntityBusinessAssociate EntityType = "business_associate"
)

// Values returns the members of the enumeration.
func (EntityType) Values() []EntityType {
	return []EntityType{EntityCoveredEntity, EntityBusinessAssociate}
}

// IsValid reports whether t is a member.
func (t EntityType) IsValid() bool {
	_, err := ParseEnum("EntityType", []byte(t), t.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (t EntityType) MarshalText() ([]byte, error) { return FormatEnum("EntityType", t, t.Values()) }

// UnmarshalText refuses a text that is no member, the empty one included.
func (t *EntityType) UnmarshalText(text []byte) (err error) {
	*t, err = ParseEnum("EntityType", text, t.Values())
	return err
}

// EntitySize is a rough size for the factor of 45 CFR 164.306(b)(2)(i). It changes no duty: size does not exempt.
type EntitySize string

const (
	// EntitySolo is one clinician with hardly any staff.
	EntitySolo EntitySize = "solo"
	// EntitySmall is a practice or a small firm.
	EntitySmall EntitySize = "small"
	// EntityMedium is a group, a community hospital or a firm with an IT department of its own.
	EntityMedium EntitySize = "medium"
	// EntityLarge is a hospital system, a plan or a firm of that size.
	EntityLarge EntitySize = "large"
	// EntitySizeUnknown says that nobody has said.
	EntitySizeUnknown EntitySize = "unknown"
)

// Values returns the members of the enumeration.
func (EntitySize) Values() []EntitySize {
	return []EntitySize{EntitySolo, EntitySmall, EntityMedium, EntityLarge, EntitySizeUnknown}
}

// IsValid reports whether s is a member.
func (s EntitySize) IsValid() bool {
	_, err := ParseEnum("EntitySize", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s EntitySize) MarshalText() ([]byte, error) { return FormatEnum("EntitySize", s, s.Values()) }

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *EntitySize) UnmarshalText(text []byte) (err error) {
	*s, err = ParseEnum("EntitySize", text, s.Values())
	return err
}

// Appointment is a role that a workforce member holds for a time, such as security official.
type Appointment struct {
	// Role is what the member is appointed to.
	Role Role `json:"role" validate:"required,role"`
	// Member is the identity of the workforce member.
	Member string `json:"member" validate:"required,docid"`
	// Term is the time of the appointment, both days included.
	Term Period `json:"term"`
}

// KindEntity is the kind of [Entity].
const KindEntity Kind = "hipaasmp.entity"

// Entity is the covered entity or business associate whose records these are. It is a record itself: the
// appointments are how the entity shows its security official (45 CFR 164.308(a)(2)).
type Entity struct {
	Header
	// Name is the legal name of the organisation.
	Name string `json:"name" validate:"required,text"`
	// Type decides which duties bind.
	Type EntityType `json:"type" validate:"enum"`
	// Size is a rough size, for context only.
	Size EntitySize `json:"size" validate:"enum"`
	// Zone is the IANA time zone in which the entity's legal days are counted, for example "America/Chicago".
	Zone string `json:"zone" validate:"required,text"`
	// Created is the day the profile was first written.
	Created Date `json:"created" validate:"required"`
	// InEffect is the time for which the profile holds; open while it does.
	InEffect Period `json:"in_effect"`
	// Workforce lists the members that the records speak of, each once.
	Workforce []WorkforceMember `json:"workforce" validate:"min=1,dive"`
	// Appointments list who held which role when.
	Appointments []Appointment `json:"appointments" validate:"min=1,dive"`
}

var _ Record = Entity{}

// Citations returns the provisions that the profile documents.
func (Entity) Citations() []Citation {
	return []Citation{CiteAssignedSecurityResponsibility, CiteDocumentation}
}

// RetentionBasis returns a document that stays in effect while the profile holds.
func (e Entity) RetentionBasis() RetentionBasis {
	return RetentionBasis{Class: ClassDocumentation, Created: e.Created, InEffect: []Period{e.InEffect}}
}

// Location returns the entity's time zone. The error is a fault that names the zone.
func (e Entity) Location() (*time.Location, error) {
	if e.Zone == "" || e.Zone == "Local" {
		return nil, Fault{Code: FaultZone, Pointer: "/zone", Message: fmt.Sprintf("%q is no IANA zone; use a name such as America/Chicago", e.Zone)}
	}
	loc, err := time.LoadLocation(e.Zone)
	if err != nil {
		return nil, Fault{Code: FaultZone, Pointer: "/zone", Message: fmt.Sprintf("%q is not in the IANA database of this machine; correct it, or import time/tzdata", clip(e.Zone))}
	}
	return loc, nil
}

// Holds reports whether the member holds the role on the day.
func (e Entity) Holds(role Role, member string, on Date) bool {
	for _, a := range e.Appointments {
		if a.Role == role && a.Member == member && a.Term.Contains(on) {
			return true
		}
	}
	return false
}

// Member returns the workforce member with the identity.
func (e Entity) Member(id string) (WorkforceMember, bool) {
	for _, m := range e.Workforce {
		if m.ID == id {
			return m, true
		}
	}
	return WorkforceMember{}, false
}

// Validate returns every fault of the profile.
func (e Entity) Validate() error {
	var fs []Fault
	add := func(code FaultCode, pointer, format string, args ...any) {
		fs = append(fs, Fault{Code: code, Pointer: pointer, Message: fmt.Sprintf(format, args...)})
	}
	if e.Schema != SchemaID(KindEntity, 1) {
		add(FaultSchema, "/schema", "is %q; set it with NewHeader(KindEntity, id)", clip(e.Schema))
	}
	checkID := func(id, pointer string) {
		if id == "" {
			add(FaultRequired, pointer, "is missing; give an opaque identity")
		} else if !ValidID(id) {
			add(FaultFormat, pointer, "is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : -")
		}
	}
	checkText := func(s, pointer string) {
		if s == "" {
			add(FaultRequired, pointer, "is missing; supply the text")
		} else if !ValidText(s) {
			add(FaultFormat, pointer, "is blank, is not UTF-8 or holds control characters; write plain text")
		}
	}
	checkPeriod := func(p Period, pointer string) {
		if p.From.IsZero() {
			add(FaultRequired, pointer+"/from", "is missing; supply the first day")
		} else if !p.InOrder() {
			add(FaultOrder, pointer+"/to", "is before the first day %s; correct one of them", p.From)
		}
	}
	checkID(e.ID, "/id")
	checkText(e.Name, "/name")
	if !e.Type.IsValid() {
		add(FaultEnum, "/type", "is not an entity type; use covered_entity or business_associate")
	}
	if !e.Size.IsValid() {
		add(FaultEnum, "/size", "is not a size; use solo, small, medium, large or unknown")
	}
	checkText(e.Zone, "/zone")
	if e.Zone != "" && ValidText(e.Zone) {
		if _, err := e.Location(); err != nil {
			fs = append(fs, err.(Fault))
		}
	}
	if e.Created.IsZero() {
		add(FaultRequired, "/created", "is missing; supply the day the profile was first written")
	}
	checkPeriod(e.InEffect, "/in_effect")
	if len(e.Workforce) == 0 {
		add(FaultRange, "/workforce", "has no entry; list the members that the records speak of")
	}
	seen := map[string]bool{}
	for i, m := range e.Workforce {
		at := Pointer("workforce", i)
		checkID(m.ID, at+"/id")
		if seen[m.ID] {
			add(FaultIdentity, at+"/id", "%q is listed twice; keep one entry a member", clip(m.ID))
		}
		seen[m.ID] = true
		if !m.Category.IsValid() {
			add(FaultEnum, at+"/category", "is not a workforce category; a business associate firm is not workforce")
		}
		if m.Title != "" {
			checkText(m.Title, at+"/title")
		}
		checkPeriod(m.Member, at+"/member")
	}
	for i, m := range e.Workforce {
		if m.Manager == "" {
			continue
		}
		at := Pointer("workforce", i, "manager")
		checkID(m.Manager, at)
		if m.Manager == m.ID {
			add(FaultSegregation, at, "is the member; name another person or nobody")
		} else if !seen[m.Manager] && ValidID(m.Manager) {
			add(FaultDangling, at, "%q is not in the workforce list; add the member", m.Manager)
		}
	}
	if len(e.Appointments) == 0 {
		add(FaultRange, "/appointments", "has no entry; name at least the security official")
	}
	official := false
	for i, a := range e.Appointments {
		at := Pointer("appointments", i)
		if a.Role == "" {
			add(FaultRequired, at+"/role", "is missing; name the role")
		} else if !ValidRole(a.Role) {
			add(FaultFormat, at+"/role", "is not written as a role; use lower-case letters, digits and _")
		}
		official = official || a.Role == RoleSecurityOfficial
		checkID(a.Member, at+"/member")
		if ValidID(a.Member) && !seen[a.Member] {
			add(FaultDangling, at+"/member", "%q is not in the workforce list; add the member", a.Member)
		}
		checkPeriod(a.Term, at+"/term")
	}
	if len(e.Appointments) > 0 && !official {
		fs = append(fs, Fault{Code: FaultAuthority, Pointer: "/appointments", Citation: CiteAssignedSecurityResponsibility,
			Message: "names no security_official; the rule asks for a named person"})
	}
	return Invalid(e.DocumentRef(), fs)
}
