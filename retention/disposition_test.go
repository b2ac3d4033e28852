package retention_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
)

var (
	asker    = hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleWorkforce}
	reviewer = hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	second   = hipaasmp.Actor{ID: "wf-3", Role: hipaasmp.RoleManagement}
	program  = hipaasmp.Actor{ID: "sweep", Role: hipaasmp.RoleSystem}
	morning  = time.Date(2026, 1, 1, 15, 0, 0, 0, time.UTC)
)

// over is the term of a record of 2012, which may be disposed of from 2018-01-11 on.
func over(t require.TestingT) retention.Term {
	term, err := retention.Schedule{}.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2012-01-10")})
	require.NoError(t, err)
	return term
}

func proposal(t require.TestingT) retention.Proposal {
	return retention.Proposal{Ref: hipaasmp.Ref{Kind: "risk.analysis", ID: "ra-1", Version: 2}, Term: over(t), Method: retention.MethodRowRemoved}
}

// proposed, reviewed and agreed are a disposition on its way.
func proposed(t require.TestingT) retention.Disposition {
	d, err := retention.Propose(proposal(t), asker, morning)
	require.NoError(t, err)
	return d
}

func reviewed(t require.TestingT) retention.Disposition {
	d, err := proposed(t).Review(reviewer, morning.Add(time.Hour), "Superseded twice.")
	require.NoError(t, err)
	return d
}

func agreed(t require.TestingT) retention.Disposition {
	d, err := reviewed(t).Approve(second, morning.Add(2*time.Hour), nil)
	require.NoError(t, err)
	return d
}

// RET-15: expiry alone disposes of nothing; a proposal needs a term that is over and no hold.
func TestAProposalNeedsATermThatIsOver(t *testing.T) {
	t.Parallel()
	d := proposed(t)
	require.Equal(t, retention.StateEligible, d.State)
	require.Equal(t, date("2026-01-01"), d.On)
	require.Equal(t, "UTC-12", d.Zone)
	require.NoError(t, d.Validate())
	requested, ok := d.Requested()
	require.True(t, ok)
	require.Equal(t, asker, requested.By)

	p := proposal(t)
	_, err := retention.Propose(p, asker, time.Date(2018, 1, 11, 11, 59, 59, 0, time.UTC))
	require.ErrorIs(t, err, retention.ErrRetained, "it is still the tenth in UTC-12")
	_, err = retention.Propose(p, asker, time.Date(2018, 1, 11, 12, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	p.Holds = []retention.Hold{{Matter: "ocr-1"}}
	_, err = retention.Propose(p, asker, morning)
	var held *retention.HeldError
	require.ErrorAs(t, err, &held)
	require.Equal(t, []string{"ocr-1"}, held.Matters)

	var ve *hipaasmp.ValidationError
	for name, alter := range map[string]func(*retention.Proposal, *hipaasmp.Actor){
		"a term nobody computed": func(p *retention.Proposal, _ *hipaasmp.Actor) { p.Term = retention.Term{Running: true} },
		"no method":              func(p *retention.Proposal, _ *hipaasmp.Actor) { p.Method = "" },
		"no version":             func(p *retention.Proposal, _ *hipaasmp.Actor) { p.Ref.Version = 0 },
		"no document":            func(p *retention.Proposal, _ *hipaasmp.Actor) { p.Ref = hipaasmp.Ref{} },
		"nobody":                 func(_ *retention.Proposal, by *hipaasmp.Actor) { *by = hipaasmp.Actor{} },
	} {
		p, by := proposal(t), asker
		alter(&p, &by)
		_, err := retention.Propose(p, by, morning)
		require.ErrorAs(t, err, &ve, name)
	}
	_, err = retention.Propose(proposal(t), program, morning)
	require.NoError(t, err, "a sweep may propose")
}

// RET-16: whoever approves neither asked for the disposal nor reviewed it, and is a person who may.
func TestDispositionNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	refuse := func(who hipaasmp.Actor, p hipaasmp.Power, on hipaasmp.Date) error {
		require.Equal(t, hipaasmp.PowerApproveDisposal, p)
		require.Equal(t, date("2026-01-01"), on)
		return &hipaasmp.AuthorityError{Who: who, Power: p, On: on}
	}
	for name, x := range map[string]struct {
		by   hipaasmp.Actor
		code hipaasmp.FaultCode
	}{
		"the requester":             {asker, retention.FaultApprover},
		"the requester, other role": {hipaasmp.Actor{ID: asker.ID, Role: hipaasmp.RoleManagement}, retention.FaultApprover},
		"the reviewer":              {reviewer, retention.FaultApprover},
		"a program":                 {program, retention.FaultApprover},
		"nobody":                    {hipaasmp.Actor{}, hipaasmp.FaultRequired},
	} {
		_, err := reviewed(t).Approve(x.by, morning.Add(2*time.Hour), nil)
		var ve *hipaasmp.ValidationError
		require.ErrorAs(t, err, &ve, name)
		require.True(t, ve.Has(x.code), "%s: %v", name, err)
	}
	_, err := reviewed(t).Approve(second, morning.Add(2*time.Hour), refuse)
	var ae *hipaasmp.AuthorityError
	require.ErrorAs(t, err, &ae)
	_, err = proposed(t).Review(program, morning, "")
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve, "a program reviews nothing")
	d := agreed(t)
	approved, ok := d.Approved()
	require.True(t, ok)
	require.Equal(t, second, approved.By)
	_, err = d.Destroyed(program, morning.Add(3*time.Hour))
	require.NoError(t, err, "a program may carry out what persons decided")
}

