package penalty

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Assessment says when.
type Assessment struct {
	// Assessed is the day on which the penalty is assessed; it selects the table.
	Assessed hipaasmp.Date `json:"assessed"`
	// Commenced is the day on which the action was commenced, from which the six years of 160.414 are counted back. Not
	// set, it is taken to be the day of the assessment.
	Commenced hipaasmp.Date `json:"commenced,omitzero"`
}

// Range is a span of dollars.
type Range struct {
	Low  decimal.Decimal `json:"low"`
	High decimal.Decimal `json:"high"`
}

func (r Range) plus(o Range) Range { return Range{r.Low.Add(o.Low), r.High.Add(o.High)} }

func (r Range) capped(limit decimal.Decimal) Range {
	return Range{decimal.Min(r.Low, limit), decimal.Min(r.High, limit)}
}

// YearOfProvision is the exposure for identical violations in one calendar year.
type YearOfProvision struct {
	Provision hipaasmp.Citation `json:"provision"`
	Year      int               `json:"year"`
	// Counted is the number of violations that are not barred, and Barred of those that are.
	Counted int `json:"counted"`
	Barred  int `json:"barred,omitempty"`
	// Uncapped is the sum over the violations, Capped what the codified annual cap leaves of it.
	Uncapped Range `json:"uncapped"`
	Capped   Range `json:"capped"`
	// Discretionary is what the caps of 2019 leave, by their calculated amounts; they are not codified.
	Discretionary Range `json:"discretionary"`
	// AnnualCap is the codified cap that was applied.
	AnnualCap decimal.Decimal `json:"annual_cap"`
	// Violations are the identities that were counted here.
	Violations []string `json:"violations,omitempty"`
}

// Bar is a reason for which no penalty may be imposed.
type Bar struct {
	Violation string            `json:"violation"`
	Citation  hipaasmp.Citation `json:"citation"`
	// Count is how many violations it bars.
	Count  int    `json:"count"`
	Reason string `json:"reason"`
}

// Exposure is what the penalties could come to.
type Exposure struct {
	Notice     string     `json:"notice"`
	Assessment Assessment `json:"assessment"`
	// Total is the sum over provisions and years under the codified caps.
	Total Range `json:"total"`
	// Discretionary is the same under the caps of 2019, which are not codified.
	Discretionary Range             `json:"discretionary"`
	Years         []YearOfProvision `json:"years,omitempty"`
	Bars          []Bar             `json:"bars,omitempty"`
	Notes         []string          `json:"notes,omitempty"`
}

// Compute returns the exposure of violations in one assessment, or every fault of the input. A continuing violation is
// taken day by day, so each day has the amounts and the bars of its own date.
func Compute(a Assessment, violations ...Violation) (Exposure, error) {
	var list []hipaasmp.Fault
	top := checker{&list, ""}
	if len(violations) == 0 {
		top.add(FaultNoViolation, "violations", hipaasmp.CitePenaltyBasis, "are missing; name at least one")
	}
	if a.Assessed.IsZero() {
		top.add(hipaasmp.FaultRequired, "assessed", "", "is missing; name the day on which the penalty is assessed")
	}
	if a.Commenced.After(a.Assessed) {
		top.add(FaultAssessed, "commenced", hipaasmp.CiteLimitation, "%s is after the assessment on %s", a.Commenced, a.Assessed)
	}
	seen := map[string]bool{}
	for i, v := range violations {
		c := checker{&list, hipaasmp.Pointer("violations", i)}
		if seen[v.ID] {
			c.add(hipaasmp.FaultIdentity, "id", "", "%q is also the identity of a violation before it; give each one of its own", v.ID)
		}
		seen[v.ID] = true
		if !a.Assessed.IsZero() {
			v.check(c, a.Assessed)
		}
	}
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, list); err != nil {
		return Exposure{}, err
	}
	return compute(a, violations), nil
}

func compute(a Assessment, violations []Violation) Exposure {
	e := Exposure{Notice: Notice, Assessment: a}
	commenced := a.Commenced
	if commenced.IsZero() {
		commenced = a.Assessed
		e.Notes = append(e.Notes, "The day on which the action was commenced is not given; the six years of 160.414 are counted from the assessment.")
	}
	years := map[string]*tally{}
	for _, v := range violations {
		days, each := 1, v.Occurrences
		if v.Counting == CountingDay {
			days, each = v.From.DaysUntil(v.To)+1, 1
		}
		bars := map[hipaasmp.Citation]*Bar{}
		for d, day := 0, v.From; d < days; d, day = d+1, day.AddDays(1) {
			t := tallyOf(years, v.Provision, day.Year())
			if cite, reason := v.barred(day, commenced); cite != "" {
				t.barred(v.ID, each)
				if bars[cite] == nil {
					bars[cite] = &Bar{Violation: v.ID, Citation: cite, Reason: reason}
				}
				bars[cite].Count += each
				continue
			}
			t.add(v, day, a.Assessed, each)
		}
		for _, cite := range []hipaasmp.Citation{hipaasmp.CiteDefenseCriminalPunished, hipaasmp.CiteDefenseCorrected, hipaasmp.CiteLimitation} {
			if b := bars[cite]; b != nil {
				e.Bars = append(e.Bars, *b)
			}
		}
		if v.Corrected == v.Known.AddDays(30) && !v.Known.IsZero() {
			e.Notes = append(e.Notes, fmt.Sprintf("Violation %s was corrected on the thirtieth day after the day of knowledge; have counsel check how that day is counted.", v.ID))
		}
	}
	e.gather(years)
	e.overlaps(violations)
	return e
}

