package sanction_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestTheOutcomeHoldsWhatAnInvestigatorAsksFor(t *testing.T) {
	t.Parallel()
	c, o := closed(t)
	require.Equal(t, sanction.ResultSanctioned, o.Result)
	require.Equal(t, sanction.RungWritten, o.Sanction)
	require.Equal(t, "First access of its kind that was proven.", o.Reason)
	require.True(t, o.Notified())
	for _, want := range []sanction.Involvement{{reviewer.ID, sanction.PartReporter}, {official.ID, sanction.PartInvestigator}, {member.ID, sanction.PartHeard},
		{official.ID, sanction.PartProtection}, {official.ID, sanction.PartDeterminer}, {manager.ID, sanction.PartDecider}, {official.ID, sanction.PartNotifier},
		{official.ID, sanction.PartImplementer}, {official.ID, sanction.PartCloser}} {
		require.Contains(t, o.Personnel, want)
	}
	require.Len(t, o.Timeline, len(c.History))
	require.Equal(t, sanction.TimedStep{Event: sanction.EventClose, By: official, On: day("2026-03-06"), Days: 2}, o.Timeline[len(o.Timeline)-1])
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteSanctionPolicy, hipaasmp.CiteDocumentSanctions}, o.Citations())
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: day("2026-03-06")}, o.RetentionBasis())
	again, err := c.Outcome()
	require.NoError(t, err)
	require.Equal(t, o, again, "the same case gives the same record")
}

func TestAnOutcomeThatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*sanction.Outcome){
		"another result":   func(o *sanction.Outcome) { o.Result = sanction.ResultNone },
		"another sanction": func(o *sanction.Outcome) { o.Sanction = sanction.RungTraining },
		"another reason":   func(o *sanction.Outcome) { o.Reason = "Another." },
		"no decision":      func(o *sanction.Outcome) { o.Decisions = nil },
		"not closed":       func(o *sanction.Outcome) { o.Closure = nil },
		"not the last":     func(o *sanction.Outcome) { o.Timeline = o.Timeline[:2] },
		"days miscounted":  func(o *sanction.Outcome) { o.Timeline[3].Days = 9 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, o := closed(t)
			spoil(&o)
			requireFault(t, o.Validate(), sanction.FaultResult)
		})
	}
	_, o := closed(t)
	o.Applications = nil
	requireFault(t, o.Validate(), sanction.FaultNotApplied)
	_, o = closed(t)
	o.Closed = day("2026-03-09")
	requireFault(t, o.Validate(), hipaasmp.FaultOrder)
	_, o = closed(t)
	o.Case.Kind = sanction.KindPolicy
	requireFault(t, o.Validate(), hipaasmp.FaultDangling)
	_, o = closed(t)
	o.Notifications[0].Decision = 5
	requireFault(t, o.Validate(), hipaasmp.FaultDangling)
	_, o = closed(t)
	o.Applications[0].Decision = 5
	requireFault(t, o.Validate(), hipaasmp.FaultDangling)
	_, o = closed(t)
	o.Timeline[1].On = day("2026-03-20")
	requireFault(t, o.Validate(), hipaasmp.FaultOrder)
	_, o = closed(t)
	o.Appeals = []sanction.Appeal{{Signature: o.Decisions[0].Signature, Grounds: "x", Resolution: &sanction.Resolution{
		Signature: sanction.Signature{By: member, At: at(39)}, Result: sanction.AppealUpheld, Reason: "x"}}}
	requireFault(t, o.Validate(), hipaasmp.FaultSegregation)
	_, o = closed(t)
	o.Dismissal = &sanction.Dismissal{Signature: o.Decisions[0].Signature, Ground: sanction.GroundNoViolation, Reason: "x"}
	require.ErrorContains(t, o.Validate(), "stands beside a decision")
}

func TestDutiesOf164530AreNeverNamedForABusinessAssociate(t *testing.T) {
	t.Parallel()
	_, o := closed(t)
	o.EntityType = hipaasmp.EntityBusinessAssociate
	p := policy(t)
	p.EntityType = hipaasmp.EntityBusinessAssociate
	a := sanction.Attestation{EntityType: hipaasmp.EntityBusinessAssociate}
	for _, r := range []hipaasmp.Record{o, p, a, sanction.Acknowledgement{}, sanction.Training{}} {
		for _, c := range r.Citations() {
			require.False(t, strings.HasPrefix(string(c), "164.530"), "%T cites %s", r, c)
		}
	}
	for _, check := range (sanction.Records{EntityType: hipaasmp.EntityBusinessAssociate}).GapChecks(hipaasmp.Period{}) {
		require.False(t, strings.HasPrefix(string(check.Citation), "164.530"), check.Code)
	}
}
