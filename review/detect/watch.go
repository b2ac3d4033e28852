package detect

import (
	"io"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Watch says which records are watched: of public figures, of people in the news, restricted charts. It belongs to the
// product; [ReadWatchList] and [NewWatchList] build one.
type Watch interface {
	// Watched returns why the record was watched at the time.
	Watched(patient activity.Patient, at time.Time) (why string, watched bool)
	// Digest identifies what was known, see [Terminations].
	Digest() hipaasmp.Digest
}

// Watched is one entry of a [WatchList].
type Watched struct {
	// Patient is the patient as events name it; without a numbering it stands for any.
	Patient activity.Patient
	// Why says what the entry is for, without a name: for example "public figure".
	Why string
	// Listed are the days on which the entry holds; either end may be open.
	Listed hipaasmp.Period
}

// WatchList answers from a dated list. It is built once and not changed.
type WatchList struct {
	entries map[activity.Patient][]Watched
	zone    *time.Location
	digest  hipaasmp.Digest
}

var _ Watch = (*WatchList)(nil)

// NewWatchList returns a list of the entries. The zone is that of the days; nil is UTC.
func NewWatchList(entries []Watched, zone *time.Location) *WatchList {
	w := &WatchList{entries: map[activity.Patient][]Watched{}, zone: TableOptions{Zone: zone}.zone()}
	for _, e := range entries {
		w.entries[e.Patient] = append(w.entries[e.Patient], e)
	}
	w.digest = digestOf(entries, w.zone.String())
	return w
}

// ReadWatchList reads a list from CSV with the columns patient (required), system (its numbering), list (why), from and to
// (days). The error is a [*TableError] with every fault, or the reader's own.
func ReadWatchList(in io.Reader, o TableOptions) (*WatchList, error) {
	w := &WatchList{entries: map[activity.Patient][]Watched{}, zone: o.zone()}
	digest, err := readTable("watch list", in, o, []string{"patient", "system", "list", "from", "to"}, 1, func(t *table) {
		e := Watched{Patient: activity.Patient{System: t.text(1), ID: t.text(0)}, Why: t.text(2), Listed: t.period(3, 4)}
		w.entries[e.Patient] = append(w.entries[e.Patient], e)
	})
	if err != nil {
		return nil, err
	}
	w.digest = digest
	return w, nil
}

// Watched returns why the record was watched on the day.
func (w *WatchList) Watched(patient activity.Patient, at time.Time) (why string, watched bool) {
	list, ok := w.entries[patient]
	if !ok && patient.System != "" {
		list = w.entries[activity.Patient{ID: patient.ID}]
	}
	if len(list) == 0 {
		return "", false
	}
	day := hipaasmp.DateOf(at, w.zone)
	for _, e := range list {
		if covers(e.Listed, day) {
			return named(e.Why, "watched"), true
		}
	}
	return "", false
}

// Digest identifies the list.
func (w *WatchList) Digest() hipaasmp.Digest { return w.digest }
