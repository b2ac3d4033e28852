package detect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// The people, patients and relations of the tests. w1 and w2 are nurses of one ward; w3 is a registrar; w4 keeps the doors.
const (
	rosterCSV = `user,alias,role,department,manager,patient,surname,household,street,latitude,longitude,from,to,ended_at,shift_start,shift_hours,shift_days
w1,u-1;DOM\one,nurse,ICU,m1,P-W1,Ashgrove,H1,S1,41.0000,-87.0000,2020-01-01,,,7,12,
w2,u-2,nurse,ICU,m1,P-W2,Brook,H2,S2,41.1000,-87.0000,2020-01-01,,,19,12,
w3,u-3,registrar,front,m2,P-W3,Smith,H3,S3,,,2020-01-01,,,8:30,8,Mon;Tue;Wed;Thu;Fri
w4,u-4,security,doors,m3,,,,,,,2020-01-01,,,,,
w5,u-5,him,records,m3,P-W5,,,,,,2020-01-01,2026-02-15,2026-02-16T05:00:00Z,8,8,
w6,u-6,occupational health,health,m3,,,,,,,2020-01-01,,,8,8,
w7,u-7,nurse,ICU,m1,,,,,,,2020-01-01,,,,,
w8,u-8,nurse,ICU,m1,,,,,,,2020-01-01,,,,,
`
	registerCSV = `patient,surname,household,street,latitude,longitude,department,died,admitted,seen
P-1,Ashgrove,H9,S9,42.0,-88.0,ICU,,2026-02-28,2026-03-01
P-2,Smith,H1,S8,42.5,-88.0,ICU,,,2026-02-20
P-3,Smith,H8,S1,42.7,-88.0,front,,,2025-09-02
P-4,Smith,H7,S7,41.0009,-87.0000,front,2025-01-01,,2024-12-30
P-W1,Ashgrove,H1,S1,41.0000,-87.0000,ICU,,,2026-01-01
P-W2,Brook,H2,S2,41.1000,-87.0000,ICU,,,2026-01-01
`
	relationsCSV = `user,patient,kind,from,until
u-1,P-T,appointment,2026-03-01,2026-03-01
u-2,P-A,,,
u-1,P-W2,order,2026-03-20,2026-03-20
`
	familyCSV = `user,patient,kind
u-2,P-1,guarantor
`
	watchCSV = `patient,list,from,to
P-V,public figure,2026-03-01,2026-03-10
`
	holidaysCSV = `day,site,name
2026-03-17,,Founders' day
`
	placesCSV = `from,site,country,latitude,longitude
10.1.0.0/16,main,US,41.88,-87.63
10.2.0.0/16,east,US,42.36,-71.06
10.3.0.9,annex,US,,
203.0.113.0/24,abroad,FR,,
WS-MAIN-*,main,US,41.88,-87.63
KIOSK,annex,US,,
`
	matrixCSV = `role,action,screen
nurse,read,
nurse,update,
registrar,,Demographics
him,,
security,none,
`
	leavesCSV = `user,from,to
u-2,2026-03-02,2026-06-30
u-2,2026-06-01,2026-07-15
`
)

// must returns what a reader of a table made of a text.
func must[T any](t testing.TB, read func(in *strings.Reader) (T, error), csv string) T {
	t.Helper()
	v, err := read(strings.NewReader(csv))
	require.NoError(t, err)
	return v
}

func newYork(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	return zone
}

// known is the context of the tests; days are those of UTC.
func known(t testing.TB) detect.Context {
	o := detect.TableOptions{}
	return detect.Context{
		People:       must(t, func(in *strings.Reader) (*detect.Roster, error) { return detect.ReadRoster(in, o) }, rosterCSV),
		Terminations: workforce(t),
		Patients:     must(t, func(in *strings.Reader) (*detect.Register, error) { return detect.ReadRegister(in, o) }, registerCSV),
		Relations:    must(t, func(in *strings.Reader) (*detect.RelationTable, error) { return detect.ReadRelations(in, o) }, relationsCSV),
		Family:       must(t, func(in *strings.Reader) (*detect.RelationTable, error) { return detect.ReadRelations(in, o) }, familyCSV),
		Watch:        must(t, func(in *strings.Reader) (*detect.WatchList, error) { return detect.ReadWatchList(in, o) }, watchCSV),
		Calendar:     must(t, func(in *strings.Reader) (*detect.Holidays, error) { return detect.ReadHolidays(in, o) }, holidaysCSV),
		Places:       must(t, func(in *strings.Reader) (*detect.Networks, error) { return detect.ReadPlaces(in, o) }, placesCSV),
		Needs:        must(t, func(in *strings.Reader) (*detect.Matrix, error) { return detect.ReadMatrix(in, "2026-1", o) }, matrixCSV),
		Digests:      digests(t),
		Leaves:       must(t, func(in *strings.Reader) (*detect.LeaveList, error) { return detect.ReadLeaves(in, o) }, leavesCSV),
	}
}

// access adds a read of one patient's record.
func (l *entries) access(after time.Duration, user, patient string) *entries {
	return l.add(after, func(e *activity.Event) {
		e.Actor.ID = user
		e.Patients = []activity.Patient{{ID: patient}}
	})
}

// actors returns who the findings are about.
func actors(fs []detect.Finding) []string {
	out := []string{}
	for _, f := range fs {
		out = append(out, f.Actor)
	}
	return out
}

func dateOf(t testing.TB, s string) hipaasmp.Date {
	t.Helper()
	d, err := hipaasmp.ParseDate(s)
	require.NoError(t, err)
	return d
}

func period(t testing.TB, from, to string) hipaasmp.Period {
	p := hipaasmp.Period{From: dateOf(t, from)}
	if to != "" {
		p.To = dateOf(t, to)
	}
	return p
}

// digests has one file that was reviewed with other bytes than the tests draw, mostly.
func digests(t testing.TB) *detect.DigestList {
	return must(t, func(in *strings.Reader) (*detect.DigestList, error) {
		return detect.ReadDigests(in, detect.TableOptions{})
	},
		"source,file,sha256,size\ns,f,"+string(hipaasmp.DigestOf([]byte{1}))+",9\n")
}

func TestAnAliasOfNobodyIsNobody(t *testing.T) {
	t.Parallel()
	r := detect.NewRoster([]detect.Person{{ID: "w1"}}, map[string]string{"a": "w9", "b": "w1", "w1": "w8"}, nil)
	for id, known := range map[string]bool{"a": false, "b": true, "w1": true, "w9": false, "w8": false} {
		_, ok := r.Person(activity.Actor{ID: id}, time.Time{})
		require.Equal(t, known, ok, id)
	}
}
