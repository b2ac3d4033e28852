package sqlpush_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// Every detector of package detect is rendered, or refused with the reason.
func TestEveryDetectorIsRenderedOrRefused(t *testing.T) {
	t.Parallel()
	rendered := map[detect.ID]bool{}
	for _, p := range surround(0).detectors(t, sqlpush.ClockMicros) {
		rendered[p.here.Describe().ID] = true
	}
	_, ends := generate(0)
	for _, d := range detectors(ends, sqlpush.ClockMicros) {
		rendered[d.Describe().ID] = true
	}
	why := map[detect.ID]string{
		detect.IDUserVolume: "set of all patients", detect.IDPeerVolume: "set of all patients", detect.IDPatientSurge: "set of all patients", detect.IDNovelty: "set of all patients",
		detect.IDSilentSource: "as it was delivered", detect.IDSequenceGap: "as it was delivered", detect.IDClockFault: "as it was delivered", detect.IDVolumeDrop: "as it was delivered", detect.IDShapeDrift: "as it was delivered", detect.IDDigestMismatch: "as it was delivered",
	}
	for _, d := range detect.All(detect.Context{}) {
		id := d.Describe().ID
		require.NotEqual(t, rendered[id], why[id] != "", "%s is rendered or refused, and not both", id)
		if why[id] == "" {
			continue
		}
		_, err := sqlpush.Render(sqlpush.SQLite(), table(), d)
		var re *sqlpush.RenderError
		require.ErrorAs(t, err, &re)
		require.Equal(t, string(id), re.Detector)
		require.ErrorContains(t, err, why[id])
	}
}

// A context that is not in the database is refused where the database would have to know it.
func TestContextsInMemoryAreRefused(t *testing.T) {
	t.Parallel()
	roster, register := detect.NewRoster(nil, nil, nil), detect.NewRegister(nil)
	people, patients := sqlpush.People{Name: "p", User: "u"}, sqlpush.Patients{Name: "r", ID: "i"}
	for _, d := range []detect.Detector{
		detect.OwnRecord{}, detect.OwnRecord{People: roster}, detect.Household{}, detect.Household{People: people}, detect.Household{People: roster, Patients: register}, detect.Household{Family: detect.NewRelations(nil)},
		detect.Household{People: people, Patients: patients, Family: detect.NewRelations(nil)}, detect.SameSurname{}, detect.SameSurname{People: people}, detect.SameSurname{People: people, Patients: register},
		detect.SameSurname{People: people, Patients: patients, Rare: 2}, detect.Coworker{}, detect.Coworker{People: roster}, detect.Neighbour{}, detect.Neighbour{People: people, Patients: register}, detect.WatchedRecord{},
		detect.WatchedRecord{Watch: detect.NewWatchList(nil, nil)}, detect.RoleWithoutNeed{}, detect.RoleWithoutNeed{People: people}, detect.LongAgo{}, detect.LongAgo{Patients: register}, detect.AfterHours{}, detect.AfterHours{People: roster},
		detect.AfterHours{People: people, Calendar: detect.NewHolidays(nil)}, detect.AfterHours{People: people, Grace: 73 * time.Hour}, detect.NoRelation{}, detect.TerminatedUser{Context: roster}, detect.TwoPlaces{},
		detect.WatchedRecord{Watch: sqlpush.Watch{Name: "w", Patient: "p"}, Everybody: true}, detect.WatchedRecord{Watch: sqlpush.Watch{Name: "w", Patient: "p"}, Patients: patients},
	} {
		_, err := sqlpush.Render(sqlpush.PostgreSQL(), table(), d)
		var re *sqlpush.RenderError
		require.ErrorAs(t, err, &re, "%T %+v", d, d)
		require.Equal(t, string(d.Describe().ID), re.Detector)
	}
}

