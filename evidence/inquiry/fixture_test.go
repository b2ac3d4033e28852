package inquiry_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
)

var day = civil.Date

// spotless is a clinic of which nothing is missing on the day.
func spotless(t testing.TB) (inquiry.Records, hipaasmp.Date) {
	t.Helper()
	r, err := clinic.New(hipaasmp.EntityCoveredEntity)
	require.NoError(t, err)
	return r, clinic.Today()
}

// codes lists the codes of gaps, each once, in order.
func codes(gaps []hipaasmp.Gap) []string {
	var out []string
	for _, g := range gaps {
		out = append(out, string(g.Code))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// found returns the gaps of one code.
func found(r inquiry.Records, asOf hipaasmp.Date, code hipaasmp.GapCode) []hipaasmp.Gap {
	return slices.DeleteFunc(r.Gaps(asOf), func(g hipaasmp.Gap) bool { return g.Code != code })
}

// one asks for exactly one gap of the code, and that it is well formed.
func one(t *testing.T, r inquiry.Records, asOf hipaasmp.Date, code hipaasmp.GapCode) hipaasmp.Gap {
	t.Helper()
	gaps := found(r, asOf, code)
	require.Len(t, gaps, 1, "%s in %v", code, codes(r.Gaps(asOf)))
	wellFormed(t, gaps[0], asOf)
	return gaps[0]
}

func wellFormed(t require.TestingT, g hipaasmp.Gap, asOf hipaasmp.Date) {
	require.True(t, g.Citation.IsValid(), g.Citation)
	require.True(t, hipaasmp.ValidText(g.Missing))
	require.True(t, hipaasmp.ValidText(g.Closes))
	require.False(t, g.Since.After(asOf), "%s: nothing is missing since a day to come", g.Code)
	require.NotContains(t, g.Missing, "%!")
	for _, c := range g.Counted {
		require.True(t, hipaasmp.ValidText(c))
	}
}

// turned lists the requests that are not answered, with how far they are.
func turned(r inquiry.Records, asOf hipaasmp.Date) map[string]inquiry.Status {
	out := map[string]inquiry.Status{}
	for _, a := range r.Answer(asOf) {
		if a.Status != inquiry.StatusAnswered {
			out[a.ID] = a.Status
		}
	}
	return out
}

// without removes the document with the identity from a list.
func without[T hipaasmp.Document](list []T, ref hipaasmp.Ref) []T {
	return slices.DeleteFunc(slices.Clone(list), func(d T) bool { return d.DocumentRef() == ref })
}

// remove takes one document away, whatever it is.
func remove(r inquiry.Records, ref hipaasmp.Ref) inquiry.Records {
	if r.Entity.DocumentRef() == ref {
		r.Entity = hipaasmp.Entity{}
	}
	r.RiskProcedures = without(r.RiskProcedures, ref)
	r.Analyses, r.Drafts, r.Plans, r.Items = without(r.Analyses, ref), without(r.Drafts, ref), without(r.Plans, ref), without(r.Items, ref)
	r.Completions, r.Acceptances, r.Decisions = without(r.Completions, ref), without(r.Acceptances, ref), without(r.Decisions, ref)
	r.Policies, r.Cases, r.Outcomes = without(r.Policies, ref), without(r.Cases, ref), without(r.Outcomes, ref)
	r.Acknowledgements, r.Attestations, r.Trainings = without(r.Acknowledgements, ref), without(r.Attestations, ref), without(r.Trainings, ref)
	r.Procedures, r.Sessions, r.Reviews = without(r.Procedures, ref), without(r.Sessions, ref), without(r.Reviews, ref)
	r.Incidents, r.IncidentRecords = without(r.Incidents, ref), without(r.IncidentRecords, ref)
	return r
}
