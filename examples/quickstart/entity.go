package main

import hipaasmp "github.com/hipaasmp/hipaasmp"

// The people of the sample clinic, by opaque identity. Who they are is in no record.
var (
	manager    = hipaasmp.Actor{ID: "wf-100", Role: hipaasmp.RoleManagement}
	official   = hipaasmp.Actor{ID: "wf-101", Role: hipaasmp.RoleSecurityOfficial}
	privacy    = hipaasmp.Actor{ID: "wf-102", Role: hipaasmp.RolePrivacyOfficial}
	reviewer   = hipaasmp.Actor{ID: "wf-102", Role: hipaasmp.RoleReviewer}
	technician = hipaasmp.Actor{ID: "wf-104", Role: hipaasmp.RoleSystemAdministrator}
)

const tenant = "sample-clinic"

// sampleZone is where the sample clinic counts its days.
const sampleZone = "America/Chicago"

// sampleEntity is a small covered entity with a named security official.
func sampleEntity(c calendar) hipaasmp.Entity {
	since := hipaasmp.Period{From: c.day(-80, 0)}
	member := func(id, title string, category hipaasmp.WorkforceCategory, reportsTo string) hipaasmp.WorkforceMember {
		return hipaasmp.WorkforceMember{ID: id, Category: category, Title: title, Manager: reportsTo, Member: since}
	}
	appoint := func(who hipaasmp.Actor) hipaasmp.Appointment {
		return hipaasmp.Appointment{Role: who.Role, Member: who.ID, Term: since}
	}
	return hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, tenant),
		Name:   "Sample Family Clinic", Type: hipaasmp.EntityCoveredEntity, Size: hipaasmp.EntitySmall, Zone: sampleZone,
		Created: since.From, InEffect: since,
		Workforce: []hipaasmp.WorkforceMember{
			member("wf-100", "Practice manager", hipaasmp.WorkforceEmployee, ""),
			member("wf-101", "Security official", hipaasmp.WorkforceEmployee, "wf-100"),
			member("wf-102", "Privacy official and log reviewer", hipaasmp.WorkforceEmployee, "wf-100"),
			member("wf-103", "Physician", hipaasmp.WorkforceEmployee, "wf-100"),
			member("wf-104", "IT administrator", hipaasmp.WorkforceContractor, "wf-101"),
			member("wf-105", "Billing", hipaasmp.WorkforceEmployee, "wf-100"),
		},
		Appointments: []hipaasmp.Appointment{appoint(manager), appoint(official), appoint(privacy), appoint(reviewer), appoint(technician)},
	}
}