func TestEveryStepInEveryState(t *testing.T) {
	t.Parallel()
	later := morning.Add(9 * time.Hour)
	gone, err := agreed(t).Destroyed(second, morning.Add(3*time.Hour))
	require.NoError(t, err)
	kept, err := agreed(t).Keep(second, morning.Add(3*time.Hour), "Asked for by the board.")
	require.NoError(t, err)
	steps := map[retention.Event]func(retention.Disposition) (retention.Disposition, error){
		retention.EventPropose: func(d retention.Disposition) (retention.Disposition, error) {
			return d.Propose(proposal(t), asker, later)
		},
		retention.EventReview:  func(d retention.Disposition) (retention.Disposition, error) { return d.Review(reviewer, later, "") },
		retention.EventApprove: func(d retention.Disposition) (retention.Disposition, error) { return d.Approve(second, later, nil) },
		retention.EventKeep:    func(d retention.Disposition) (retention.Disposition, error) { return d.Keep(second, later, "why") },
		retention.EventDispose: func(d retention.Disposition) (retention.Disposition, error) { return d.Destroyed(second, later) },
	}
	for from, x := range map[retention.State]struct {
		d       retention.Disposition
		allowed map[retention.Event]retention.State
	}{
		retention.StateRetaining: {kept, map[retention.Event]retention.State{retention.EventPropose: retention.StateEligible}},
		retention.StateEligible:  {proposed(t), map[retention.Event]retention.State{retention.EventReview: retention.StateInReview, retention.EventKeep: retention.StateRetaining}},
		retention.StateInReview:  {reviewed(t), map[retention.Event]retention.State{retention.EventApprove: retention.StateApproved, retention.EventKeep: retention.StateRetaining}},
		retention.StateApproved:  {agreed(t), map[retention.Event]retention.State{retention.EventDispose: retention.StateDisposed, retention.EventKeep: retention.StateRetaining}},
		retention.StateDisposed:  {gone, nil},
	} {
		require.Equal(t, from, x.d.State)
		for event, step := range steps {
			was, err := json.Marshal(x.d)
			require.NoError(t, err)
			next, err := step(x.d)
			to, ok := x.allowed[event]
			if !ok {
				var te *hipaasmp.TransitionError
				require.ErrorAs(t, err, &te, "%s from %s", event, from)
				require.Equal(t, "disposition", te.Machine)
			} else {
				require.NoError(t, err, "%s from %s", event, from)
				require.Equal(t, to, next.State)
				require.NoError(t, next.Validate())
				again, err := hipaasmp.Decode[retention.Disposition](must(json.Marshal(next)))
				require.NoError(t, err)
				require.Equal(t, next, again)
			}
			is, err := json.Marshal(x.d)
			require.NoError(t, err)
			require.Equal(t, string(was), string(is), "a step changes nothing in what it was taken from")
		}
	}
	_, err = agreed(t).Keep(second, later, "")
	require.Error(t, err, "keeping has a reason")
	_, err = reviewed(t).Approve(second, morning, nil)
	require.Error(t, err, "time runs forward")
	require.Contains(t, retention.Diagram(), "approved --> disposed: dispose")
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// A second proposal has its own persons: who approved the first may ask for the second, and not approve it.
func TestAProposalAfterAKeepingStartsAnew(t *testing.T) {
	t.Parallel()
	kept, err := agreed(t).Keep(second, morning.Add(3*time.Hour), "Asked for by the board.")
	require.NoError(t, err)
	_, ok := kept.Approved()
	require.False(t, ok, "an approval that was taken back is none")
	p := proposal(t)
	p.Ref.Version = 3
	d, err := kept.Propose(p, second, morning.AddDate(1, 0, 0))
	require.NoError(t, err)
	require.Equal(t, date("2027-01-01"), d.On)
	require.Equal(t, uint64(3), d.Ref.Version)
	d, err = d.Review(asker, morning.AddDate(1, 0, 0), "")
	require.NoError(t, err)
	_, err = d.Approve(second, morning.AddDate(1, 0, 1), nil)
	require.Error(t, err)
	_, err = d.Approve(reviewer, morning.AddDate(1, 0, 1), nil)
	require.NoError(t, err)
}

func TestAForgedDispositionIsRefused(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		alter func(*retention.Disposition)
		code  hipaasmp.FaultCode
	}{
		"a state that was assigned":   {func(d *retention.Disposition) { d.State = retention.StateApproved }, hipaasmp.FaultHistory},
		"a history cut off":           {func(d *retention.Disposition) { d.History = d.History[1:] }, hipaasmp.FaultHistory},
		"no history":                  {func(d *retention.Disposition) { d.History = nil }, hipaasmp.FaultRange},
		"another identity":            {func(d *retention.Disposition) { d.ID = "x" }, retention.FaultDispositionID},
		"of another document":         {func(d *retention.Disposition) { d.Ref.ID = "ra-2" }, retention.FaultDispositionID},
		"while it had to be kept":     {func(d *retention.Disposition) { d.Term.FirstDisposal = date("2030-01-01") }, retention.FaultNotEligible},
		"a clock that does not run":   {func(d *retention.Disposition) { d.Term.Running = false }, retention.FaultNotEligible},
		"on another day":              {func(d *retention.Disposition) { d.On = date("2026-02-01") }, retention.FaultDispositionDay},
		"approved by its requester":   {func(d *retention.Disposition) { d.History[0].By.ID = second.ID }, retention.FaultApprover},
		"approved by its reviewer":    {func(d *retention.Disposition) { d.History[1].By.ID = second.ID }, retention.FaultApprover},
		"a step back in time":         {func(d *retention.Disposition) { d.History[2].At = morning.Add(-time.Hour) }, hipaasmp.FaultOrder},
		"a document without versions": {func(d *retention.Disposition) { d.Ref.Version = 0 }, retention.FaultNoVersion},
	} {
		d := agreed(t)
		if name == "a state that was assigned" {
			d = reviewed(t)
		}
		x.alter(&d)
		var ve *hipaasmp.ValidationError
		require.ErrorAs(t, d.Validate(), &ve, name)
		require.True(t, ve.Has(x.code), "%s: %v", name, ve)
	}
}

