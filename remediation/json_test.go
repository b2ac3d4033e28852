package remediation_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// roundTrip writes, reads and writes again, and asks for the same bytes.
func roundTrip[T hipaasmp.Document](t require.TestingT, doc T) []byte {
	first, err := hipaasmp.Canonical(doc)
	require.NoError(t, err)
	back, err := hipaasmp.Decode[T](first)
	require.NoError(t, err)
	second, err := hipaasmp.Canonical(back)
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
	return first
}

// anyText draws plain text in several scripts, with the characters that JSON and HTML escape.
func anyText() *rapid.Generator[string] {
	return rapid.Map(rapid.StringOfN(rapid.SampledFrom([]rune("aZ9 é漢😀<&>\"'\\/\u2028\u0085-")), 0, 12, -1),
		func(s string) string { return "x" + s })
}

// anyItem draws an item in any state, reached by any walk, with any optional part.
func anyItem(t testing.TB, id, of string) *rapid.Generator[remediation.Item] {
	zone := chicago(t)
	return rapid.Custom(func(rt *rapid.T) remediation.Item {
		p := proposal(of)
		p.Title = anyText().Draw(rt, "title")
		p.Due = day("2026-03-23").AddDays(rapid.IntRange(0, 900).Draw(rt, "due"))
		p.Treatment = rapid.SampledFrom(remediation.Treatment("").Values()).Draw(rt, "treatment")
		if p.Treatment == remediation.TreatmentAccept {
			p.Acceptance = &hipaasmp.Ref{Kind: remediation.KindAcceptance, ID: "acc-1", Version: rapid.Uint64Range(0, 3).Draw(rt, "version")}
		}
		p.CostUSD = nil
		if rapid.Bool().Draw(rt, "cost known") {
			cost := decimal.New(rapid.Int64Range(0, 1e12).Draw(rt, "cents"), -rapid.Int32Range(0, 4).Draw(rt, "places"))
			p.CostUSD = &cost
		}
		p.Milestones = nil
		for n := range rapid.IntRange(0, 3).Draw(rt, "milestones") {
			m := remediation.Milestone{ID: fmt.Sprintf("m.%d", n), Title: anyText().Draw(rt, "milestone"), SuccessCriteria: anyText().Draw(rt, "criteria"), Due: day("2026-05-01").AddDays(n)}
			p.Milestones = append(p.Milestones, m)
		}
		i, err := remediation.NewItem(id, p, official, proposed, zone)
		if err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			if rapid.IntRange(0, 2).Draw(rt, "change") == 0 {
				i = anyChange(rt, i)
			}
			i = after(t, i, rapid.SampledFrom(i.Allowed()).Draw(rt, "event"))
		}
		return i
	})
}

func anyAcceptance(t testing.TB, id, of string) *rapid.Generator[remediation.Acceptance] {
	zone := chicago(t)
	return rapid.Custom(func(rt *rapid.T) remediation.Acceptance {
		impact := rapid.SampledFrom([]risk.Level{risk.LevelLow, risk.LevelModerate, risk.LevelHigh, risk.LevelVeryHigh}).Draw(rt, "impact")
		a, err := remediation.NewAcceptance(id, finding(of), official, manager, proposed, zone, may(), anyText().Draw(rt, "why"),
			score(t, impact, official, scoredAt), day("2026-03-23").AddDays(rapid.IntRange(0, 900).Draw(rt, "expires")),
			rapid.SliceOfN(anyText(), 0, 3).Draw(rt, "conditions")...)
		if err != nil {
			rt.Fatal(err)
		}
		return a
	})
}

func TestGeneratedItemsAndCompletionsRoundTripExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		i := anyItem(t, "item-1", "F-1").Draw(rt, "item")
		roundTrip(rt, i)
		if i.State == remediation.StateVerified {
			closed, done, err := i.Close("done-1", official, hour(99), chicago(t))
			require.NoError(rt, err)
			roundTrip(rt, closed)
			roundTrip(rt, done)
		}
		_, holds := i.Verification()
		require.Equal(rt, i.State == remediation.StateVerified || i.State == remediation.StateClosed, holds)
	})
}

func TestGeneratedAcceptancesRoundTripExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) { roundTrip(rt, anyAcceptance(t, "acc-1", "F-2").Draw(rt, "acceptance")) })
}

// A plan is built exactly where nothing above the acceptable level is left untreated, and the gap check agrees.
func TestGeneratedPlansRoundTripAndAgreeWithTheGapChecks(t *testing.T) {
	t.Parallel()
	a := analysis(t)
	rapid.Check(t, func(rt *rapid.T) {
		in := remediation.GapInput{Analyses: []risk.Analysis{a}}
		for n := range rapid.IntRange(0, 4).Draw(rt, "items") {
			in.Items = append(in.Items, anyItem(t, fmt.Sprintf("item-%d", n), rapid.SampledFrom([]string{"F-1", "F-2", "F-3"}).Draw(rt, "of")).Draw(rt, "item"))
		}
		for n := range rapid.IntRange(0, 3).Draw(rt, "acceptances") {
			in.Acceptances = append(in.Acceptances, anyAcceptance(t, fmt.Sprintf("acc-%d", n), rapid.SampledFrom([]string{"F-1", "F-2"}).Draw(rt, "of")).Draw(rt, "acceptance"))
		}
		p, err := remediation.BuildPlan("plan-1", a, in.Items, in.Acceptances, manager, hour(200), chicago(t), may())
		on := hipaasmp.DateOf(hour(200), chicago(t)).String()
		missing := len(found(in, on, remediation.GapUntreated)) + len(found(in, on, remediation.GapAcceptanceExpired))
		require.Equal(rt, err == nil, missing == 0, "%v", err)
		if err != nil {
			require.Len(rt, faults(t, err), missing)
			return
		}
		roundTrip(rt, p)
		in.Plans = []remediation.Plan{p}
		require.Empty(rt, found(in, on, remediation.GapNoPlan))
		closed, err := p.Supersede(hipaasmp.Ref{Kind: remediation.KindPlan, ID: "next", Version: 1}, day("2027-01-01"))
		require.NoError(rt, err)
		roundTrip(rt, closed)
	})
}

func TestGeneratedDecisionsRoundTripExactly(t *testing.T) {
	t.Parallel()
	var addressable []hipaasmp.Citation
	for p := range (hipaasmp.Catalogue{}).Provisions() {
		if p.Designation == hipaasmp.DesignationAddressable {
			addressable = append(addressable, p.Citation)
		}
	}
	require.Len(t, addressable, 22)
	rapid.Check(t, func(rt *rapid.T) {
		d := deliberation()
		d.Specification = rapid.SampledFrom(addressable).Draw(rt, "specification")
		d.Decision = rapid.SampledFrom(d.Decision.Values()).Draw(rt, "decision")
		switch d.Decision {
		case remediation.DecisionAlternative:
			d.Rationale, d.Alternative = anyText().Draw(rt, "rationale"), anyText().Draw(rt, "alternative")
		case remediation.DecisionNotReasonable:
			d.Rationale, d.NoAlternative = anyText().Draw(rt, "rationale"), anyText().Draw(rt, "no alternative")
		}
		got, err := decide(t, d)
		require.NoError(rt, err)
		roundTrip(rt, got)
	})
}

func TestTheValueIsTheSameNotOnlyItsBytes(t *testing.T) {
	t.Parallel()
	_, done, err := in(t, "item-1", "F-1", remediation.StateVerified).Close("done-1", official, hour(9), chicago(t))
	require.NoError(t, err)
	back, err := hipaasmp.Decode[remediation.Completion](roundTrip(t, done))
	require.NoError(t, err)
	require.True(t, done.Item.CostUSD.Equal(*back.Item.CostUSD))
	back.Item.CostUSD = done.Item.CostUSD
	require.Equal(t, done, back)
}

