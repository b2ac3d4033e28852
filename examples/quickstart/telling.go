package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// telling is what a run found out and prints at its end.
type telling struct {
	p            printer
	dir          string
	asOf, month  hipaasmp.Date
	added, known int
	own          *own
	summary      dossier.Summary
	verified     evidence.Report
	size         int64
	since        int
}

func (t *telling) tell(clinic sample) {
	t.p.line("%s, %s days. Today is %s; the month under review is %s.", clinic.entity.Name, clinic.entity.Zone, t.asOf, t.month.String()[:7])
	t.p.line("%s", t.filed())
	t.register()
	t.inAmounts(clinic.amounts)
	t.plan()
	t.cases()
	t.reviews()
	t.ownLog()
	t.gaps()
	t.kept()
	t.handed()
}

func (t *telling) filed() string {
	switch {
	case t.known == 0:
		return fmt.Sprintf("%d documents filed in %s.", t.added, filepath.Join(t.dir, fileStore))
	case t.added == 0:
		return fmt.Sprintf("All %d documents were there already, by their ids; nothing was added.", t.known)
	}
	return fmt.Sprintf("%d documents were there already, by their ids; %d added.", t.known, t.added)
}

func (t *telling) register() {
	a, ok := risk.InEffect(t.summary.Records.Analyses, t.asOf)
	if !ok {
		return
	}
	t.p.heading("Risk register · 164.308(a)(1)(ii)(A)")
	t.p.para(0, "%s, approved %s; acceptable level: %s. It follows %s.", a.DocumentRef(), a.Approval.On, words(a.AcceptableLevel), a.Predecessor)
	reg := a.Register()
	var rows [][]string
	for _, r := range append(reg.Rows, reg.NotAssessed...) {
		rank := "–"
		if r.Rank > 0 {
			rank = fmt.Sprint(r.Rank)
		}
		rows = append(rows, []string{rank, words(r.Current), words(r.Likelihood), words(r.Impact), r.Finding, r.Title})
	}
	t.p.table([]string{"#", "risk now", "likelihood", "impact", "id", "finding"}, rows)
}

func (t *telling) plan() {
	t.p.heading("Risk management plan · 164.308(a)(1)(ii)(B)")
	items := slices.Clone(t.summary.Records.Items)
	slices.SortStableFunc(items, func(a, b remediation.Item) int { return a.Due.Compare(b.Due) })
	var rows [][]string
	for _, i := range items {
		due := i.Due.String()
		if i.State.Live() && t.asOf.After(i.Due) {
			due += " OVERDUE"
		}
		state := words(i.State)
		if n := len(i.Verifications); n > 0 {
			state += ", residual " + words(i.Verifications[n-1].Residual.Level)
		}
		rows = append(rows, []string{due, i.Owner, state, string(i.Specification), i.Finding.Finding, i.Title})
	}
	t.p.table([]string{"due", "owner", "state", "satisfies", "treats", "measure"}, rows)
}

func (t *telling) cases() {
	t.p.heading("Sanctions · 164.308(a)(1)(ii)(C)")
	for _, o := range t.summary.Records.Outcomes {
		decision := words(o.Result)
		if d, ok := o.Standing(); ok && d.Disposition == sanction.DispositionSanction {
			decision = words(sanctionTitle(t.summary.Records.Policies, d.Rung))
		}
		t.p.para(0, "%s: act of %s, reported %s, closed %s. Outcome: %s.", o.Case.ID, o.Report.Act, o.Report.On, o.Closed, decision)
		var rows [][]string
		for _, s := range o.Timeline {
			rows = append(rows, []string{s.On.String(), fmt.Sprintf("day %d", s.Days), words(s.Event), s.By.String()})
		}
		t.p.table([]string{"on", "after", "step", "by"}, rows)
	}
}

func sanctionTitle(policies []sanction.Policy, rung string) string {
	for _, p := range policies {
		for _, r := range p.Ladder {
			if r.ID == rung {
				return r.Title
			}
		}
	}
	return rung
}

func (t *telling) reviews() {
	t.p.heading("Activity reviews · 164.308(a)(1)(ii)(D)")
	for _, r := range t.summary.Records.Reviews {
		t.p.para(0, "%s: %s, reviewed by %s, certified by %s on %s (due %s by the clinic's own procedure). %s",
			r.ID, r.Period, r.Reviewer.ID, r.Certifier.ID, r.Timeliness.Certified, r.Timeliness.Due, r.Statement.Words)
		t.content(r.Content)
	}
}

