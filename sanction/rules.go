package sanction

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// frame is what the rules of a proceeding need to know of its case.
type frame struct {
	self          hipaasmp.Ref // the case
	entity        hipaasmp.EntityType
	subject       string
	reporter      string
	investigators []string // besides those whom the proceeding names
	reported      hipaasmp.Date
	reportedAt    time.Time // zero where it is not known
	zone          *time.Location
	extract       Extract
	steps         []string // procedural steps recorded in earlier proceedings
	strict        bool     // whether an outcome off the range needs its factor: a case does, a record of the past shows it
}

// check adds the faults of a proceeding.
func (p Proceeding) check(f *validate.Faults, base string, w frame) {
	for i, s := range p.Investigation {
		at := base + hipaasmp.Pointer("investigation", i)
		if l := w.extract.limit(s.Step); s.Step != "" && l.Stage != StageInvestigation {
			f.Add(hipaasmp.FaultDangling, at+"/step", "%q is no step of the policy's investigation; name one of them or leave it out", s.Step)
		}
		if s.Omitted && s.Step == "" {
			f.Add(hipaasmp.FaultDangling, at+"/step", "is missing; name the required step that was omitted")
		}
		w.happened(f, at+"/on", s.On, s.At)
	}
	p.checkDetermination(f, base, w)
	p.checkDecisions(f, base, w)
	p.checkAppeals(f, base, w)
	for i, n := range p.Notifications {
		at := base + hipaasmp.Pointer("notifications", i)
		w.happened(f, at+"/on", n.On, n.At)
		if n.Decision > len(p.Decisions) {
			f.Add(hipaasmp.FaultDangling, at+"/decision", "there is no decision %d", n.Decision)
		}
	}
	for i, a := range p.Applications {
		at := base + hipaasmp.Pointer("applications", i)
		w.happened(f, at+"/on", a.On, a.At)
		switch {
		case a.Decision < 1 || a.Decision > len(p.Decisions):
			f.Add(hipaasmp.FaultDangling, at+"/decision", "there is no decision %d", a.Decision)
		case p.Decisions[a.Decision-1].Disposition == DispositionNone:
			f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, at+"/decision", "decision %d imposes no sanction; there is nothing to apply", a.Decision)
		}
	}
	p.checkDismissal(f, base, w)
	if p.Closure != nil && p.Dismissal == nil {
		d, ok := p.Standing()
		switch {
		case !ok:
			f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, base+"/closure", "there is neither a decision nor a dismissal to close with")
		case d.Disposition == DispositionSanction && !p.applied():
			f.Cite(FaultNotApplied, hipaasmp.CiteSanctionPolicy, base+"/closure", "the sanction %q has not been applied; apply it with its evidence", d.Rung)
		}
	}
	p.checkLedTo(f, base, w)
}

// happened adds a fault where a day lies before the report or after the instant at which it was recorded.
func (w frame) happened(f *validate.Faults, pointer string, on hipaasmp.Date, at time.Time) {
	if on.IsZero() {
		return
	}
	if on.Before(w.reported) {
		f.Add(hipaasmp.FaultOrder, pointer, "%s is before the report on %s", on, w.reported)
	}
	if day := hipaasmp.DateOf(at, w.zone); !day.IsZero() && on.After(day) {
		f.Add(hipaasmp.FaultOrder, pointer, "%s is after %s, the day on which it was recorded", on, day)
	}
}

// notSubject adds a fault where the subject takes a step in the own case.
func (w frame) notSubject(f *validate.Faults, pointer string, who hipaasmp.Actor) {
	if who.ID != "" && who.ID == w.subject {
		f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteSanctionPolicy, pointer, "is the subject of the case; have another person take the step")
	}
}

func (p Proceeding) checkDetermination(f *validate.Faults, base string, w frame) {
	d := p.Determination
	if d == nil {
		return
	}
	base += "/determination"
	person(f, base+"/by", "determine a violation", d.By)
	w.notSubject(f, base+"/by", d.By)
	d.Check.check(f, base+"/check", w.entity, w.subject, w.reportedAt, d.At)
	for _, c := range d.Check.Protects() {
		f.Cite(FaultProtected, c, base+"/check", "the act is protected and may not be sanctioned; dismiss the case with DismissProtected")
	}
	for _, c := range d.Check.Open() {
		f.Cite(FaultUnanswered, c, base+"/check", "whether the act is protected by %s is not answered; have a person answer it with the reason", c)
	}
	if _, ok := w.extract.RangeOf(d.Category); !ok && d.Category != "" {
		f.Add(hipaasmp.FaultDangling, base+"/category", "%q is no category of policy version %s", d.Category, w.extract.Version)
	}
	w.checkFactors(f, base+"/factors", d.Factors)
	taken := slices.Clone(w.steps)
	for _, s := range p.Investigation {
		taken = append(taken, s.Step)
	}
	for _, l := range w.extract.Procedure {
		if l.Stage == StageInvestigation && !slices.Contains(taken, l.Step) {
			f.Cite(FaultStepMissing, hipaasmp.CiteSanctionPolicy, base, "the policy requires the step %q first; record it, or that it was omitted and why", l.Step)
		}
	}
}