func TestWhereADocumentStands(t *testing.T) {
	t.Parallel()
	basis := func(b hipaasmp.RetentionBasis) []retention.Version {
		return []retention.Version{{Basis: &b, Recorded: morning}}
	}
	doc := hipaasmp.ClassDocumentation
	old := basis(hipaasmp.RetentionBasis{Class: doc, Created: date("2012-01-10")})
	inEffect := basis(hipaasmp.RetentionBasis{Class: doc, Created: date("2012-01-10"), InEffect: []hipaasmp.Period{{From: date("2012-01-10")}}})
	a, b, c := proposed(t), reviewed(t), agreed(t)
	kept, err := c.Keep(second, morning.Add(3*time.Hour), "why")
	require.NoError(t, err)
	gone, err := c.Destroyed(second, morning.Add(3*time.Hour))
	require.NoError(t, err)
	for name, x := range map[string]struct {
		versions []retention.Version
		d        *retention.Disposition
		on       string
		want     retention.State
	}{
		"a draft":                               {[]retention.Version{{Recorded: morning}}, nil, "2050-01-01", retention.StateActive},
		"in effect":                             {inEffect, nil, "2050-01-01", retention.StateInEffect},
		"in effect again after its approval":    {inEffect, &c, "2050-01-01", retention.StateInEffect},
		"within its term":                       {old, nil, "2018-01-10", retention.StateRetaining},
		"after its term":                        {old, nil, "2018-01-11", retention.StateEligible},
		"proposed":                              {old, &a, "2026-01-01", retention.StateEligible},
		"reviewed":                              {old, &b, "2026-01-01", retention.StateInReview},
		"approved":                              {old, &c, "2026-01-01", retention.StateApproved},
		"approved, asked for a day in its term": {old, &c, "2018-01-10", retention.StateRetaining},
		"kept by decision":                      {old, &kept, "2026-01-01", retention.StateEligible},
		"destroyed":                             {old, &gone, "2026-01-01", retention.StateDisposed},
		"no day":                                {old, nil, "", retention.StateRetaining},
	} {
		term, _, err := retention.Schedule{}.TermOf(x.versions)
		require.NoError(t, err, name)
		on := hipaasmp.Date{}
		if x.on != "" {
			on = date(x.on)
		}
		require.Equal(t, x.want, retention.StateOf(x.versions, term, x.d, on), name)
	}
}

