package remediation

import (
	"cmp"
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// treated is what is undertaken about one finding on a day, and whether it is enough.
type treated struct {
	commitments []Commitment
	// left is what is left of the risk.
	left PairResidual
	// enough says that something treats the finding.
	enough bool
	// why says why it is not enough, and closes what would be.
	why, closes string
	// lapsed is the acceptance that expired or was revoked last, where nothing took its place.
	lapsed []Acceptance
}

// treat collects the commitments for a finding, in the order of due date and identity.
//
// A measure that is still to come treats the finding, and so does an acceptance in force of exactly the risk that is left.
// Once every measure is verified, what counts is what is left.
func treat(analysis risk.Analysis, x risk.Finding, items []Item, acceptances []Acceptance, on hipaasmp.Date) treated {
	t := treated{left: left(analysis, x, items, on), why: "nothing treats it", closes: "propose an item, or have the risk accepted"}
	current := t.accepted(analysis, x, acceptances, on)
	rated := false
	for _, i := range items {
		if !i.treats(x.ID, analysis) || i.State == StateCancelled {
			continue
		}
		c := Commitment{Finding: x.ID, Treatment: i.Treatment, Item: i.ID, Title: i.Title, State: i.State, Owner: i.Owner, Due: i.Due, Specification: i.Specification,
			DependsOn: slices.Clone(i.DependsOn), Milestones: slices.Clone(i.Milestones), CostUSD: clonePointer(i.CostUSD)}
		_, done := i.verificationOn(on)
		switch {
		case i.Treatment != TreatmentAccept:
			rated = rated || done
			t.enough = t.enough || !done
		case i.Acceptance == nil:
			continue
		default:
			if _, ok := current[i.Acceptance.ID]; !ok {
				continue // its acceptance is not at hand or not in force, and t.why says so where it is known
			}
			c.Acceptance = i.Acceptance.ID
			delete(current, i.Acceptance.ID) // the item carries it
			t.enough = true
		}
		t.commitments = append(t.commitments, c)
	}
	if above, known := t.left.Level().Exceeds(analysis.AcceptableLevel); rated && !t.enough {
		if t.enough = known && !above; !t.enough && len(current) == 0 {
			t.why, t.closes = "the analysis rated it after its measures were verified", "propose a further item, or have the risk accepted"
			if t.left.Item != "" {
				t.why, t.closes = fmt.Sprintf("%s left it at %s", t.left.Item, say(t.left.Level())), "propose a further item, or have the risk accepted"
			}
		}
	}
	for _, a := range current {
		t.commitments = append(t.commitments, Commitment{Finding: x.ID, Treatment: TreatmentAccept, Acceptance: a.ID,
			Owner: a.Requester.ID, Due: a.Expires, Specification: hipaasmp.CiteRiskManagement})
		t.enough = true
	}
	slices.SortFunc(t.commitments, func(a, b Commitment) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Item, b.Item), cmp.Compare(a.Acceptance, b.Acceptance))
	})
	if t.enough {
		t.lapsed = nil
	}
	return t
}

// accepted returns the acceptances that cover what is left on the day, by identity, and notes why others do not.
func (t *treated) accepted(analysis risk.Analysis, x risk.Finding, acceptances []Acceptance, on hipaasmp.Date) map[string]Acceptance {
	current := map[string]Acceptance{}
	for _, a := range slices.SortedFunc(slices.Values(newest(acceptances)), func(a, b Acceptance) int {
		return cmp.Or(a.lastDay().Compare(b.lastDay()), cmp.Compare(a.ID, b.ID))
	}) {
		if a.Finding.Finding != x.ID || !about(a.Finding, analysis) {
			continue
		}
		switch a.Standing(t.left.Score, on) {
		case AcceptanceStandingExpired:
			t.lapsed = []Acceptance{a} // the last one to run out
			t.why, t.closes = fmt.Sprintf("its acceptance expired on %s", a.Expires), "decide again, or propose an item"
		case AcceptanceStandingRevoked:
			t.lapsed = []Acceptance{a}
			t.why, t.closes = fmt.Sprintf("its acceptance was revoked on %s", a.Revocation.On), "decide again, or propose an item"
		case AcceptanceStandingStale:
			t.lapsed = nil
			t.why, t.closes = fmt.Sprintf("its acceptance covers a risk that was %s", covered(a.Residual, t.left)), "have the risk accepted as it is now, or propose an item"
		case AcceptanceStandingInForce:
			current[a.ID] = a
		}
	}
	return current
}

// covered says what an acceptance covers, so that it is told from what is left.
func covered(was risk.Score, now PairResidual) string {
	if now.Score == nil || was.Level != now.Level() {
		return say(was.Level)
	}
	if was.Scale != now.Score.Scale {
		return say(was.Level) + " on another scale"
	}
	return fmt.Sprintf("%s by another likelihood or impact", say(was.Level))
}

// lastDay is the last day on which the decision stands.
func (a Acceptance) lastDay() hipaasmp.Date {
	if r := a.Revocation; r != nil && !r.On.After(a.Expires) {
		return r.On.AddDays(-1)
	}
	return a.Expires
}

// newest keeps one version of each acceptance: the one that was revoked, where there are several.
func newest(acceptances []Acceptance) []Acceptance {
	var out []Acceptance
	place := map[string]int{}
	for _, a := range acceptances {
		n, seen := place[a.ID]
		switch {
		case !seen || a.ID == "":
			place[a.ID] = len(out)
			out = append(out, a)
		case a.Revocation != nil:
			out[n] = a
		}
	}
	return out
}
