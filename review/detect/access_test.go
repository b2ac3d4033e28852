package detect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// c is a case of a detector: a log, and the actors that it finds in it.
type c struct {
	log  *entries
	want []string
}

func check(t *testing.T, d detect.Detector, cases map[string]c) {
	t.Helper()
	for name, c := range cases {
		got := c.log.find(d)
		require.ElementsMatch(t, c.want, actors(got), name)
		for _, f := range got {
			requireSound(t, f)
			require.NotContains(t, strings.Join(append(f.Reasons, f.ID, f.Actor), " "), "P-", "%s: a finding holds no patients", name)
		}
	}
}

func none() []string { return []string{} }

func TestOwnRecord(t *testing.T) {
	t.Parallel()
	people := known(t).People
	screened := func(screen string) *entries {
		return new(entries).add(0, func(e *activity.Event) {
			e.Actor.ID, e.Patients, e.Object.Type = "u-1", []activity.Patient{{ID: "P-W1"}}, screen
		})
	}
	check(t, detect.OwnRecord{People: people}, map[string]c{
		"the own record":                       {new(entries).access(0, "u-1", "P-W1"), []string{"u-1"}},
		"by the other name of the actor":       {new(entries).access(0, `DOM\one`, "P-W1"), []string{`DOM\one`}},
		"the record of somebody else":          {new(entries).access(0, "u-1", "P-W2"), none()},
		"somebody who is not known":            {new(entries).access(0, "nobody", "P-W1"), none()},
		"two accesses are one finding":         {new(entries).access(0, "u-1", "P-W1").access(oneDay, "u-1", "P-W1"), []string{"u-1"}},
		"among several patients of one entry":  {new(entries).add(0, func(e *activity.Event) { e.Actor.ID, e.Patients = "u-1", []activity.Patient{{ID: "P-1"}, {ID: "P-W1"}} }), []string{"u-1"}},
		"the same number of another numbering": {new(entries).add(0, func(e *activity.Event) { e.Actor.ID, e.Patients = "u-1", []activity.Patient{{System: "x", ID: "P-W1"}} }), []string{"u-1"}},
		"an entry without a time":              {new(entries).access(0, "u-1", "P-W1").add(0, func(e *activity.Event) { e.Recorded = time.Time{} }), []string{"u-1"}},
	})
	check(t, detect.OwnRecord{People: people, Permitted: []string{"Portal"}}, map[string]c{
		"a screen that everybody may look at": {screened("Portal"), none()},
		"another screen":                      {screened("Notes"), []string{"u-1"}},
	})
	got := new(entries).access(0, "u-1", "P-W1").add(oneDay, func(e *activity.Event) {
		e.Actor.ID, e.Patients, e.Outcome = "u-1", []activity.Patient{{ID: "P-W1"}}, activity.OutcomeDenied
	}).find(detect.OwnRecord{People: people})
	require.Equal(t, []string{"2 accesses by the actor to the actor's own record", "on 2 different days (UTC)", "1 of them did not succeed"}, got[0].Reasons)
	require.Empty(t, new(entries).access(0, "u-1", "P-W1").find(detect.OwnRecord{}), "without people nothing is known")
}

const oneDay = 24 * time.Hour

func TestHousehold(t *testing.T) {
	t.Parallel()
	k := known(t)
	d := detect.Household{People: k.People, Patients: k.Patients, Family: k.Family, Tie: detect.Tie{Relations: k.Relations}}
	check(t, d, map[string]c{
		"the same household":                    {new(entries).access(0, "u-1", "P-2"), []string{"u-1"}},
		"another household":                     {new(entries).access(0, "u-2", "P-2"), none()},
		"a guarantor who lives elsewhere":       {new(entries).access(0, "u-2", "P-1"), []string{"u-2"}},
		"one's own record is another matter":    {new(entries).access(0, "u-1", "P-W1"), none()},
		"nobody knows where the actor lives":    {new(entries).access(0, "u-4", "P-2"), none()},
		"nobody knows where the patient lives":  {new(entries).access(0, "u-1", "P-unknown"), none()},
		"two patients are two findings":         {new(entries).access(0, "u-1", "P-2").access(0, "u-1", "P-2").access(time.Hour, "u-2", "P-1"), []string{"u-1", "u-2"}},
		"neither actor nor patient has a house": {new(entries).access(0, "u-7", "P-unknown"), none()},
	})
	require.Equal(t, []string{"1 access to the record of a registered relative or contact", "the patient is registered as guarantor"}, new(entries).access(0, "u-2", "P-1").find(d)[0].Reasons)
	// A parent with a minor's proxy, or any other tie of work: what is explained is not found.
	d.Tie.Relations = detect.NewRelations([]detect.Relation{{Actor: "u-1", Patient: activity.Patient{ID: "P-2"}, Kind: "proxy"}})
	check(t, d, map[string]c{"with a relation": {new(entries).access(0, "u-1", "P-2"), none()}})
}

