package detect_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// plant is a hospital in which some people do what each rule looks for, and everybody else what is nearest to it.
type plant struct {
	entries
	people    []detect.Person
	patients  []detect.PatientFacts
	relations []detect.Relation
	family    []detect.Relation
	watched   []detect.Watched
	planted   map[detect.ID]map[string]bool
}

// person adds somebody who works around the clock, with a role that the matrix knows.
func (p *plant) person(id string, change func(*detect.Person)) string {
	x := detect.Person{ID: id, Role: "nurse", Department: "ward " + id, Shift: detect.Shift{Length: 1440}}
	if change != nil {
		change(&x)
	}
	p.people = append(p.people, x)
	return id
}

func (p *plant) mark(id detect.ID, actor string) {
	if p.planted[id] == nil {
		p.planted[id] = map[string]bool{}
	}
	p.planted[id][actor] = true
}

// treated ties somebody to a patient and lets the patient's record be opened.
func (p *plant) treated(at time.Duration, actor, patient string) {
	p.relations = append(p.relations, detect.Relation{Actor: actor, Patient: activity.Patient{ID: patient}})
	p.access(at, actor, patient)
}

func grow(n int) *plant {
	p := &plant{planted: map[detect.ID]map[string]bool{}}
	for i := range 2000 { // so that one patient of a name is a rare name
		p.patients = append(p.patients, detect.PatientFacts{ID: activity.Patient{ID: fmt.Sprint("P-other-", i)}, Surname: fmt.Sprint("Common", i%3)})
	}
	hour := time.Hour
	for i := range n {
		at := time.Duration(i) * hour
		who := func(r string) string { return fmt.Sprintf("%s-%d", r, i) }
		pat := func(r string) string { return fmt.Sprintf("P-%s-%d", r, i) }
		know := func(r string, change func(*detect.PatientFacts)) string {
			x := detect.PatientFacts{ID: activity.Patient{ID: pat(r)}, Surname: fmt.Sprint("Common", i%3)}
			if change != nil {
				change(&x)
			}
			p.patients = append(p.patients, x)
			return pat(r)
		}
		// What everybody does.
		p.person(who("n"), func(x *detect.Person) { x.Surname = fmt.Sprint("Common", i%3) })
		for k := range 20 {
			p.treated(at+time.Duration(k)*37*hour, who("n"), know(fmt.Sprint("own", k), nil))
		}
		// Each rule, broken once.
		p.access(at, p.person(who("R1"), func(x *detect.Person) { x.Patients = []activity.Patient{{ID: pat("R1")}} }), pat("R1"))
		p.mark("R1", who("R1"))
		p.access(at, p.person(who("R2"), func(x *detect.Person) { x.Household = who("house") }), know("R2", func(x *detect.PatientFacts) { x.Household = who("house") }))
		p.mark("R2", who("R2"))
		p.family = append(p.family, detect.Relation{Actor: who("R2f"), Patient: activity.Patient{ID: pat("R2f")}, Kind: "guarantor"})
		p.access(at, p.person(who("R2f"), nil), pat("R2f"))
		p.mark("R2", who("R2f"))
		p.access(at, p.person(who("R3"), func(x *detect.Person) { x.Surname = who("Rare") }), know("R3", func(x *detect.PatientFacts) { x.Surname = strings.ToUpper(who("Rare")) }))
		p.mark("R3", who("R3"))
		p.person(who("colleague"), func(x *detect.Person) { x.Patients = []activity.Patient{{ID: pat("colleague")}} })
		p.access(at, p.person(who("R4"), nil), pat("colleague"))
		p.mark("R4", who("R4"))
		p.access(at, p.person(who("R5"), func(x *detect.Person) { x.Position = detect.Position{Latitude: 40, Longitude: float64(i), Known: true} }),
			know("R5", func(x *detect.PatientFacts) {
				x.Position = detect.Position{Latitude: 40.003, Longitude: float64(i), Known: true}
			}))
		p.mark("R5", who("R5"))
		p.watched = append(p.watched, detect.Watched{Patient: activity.Patient{ID: pat("R6")}, Why: "public figure"})
		p.access(at, p.person(who("R6"), nil), pat("R6"))
		p.mark("R6", who("R6"))
		p.add(at, func(e *activity.Event) { e.Actor.ID, e.Purpose = p.person(who("R7"), nil), []string{"BTG"} })
		p.mark("R7", who("R7"))
		p.access(at+hour, p.person(who("R8"), func(x *detect.Person) { x.Ended = start.Add(at + hour) }), pat("R8"))
		p.mark("R8", who("R8"))
		p.access(at, p.person(who("left"), func(x *detect.Person) { x.Ended = start.Add(at + time.Second) }), pat("left"))
		p.access(at, p.person(who("R9"), nil), pat("R9"))
		p.access(at+90*oneDay, who("R9"), pat("R9"))
		p.mark("R9", who("R9"))
		for k := range 5 {
			p.login(at+time.Duration(k)*150*time.Second, p.person(who("R10"), nil), "", activity.OutcomeFailure)
			p.login(at+time.Duration(k)*time.Minute, who("R11"), "", activity.OutcomeFailure)
			if k < 4 {
				p.login(at, who("typo"), "", activity.OutcomeFailure)
			}
		}
		p.login(at+34*time.Minute, who("R11"), "", activity.OutcomeSuccess)
		p.login(at+time.Minute, who("typo"), "", activity.OutcomeSuccess)
		p.mark("R10", who("R10"))
		p.mark("R11", who("R11"))
		for k := range 60 {
			p.add(at+time.Duration(k)*time.Second, func(e *activity.Event) { e.Actor.ID, e.Action = who("R12"), activity.ActionExport })
			if k < 49 {
				p.add(at+time.Duration(k)*time.Second, func(e *activity.Event) { e.Actor.ID, e.Action = who("prints"), activity.ActionPrint })
			}
		}
		p.mark("R12", who("R12"))
		p.add(at, func(e *activity.Event) {
			e.Actor.ID, e.Object.Type = p.person(who("R13"), func(x *detect.Person) { x.Role = "security" }), "Chart"
		})
		p.mark("R13", who("R13"))
		p.access(at, p.person(who("R14"), nil), know("R14", nil))
		p.mark("R14", who("R14"))
		p.access(at, p.person(who("R15"), nil), know("R15", func(x *detect.PatientFacts) { x.Died = dateOf(t0, "2025-01-01") }))
		p.mark("R15", who("R15"))
		p.add(at, func(e *activity.Event) {
			e.Actor.ID = p.person(who("R16"), func(x *detect.Person) {
				x.Shift = detect.Shift{Start: (e.Recorded.Hour()*60 + 720) % 1440, Length: 480}
			})
		})
		p.mark("R16", who("R16"))
		p.add(at, func(e *activity.Event) { e.Actor.ID, e.From.Addr = who("R17"), "10.1.0.1" })
		p.add(at+time.Hour, func(e *activity.Event) { e.Actor.ID, e.From.Addr = who("R17"), "10.2.0.1" })
		p.mark("R17", who("R17"))
		for k := range 2 {
			for m := range 2 {
				p.add(at+time.Duration(k+2*m)*time.Minute, func(e *activity.Event) {
					e.Actor.ID, e.Session, e.From.Host = who("R18"), fmt.Sprint("s", k), fmt.Sprint("h", k)
				})
			}
		}
		p.mark("R18", who("R18"))
		for k := range 15 {
			p.add(at+time.Duration(k)*time.Minute, func(e *activity.Event) {
				e.Actor.ID, e.Action, e.Object.ID = who("R19"), activity.ActionSearch, fmt.Sprint("name", k)
			})
		}
		p.mark("R19", who("R19"))
		p.add(at, func(e *activity.Event) {
			e.Actor.ID, e.Act = who("R20"), activity.Act{System: "cloudtrail.amazonaws.com", Name: "StopLogging"}
		})
		p.mark("R20", who("R20"))
	}
	return p
}

