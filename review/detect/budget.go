package detect

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Explanation is a dated rule by which findings explain themselves: what a reviewer would otherwise explain again and again.
// Somebody has approved it, and it ends.
type Explanation struct {
	// ID names the rule.
	ID string `json:"id" validate:"required,docid"`
	// Detector is whose findings it explains.
	Detector ID `json:"detector" validate:"required,docid"`
	// Actor is whose findings; empty is everybody's.
	Actor string `json:"actor,omitempty" validate:"max=1024"`
	// Valid are the days on which all that is known of a finding must lie. Both ends are needed.
	Valid hipaasmp.Period `json:"valid"`
	// Reason says why such a finding is explained.
	Reason string `json:"reason" validate:"required,text,max=2000"`
	// Approver is who approved the rule.
	Approver string `json:"approver" validate:"required,docid"`
}

// ReadExplanations reads rules from CSV with the columns id, detector, from, to, reason and approver (all required) and actor.
// The error is a [*TableError] with every fault, or the reader's own.
func ReadExplanations(in io.Reader, o TableOptions) ([]Explanation, error) {
	var out []Explanation
	_, err := readTable("explanations", in, o, []string{"id", "detector", "from", "to", "reason", "approver", "actor"}, 6, func(t *table) {
		x := Explanation{ID: t.text(0), Detector: ID(t.text(1)), Valid: t.period(2, 3), Reason: t.text(4), Approver: t.text(5), Actor: t.text(6)}
		for i, id := range []string{x.ID, string(x.Detector), "", "", "", x.Approver} {
			if id != "" && !hipaasmp.ValidID(id) {
				t.fault(i, "is %q; write an identity without blanks", plain(id))
			}
		}
		if slices.ContainsFunc(out, func(y Explanation) bool { return y.ID == x.ID }) {
			t.fault(0, "stands in two rows; keep one")
		}
		out = append(out, x)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// explains reports whether the rule explains the finding.
func (x Explanation) explains(f Finding, zone ZoneOf) bool {
	return x.Detector == f.Detector && (x.Actor == "" || x.Actor == f.Actor) && x.Reason != "" && x.Approver != "" && !x.Valid.Open() && !f.First.IsZero() &&
		x.Valid.Contains(zone.date(f.First)) && x.Valid.Contains(zone.date(f.Last))
}

// Pick says why a finding became an alert.
type Pick string

const (
	// PickRank: it stands high among the findings of its detector.
	PickRank Pick = "rank"
	// PickRandom: it was drawn from those that do not.
	PickRandom Pick = "random"
)

// Values returns the members of the enumeration.
func (Pick) Values() []Pick { return []Pick{PickRank, PickRandom} }

// IsValid reports whether p is a member.
func (p Pick) IsValid() bool { return slices.Contains(p.Values(), p) }

// MarshalText refuses a value that is no member.
func (p Pick) MarshalText() ([]byte, error) { return hipaasmp.FormatEnum("detect.Pick", p, p.Values()) }

// UnmarshalText refuses a text that is no member, the empty one included.
func (p *Pick) UnmarshalText(text []byte) (err error) {
	*p, err = hipaasmp.ParseEnum("detect.Pick", text, p.Values())
	return err
}

// Budget says how many findings people are shown. There are always more findings than time; without a budget those of one
// detector bury the others, and with a fixed order it can be learnt what is never opened. So each detector has a number of
// alerts of its own, of which a share is drawn at random from what stands lower.
type Budget struct {
	// Alerts is how many each detector has; 0 is 20, and less than 0 is none. [AfterHours] has none unless ByDetector
	// gives it some: its findings raise those of others.
	Alerts int
	// ByDetector overrides Alerts.
	ByDetector map[ID]int
	// Random is the share in percent that is drawn; 0 is 30, and less than 0 is none. More than 100 is 100.
	Random int
	// Seed is what the draw depends on, beside the identities of findings. It should not be known to those who are
	// watched, and is kept with the review so that the draw can be repeated.
	Seed []byte
	// Explanations explain findings before any alert.
	Explanations []Explanation
	// Zone is the zone of the days of explanations.
	Zone ZoneOf
}

// Alert is a finding that people are shown.
type Alert struct {
	Finding
	// Pick says why.
	Pick Pick
	// Score is what it was ranked by: 1, 2 or 4 by severity, times one more than the number of other detectors that name
	// one of its events.
	Score int
}

// Explained is a finding with the rule that explains it.
type Explained struct {
	Finding
	// By is the rule.
	By Explanation
}

// Quota is what became of the findings of one detector.
type Quota struct {
	// Detector is the detector.
	Detector ID
	// Alerts is how many alerts it had.
	Alerts int
	// Findings, Explained, Ranked, Drawn and Waiting count its findings: all, and what became of them.
	Findings, Explained, Ranked, Drawn, Waiting int
}

func (q Quota) String() string {
	return fmt.Sprintf("%s: %s, %d explained, %s by rank and %d drawn of %d, %d waiting", q.Detector, plural(q.Findings, "finding", "findings"), q.Explained, plural(q.Ranked, "alert", "alerts"), q.Drawn, q.Alerts, q.Waiting)
}

// Spending is what a budget makes of findings. Every finding is in one of the three lists.
type Spending struct {
	// Explained are the findings that explain themselves, in the order of the findings.
	Explained []Explained
	// Alerts are what people are shown, the highest score first.
	Alerts []Alert
	// Waiting are the others, in the order of the findings.
	Waiting []Finding
	// Quotas say it by detector, in the order of identities.
	Quotas []Quota
	// Seed is the seed of the draw in hexadecimal digits.
	Seed string
}

func (b Budget) quota(id ID) int {
	if n, ok := b.ByDetector[id]; ok {
		return max(n, 0)
	}
	if id == IDAfterHours {
		return 0
	}
	return max(cmp.Or(b.Alerts, 20), 0)
}

// Spend explains what explains itself, and chooses alerts among the rest. The same findings in any order and the same
// seed give the same.
func (b Budget) Spend(findings []Finding) Spending {
	out := Spending{Seed: hex.EncodeToString(b.Seed)}
	all := sortFindings(slices.Clone(findings))
	named := detectorsByEvent(all)
	quotas := map[ID]*Quota{}
	left := map[ID][]Alert{}
	for _, f := range all {
		q := quotas[f.Detector]
		if q == nil {
			q = &Quota{Detector: f.Detector, Alerts: b.quota(f.Detector)}
			quotas[f.Detector] = q
		}
		q.Findings++
		if i := slices.IndexFunc(b.Explanations, func(x Explanation) bool { return x.explains(f, b.Zone) }); i >= 0 {
			q.Explained++
			out.Explained = append(out.Explained, Explained{f, b.Explanations[i]})
			continue
		}
		left[f.Detector] = append(left[f.Detector], Alert{Finding: f, Pick: PickRank, Score: score(f, named)})
	}
	waiting := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(quotas)) {
		q := quotas[id]
		for _, a := range left[id] {
			waiting[a.ID] = true
		}
		for _, a := range b.choose(q.Alerts, left[id]) {
			delete(waiting, a.ID)
			out.Alerts = append(out.Alerts, a)
			if a.Pick == PickRandom {
				q.Drawn++
			} else {
				q.Ranked++
			}
		}
		q.Waiting = len(left[id]) - q.Drawn - q.Ranked
		out.Quotas = append(out.Quotas, *q)
	}
	slices.SortFunc(out.Alerts, higher)
	for _, f := range all {
		if waiting[f.ID] {
			out.Waiting = append(out.Waiting, f)
		}
	}
	return out
}

// higher orders alerts, the highest score first.
func higher(a, b Alert) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Count, a.Count), a.First.Compare(b.First), strings.Compare(a.ID, b.ID))
}

