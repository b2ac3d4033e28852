package review

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Detector is what a procedure says of a detector that its reviews run.
type Detector struct {
	// ID names the detector.
	ID detect.ID `json:"id" validate:"required,docid"`
	// Version numbers its definition.
	Version int `json:"version" validate:"min=1,max=1000000"`
	// Title says what it looks for.
	Title string `json:"title" validate:"required,text,max=200"`
	// Parameters are its settings, defaults included.
	Parameters []detect.Parameter `json:"parameters,omitempty" validate:"dive"`
	// FalsePositives says what else looks the same.
	FalsePositives string `json:"false_positives,omitempty" validate:"omitempty,text,max=2000"`
}

// DetectorManual is the detector of an exception that a person saw without a program; it stands in no procedure.
const DetectorManual detect.ID = "manual"

// DetectorSet describes detectors for a procedure. Give it what is given to detect.Scan: [HourWatch] and [AccessWatch], which
// count and find nothing, are left out, because a review does not list them among what it ran.
func DetectorSet(detectors ...detect.Detector) []Detector {
	var out []Detector
	for _, d := range detectors {
		x := d.Describe()
		if counts(x.ID) {
			continue
		}
		out = append(out, Detector{ID: x.ID, Version: x.Version, Title: x.Title, Parameters: slices.Clone(x.Parameters), FalsePositives: x.FalsePositives})
	}
	return out
}

// counts reports whether a detector counts and finds nothing.
func counts(id detect.ID) bool { return id == DetectorHours || id == DetectorAccesses }

// DetectorRun says that a detector was run over a source, and how many findings it gave.
type DetectorRun struct {
	// Detector and Version name the definition.
	Detector detect.ID `json:"detector" validate:"required,docid"`
	Version  int       `json:"version" validate:"min=1,max=1000000"`
	// Findings is how many it gave.
	Findings int64 `json:"findings" validate:"min=0,max=9007199254740991"`
	// Parameters are the settings in which the run differs from the procedure, such as the digest of a newer table of the
	// workforce; absent where it was run as the procedure says. [Session.WithSource] leaves out those that do not differ.
	Parameters []detect.Parameter `json:"parameters,omitempty" validate:"max=100,dive"`
	// Budget says what became of the findings where people were shown a part of them; absent where they were shown all.
	Budget *BudgetUse `json:"budget,omitempty"`
}

// BudgetUse is what an alert budget made of the findings of a detector; see [detect.Budget].
type BudgetUse struct {
	// Alerts is how many findings people were to be shown at most.
	Alerts int64 `json:"alerts" validate:"min=0,max=9007199254740991"`
	// Explained explained themselves by a rule. Ranked were shown because they stood high, Drawn because they were drawn
	// among the others. Waiting were not shown, and nobody looked at them.
	Explained int64 `json:"explained" validate:"min=0,max=9007199254740991"`
	Ranked    int64 `json:"ranked" validate:"min=0,max=9007199254740991"`
	Drawn     int64 `json:"drawn" validate:"min=0,max=9007199254740991"`
	Waiting   int64 `json:"waiting" validate:"min=0,max=9007199254740991"`
}

// differing returns the settings of a run that are not those of the procedure.
func (d Detector) differing(run []detect.Parameter) []detect.Parameter {
	var out []detect.Parameter
	for _, p := range run {
		if !slices.Contains(d.Parameters, p) {
			out = append(out, p)
		}
	}
	return out
}

// otherwise says in what a run was set otherwise than the procedure says; "" where it was not. Tables and periods change
// from month to month: one digest or instant is as good as another and better than none, and none is not as good as one.
func (d Detector) otherwise(run DetectorRun) string {
	for _, p := range d.differing(run.Parameters) {
		i := slices.IndexFunc(d.Parameters, func(x detect.Parameter) bool { return x.Name == p.Name })
		switch {
		case i < 0:
			return fmt.Sprintf("%s is %q, which the procedure does not set", p.Name, clip(p.Value))
		case !moves(p.Value) || !moves(d.Parameters[i].Value) && d.Parameters[i].Value != "none":
			return fmt.Sprintf("%s is %q in place of %q", p.Name, clip(p.Value), clip(d.Parameters[i].Value))
		}
	}
	return ""
}

// moves reports whether a setting is the digest of a table or an instant.
func moves(v string) bool {
	_, err := time.Parse(time.RFC3339Nano, v)
	return err == nil || hipaasmp.Digest(v).IsValid()
}

// clip shortens a value for a sentence.
func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "\u2026"
	}
	return s
}

func (d DetectorRun) clone() DetectorRun {
	d.Parameters = slices.Clone(d.Parameters)
	if d.Budget != nil {
		b := *d.Budget
		d.Budget = &b
	}
	return d
}

func (d DetectorRun) check(f *validate.Faults, at string) {
	unique(f, at+"/parameters", d.Parameters, func(p detect.Parameter) string { return p.Name })
	b := d.Budget
	if b == nil {
		return
	}
	if all := b.Explained + b.Ranked + b.Drawn + b.Waiting; all != d.Findings {
		f.Add(FaultCounts, at+"/budget", "adds up to %d where there are %d findings", all, d.Findings)
	}
	if b.Ranked+b.Drawn > b.Alerts {
		f.Add(FaultCounts, at+"/budget/alerts", "is %d where %d findings were shown", b.Alerts, b.Ranked+b.Drawn)
	}
}

// FromSpending is [FromScan] for a scan whose findings were given to a [detect.Budget]: exceptions are the alerts and the
// findings that explained themselves, which [Session.ExplainBy] disposes of. What waits is counted.
func FromSpending(source detect.Source, scanned *detect.Scanned, spent detect.Spending) (SourceReview, []Exception) {
	r, all := FromScan(source, scanned)
	r.BudgetSeed = spent.Seed
	shown := map[string]bool{}
	for _, a := range spent.Alerts {
		shown[a.ID] = true
	}
	for _, x := range spent.Explained {
		shown[x.ID] = true
	}
	for i := range r.Detectors {
		d := &r.Detectors[i]
		if n := slices.IndexFunc(spent.Quotas, func(q detect.Quota) bool { return q.Detector == d.Detector }); n >= 0 {
			q := spent.Quotas[n]
			d.Budget = &BudgetUse{Alerts: int64(q.Alerts), Explained: int64(q.Explained), Ranked: int64(q.Ranked), Drawn: int64(q.Drawn), Waiting: int64(q.Waiting)}
		}
	}
	all = slices.DeleteFunc(all, func(e Exception) bool { return !shown[e.ID] })
	for i := range all {
		if n := slices.IndexFunc(spent.Alerts, func(a detect.Alert) bool { return a.ID == all[i].ID }); n >= 0 {
			all[i].Score = scoreOf(spent.Alerts[n])
		}
	}
	return r, all
}