// t0 stands where a date is a constant of the test.
var t0 testing.TB = constant{}

type constant struct{ testing.TB }

func (constant) Helper()                           {}
func (constant) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (constant) FailNow()                          { panic("a constant of the test is wrong") }

// Every rule finds everybody who was planted to break it.
func TestRulesFindAllThatWasPlanted(t *testing.T) {
	t.Parallel()
	p := grow(long.Count(20, 200))
	k := known(t)
	c := detect.Context{People: detect.NewRoster(p.people, nil, nil), Patients: detect.NewRegister(p.patients), Relations: detect.NewRelations(p.relations),
		Family: detect.NewRelations(p.family), Watch: detect.NewWatchList(p.watched, nil), Places: k.Places, Needs: k.Needs}
	run := detect.Start(detect.All(c)...)
	for _, e := range p.events {
		run.Add(e)
	}
	found := map[detect.ID]map[string]bool{}
	for _, f := range run.Findings() {
		if found[f.Detector] == nil {
			found[f.Detector] = map[string]bool{}
		}
		found[f.Detector][f.Actor] = true
	}
	rules := 0
	for _, d := range detect.All(c) {
		id := d.Describe().ID
		if !strings.HasPrefix(string(id), "R") {
			continue
		}
		rules++
		require.NotEmpty(t, p.planted[id], id)
		for actor := range p.planted[id] {
			require.True(t, found[id][actor], "%s does not find %s", id, actor)
		}
		for actor := range found[id] {
			near := strings.HasPrefix(actor, "n-") || strings.HasPrefix(actor, "left-") || strings.HasPrefix(actor, "typo-") || strings.HasPrefix(actor, "prints-")
			if id != detect.IDNoRelation {
				require.False(t, near, "%s finds %s, who did only what is nearest to it", id, actor)
			}
		}
	}
	require.Equal(t, 20, rules)
}