func (w frame) checkFactors(f *validate.Faults, base string, factors []AppliedFactor) {
	unique(f, base, "/id", factors, func(a AppliedFactor) string { return a.ID })
	for i, a := range factors {
		switch effect, ok := w.extract.factor(a.ID); {
		case !ok:
			if a.ID != "" {
				f.Add(hipaasmp.FaultDangling, base+hipaasmp.Pointer(i, "id"), "%q is no factor of policy version %s", a.ID, w.extract.Version)
			}
		case effect != a.Effect:
			f.Add(hipaasmp.FaultDangling, base+hipaasmp.Pointer(i, "effect"), "the factor %q is %s in policy version %s", a.ID, effect, w.extract.Version)
		}
	}
}

func (p Proceeding) checkDecisions(f *validate.Faults, base string, w frame) {
	investigators := slices.Clone(w.investigators)
	for _, s := range p.Investigation {
		investigators = append(investigators, s.By.ID)
	}
	if p.Determination != nil {
		investigators = append(investigators, p.Determination.By.ID)
	} else if len(p.Decisions) > 0 {
		f.Cite(FaultUnanswered, hipaasmp.CiteRetaliation, base+"/determination", "is missing; no outcome is decided before the violation is determined and the protected-act check answered")
	}
	for i, d := range p.Decisions {
		at := base + hipaasmp.Pointer("decisions", i)
		person(f, at+"/by", "decide an outcome", d.By)
		w.notSubject(f, at+"/by", d.By)
		if w.extract.Separation.Reporter && d.By.ID != "" && d.By.ID == w.reporter {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteSanctionPolicy, at+"/by", "reported the act; the policy has another person decide")
		}
		if w.extract.Separation.Investigator && slices.Contains(investigators, d.By.ID) {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteSanctionPolicy, at+"/by", "investigated the act; the policy has another person decide")
		}
		if d.Reason == "" {
			f.Cite(FaultNoReason, hipaasmp.CiteSanctionPolicy, at+"/reason", "is missing; say why this outcome")
		}
		w.checkFactors(f, at+"/factors", d.Factors)
		w.checkRung(f, at, d.Ruling, p.Determination)
	}
}

// checkRung compares a ruling with the ladder and with the range of the determined category.
func (w frame) checkRung(f *validate.Faults, at string, r Ruling, d *Determination) {
	if r.Disposition == DispositionNone {
		if r.Rung != "" {
			f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, at+"/rung", "names a sanction where none is imposed")
		}
		return
	}
	rank := w.extract.Rank(r.Rung)
	if rank == 0 {
		f.Cite(hipaasmp.FaultDangling, hipaasmp.CiteSanctionPolicy, at+"/rung", "%q is no rung of policy version %s", r.Rung, w.extract.Version)
		return
	}
	if d == nil || !w.strict {
		return
	}
	category, ok := w.extract.RangeOf(d.Category)
	if !ok {
		return
	}
	has := func(e Effect) bool {
		is := func(a AppliedFactor) bool { return a.Effect == e }
		return slices.ContainsFunc(d.Factors, is) || slices.ContainsFunc(r.Factors, is)
	}
	switch {
	case rank < w.extract.Rank(category.Least) && !has(EffectMitigating):
		f.Cite(FaultOffRange, hipaasmp.CiteSanctionPolicy, at+"/rung", "%q is below the range of category %s, which begins at %q; record the mitigating factor", r.Rung, d.Category, category.Least)
	case rank > w.extract.Rank(category.Most) && !has(EffectAggravating):
		f.Cite(FaultOffRange, hipaasmp.CiteSanctionPolicy, at+"/rung", "%q is above the range of category %s, which ends at %q; record the aggravating factor", r.Rung, d.Category, category.Most)
	}
}