func (t *telling) content(c review.Content) {
	for _, s := range c.Sources {
		if s.Method == review.MethodManual {
			t.p.para(2, "%s: read by hand, %d entries.", s.Source, s.Events)
			continue
		}
		t.p.para(2, "%s: %d file(s), %d events, %d delivered twice, %d pieces that do not parse, %d denied, %d throttled. Logging %s.",
			s.Source, len(s.Files), s.Events, s.Duplicates, s.DefectCount(), s.Denials, outcome(s, activity.OutcomeThrottled), words(s.Capability.State))
		for _, d := range s.Defects {
			t.p.para(4, "not read: %d, %s", d.Count, words(d.Reason))
		}
		if s.Notes != "" {
			t.p.para(4, "%s", s.Notes)
		}
	}
	for _, n := range c.NotReviewed {
		t.p.para(2, "%s: not reviewed. %s", n.Source, n.Reason)
	}
	var rows [][]string
	for _, e := range c.Exceptions {
		at := ""
		if !e.First.IsZero() {
			at = e.First.Format("2006-01-02 15:04Z")
		}
		disposition := words(e.State)
		if e.Disposition != nil {
			disposition += ": " + e.Disposition.Words
		}
		rows = append(rows, []string{string(e.Detector), at, e.Actor, strings.Join(e.Reasons, "; "), disposition})
	}
	t.p.table([]string{"rule", "first", "actor", "exception", "what became of it"}, rows)
}

func outcome(s review.SourceReview, o activity.Outcome) int64 {
	for _, c := range s.Outcomes {
		if c.Outcome == o {
			return c.Count
		}
	}
	return 0
}

func (t *telling) ownLog() {
	if t.own == nil {
		return
	}
	s := t.own.session
	t.p.heading("Your log")
	t.p.para(0, "%s: %s. The session stays open: what becomes of an exception is for a person to say.", s.ID, s.Period)
	t.content(s.Content)
	if len(s.Exceptions) == 0 {
		t.p.para(2, "No detector found anything in it. That is no certification; a reviewer has to state it.")
	}
}

func (t *telling) gaps() {
	t.p.heading("What is missing on %s", t.asOf)
	var rows [][]string
	for _, g := range t.summary.Gaps {
		since := "–"
		if !g.Since.IsZero() {
			since = g.Since.String()
		}
		rows = append(rows, []string{string(g.Citation), since, g.Missing})
	}
	t.p.table([]string{"45 CFR", "since", "missing"}, rows)
	counts := map[string]int{}
	for _, a := range t.summary.Answers {
		counts[string(a.Status)]++
	}
	t.p.para(0, "Of %d requests in an investigator's letter the records answer %d, %d partly, %d not.", len(t.summary.Answers), counts["answered"], counts["partly"], counts["missing"])
}

func (t *telling) kept() {
	t.p.heading("Kept until · 164.316(b)(2)(i)")
	var rows [][]string
	for _, r := range t.summary.Records.Finals() {
		term, err := retention.Schedule{}.Term(r.RetentionBasis())
		if err != nil {
			continue
		}
		through := "in effect: no date yet"
		if term.Running {
			through = "through " + term.KeepThrough.String()
		}
		rows = append(rows, []string{r.DocumentRef().String(), through})
	}
	t.p.table([]string{"record", "kept"}, rows)
}

func (t *telling) handed() {
	t.p.heading("The package")
	m := t.summary.Manifest
	t.p.para(0, "%s: %d KiB, %d of %d ledger entries with their content, signed by %s.",
		filepath.Join(t.dir, filePackage), (t.size+1023)/1024, m.Entries.Included, m.Ledger.Size, t.verified.Key)
	var rows [][]string
	for _, l := range t.verified.Levels {
		rows = append(rows, []string{words(l.Level), words(l.Outcome), fmt.Sprint(l.Checked), strings.Join(l.Notes, "; ")})
	}
	t.p.table([]string{"verified offline", "", "checked", ""}, rows)
	switch t.since {
	case 0:
		t.p.para(0, "Open index.html inside it. Run again for the next month: the new package will prove that it continues this one.")
	default:
		t.p.para(0, "The ledger continues the %d checkpoint(s) of the packages before this one, back to the first.", t.since)
	}
	t.p.para(0, "Who checks it needs the package and %s, and nothing else.", filepath.Join(t.dir, fileVerifier))
}