func TestSameSurname(t *testing.T) {
	t.Parallel()
	k := known(t)
	d := detect.SameSurname{People: k.People, Patients: k.Patients, Rare: 0.34}
	check(t, d, map[string]c{
		"a rare surname":       {new(entries).access(0, "u-1", "P-1"), []string{"u-1"}},
		"another surname":      {new(entries).access(0, "u-2", "P-1"), none()},
		"a common surname":     {new(entries).access(0, "u-3", "P-2"), none()},
		"the own record":       {new(entries).access(0, "u-1", "P-W1"), none()},
		"an actor without one": {new(entries).access(0, "u-4", "P-1"), none()},
	})
	// Two of the six registered patients are called Ashgrove: a share of a third, and rare is less.
	d.Rare = 2.0 / 6
	check(t, d, map[string]c{"to the edge": {new(entries).access(0, "u-1", "P-1"), none()}})
	require.Equal(t, detect.SeverityLow, new(entries).access(0, "u-1", "P-1").find(detect.SameSurname{People: k.People, Patients: k.Patients, Rare: 0.5})[0].Severity, "never above low")
	d.Rare, d.Tie.Relations = 0.5, detect.NewRelations([]detect.Relation{{Actor: "u-1", Patient: activity.Patient{ID: "P-1"}}})
	check(t, d, map[string]c{"with a relation": {new(entries).access(0, "u-1", "P-1"), none()}})
}

func TestCoworker(t *testing.T) {
	t.Parallel()
	k := known(t)
	d := detect.Coworker{People: k.People, Tie: detect.Tie{Relations: k.Relations}}
	check(t, d, map[string]c{
		"of the same department":                 {new(entries).access(0, "u-2", "P-W1"), []string{"u-2"}},
		"of another department":                  {new(entries).access(0, "u-3", "P-W1"), []string{"u-3"}},
		"a patient who is no member":             {new(entries).access(0, "u-2", "P-1"), none()},
		"who had left before":                    {new(entries).access(0, "u-2", "P-W5"), none()},
		"the own record is another matter":       {new(entries).access(0, "u-1", "P-W1"), none()},
		"occupational health":                    {new(entries).access(0, "u-6", "P-W1"), none()},
		"staff are patients too: treated":        {new(entries).access(18*oneDay, "u-1", "P-W2"), none()},
		"treated a month later, and not so far":  {new(entries).access(0, "u-1", "P-W2"), []string{"u-1"}},
		"somebody whom the roster does not know": {new(entries).access(0, "nobody", "P-W1"), []string{"nobody"}},
	})
	require.Equal(t, detect.SeverityModerate, new(entries).access(0, "u-2", "P-W1").find(d)[0].Severity)
	require.Equal(t, detect.SeverityLow, new(entries).access(0, "u-3", "P-W1").find(d)[0].Severity)
	require.Len(t, new(entries).access(0, "u-6", "P-W1").find(detect.Coworker{People: k.People, Exempt: []string{}}), 1, "exemption is a setting")
	left := new(entries).add(time.Date(2026, 2, 16, 4, 59, 59, 0, time.UTC).Sub(start), func(e *activity.Event) { e.Actor.ID, e.Patients = "u-2", []activity.Patient{{ID: "P-W5"}} })
	require.Empty(t, left.find(d), "the last day is over by the day, though the instant is not")
	last := new(entries).add(time.Date(2026, 2, 15, 23, 59, 59, 0, time.UTC).Sub(start), func(e *activity.Event) { e.Actor.ID, e.Patients = "u-2", []activity.Patient{{ID: "P-W5"}} })
	require.Len(t, last.find(d), 1, "to the last second of the last day")
}