func TestGapsInDisposal(t *testing.T) {
	t.Parallel()
	a, b, c := proposed(t), reviewed(t), agreed(t)
	gone, err := c.Destroyed(second, morning.Add(3*time.Hour))
	require.NoError(t, err)
	find := func(in retention.GapInput, asOf string) []string {
		var codes []string
		for _, g := range hipaasmp.FindGaps(date(asOf), retention.GapChecks(in)...) {
			require.NotEmpty(t, g.Closes)
			codes = append(codes, string(g.Code)+" "+g.Since.String())
		}
		return codes
	}
	for name, x := range map[string]struct {
		in   retention.GapInput
		asOf string
		want []string
	}{
		"proposed, the last day in time":  {retention.GapInput{Dispositions: []retention.Disposition{a}}, "2026-01-30", nil},
		"proposed, a day too long":        {retention.GapInput{Dispositions: []retention.Disposition{a}}, "2026-01-31", []string{"GAP-RET-01 2026-01-31"}},
		"before it was proposed":          {retention.GapInput{Dispositions: []retention.Disposition{a}}, "2025-12-31", nil},
		"reviewed and not approved":       {retention.GapInput{Dispositions: []retention.Disposition{b}, Days: 7}, "2026-01-08", []string{"GAP-RET-01 2026-01-08"}},
		"approved and not carried out":    {retention.GapInput{Dispositions: []retention.Disposition{c}, Days: 7}, "2026-01-08", []string{"GAP-RET-02 2026-01-08"}},
		"destroyed without a certificate": {retention.GapInput{Dispositions: []retention.Disposition{gone}}, "2026-01-02", []string{"GAP-RET-03 2026-01-01"}},
		"destroyed with one":              {retention.GapInput{Dispositions: []retention.Disposition{gone}, Certified: []hipaasmp.Ref{gone.Ref}}, "2026-03-02", nil},
		"destroyed later than the day":    {retention.GapInput{Dispositions: []retention.Disposition{gone}}, "2025-12-31", nil},
		"the day is that of the zone":     {retention.GapInput{Dispositions: []retention.Disposition{gone}, Zone: time.FixedZone("UTC+14", 14*3600)}, "2026-01-01", nil},
	} {
		require.Equal(t, x.want, find(x.in, x.asOf), name)
	}
}

