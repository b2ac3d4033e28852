package sqlpush

import (
	"cmp"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Patients is a register of patients in the same database: what [detect.ReadRegister] reads from CSV, as a table with one
// row for each patient. It answers for what [Render] has sieved only.
type Patients struct {
	// Name is the table or view, see [Table.Name].
	Name string
	// ID is the column of the patient. Every register needs it.
	ID string
	// System is the column of the patient's numbering; "" is none. A patient without one stands for any.
	System string
	// Surname, Household and Street are columns of texts, see [detect.PatientFacts]; "" is none. Surnames are compared
	// without regard to case as far as the database folds it: all fold ASCII; keep others in one case.
	Surname, Household, Street string
	// Latitude and Longitude are columns of degrees.
	Latitude, Longitude string
	// Died and Seen are columns of days: the first instant of the day in UTC, as Clock says. A column of the type date is
	// one of [ClockInstant].
	Died, Seen string
	// Clock says how columns hold days; "" is [ClockMicros].
	Clock Clock
	// Known identifies the content of the table at the time, see [Relations.Known].
	Known hipaasmp.Digest
}

var _ detect.Patients = Patients{}

// Patient answers false: the database has looked already.
func (p Patients) Patient(activity.Patient) (*detect.PatientFacts, bool) { return nil, false }

// SurnameShare answers 1.
func (p Patients) SurnameShare(string) float64 { return 1 }

// Crowd answers 0.
func (p Patients) Crowd(*detect.PatientFacts) int { return 0 }

// Digest is Known, or the digest of the description of the table.
func (p Patients) Digest() hipaasmp.Digest {
	known := p.Known
	p.Known = ""
	return cmp.Or(known, describe(p))
}

// Watch is a list of watched records in the same database: what [detect.ReadWatchList] reads from CSV, as a table. Of
// several entries that hold for a record, the one with the least reason in the order of bytes is told. It answers for what
// [Render] has sieved only.
type Watch struct {
	// Name is the table or view, see [Table.Name].
	Name string
	// Patient is the column of the patient, and System of its numbering; "" is none, and then an entry stands for any.
	Patient, System string
	// Why is the column that says what the entry is for; "" is none.
	Why string
	// From and Until are the columns of the first instant of the entry and the first after it; "" is no bound, as NULL is.
	From, Until string
	// Clock says how columns hold instants; "" is [ClockMicros].
	Clock Clock
	// Known identifies the content of the table at the time, see [Relations.Known].
	Known hipaasmp.Digest
}

var _ detect.Watch = Watch{}

// Watched answers false: the database has looked already.
func (w Watch) Watched(activity.Patient, time.Time) (why string, watched bool) { return "", false }

// Digest is Known, or the digest of the description of the table.
func (w Watch) Digest() hipaasmp.Digest {
	known := w.Known
	w.Known = ""
	return cmp.Or(known, describe(w))
}

// Needs is a matrix of roles in the same database: what [detect.ReadMatrix] reads from CSV, as a table. It answers for what
// [Render] has sieved only.
type Needs struct {
	// Name is the table or view, see [Table.Name].
	Name string
	// Role, Action and Screen are the columns of the cells. An empty action or screen stands for any; a row with the action
	// none and no screen says that the role needs nothing.
	Role, Action, Screen string
	// Decision names the decision, see [detect.ReadMatrix].
	Decision string
	// Known identifies the content of the table at the time, see [Relations.Known].
	Known hipaasmp.Digest
}

var _ detect.Needs = Needs{}

// Needed answers that the role needs it: the database has looked already.
func (n Needs) Needed(string, *activity.Event) (needed, known bool) { return true, true }

// Version is Decision.
func (n Needs) Version() string { return n.Decision }

// Digest is Known, or the digest of the description of the table.
func (n Needs) Digest() hipaasmp.Digest {
	known := n.Known
	n.Known = ""
	return cmp.Or(known, describe(n))
}

// Calendar is a list of holidays in the same database: what [detect.ReadHolidays] reads from CSV, as a table. It answers
// for what [Render] has sieved only.
type Calendar struct {
	// Name is the table or view, see [Table.Name].
	Name string
	// Day is the column of the day, see [Patients.Died].
	Day string
	// Site is the column of the site; "" is none. A day without a site is one everywhere.
	Site string
	// Clock says how the column holds days; "" is [ClockMicros].
	Clock Clock
	// Known identifies the content of the table at the time, see [Relations.Known].
	Known hipaasmp.Digest
}

var _ detect.Calendar = Calendar{}

// Holiday answers false: the database has looked already.
func (c Calendar) Holiday(string, hipaasmp.Date) (name string, holiday bool) { return "", false }

// Digest is Known, or the digest of the description of the table.
func (c Calendar) Digest() hipaasmp.Digest {
	known := c.Known
	c.Known = ""
	return cmp.Or(known, describe(c))
}
