package dossier

import (
	"cmp"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/storage"
)

// redaction takes back what the sender withholds. The questions are asked of everything, so that a record which stays
// back is not reported as missing; what is shown is only what goes out.
type redaction struct {
	withhold func(hipaasmp.Ref) bool
	held     map[hipaasmp.Ref]bool
}

// apply returns the records that are shown.
func (x *redaction) apply(r inquiry.Records) inquiry.Records {
	x.held = map[hipaasmp.Ref]bool{}
	if x.withhold == nil {
		return r
	}
	r.RiskProcedures = shown(x, r.RiskProcedures)
	r.Analyses = shown(x, r.Analyses)
	r.Drafts = shown(x, r.Drafts)
	r.Plans = shown(x, r.Plans)
	r.Items = shown(x, r.Items)
	r.Completions = shown(x, r.Completions)
	r.Acceptances = shown(x, r.Acceptances)
	r.Decisions = shown(x, r.Decisions)
	r.Policies = shown(x, r.Policies)
	r.Cases = shown(x, r.Cases)
	r.Outcomes = shown(x, r.Outcomes)
	r.Acknowledgements = shown(x, r.Acknowledgements)
	r.Attestations = shown(x, r.Attestations)
	r.Trainings = shown(x, r.Trainings)
	r.Procedures = shown(x, r.Procedures)
	r.Sessions = shown(x, r.Sessions)
	r.Reviews = shown(x, r.Reviews)
	r.Incidents = shown(x, r.Incidents)
	r.Rules = shown(x, r.Rules)
	r.IncidentRecords = shown(x, r.IncidentRecords)
	return r
}

func shown[T hipaasmp.Document](x *redaction, list []T) []T {
	var out []T
	for _, d := range list {
		if ref := d.DocumentRef().Newest(); x.withhold(ref) {
			x.held[ref] = true
		} else {
			out = append(out, d)
		}
	}
	return out
}

// refs lists what is withheld.
func (x *redaction) refs() []hipaasmp.Ref {
	var out []hipaasmp.Ref
	for ref := range x.held {
		out = append(out, ref)
	}
	slices.SortFunc(out, func(a, b hipaasmp.Ref) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	return out
}

// include is what package evidence asks of every entry; nil includes all.
func (x *redaction) include() func(storage.Envelope) bool {
	if x.withhold == nil {
		return nil
	}
	return func(e storage.Envelope) bool { return !x.withhold(e.Ref().Newest()) }
}

// gaps takes the words out of gaps that show in withheld records: a title in them would be part of a body. The code, the
// provision, the day and the references stay.
func (x *redaction) gaps(gaps []hipaasmp.Gap, checks []hipaasmp.GapCheck) []hipaasmp.Gap {
	if len(x.held) == 0 {
		return gaps
	}
	asks := map[hipaasmp.GapCode]string{}
	for _, c := range checks {
		asks[c.Code] = c.Asks
	}
	out := slices.Clone(gaps)
	for i, g := range out {
		if slices.ContainsFunc(g.Refs, func(r hipaasmp.Ref) bool { return x.held[r.Newest()] }) {
			out[i].Missing = "What is missing shows in records whose content is withheld. The question was: " + asks[g.Code]
			out[i].Closes = "See the records that it names."
			out[i].Counted = nil
		}
	}
	return out
}

// answers does the same for the answers to the letter.
func (x *redaction) answers(answers []inquiry.Answer, checks []hipaasmp.GapCheck) []inquiry.Answer {
	out := slices.Clone(answers)
	for i := range out {
		out[i].Gaps = x.gaps(out[i].Gaps, checks)
	}
	return out
}
