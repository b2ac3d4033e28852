package report_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// What failed has a row of its own among the kinds of activity, and is not called by one word that could be the source's state.
func TestTheRowOfWhatFailedIsNamed(t *testing.T) {
	t.Parallel()
	d := sample(t)
	require.NotContains(t, render(t, d), "failed or denied acts")
	d.Procedures = slices.Clone(d.Procedures)
	for i := range d.Procedures {
		p := &d.Procedures[i]
		p.Sources = slices.Clone(p.Sources)
		for k := range p.Sources {
			p.Sources[k].Families = append(slices.Clone(p.Sources[k].Families), activity.FamilyFailed)
		}
	}
	require.Contains(t, render(t, d), ": failed or denied acts")
}

func TestTheZoneOfTimesWithoutOneIsToldWithTheSource(t *testing.T) {
	t.Parallel()
	d := sample(t)
	require.NotContains(t, render(t, d), "times without an offset")
	d.Reviews = slices.Clone(d.Reviews)
	for i := range d.Reviews {
		d.Reviews[i].Sources = slices.Clone(d.Reviews[i].Sources)
		d.Reviews[i].Sources[0].AssumedZone = "America/Chicago"
		d.Reviews[i].Sources[0].Capability.Families = []review.FamilyCapability{{Family: activity.FamilyFailed, State: review.CapabilityUnknown}}
	}
	page := render(t, d)
	require.Contains(t, page, "times without an offset taken as America/Chicago")
	require.Contains(t, page, "; failed or denied acts unknown")
}