func TestNeighbour(t *testing.T) {
	t.Parallel()
	k := known(t)
	d := detect.Neighbour{People: k.People, Patients: k.Patients}
	check(t, d, map[string]c{
		"on the same street":        {new(entries).access(0, "u-1", "P-3"), []string{"u-1"}},
		"a hundred metres away":     {new(entries).access(0, "u-1", "P-4"), []string{"u-1"}},
		"eleven kilometres away":    {new(entries).access(0, "u-2", "P-4"), none()},
		"of the same household":     {new(entries).access(0, "u-1", "P-2"), none()},
		"the own record":            {new(entries).access(0, "u-1", "P-W1"), none()},
		"an actor without a street": {new(entries).access(0, "u-4", "P-3"), none()},
	})
	// 0.0009 degrees of latitude are 100.07 metres.
	for metres, want := range map[int]int{100: 0, 101: 1} {
		d.Metres = metres
		require.Len(t, new(entries).access(0, "u-1", "P-4").find(d), want, metres)
	}
	require.Equal(t, "800", detect.Neighbour{Metres: 5000}.Describe().Parameters[2].Value, "more is no neighbourhood")
	d.Metres = 0
	require.Contains(t, new(entries).access(0, "u-1", "P-3").find(d)[0].Reasons[1], "both live on the same street; 2 registered patients live there", "how dense the housing is")
	d.Tie.Relations = detect.NewRelations([]detect.Relation{{Actor: "u-1", Patient: activity.Patient{ID: "P-3"}}})
	check(t, d, map[string]c{"with a relation": {new(entries).access(0, "u-1", "P-3"), none()}})
}

func TestWatchedRecord(t *testing.T) {
	t.Parallel()
	k := known(t)
	d := detect.WatchedRecord{Watch: k.Watch, Tie: detect.Tie{Relations: detect.NewRelations([]detect.Relation{{Actor: "team", Patient: activity.Patient{ID: "P-V"}}})}}
	on := func(when string) time.Duration {
		at, err := time.Parse(time.RFC3339, when)
		require.NoError(t, err)
		return at.Sub(start)
	}
	check(t, d, map[string]c{
		"while it is listed":          {new(entries).access(on("2026-03-10T23:59:59Z"), "u-1", "P-V"), []string{"u-1"}},
		"a second after the last day": {new(entries).access(on("2026-03-11T00:00:00Z"), "u-1", "P-V"), none()},
		"before the first day":        {new(entries).access(on("2026-02-28T23:59:59Z"), "u-1", "P-V"), none()},
		"a record that is not listed": {new(entries).access(0, "u-1", "P-1"), none()},
		"the team":                    {new(entries).access(0, "team", "P-V"), none()},
	})
	crowd := func(n int, step time.Duration, who string) *entries {
		var l entries
		for i := range n {
			l.access(oneDay+time.Duration(i)*step, who+string(rune('a'+i)), "P-V")
		}
		return &l
	}
	high := func(l *entries) (n int) {
		for _, f := range l.find(d) {
			if f.Severity == detect.SeverityHigh {
				require.Empty(t, f.Actor)
				n++
			}
		}
		return n
	}
	require.Equal(t, 1, high(crowd(10, 2*time.Hour, "x")), "ten people within 18 hours")
	require.Zero(t, high(crowd(9, 2*time.Hour, "x")), "nine")
	require.Equal(t, 1, high(crowd(10, 24*time.Hour/9-time.Second, "x")), "nearly 24 hours from the first to the last")
	require.Zero(t, high(crowd(10, 24*time.Hour/9, "x")), "24 hours from the first to the last")
	busy := crowd(10, time.Minute, "x")
	for i := range 10 {
		busy.access(4*oneDay+time.Duration(i)*time.Minute, "y"+string(rune('a'+i)), "P-V")
	}
	require.Zero(t, high(busy), "a record in which ten people a day are usual: neither day is above the other")
	var team entries
	for range 20 {
		team.access(0, "team", "P-V")
	}
	require.Zero(t, high(&team), "a team that treats the patient is no surge")
}

