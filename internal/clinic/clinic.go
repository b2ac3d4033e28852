package clinic

import (
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/risk"
)

// Today is the day on which the clinic is looked at.
func Today() hipaasmp.Date { return hipaasmp.Day(2026, 7, 20) }

// Asked is the period that an investigator asks about: the first half of 2026.
func Asked() hipaasmp.Period {
	return hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1), To: hipaasmp.Day(2026, 6, 30)}
}

// The people of the clinic, by opaque identity.
var (
	manager    = hipaasmp.Actor{ID: "wf-100", Role: hipaasmp.RoleManagement}
	official   = hipaasmp.Actor{ID: "wf-101", Role: hipaasmp.RoleSecurityOfficial}
	reviewer   = hipaasmp.Actor{ID: "wf-102", Role: hipaasmp.RoleReviewer}
	technician = hipaasmp.Actor{ID: "wf-104", Role: hipaasmp.RoleSystemAdministrator}
)

// Technician is the member of whom the clinic's one exception, incident and sanction case speak, and Account the name
// under which the log has that member.
const (
	Technician = "wf-104"
	Account    = "arn:aws:iam::111122223333:user/wf-104"
)

// New returns the records of the clinic as an entity of the type. An error is a defect of this package.
func New(as hipaasmp.EntityType) (inquiry.Records, error) {
	b := builder{entity: profile(as)}
	if b.zone, b.err = b.entity.Location(); b.err != nil {
		return inquiry.Records{}, b.err
	}
	b.r = inquiry.Records{
		Entity: b.entity, Asked: Asked(), Cadence: risk.Cadence{Months: 12, Policy: "Risk analysis procedure, section 2"},
	}
	for _, step := range []func(){b.analyses, b.remedies, b.sanctions, b.reviews, b.attest} {
		if step(); b.err != nil {
			return inquiry.Records{}, fmt.Errorf("clinic: %w", b.err)
		}
	}
	return b.r, nil
}

// Documents returns everything that the clinic has, in an order in which it can be stored.
func Documents(r inquiry.Records) []hipaasmp.Document {
	out := []hipaasmp.Document{r.Entity}
	out = add(out, r.Drafts)
	out = add(out, r.Analyses)
	out = add(out, r.Items)
	out = add(out, r.Cases)
	out = add(out, r.Sessions)
	out = add(out, r.Incidents)
	for _, f := range r.Finals() {
		switch f.DocumentRef().Kind {
		case hipaasmp.KindEntity, risk.KindAnalysis:
		default:
			out = append(out, f)
		}
	}
	return out
}

func add[T hipaasmp.Document](out []hipaasmp.Document, list []T) []hipaasmp.Document {
	for _, d := range list {
		out = append(out, d)
	}
	return out
}

// builder adds what the clinic did, until something is refused.
type builder struct {
	entity hipaasmp.Entity
	zone   *time.Location
	r      inquiry.Records
	err    error
}

func day(s string) hipaasmp.Date { return civil.Date(s) }

// at is a local hour of a day.
func (b *builder) at(date string, hour int) time.Time {
	return day(date).StartIn(b.zone).Add(time.Duration(hour) * time.Hour)
}

// ok reports whether nothing was refused so far.
func (b *builder) ok(err error) bool {
	if b.err == nil {
		b.err = err
	}
	return b.err == nil
}

func profile(as hipaasmp.EntityType) hipaasmp.Entity {
	since := hipaasmp.Period{From: day("2024-12-01")}
	e := hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "lakeside"), Name: "Lakeside Family Clinic", Type: as, Size: hipaasmp.EntitySmall,
		Zone: "America/Chicago", Created: since.From, InEffect: since,
	}
	for _, m := range []struct {
		who      hipaasmp.Actor
		title    string
		category hipaasmp.WorkforceCategory
	}{
		{manager, "Practice manager", hipaasmp.WorkforceEmployee},
		{official, "Security official", hipaasmp.WorkforceEmployee},
		{reviewer, "Log reviewer", hipaasmp.WorkforceEmployee},
		{technician, "IT administrator", hipaasmp.WorkforceContractor},
	} {
		e.Workforce = append(e.Workforce, hipaasmp.WorkforceMember{ID: m.who.ID, Title: m.title, Category: m.category, Member: since})
		e.Appointments = append(e.Appointments, hipaasmp.Appointment{Role: m.who.Role, Member: m.who.ID, Term: since})
	}
	return e
}

func file(name, mediaType string) hipaasmp.Artifact {
	return hipaasmp.Artifact{Name: name, MediaType: mediaType, Size: int64(1000 + len(name)), SHA256: hipaasmp.DigestOf([]byte("lakeside " + name))}
}