func TestHostileJSONIsRefused(t *testing.T) {
	t.Parallel()
	head := `"schema":"` + hipaasmp.SchemaID(remediation.KindItem, 1) + `","id":"i"`
	for rule, c := range map[string]struct {
		json string
		code hipaasmp.FaultCode
	}{
		"two states":            {`{` + head + `,"state":"proposed","state":"closed"}`, hipaasmp.FaultDuplicate},
		"an unknown state":      {`{` + head + `,"state":"done"}`, hipaasmp.FaultEnum},
		"a cost as a number":    {`{` + head + `,"cost_usd":12.50}`, hipaasmp.FaultLossy},
		"a cost with zeros":     {`{` + head + `,"cost_usd":"12.50"}`, hipaasmp.FaultLossy},
		"a cost beyond reason":  {`{` + head + `,"cost_usd":"1e2000000000"}`, hipaasmp.FaultType},
		"a day that is none":    {`{` + head + `,"due":"2026-02-30"}`, hipaasmp.FaultFormat},
		"an unknown member":     {`{` + head + `,"verified":true}`, hipaasmp.FaultUnknownMember},
		"an empty history list": {`{` + head + `,"history":[]}`, hipaasmp.FaultLossy},
	} {
		_, err := hipaasmp.Decode[remediation.Item]([]byte(c.json))
		all := faults(t, err)
		require.Equal(t, c.code, all[0].Code, "%s: %v", rule, all)
	}
}

