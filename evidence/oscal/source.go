package oscal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// Source is what a plan of action and milestones is made from.
type Source struct {
	// Entity is whose plan it is.
	Entity hipaasmp.Entity
	// Analysis is the risk analysis whose findings are the risks.
	Analysis risk.Analysis
	// Items are the measures. One whose finding the analysis does not have stands in the plan without a risk.
	Items []remediation.Item
	// Acceptances are the decisions to live with a risk.
	Acceptances []remediation.Acceptance
	// AsOf is the day for which the states of the risks are told.
	AsOf hipaasmp.Date
	// Made is the time of the document.
	Made time.Time
	// Attach puts the records themselves into the back matter, so that [POAM.Import] can give them back. Without it they
	// are named there with their digests.
	Attach bool
}

// SourceError says what is missing in a [Source].
type SourceError struct {
	// Field names it.
	Field string
	// Reason says what is wrong and what to do.
	Reason string
}

func (e *SourceError) Error() string { return fmt.Sprintf("oscal: source %s %s", e.Field, e.Reason) }

// EmptyPlanError says that there is nothing to plan: OSCAL has no plan without an item.
type EmptyPlanError struct {
	// Analysis is the analysis.
	Analysis hipaasmp.Ref
}

func (e *EmptyPlanError) Error() string {
	return fmt.Sprintf("oscal: there is no item for %s that is not cancelled, and OSCAL has no plan without one; export the plan once an item is proposed", e.Analysis)
}

// settle validates the records, brings them into one order and refuses one that is given twice.
func (s *Source) settle() error {
	if s.AsOf.IsZero() {
		return &SourceError{"AsOf", "is missing; give the day for which the states are told"}
	}
	if s.Made.IsZero() {
		return &SourceError{"Made", "is missing; give the time"}
	}
	s.Made = hipaasmp.Instant(s.Made)
	s.Items = slices.SortedFunc(slices.Values(s.Items), func(a, b remediation.Item) int { return strings.Compare(a.ID, b.ID) })
	s.Acceptances = slices.SortedFunc(slices.Values(s.Acceptances), func(a, b remediation.Acceptance) int { return strings.Compare(a.ID, b.ID) })
	var last hipaasmp.Ref
	for _, d := range s.documents() {
		if err := d.Validate(); err != nil {
			return err
		}
		if ref := d.DocumentRef(); ref == last {
			field := "Items"
			if ref.Kind == remediation.KindAcceptance {
				field = "Acceptances"
			}
			return &SourceError{field, fmt.Sprintf("has %s twice; give the newest version of each", ref)}
		} else {
			last = ref
		}
	}
	return nil
}

// documents returns the records in the order in which they stand in the back matter.
func (s Source) documents() []hipaasmp.Document {
	out := []hipaasmp.Document{s.Entity, s.Analysis}
	for _, i := range s.Items {
		out = append(out, i)
	}
	for _, a := range s.Acceptances {
		out = append(out, a)
	}
	return out
}