// generated runs the generator of synthetic months with a seed and returns its folder and the answers to the seven
// questions; it skips the test where either program is missing.
func generated(t testing.TB, n, seed int) (dir string, answers map[string]json.RawMessage) {
	t.Helper()
	tools, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "tools"))
	require.NoError(t, err)
	python, noPython := exec.LookPath("python3")
	if _, err := os.Stat(tools); err != nil || noPython != nil {
		t.Skip("the generator of synthetic months or python3 is not here; this test needs both")
	}
	dir = t.TempDir()
	gen := exec.Command("go", "run", ".", "-n", fmt.Sprint(n), "-users", "300", "-patients", "5000", "-seed", fmt.Sprint(seed), "-out", dir)
	gen.Dir = filepath.Join(tools, "activitygen")
	out, err := gen.CombinedOutput()
	require.NoError(t, err, "%s", out)
	out, err = exec.Command(python, filepath.Join(tools, "activity_answers.py"), dir).Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(out, &answers))
	return dir, answers
}

// flatProfile is how the generator's flat report is read.
func flatProfile() activity.Profile {
	p := activity.Profile{ID: "generated", Version: 1, Format: activity.FormatNDJSON, Words: map[activity.Field]map[string]string{activity.FieldAction: {"view": "read", "query": "search"}}}
	p.Columns = []activity.Column{{Name: "/ts", Field: activity.FieldRecorded}, {Name: "/user", Field: activity.FieldActor}, {Name: "/patient", Field: activity.FieldPatient},
		{Name: "/action", Field: activity.FieldAction}, {Name: "/outcome", Field: activity.FieldOutcome}, {Name: "/src/ip", Field: activity.FieldAddr},
		{Name: "/src/workstation", Field: activity.FieldHost}, {Name: "/purpose", Field: activity.FieldPurpose}, {Name: "/seq", Field: activity.FieldID}}
	return p
}

// The detectors answer the questions that another program answers about the same month, on every seed.
func TestDetectorsAnswerAsThePlainProgramDoes(t *testing.T) {
	t.Parallel()
	for seed := 1; seed <= long.Count(2, 10); seed++ {
		dir, want := generated(t, 30_000, seed)
		open := func(name string) *os.File {
			f, err := os.Open(filepath.Join(dir, name))
			require.NoError(t, err)
			t.Cleanup(func() { f.Close() })
			return f
		}
		people, err := detect.ReadRoster(open("users.csv"), detect.TableOptions{Columns: map[string]string{"dept": "department", "own_mrn": "patient", "terminated_at": "ended_at"}})
		require.NoError(t, err)
		relations, err := detect.ReadRelations(open("treat.csv"), detect.TableOptions{})
		require.NoError(t, err)
		reader, err := activity.ReaderWith(flatProfile())
		require.NoError(t, err)
		bursts, volume := detect.FailedLogins{}, detect.UserVolume{}
		scanned, err := detect.Scan(t.Context(), detect.Source{ID: "ehr", Reader: reader, Workers: 2, Files: []detect.File{detect.FileFrom("flat.ndjson", open("flat.ndjson"))}},
			bursts, detect.OwnRecord{People: people}, detect.TerminatedUser{Context: people}, detect.AfterHours{People: people, Grace: -1}, volume,
			detect.NoRelation{People: people, Tie: detect.Tie{Relations: relations}})
		require.NoError(t, err)
		count := func(i int) (events, users int) {
			seen := map[string]bool{}
			for _, f := range scanned.Run.Partial(i).Findings() {
				events += int(f.Count)
				seen[f.Actor] = true
			}
			return events, len(seen)
		}
		got := map[string]any{"events": scanned.Tally.Events}
		points, users, err := bursts.Points(scanned.Run.Partial(0))
		require.NoError(t, err)
		got["q2"] = []int{points, users}
		events, users := count(1)
		got["q3"] = []int{events, users}
		events, users = count(2)
		got["q4"] = []int{events, users}
		got["q5"], _ = count(3)
		totals, err := volume.Totals(scanned.Run.Partial(4))
		require.NoError(t, err)
		pairs, most := 0, 0
		for _, c := range totals {
			pairs, most = pairs+c.Count, max(most, c.Count)
		}
		got["q6"] = []int{pairs, most}
		got["q7"], _ = count(5)
		for q, answer := range got {
			b, err := json.Marshal(answer)
			require.NoError(t, err)
			require.Equal(t, string(want[q]), string(b), "%s of seed %d", q, seed)
		}
	}
}