// Whatever steps are tried in whatever order by whomever, a disposition is valid after each, and none is destroyed that was
// not approved by somebody who neither proposed nor reviewed it.
func TestNoOrderOfStepsDestroysWithoutASecondPerson(t *testing.T) {
	t.Parallel()
	people := []hipaasmp.Actor{asker, reviewer, second, program, {}}
	rapid.Check(t, func(t *rapid.T) {
		d := proposed(t)
		at := morning
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			at = at.Add(time.Minute)
			by := rapid.SampledFrom(people).Draw(t, "by")
			var next retention.Disposition
			var err error
			switch rapid.SampledFrom((retention.Event("")).Values()).Draw(t, "event") {
			case retention.EventPropose:
				next, err = d.Propose(proposal(t), by, at)
			case retention.EventReview:
				next, err = d.Review(by, at, "")
			case retention.EventApprove:
				next, err = d.Approve(by, at, nil)
			case retention.EventKeep:
				next, err = d.Keep(by, at, "why")
			case retention.EventDispose:
				next, err = d.Destroyed(by, at)
			}
			if err == nil {
				d = next
			}
			require.NoError(t, d.Validate())
		}
		if d.State != retention.StateDisposed {
			return
		}
		asked, _ := d.Requested()
		looked, ok := d.Reviewed()
		require.True(t, ok)
		consent, ok := d.Approved()
		require.True(t, ok)
		require.NotEqual(t, asked.By.ID, consent.By.ID)
		require.NotEqual(t, looked.By.ID, consent.By.ID)
		require.NotEqual(t, hipaasmp.RoleSystem, consent.By.Role)
	})
}

func FuzzDecodeDisposition(f *testing.F) {
	term, err := retention.Schedule{}.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2012-01-10")})
	require.NoError(f, err)
	d, err := retention.Propose(retention.Proposal{Ref: hipaasmp.Ref{Kind: "risk.analysis", ID: "ra-1", Version: 2}, Term: term, Method: retention.MethodRowRemoved}, asker, morning)
	require.NoError(f, err)
	f.Add(must(json.Marshal(d)))
	f.Add([]byte(`{"schema":"https://github.com/hipaasmp/hipaasmp/schemas/v1/retention.disposition.json","history":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := hipaasmp.Decode[retention.Disposition](data)
		if err != nil {
			return
		}
		again, err := hipaasmp.Decode[retention.Disposition](must(json.Marshal(d)))
		require.NoError(t, err)
		require.Equal(t, d, again)
	})
}

func ExamplePropose() {
	term, _ := retention.Schedule{}.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: hipaasmp.Day(2012, 1, 10)})
	official := hipaasmp.Actor{ID: "wf-7", Role: hipaasmp.RoleSecurityOfficial}
	at := time.Date(2026, 1, 5, 15, 0, 0, 0, time.UTC)
	d, err := retention.Propose(retention.Proposal{
		Ref: hipaasmp.Ref{Kind: "risk.analysis", ID: "ra-2012", Version: 1}, Term: term, Method: retention.MethodKeyDestroyed,
	}, official, at)
	fmt.Println(d.State, err)
	d, err = d.Review(official, at, "Superseded by the analysis of 2013.")
	fmt.Println(d.State, err)
	_, err = d.Approve(official, at, nil)
	fmt.Println(err)
	d, err = d.Approve(hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}, at, nil)
	fmt.Println(d.State, err)
	// Output:
	// eligible <nil>
	// in_review <nil>
	// hipaasmp: retention.disposition/d36af7a9-dccf-51ae-aa78-adb340342565: SMP-RET-02 at /history/2/by: is the requester; have another person approve (164.310(d)(2)(i))
	// approved <nil>
}
