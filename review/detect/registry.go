package detect

import (
	"slices"
	"time"
)

// Context is what is known beside the log. Each part may be nil; a detector that needs it then finds nothing, and its
// parameters say "none".
type Context struct {
	// People is the roster.
	People People
	// Terminations says who had left; nil takes People where it says so too.
	Terminations Terminations
	// Leaves says who was on leave.
	Leaves Leaves
	// Patients is the register of patients.
	Patients Patients
	// Encounters says when patients were under care.
	Encounters Encounters
	// Relations ties actors to patients in their work, and Family by kinship.
	Relations, Family Relations
	// Watch is the list of watched records.
	Watch Watch
	// Calendar holds the holidays.
	Calendar Calendar
	// Places says where origins lie.
	Places Places
	// Needs is the matrix of roles.
	Needs Needs
	// Digests says what was recorded of files that were reviewed before.
	Digests Digests
	// Chain says what a source has recorded of its files.
	Chain Chain
	// From and Until bound the period that is reviewed; a zero time is no bound.
	From, Until time.Time
	// Zone is the zone of days and shifts.
	Zone ZoneOf
	// Memory is the most that each of S1 to S4 keeps of its sets and R18 of its sessions, in bytes; 0 is no limit, and then
	// all are exact. See [Volume.Memory] and [SharedAccount.Limit].
	Memory int
}

// All returns all detectors of this package in the order of [Detector] identities, with default parameters.
func All(c Context) []Detector {
	tie := Tie{Relations: c.Relations}
	if t, ok := c.People.(Terminations); ok && c.Terminations == nil {
		c.Terminations = t
	}
	return []Detector{
		OwnRecord{People: c.People},
		Household{People: c.People, Patients: c.Patients, Family: c.Family, Tie: tie},
		SameSurname{People: c.People, Patients: c.Patients, Tie: tie},
		Coworker{People: c.People, Tie: tie, Zone: c.Zone},
		Neighbour{People: c.People, Patients: c.Patients, Tie: tie},
		WatchedRecord{Watch: c.Watch, Patients: c.Patients, Tie: tie, Zone: c.Zone},
		BreakGlass{Encounters: c.Encounters, People: c.People, Zone: c.Zone},
		TerminatedUser{Context: c.Terminations},
		Dormant{Leaves: c.Leaves},
		FailedLogins{},
		LoginAfterFailures{},
		BulkExport{People: c.People, Zone: c.Zone},
		RoleWithoutNeed{People: c.People, Needs: c.Needs},
		NoRelation{Tie: tie, People: c.People},
		LongAgo{Patients: c.Patients, People: c.People, Tie: tie, Zone: c.Zone},
		AfterHours{People: c.People, Calendar: c.Calendar, Zone: c.Zone},
		TwoPlaces{Places: c.Places, Zone: c.Zone},
		SharedAccount{Limit: c.Memory},
		Fishing{People: c.People},
		LogControl{},
		UserVolume{Volume: Volume{Zone: c.Zone, Memory: c.Memory}, Calendar: c.Calendar},
		PeerVolume{Volume: Volume{Zone: c.Zone, Memory: c.Memory}, People: c.People},
		PatientSurge{Patients: c.Patients, Tie: tie, Zone: c.Zone, Memory: c.Memory},
		Novelty{People: c.People, Patients: c.Patients, Zone: c.Zone, Memory: c.Memory},
		SilentSource{Calendar: c.Calendar, From: c.From, Until: c.Until, Zone: c.Zone},
		SequenceGap{Chain: c.Chain},
		ClockFault{Zone: c.Zone},
		VolumeDrop{Calendar: c.Calendar, Zone: c.Zone},
		ShapeDrift{},
		DigestMismatch{Digests: c.Digests},
		Denials{},
	}
}

// ByID returns the detector of this package with the identity, with default parameters, and false for none.
func ByID(id ID, c Context) (Detector, bool) {
	all := All(c)
	i := slices.IndexFunc(all, func(d Detector) bool { return d.Describe().ID == id })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}
