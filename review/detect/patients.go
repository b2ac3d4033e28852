package detect

import (
	"io"
	"math"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// PatientFacts is what registration says of a patient, as far as detectors ask. Every part but ID may be empty, which is
// "not known" and never a match.
type PatientFacts struct {
	// ID is the patient as events name it.
	ID activity.Patient
	// Surname, Household, Street and Position are compared with those of [Person].
	Surname, Household, Street string
	Position                   Position
	// Department serves the patient.
	Department string
	// Died is the day of death.
	Died hipaasmp.Date
	// Admitted is the first day of the last stay.
	Admitted hipaasmp.Date
	// Seen is the last day of the last encounter.
	Seen hipaasmp.Date
}

// Patients says what is registered of a patient. It belongs to the product; [ReadRegister] and [NewRegister] build one.
// What it returns is not changed by anybody.
type Patients interface {
	// Patient returns what is registered, and false where nothing is.
	Patient(patient activity.Patient) (*PatientFacts, bool)
	// SurnameShare is the share of the registered patients that have the surname, from 0 to 1.
	SurnameShare(surname string) float64
	// Crowd is how many registered patients live on the same street or, where the street is not known, within the same
	// hundredth of a degree.
	Crowd(p *PatientFacts) int
	// Digest identifies what was known, see [Terminations].
	Digest() hipaasmp.Digest
}

// Register answers from a list of patients. It is built once and not changed.
type Register struct {
	byID     map[activity.Patient]*PatientFacts
	surnames map[string]int
	streets  map[string]int
	cells    map[[2]int32]int
	digest   hipaasmp.Digest
}

var _ Patients = (*Register)(nil)

func emptyRegister() *Register {
	return &Register{byID: map[activity.Patient]*PatientFacts{}, surnames: map[string]int{}, streets: map[string]int{}, cells: map[[2]int32]int{}}
}

// NewRegister returns a register of the patients. Of two entries for one patient the later holds.
func NewRegister(patients []PatientFacts) *Register {
	r := emptyRegister()
	for i := range patients {
		p := patients[i]
		r.add(&p)
	}
	r.digest = digestOf(patients)
	return r
}

func (r *Register) add(p *PatientFacts) {
	if had, ok := r.byID[p.ID]; ok {
		r.count(had, -1)
	}
	r.byID[p.ID] = p
	r.count(p, 1)
}

func (r *Register) count(p *PatientFacts, n int) {
	if p.Surname != "" {
		r.surnames[strings.ToLower(p.Surname)] += n
	}
	if p.Street != "" {
		r.streets[p.Street] += n
	}
	if p.Position.Known {
		r.cells[p.Position.cell()] += n
	}
}

var registerColumns = []string{"patient", "system", "surname", "household", "street", "latitude", "longitude", "department", "died", "admitted", "seen"}

// ReadRegister reads a register from CSV with the columns patient (required), system (its numbering), surname, household,
// street, latitude, longitude, department, died, admitted and seen (days). The error is a [*TableError] with every fault,
// or the reader's own.
func ReadRegister(in io.Reader, o TableOptions) (*Register, error) {
	r := emptyRegister()
	digest, err := readTable("register", in, o, registerColumns, 1, func(t *table) {
		p := &PatientFacts{ID: activity.Patient{System: t.text(1), ID: t.text(0)}, Surname: t.text(2), Household: t.text(3), Street: t.text(4),
			Position: t.position(5, 6), Department: t.text(7), Died: t.date(8), Admitted: t.date(9), Seen: t.date(10)}
		if _, twice := r.byID[p.ID]; twice {
			t.fault(0, "stands in two rows; keep one")
		}
		r.add(p)
	})
	if err != nil {
		return nil, err
	}
	r.digest = digest
	return r, nil
}

// Patient returns what is registered. A patient that is registered without a numbering stands for any numbering.
func (r *Register) Patient(patient activity.Patient) (*PatientFacts, bool) {
	p, ok := r.byID[patient]
	if !ok && patient.System != "" {
		p, ok = r.byID[activity.Patient{ID: patient.ID}]
	}
	return p, ok
}

// SurnameShare is the share of the registered patients that have the surname.
func (r *Register) SurnameShare(surname string) float64 {
	if len(r.byID) == 0 {
		return 0
	}
	return float64(r.surnames[strings.ToLower(surname)]) / float64(len(r.byID))
}

// Crowd is how many registered patients live nearby.
func (r *Register) Crowd(p *PatientFacts) int {
	if p.Street != "" {
		return r.streets[p.Street]
	}
	if p.Position.Known {
		return r.cells[p.Position.cell()]
	}
	return 0
}

// Digest identifies the list.
func (r *Register) Digest() hipaasmp.Digest { return r.digest }

func (p Position) cell() [2]int32 {
	return [2]int32{int32(math.Floor(p.Latitude * 100)), int32(math.Floor(p.Longitude * 100))}
}

// metres is the distance between two positions on a sphere of the earth's mean radius.
func (p Position) metres(q Position) float64 {
	const radius, degree = 6_371_008.8, math.Pi / 180
	a, b := p.Latitude*degree, q.Latitude*degree
	s, t := math.Sin((b-a)/2), math.Sin((q.Longitude-p.Longitude)*degree/2)
	h := float64(s*s) + float64(math.Cos(a)*math.Cos(b))*float64(t*t)
	return 2 * radius * math.Asin(math.Sqrt(min(h, 1)))
}
