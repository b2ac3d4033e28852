package sanction

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

func (r Records) unacknowledged(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, p := range InForce(r.Policies, asOf) {
		g := hipaasmp.Gap{Refs: []hipaasmp.Ref{p.DocumentRef()}, Closes: "Have each member acknowledge the version, and record it."}
		for _, u := range Missing(p, r.Workforce, r.Acknowledgements, asOf) {
			if !u.Overdue {
				continue
			}
			g.Counted = append(g.Counted, fmt.Sprintf("%s, due %s", u.Member, u.Due))
			if since := u.Due.AddDays(1); g.Since.IsZero() || since.Before(g.Since) {
				g.Since = since
			}
		}
		if n := len(g.Counted); n > 0 {
			g.Missing = fmt.Sprintf("Members of the workforce who have not acknowledged policy version %[2]s within the %[3]d days that the policy gives: %[1]d.", n, p.Version, p.AcknowledgeDays)
			out = append(out, g)
		}
	}
	return out
}

func (r Records) untrained(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, p := range InForce(r.Policies, asOf) {
		g := hipaasmp.Gap{Refs: []hipaasmp.Ref{p.DocumentRef()}, Closes: "Train each member on the version, and record it."}
		for _, u := range MissingTraining(p, r.Workforce, r.Trainings, asOf) {
			if !u.Overdue {
				continue
			}
			g.Counted = append(g.Counted, fmt.Sprintf("%s, due %s", u.Member, u.Due))
			if since := u.Due.AddDays(1); g.Since.IsZero() || since.Before(g.Since) {
				g.Since = since
			}
		}
		if n := len(g.Counted); n > 0 {
			g.Missing = fmt.Sprintf("Members of the workforce who have not been trained on policy version %[2]s within the %[3]d days that the policy gives: %[1]d.", n, p.Version, p.TrainDays)
			out = append(out, g)
		}
	}
	return out
}

// trainingNotGiven looks at outcomes whose sanction includes a training by the policy of the case.
func (r Records) trainingNotGiven(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, o := range r.Outcomes {
		if o.Closed.IsZero() || o.Closed.After(asOf) || !slices.Contains(o.Policy.Training, o.Sanction) {
			continue
		}
		if slices.ContainsFunc(r.Trainings, func(t Training) bool { return !t.On.After(asOf) && t.follows(o) }) {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("%s ended with the sanction %q, to which a training belongs by policy version %s, and no training of the case is on file.", o.Case.Newest(), o.Sanction, o.Policy.Version),
			Since:   o.Closed,
			Closes:  "Have the person take the training, and record it for the case.",
			Refs:    []hipaasmp.Ref{o.DocumentRef(), o.Case.Newest()},
		})
	}
	return out
}