// choose returns the alerts among the findings of one detector.
func (b Budget) choose(quota int, of []Alert) []Alert {
	of = slices.Clone(of)
	slices.SortFunc(of, higher)
	if len(of) <= quota {
		return of
	}
	share := min(max(cmp.Or(b.Random, 30), 0), 100)
	drawn := quota * share / 100
	if drawn == 0 && quota > 1 && share > 0 {
		drawn = 1
	}
	top, rest := of[:quota-drawn], of[quota-drawn:]
	keys := map[string][]byte{}
	for _, a := range rest {
		mac := hmac.New(sha256.New, b.Seed)
		mac.Write([]byte(a.ID))
		keys[a.ID] = mac.Sum(nil)
	}
	slices.SortFunc(rest, func(a, b Alert) int {
		return cmp.Or(bytes.Compare(keys[a.ID], keys[b.ID]), strings.Compare(a.ID, b.ID))
	})
	for i := range drawn {
		rest[i].Pick = PickRandom
	}
	return append(top, rest[:drawn]...)
}

// detectorsByEvent says which detectors name an event.
func detectorsByEvent(findings []Finding) map[markKey]map[ID]bool {
	out := map[markKey]map[ID]bool{}
	for _, f := range findings {
		for _, e := range f.Events {
			k := e.key()
			if out[k] == nil {
				out[k] = map[ID]bool{}
			}
			out[k][f.Detector] = true
		}
	}
	return out
}

func score(f Finding, named map[markKey]map[ID]bool) int {
	others := map[ID]bool{}
	for _, e := range f.Events {
		for id := range named[e.key()] {
			others[id] = true
		}
	}
	delete(others, f.Detector)
	weight := map[Severity]int{SeverityLow: 1, SeverityModerate: 2, SeverityHigh: 4}[f.Severity]
	return weight * (1 + len(others))
}
