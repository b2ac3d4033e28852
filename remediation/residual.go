package remediation

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// PairResidual is what is left of the risk of one finding, that is of one pair of a threat and a vulnerability, on a day.
// It is a judgment that a person made and that the scale's tables looked up; nothing here computes a level.
type PairResidual struct {
	// Finding is the identity of the finding, Title what may go wrong.
	Finding, Title string
	// Threat and Vulnerability are the identities of the pair, Assets those of what it reaches.
	Threat, Vulnerability string
	Assets                []string
	// Score is the rating that holds; nil where the pair is not assessed.
	Score *risk.Score
	// Item is the item whose verification rated the risk anew; empty where the rating of the analysis holds, because no
	// measure is verified, the analysis was scored later, or a measure was reopened since.
	Item string
}

// Level is the level of risk that is left, not assessed where nobody knows.
func (p PairResidual) Level() risk.Level {
	if p.Score == nil {
		return risk.LevelNotAssessed
	}
	return p.Score.Level
}

// Residuals returns what is left of each finding of the analysis at the end of the day, in the order of the analysis.
//
// A measure lowers a risk only by what a person rated after it was in place: the newest rating holds, that of the
// analysis or that of a verification. A verification does not hold while its item is open again, and neither does one
// made before another measure against the same finding was reopened, because it was judged with that measure in place.
func Residuals(a risk.Analysis, items []Item, on hipaasmp.Date) []PairResidual {
	out := make([]PairResidual, 0, len(a.Findings))
	for _, x := range a.Findings {
		out = append(out, left(a, x, items, on))
	}
	return out
}

// left is the residual of one finding.
func left(a risk.Analysis, x risk.Finding, items []Item, on hipaasmp.Date) PairResidual {
	p := PairResidual{Finding: x.ID, Title: x.Title, Threat: x.Threat, Vulnerability: x.Vulnerability, Assets: slices.Clone(x.Assets)}
	if x.Current != nil && x.Current.Assessed() {
		p.Score = clonePointer(x.Current)
	}
	var regressed time.Time
	for _, i := range items {
		if i.treats(x.ID, a) {
			for _, step := range i.History {
				if step.Event == EventReopen && step.From.InPlace() && step.At.Before(i.endOf(on)) && step.At.After(regressed) {
					regressed = step.At
				}
			}
		}
	}
	for _, i := range items {
		if !i.treats(x.ID, a) || i.Treatment == TreatmentAccept {
			continue
		}
		v, ok := i.verificationOn(on)
		if !ok || !v.Residual.Assessed() || v.At.Before(regressed) || p.Score != nil && v.Residual.At.Before(p.Score.At) {
			continue
		}
		p.Score, p.Item = clonePointer(&v.Residual), i.ID
	}
	return p
}

// treats reports whether the item is about the finding of the analysis.
func (i Item) treats(finding string, a risk.Analysis) bool {
	return i.Finding.Finding == finding && about(i.Finding, a)
}

// verificationOn returns the verification that held at the end of the day.
func (i Item) verificationOn(on hipaasmp.Date) (Verification, bool) {
	end, n, state := i.endOf(on), -1, machine.Initial()
	for _, step := range i.History {
		if !step.At.Before(end) {
			break
		}
		state = step.To
		if step.Event == EventVerify {
			n++
		}
	}
	if n < 0 || n >= len(i.Verifications) || state != StateVerified && state != StateClosed {
		return Verification{}, false
	}
	return i.Verifications[n], true
}

// endOf is the first instant after the day in the item's zone, in UTC where this machine does not know the zone.
func (i Item) endOf(on hipaasmp.Date) time.Time { return on.AddDays(1).StartIn(zones{}.of(i.Zone)) }

// WorstPair returns the pair that decides over several: the one with the highest level of risk that is left, so that a
// threat which no measure covers dominates whatever was done about the others. Of equal ones the first counts. Pairs that
// are not assessed stand at no level; they are returned apart, and ok is false where there is no other.
func WorstPair(pairs []PairResidual) (worst PairResidual, notAssessed []PairResidual, ok bool) {
	for _, p := range pairs {
		if !p.Level().Assessed() {
			notAssessed = append(notAssessed, p)
			continue
		}
		if higher, known := p.Level().Exceeds(worst.Level()); !ok || known && higher {
			worst, ok = p, true
		}
	}
	return worst, notAssessed, ok
}

// AssetResidual is what is left of the risks to one asset.
type AssetResidual struct {
	// Asset is the identity of the asset.
	Asset string
	// Worst is the pair that decides, where Assessed says that there is one.
	Worst    PairResidual
	Assessed bool
	// Pairs are all pairs that reach the asset, NotAssessed those of them without a level.
	Pairs, NotAssessed []PairResidual
}

// ByAsset groups pairs by the assets that they reach, in the order of the identities.
func ByAsset(pairs []PairResidual) []AssetResidual {
	of := map[string][]PairResidual{}
	var assets []string
	for _, p := range pairs {
		for _, a := range p.Assets {
			if of[a] == nil {
				assets = append(assets, a)
			}
			of[a] = append(of[a], p)
		}
	}
	slices.Sort(assets)
	out := make([]AssetResidual, 0, len(assets))
	for _, a := range assets {
		r := AssetResidual{Asset: a, Pairs: of[a]}
		r.Worst, r.NotAssessed, r.Assessed = WorstPair(r.Pairs)
		out = append(out, r)
	}
	return out
}