// barred returns the provision that bars a penalty for the violation of one day, and why.
func (v Violation) barred(day, commenced hipaasmp.Date) (hipaasmp.Citation, string) {
	switch {
	case v.CriminalPenalty && !day.Before(criminalBarBegins()):
		return hipaasmp.CiteDefenseCriminalPunished, "A criminal penalty was imposed for the act under 42 U.S.C. 1320d-6."
	case !v.Tier.willful() && v.inTime() && !day.Before(tiersBegin()):
		return hipaasmp.CiteDefenseCorrected, "It was no willful neglect and was corrected within the period, which ended on " + v.period().String() + "."
	case commenced.After(day.AddYears(6)):
		return hipaasmp.CiteLimitation, "The action was commenced more than six years after the violation."
	}
	return "", ""
}

// tally adds up one provision in one year.
type tally struct {
	out      YearOfProvision
	byTier   map[Tier]Range
	limit    map[Tier]decimal.Decimal
	tierless Range
}

func tallyOf(all map[string]*tally, p hipaasmp.Citation, year int) *tally {
	key := fmt.Sprintf("%s %d", p, year)
	if all[key] == nil {
		all[key] = &tally{out: YearOfProvision{Provision: p, Year: year}, byTier: map[Tier]Range{}, limit: map[Tier]decimal.Decimal{}}
	}
	return all[key]
}

func (t *tally) name(id string) {
	if !slices.Contains(t.out.Violations, id) {
		t.out.Violations = append(t.out.Violations, id)
	}
}

func (t *tally) barred(id string, n int) {
	t.name(id)
	t.out.Barred += n
}

func (t *tally) add(v Violation, day, assessed hipaasmp.Date, n int) {
	t.name(v.ID)
	l := limitsOf(v.Tier, day, assessed)
	k := dollars(int64(n))
	r := Range{l.Minimum.Mul(k), l.Maximum.Mul(k)}
	t.out.Counted += n
	t.out.Uncapped = t.out.Uncapped.plus(r)
	t.out.AnnualCap = decimal.Max(t.out.AnnualCap, l.AnnualCap)
	if l.Discretion == nil {
		t.tierless = t.tierless.plus(r)
		return
	}
	t.byTier[v.Tier] = t.byTier[v.Tier].plus(r)
	t.limit[v.Tier] = decimal.Max(t.limit[v.Tier], l.Discretion.Calculated)
}

func (t *tally) close() YearOfProvision {
	y := t.out
	y.Capped = y.Uncapped.capped(y.AnnualCap)
	y.Discretionary = t.tierless
	for tier, r := range t.byTier {
		y.Discretionary = y.Discretionary.plus(r.capped(t.limit[tier]))
	}
	y.Discretionary = y.Discretionary.capped(y.AnnualCap)
	return y
}

func (e *Exposure) gather(years map[string]*tally) {
	for _, t := range years {
		e.Years = append(e.Years, t.close())
	}
	slices.SortFunc(e.Years, func(a, b YearOfProvision) int {
		return cmp.Or(cmp.Compare(a.Provision, b.Provision), cmp.Compare(a.Year, b.Year))
	})
	for _, y := range e.Years {
		e.Total, e.Discretionary = e.Total.plus(y.Capped), e.Discretionary.plus(y.Discretionary)
	}
}

// overlaps notes provisions of which one is the more general form of another: only one of them may be penalised.
func (e *Exposure) overlaps(violations []Violation) {
	noted := map[string]bool{}
	for _, general := range violations {
		for _, special := range violations {
			key := string(general.Provision) + " " + string(special.Provision)
			if general.Provision == special.Provision || noted[key] || !strings.HasPrefix(string(special.Provision), string(general.Provision)+"(") {
				continue
			}
			noted[key] = true
			e.Notes = append(e.Notes, fmt.Sprintf("%s is a more general form of %s: only one of the two may be penalised (160.404(b)(3)), and both are in the total.", general.Provision, special.Provision))
		}
	}
}