func TestZeroValuesValidateWithoutPanic(t *testing.T) {
	t.Parallel()
	for _, doc := range []hipaasmp.Document{
		remediation.Item{}, remediation.Completion{}, remediation.Acceptance{}, remediation.Plan{}, remediation.AddressableDecision{},
	} {
		require.Error(t, doc.Validate(), "%T", doc)
		doc.DocumentRef()
		if r, ok := doc.(hipaasmp.Record); ok {
			r.Citations()
			r.RetentionBasis()
		}
	}
	now := time.Time{}
	var i remediation.Item
	for _, err := range []error{
		second(i.Plan(official, now)), second(i.Start(official, now)), second(i.Block(official, now, "")), second(i.Unblock(official, now)),
		second(i.Implement(official, now, "")), second(i.Verify(official, now, nil, nil, risk.Score{}, hipaasmp.Artifact{})),
		second(i.Reopen(official, now, "")), second(i.Cancel(official, now, "")), second(i.Reach("", hipaasmp.Date{}, hipaasmp.Actor{}, now, "")),
		second(remediation.NewItem("", remediation.Proposal{}, hipaasmp.Actor{}, now, nil)),
		second(remediation.NewItem("", remediation.Proposal{}, hipaasmp.Actor{}, now, time.UTC)),
		second(remediation.NewAcceptance("", remediation.FindingRef{}, hipaasmp.Actor{}, hipaasmp.Actor{}, now, time.UTC, nil, "", risk.Score{}, hipaasmp.Date{})),
		second(remediation.BuildPlan("", risk.Analysis{}, []remediation.Item{{}}, []remediation.Acceptance{{}}, hipaasmp.Actor{}, now, time.UTC, nil)),
		second(remediation.Decide("", remediation.Deliberation{}, hipaasmp.Actor{}, now, time.UTC, nil)),
		second(remediation.Acceptance{}.Revoke(hipaasmp.Actor{}, now, time.UTC, nil, "")),
		second(i.Reassign("", official, now, "")), second(i.Reschedule(hipaasmp.Date{}, official, now, "")), second(i.Reprice(nil, official, now, "")),
		second(i.WaitFor(nil, official, now, "")), second(i.AddMilestone(remediation.Milestone{}, official, now, "")),
		second(i.ChangeMilestone(remediation.Milestone{}, official, now, "")), second(i.RemoveMilestone("", official, now, "")),
		second(remediation.Track([]remediation.Item{i}, []remediation.Acceptance{{}}, hipaasmp.Date{}, remediation.TrackOptions{})),
		second(remediation.BurnDown([]remediation.Item{i}, hipaasmp.Period{})),
		remediation.WriteCSV(io.Discard, []remediation.Item{i}),
		second(remediation.QuantifyResidual(quant.Register{}, []remediation.Measure{{}}, quant.Options{})),
		second(remediation.Plan{}.Supersede(hipaasmp.Ref{}, hipaasmp.Date{})),
		second(remediation.AddressableDecision{}.Supersede(hipaasmp.Ref{}, hipaasmp.Date{})),
	} {
		require.Error(t, err)
	}
	_, _, err := i.Close("", official, now, nil)
	require.Error(t, err)
	require.Empty(t, i.Warnings())
	require.NotPanics(t, func() {
		zero := []remediation.Item{{}}
		_ = remediation.CheckDependencies(zero)
		remediation.WarnDependencies(zero)
		remediation.ByAsset(remediation.Residuals(risk.Analysis{Assessment: risk.Assessment{Findings: []risk.Finding{{}}}}, zero, hipaasmp.Date{}))
		remediation.Measures(quant.Register{}, nil, zero, hipaasmp.Date{})
		i.AsOf(hipaasmp.Date{})
		i.Days(day("2026-01-01"))
		i.FirstDue()
		remediation.Plan{}.Cost()
		remediation.Acceptance{}.Standing(nil, hipaasmp.Date{})
		_, err := remediation.Track(zero, []remediation.Acceptance{{}}, day("2026-01-01"), remediation.TrackOptions{})
		require.NoError(t, err)
		_, err = remediation.BurnDown(zero, hipaasmp.Period{From: day("0001-01-01"), To: day("0002-01-01")})
		require.NoError(t, err)
		_, err = remediation.BurnDown(zero, hipaasmp.Period{From: day("9999-01-01"), To: day("9999-12-31")})
		require.NoError(t, err)
		_, err = remediation.Track(zero, nil, day("9999-12-31"), remediation.TrackOptions{})
		require.NoError(t, err)
		hipaasmp.FindGaps(day("2026-01-01"), remediation.GapChecks(remediation.GapInput{
			Analyses: []risk.Analysis{{}}, Plans: []remediation.Plan{{}}, Items: []remediation.Item{{}}, Acceptances: []remediation.Acceptance{{}},
		})...)
	})
}

// enum is what every enumeration of this module can do.
type enum interface {
	encoding.TextMarshaler
	IsValid() bool
}

func TestEnumerationsRefuseWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	for _, e := range []enum{remediation.State(""), remediation.Event(""), remediation.Treatment(""), remediation.Decision(""),
		remediation.AcceptanceStanding(""), remediation.MeasureStanding(""), remediation.RoadmapStatus(""), remediation.RoadmapReason("")} {
		typ := reflect.TypeOf(e)
		members := reflect.ValueOf(e).MethodByName("Values").Call(nil)[0]
		require.NotZero(t, members.Len(), "%s", typ)
		for i := range members.Len() {
			member := members.Index(i).Interface().(enum)
			require.True(t, member.IsValid())
			b, err := json.Marshal(member)
			require.NoError(t, err)
			back := reflect.New(typ)
			require.NoError(t, json.Unmarshal(b, back.Interface()))
			require.Equal(t, member, back.Elem().Interface())
		}
		for _, bad := range []string{"", "nonsense", "CLOSED", " closed"} {
			v := reflect.New(typ)
			var unknown *hipaasmp.UnknownValueError
			require.True(t, errors.As(v.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(bad)), &unknown), "%s reads %q", typ, bad)
			v.Elem().SetString(bad)
			require.False(t, v.Elem().Interface().(enum).IsValid())
			_, err := json.Marshal(v.Elem().Interface())
			require.Error(t, err, "%s writes %q", typ, bad)
		}
	}
}