func TestLongAgo(t *testing.T) {
	t.Parallel()
	k := known(t)
	d := detect.LongAgo{Patients: k.Patients, People: k.People}
	check(t, d, map[string]c{
		"180 days after the last encounter":      {new(entries).access(0, "u-1", "P-3"), none()},
		"181 days":                               {new(entries).access(oneDay, "u-1", "P-3"), []string{"u-1"}},
		"after death":                            {new(entries).access(0, "u-1", "P-4"), []string{"u-1"}},
		"a role that works on old records":       {new(entries).access(0, "u-5", "P-4"), none()},
		"a patient of whom nothing is known":     {new(entries).access(0, "u-1", "P-9"), none()},
		"a patient who was here the other day":   {new(entries).access(0, "u-1", "P-1"), none()},
		"an actor whose role nobody knows":       {new(entries).access(0, "nobody", "P-4"), []string{"nobody"}},
		"an entry without a time says no day at": {new(entries).add(0, func(e *activity.Event) { e.Recorded, e.Patients = time.Time{}, []activity.Patient{{ID: "P-4"}} }), none()},
	})
	require.Equal(t, detect.SeverityModerate, new(entries).access(0, "u-1", "P-4").find(d)[0].Severity)
	require.Equal(t, detect.SeverityLow, new(entries).access(oneDay, "u-1", "P-3").find(d)[0].Severity)
	d.Tie.Relations = detect.NewRelations([]detect.Relation{{Actor: "u-1", Patient: activity.Patient{ID: "P-3"}, Kind: "transplant follow-up"}})
	check(t, d, map[string]c{"transplant follow-up": {new(entries).access(oneDay, "u-1", "P-3"), none()}})
}

func TestNoRelation(t *testing.T) {
	t.Parallel()
	k := known(t)
	d := detect.NoRelation{Tie: detect.Tie{Relations: k.Relations}, People: k.People}
	at := func(when string, user, patient string) *entries {
		instant, err := time.Parse(time.RFC3339, when)
		require.NoError(t, err)
		return new(entries).access(instant.Sub(start), user, patient)
	}
	check(t, d, map[string]c{
		"nothing ties them":                {at("2026-03-01T12:00:00Z", "u-1", "P-9"), []string{"u-1"}},
		"a relation without an end":        {at("2030-03-01T12:00:00Z", "u-2", "P-A"), none()},
		"the same patient, somebody else":  {at("2026-03-01T12:00:00Z", "u-1", "P-A"), []string{"u-1"}},
		"on the day of the appointment":    {at("2026-03-01T12:00:00Z", "u-1", "P-T"), none()},
		"seven days before, to the second": {at("2026-02-22T00:00:00Z", "u-1", "P-T"), none()},
		"a second earlier":                 {at("2026-02-21T23:59:59Z", "u-1", "P-T"), []string{"u-1"}},
		"thirty days after, to the second": {at("2026-03-31T23:59:59Z", "u-1", "P-T"), none()},
		"a second later":                   {at("2026-04-01T00:00:00Z", "u-1", "P-T"), []string{"u-1"}},
		"the own record":                   {at("2026-03-01T12:00:00Z", "u-1", "P-W1"), none()},
		"an attempt that was refused": {new(entries).add(0, func(e *activity.Event) {
			e.Actor.ID, e.Patients, e.Outcome = "u-1", []activity.Patient{{ID: "P-9"}}, activity.OutcomeDenied
		}), none()},
		"one of two patients of an entry":      {new(entries).add(0, func(e *activity.Event) { e.Actor.ID, e.Patients = "u-2", []activity.Patient{{ID: "P-A"}, {ID: "P-9"}} }), []string{"u-2"}},
		"two accesses to one patient, one day": {new(entries).access(0, "u-1", "P-9").access(time.Hour, "u-1", "P-9"), []string{"u-1"}},
		"an unknown time: any relation counts": {new(entries).add(0, func(e *activity.Event) {
			e.Recorded, e.Actor.ID, e.Patients = time.Time{}, "u-1", []activity.Patient{{ID: "P-T"}}
		}), none()},
		"two patients are two findings": {new(entries).access(0, "u-1", "P-9").access(time.Hour, "u-1", "P-8"), []string{"u-1", "u-1"}},
	})
	require.Empty(t, at("2026-03-01T12:00:00Z", "u-1", "P-9").find(detect.NoRelation{}), "without relations everything would be found: nothing is")
}