// Every name in the description of a table is refused where it is no name, and left out where it may be.
func TestTablesAreDescribedAsStrictlyAsTheLog(t *testing.T) {
	t.Parallel()
	whole := surround(0).detectors(t, sqlpush.ClockMicros)
	var people sqlpush.People
	var patients sqlpush.Patients
	var watch sqlpush.Watch
	var needs sqlpush.Needs
	var calendar sqlpush.Calendar
	for _, p := range whole {
		switch d := p.there.(type) {
		case detect.SameSurname:
			people, patients = d.People.(sqlpush.People), d.Patients.(sqlpush.Patients)
		case detect.WatchedRecord:
			watch = d.Watch.(sqlpush.Watch)
		case detect.RoleWithoutNeed:
			needs = d.Needs.(sqlpush.Needs)
		case detect.AfterHours:
			if c, ok := d.Calendar.(sqlpush.Calendar); ok {
				calendar = c
			}
		}
	}
	render := func(d detect.Detector) error {
		_, err := sqlpush.Render(sqlpush.SQLite(), table(), d)
		return err
	}
	checkNames(t, people, func(x sqlpush.People) error { return render(detect.OwnRecord{People: x}) })
	checkNames(t, patients, func(x sqlpush.Patients) error { return render(detect.LongAgo{Patients: x}) })
	checkNames(t, watch, func(x sqlpush.Watch) error { return render(detect.WatchedRecord{Watch: x}) })
	checkNames(t, needs, func(x sqlpush.Needs) error { return render(detect.RoleWithoutNeed{People: people, Needs: x}) })
	checkNames(t, calendar, func(x sqlpush.Calendar) error { return render(detect.AfterHours{People: people, Calendar: x}) })
	for _, bad := range []sqlpush.People{{}, {Name: "p"}, {User: "u"}, {Name: "p", User: "u", Aliases: sqlpush.Aliases{Name: "a"}}, {Name: "p", User: "u", Records: sqlpush.Records{Name: "a", User: "u"}}, {Name: "p", User: "u", From: "f", Clock: sqlpush.ClockInstant}} {
		require.Error(t, render(detect.OwnRecord{People: bad}), "%+v", bad)
	}
	require.NoError(t, render(detect.OwnRecord{People: sqlpush.People{Name: "p", User: "u"}}))
}

// checkNames puts names that are none into every text of a description.
func checkNames[T any](t *testing.T, good T, render func(T) error) {
	t.Helper()
	require.NoError(t, render(good))
	var texts func(v reflect.Value, path string, visit func(reflect.Value, string))
	texts = func(v reflect.Value, path string, visit func(reflect.Value, string)) {
		for i := range v.NumField() {
			switch f := v.Type().Field(i); {
			case f.Type.Kind() == reflect.Struct:
				texts(v.Field(i), path+"."+f.Name, visit)
			case f.Type == reflect.TypeFor[string]() && f.Name != "Decision":
				visit(v.Field(i), path+"."+f.Name)
			}
		}
	}
	for _, name := range append(hostile[1:], "smp_log", "SMP_x") {
		n := 0
		texts(reflect.ValueOf(&good).Elem(), "", func(v reflect.Value, path string) {
			n++
			had := v.String()
			v.SetString(name)
			defer v.SetString(had)
			table := strings.HasSuffix(path, ".Name")
			if !table && (name == "smp_log" || name == "SMP_x") {
				require.NoError(t, render(good), path)
				return
			}
			var re *sqlpush.RenderError
			require.ErrorAs(t, render(good), &re, "%q as %s", name, path)
		})
		require.GreaterOrEqual(t, n, 3)
	}
}

// What describes a table identifies it, and answers nothing about entries of a reader.
func TestDescriptionsIdentifyTables(t *testing.T) {
	t.Parallel()
	a, b := sqlpush.People{Name: "a", User: "u"}, sqlpush.People{Name: "a", User: "v"}
	require.NotEqual(t, a.Digest(), b.Digest())
	require.NotEqual(t, sqlpush.Patients{Name: "a"}.Digest(), sqlpush.Watch{Name: "a"}.Digest())
	require.EqualValues(t, "00ff", sqlpush.Calendar{Known: "00ff"}.Digest())
	require.NotEqual(t, sqlpush.Needs{Role: "a"}.Digest(), sqlpush.Needs{Screen: "a"}.Digest())
	state := detect.OwnRecord{People: a}.New()
	state.Add(activity.Event{ID: "1", Actor: activity.Actor{ID: "u"}, Patients: []activity.Patient{{ID: "p"}}})
	require.Empty(t, state.Findings())
}