func TestFaultDefs(t *testing.T) {
	t.Parallel()
	seen := map[hipaasmp.FaultCode]bool{}
	for _, def := range remediation.FaultDefs() {
		require.False(t, seen[def.Code], "%s is defined twice", def.Code)
		seen[def.Code] = true
		require.Regexp(t, `^SMP-REM-\d\d$`, string(def.Code))
		require.Equal(t, hipaasmp.FaultRule, def.Kind)
		require.NotEmpty(t, def.Meaning)
		require.NotEmpty(t, def.Remedy)
		require.True(t, def.Citation.IsValid())
	}
	require.Len(t, seen, 26)
}

func FuzzDecodeItem(f *testing.F) {
	for _, state := range []remediation.State{remediation.StateProposed, remediation.StateClosed} {
		b, err := hipaasmp.Canonical(in(f, "item-1", "F-1", state))
		require.NoError(f, err)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		i, err := hipaasmp.Decode[remediation.Item](data)
		if err != nil {
			return
		}
		roundTrip(t, i)
		i.Warnings()
		i.Allowed()
	})
}

func FuzzDecodePlan(f *testing.F) {
	b, err := hipaasmp.Canonical(plan(f))
	require.NoError(f, err)
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := hipaasmp.Decode[remediation.Plan](data); err == nil {
			roundTrip(t, p)
		}
	})
}

func FuzzDecodeCompletion(f *testing.F) {
	_, c, err := in(f, "item-1", "F-1", remediation.StateVerified).Close("done-1", official, hour(9), chicago(f))
	require.NoError(f, err)
	b, err := hipaasmp.Canonical(c)
	require.NoError(f, err)
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := hipaasmp.Decode[remediation.Completion](data); err == nil {
			roundTrip(t, c)
		}
	})
}

func FuzzDecodeAcceptance(f *testing.F) {
	b, err := hipaasmp.Canonical(acceptance(f, "acc-1", "F-2", risk.LevelModerate, "2026-10-31"))
	require.NoError(f, err)
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		if a, err := hipaasmp.Decode[remediation.Acceptance](data); err == nil {
			roundTrip(t, a)
		}
	})
}

func FuzzDecodeDecision(f *testing.F) {
	d, err := decide(f, deliberation())
	require.NoError(f, err)
	b, err := hipaasmp.Canonical(d)
	require.NoError(f, err)
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		if d, err := hipaasmp.Decode[remediation.AddressableDecision](data); err == nil {
			roundTrip(t, d)
		}
	})
}

// FuzzReadRoadmapProblem feeds the reader of problems; what it reads is solved, and what it solved keeps to the problem.
func FuzzReadRoadmapProblem(f *testing.F) {
	for _, seed := range []string{
		`{"scenarios":[{"id":"S1","ale":"120000"}],"actions":[{"id":"A","cost":"18000","effects":[{"scenario":"S1","effectiveness":"0.6"}],"requires":["E"],"mandatory":false},{"id":"E","cost":"0"}],"budgets":["30000","30000"]}`,
		`{"scenarios":[{"id":"S","ale":"1"}],"actions":[],"budgets":["0.000001"]}`, `{}`, `[]`, `{"scenarios":null}`,
		`{"scenarios":[{"id":"S","ale":"1e9"}],"actions":[{"id":"A","cost":"-1","requires":["A"]}],"budgets":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := remediation.ReadRoadmapProblem(bytes.NewReader(data))
		if err != nil {
			faults(t, err)
			return
		}
		if len(p.Actions)*len(p.Budgets) > 60 {
			return
		}
		r, err := p.Solve(remediation.RoadmapOptions{Nodes: 10})
		require.NoError(t, err)
		left, err := p.Evaluate(r.Plan)
		require.NoError(t, err)
		require.Equal(t, r.Residual, left)
		require.False(t, r.LowerBound.GreaterThan(r.Objective))
	})
}
