package remediation

import (
	"cmp"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// MeasureStanding says whether a control earns anything today.
type MeasureStanding string

const (
	// MeasureStandingUnknown: nobody said. It earns nothing.
	MeasureStandingUnknown MeasureStanding = "unknown"
	// MeasureStandingPlanned: it is to come, or nobody has verified it. It earns nothing yet.
	MeasureStandingPlanned MeasureStanding = "planned"
	// MeasureStandingInPlace: it is in place and verified. It earns.
	MeasureStandingInPlace MeasureStanding = "in_place"
	// MeasureStandingWaived: it will not be done. It earns nothing.
	MeasureStandingWaived MeasureStanding = "waived"
	// MeasureStandingRetired: it was in place and is not any more. It earns nothing.
	MeasureStandingRetired MeasureStanding = "retired"
)

// Values returns the members of the enumeration.
func (MeasureStanding) Values() []MeasureStanding {
	return []MeasureStanding{MeasureStandingUnknown, MeasureStandingPlanned, MeasureStandingInPlace, MeasureStandingWaived, MeasureStandingRetired}
}

// IsValid reports whether s is a member.
func (s MeasureStanding) IsValid() bool {
	_, err := hipaasmp.ParseEnum("remediation.MeasureStanding", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s MeasureStanding) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("remediation.MeasureStanding", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *MeasureStanding) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("remediation.MeasureStanding", text, s.Values())
	return err
}

// Measure is a control with what it does to the rows of a quantified register. A control that serves several risks may be
// given several times, with one effect on each: by its identity it is one control, and its cost counts once.
type Measure struct {
	// Control is the control: its cost in a year and its effects.
	Control quant.Control
	// Standing says whether it earns.
	Standing MeasureStanding
}

// Measures takes from items which of the controls earn what on the day. Each item stands for its control, see
// [Item.Control], on the rows of its own finding: in place once it is verified, waived once it is cancelled, and planned
// otherwise, which includes a measure that was reopened. Items without a control, or with one that is not given, and items
// that accept a risk have no measure.
func Measures(r quant.Register, controls []quant.Control, items []Item, on hipaasmp.Date) []Measure {
	rows := map[string]string{} // the finding of each row
	for _, s := range r.Scenarios {
		rows[s.ID] = s.Finding
	}
	var out []Measure
	for _, i := range items {
		n := slices.IndexFunc(controls, func(c quant.Control) bool { return c.ID == i.Control })
		if i.Control == "" || n < 0 || i.Treatment == TreatmentAccept {
			continue
		}
		m := Measure{Control: controls[n], Standing: MeasureStandingPlanned}
		m.Control.Effects = nil
		for _, e := range controls[n].Effects {
			if rows[e.Scenario] == i.Finding.Finding {
				m.Control.Effects = append(m.Control.Effects, e)
			}
		}
		if _, ok := i.verificationOn(on); ok {
			m.Standing = MeasureStandingInPlace
		} else if i.stateAt(i.endOf(on).Add(-1)) == StateCancelled {
			m.Standing = MeasureStandingWaived
		}
		out = append(out, m)
	}
	return out
}

// QuantifiedRow is what the measures in place leave of one row of a register.
type QuantifiedRow struct {
	// Scenario is the identity of the row, Finding that of the finding it quantifies.
	Scenario, Finding string
	// EventsLeft is the share of the events that still happen, LossLeft the share of each loss that is still suffered. What
	// several controls leave multiplies.
	EventsLeft, LossLeft quant.Probability
	// Before and After are the expected loss of a year.
	Before, After quant.Amount
	// Controls are the identities of the controls that earn on the row.
	Controls []string
}

// QuantifiedResidual is what the measures in place leave of a quantified register. It says nothing about the levels of a
// qualitative register, which a person rates.
type QuantifiedResidual struct {
	// Rows are in the order of the register.
	Rows []QuantifiedRow
	// Comparison is the register before and after, with what the controls in place cost together in a year, each once.
	Comparison quant.Comparison
	// Earning are the controls in place, in the order of their identities.
	Earning []quant.Control
	// Idle are the measures that earn nothing, with the reason, in the order of their identities.
	Idle []Measure
}

// QuantifyResidual applies the measures that are in place to the register: rate and severity of a row are multiplied by
// what each control leaves. Controls that are planned, waived or retired change nothing and cost nothing. The order of
// the measures changes nothing.
//
// It refuses measures that give one control two costs or two effects on one row, and whatever [quant.Compare] refuses, a
// control that the register has applied already among it.
func QuantifyResidual(r quant.Register, measures []Measure, o quant.Options) (QuantifiedResidual, error) {
	var out QuantifiedResidual
	var f validate.Faults
	place := map[string]int{}
	for n, m := range measures {
		if !m.Standing.IsValid() {
			f.Add(hipaasmp.FaultEnum, hipaasmp.Pointer(n, "standing"), "%q is no standing of a measure; say whether it is in place", clip(string(m.Standing)))
		}
		if m.Standing != MeasureStandingInPlace {
			out.Idle = append(out.Idle, m)
			continue
		}
		at, seen := place[m.Control.ID]
		if !seen {
			place[m.Control.ID] = len(out.Earning)
			c := m.Control
			c.Effects = slices.Clone(c.Effects)
			out.Earning = append(out.Earning, c)
			continue
		}
		share(&f, hipaasmp.Pointer(n, "control"), &out.Earning[at], m.Control)
	}
	if err := f.Err(hipaasmp.Ref{}); err != nil {
		return QuantifiedResidual{}, err
	}
	for _, c := range out.Earning {
		slices.SortStableFunc(c.Effects, func(a, b quant.ControlEffect) int { return cmp.Compare(a.Scenario, b.Scenario) })
	}
	slices.SortStableFunc(out.Earning, func(a, b quant.Control) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(out.Idle, func(a, b Measure) int {
		return cmp.Or(cmp.Compare(a.Control.ID, b.Control.ID), cmp.Compare(a.Standing, b.Standing))
	})
	o.Shares = true // the rows show what each scenario adds
	var err error
	if out.Comparison, err = quant.Compare(r, out.Earning, o); err != nil {
		return QuantifiedResidual{}, err
	}
	for n, s := range r.Scenarios {
		row := QuantifiedRow{Scenario: s.ID, Finding: s.Finding, EventsLeft: 1, LossLeft: 1,
			Before: out.Comparison.Before.Contributions[n].ALE, After: out.Comparison.After.Contributions[n].ALE}
		for _, c := range out.Earning {
			for _, e := range c.Effects {
				if e.Scenario == s.ID {
					row.EventsLeft *= 1 - e.StopsEvents
					row.LossLeft *= 1 - e.SavesLoss
					row.Controls = append(row.Controls, c.ID)
				}
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// share adds to a control what another mention of it does, and faults where the two contradict each other.
func share(f *validate.Faults, at string, c *quant.Control, more quant.Control) {
	if more.Cost != c.Cost {
		f.Cite(FaultShared, hipaasmp.CiteRiskManagement, at+"/cost", "is another than where control %q is named before; it is one control and has one cost", clip(c.ID))
	}
	c.Title = max(c.Title, more.Title)
	for k, e := range more.Effects {
		n := slices.IndexFunc(c.Effects, func(was quant.ControlEffect) bool { return was.Scenario == e.Scenario })
		switch {
		case n < 0:
			c.Effects = append(c.Effects, e)
		case c.Effects[n] != e:
			f.Cite(FaultShared, hipaasmp.CiteRiskManagement, at+hipaasmp.Pointer("effects", k), "is another effect on %q than where control %q is named before; one control has one effect on a row", clip(e.Scenario), clip(c.ID))
		}
	}
}
