package detect

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// PeerVolume finds actors who touch far more patients on their days than others of the same role and department: S2. What
// is compared is the logarithm of the average of distinct patients on an active day, by its distance from the median of
// the peers in robust standard deviations. Whoever changes role or department is compared in each with the days spent
// there. Somebody who is new in the role reads much to learn: a finding in the first Newcomer days says so and is low. One finding
// is one actor in one of them.
type PeerVolume struct {
	Volume
	// People says who has which role in which department, by either identity of the actor. Without it nothing is found.
	People People
	// Z is the distance; 0 is 3.5.
	Z float64
	// Peers is how many others there must be; 0 is 5.
	Peers int
	// Floor is how many patients a day are many at least; 0 is 20.
	Floor int
	// Newcomer is for how many days somebody is new in a role and department, counted from the roster's row; 0 is 30, and less
	// than 0 is nobody.
	Newcomer int
}

func (d PeerVolume) fresh() int { return max(cmp.Or(d.Newcomer, 30), 0) }

// leastSpread is the least spread of logarithms that peers are taken to have: a sixth more or less is no difference.
const leastSpread = 0.15

func (d PeerVolume) settings() (z float64, peers, floor int) {
	return cmp.Or(d.Z, 3.5), max(cmp.Or(d.Peers, 5), 2), cmp.Or(d.Floor, 20)
}

// Describe returns what a review records of the detector.
func (d PeerVolume) Describe() Description {
	z, peers, floor := d.settings()
	return Description{
		ID: IDPeerVolume, Version: 2, Title: "Many more patients a day than peers",
		Parameters: append(append(known("people", d.People), Parameter{"z", fmt.Sprint(z)}, Parameter{"peers", strconv.Itoa(peers)},
			Parameter{"floor", strconv.Itoa(floor)}, Parameter{"newcomer", plural(d.fresh(), "day", "days")}), d.Volume.parameters()...),
		FalsePositives: "Somebody new who learns by reading; the float pool; a role that hides several kinds of work.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

type peer struct {
	actor string
	total int
	daily float64
	rough bool
	since hipaasmp.Date // of the first row that was met
	refs  []EventRef
}

// days returns the days of an actor by role and department.
func (d PeerVolume) days(s *volumeState, actor subjectName, size func(uint32) (int, bool)) map[[2]string]*peer {
	out := map[[2]string]*peer{}
	for _, c := range s.sets.days[actor.number].cells {
		first := s.sets.first(c)
		who, ok := s.person(d.People, actor.name, first.At)
		if !ok || who.Role == "" {
			continue
		}
		team := [2]string{who.Role, who.Department}
		p := out[team]
		if p == nil {
			p = &peer{actor: actor.name, since: who.Member.From}
			out[team] = p
		}
		n, rough := size(c)
		p.total += n
		p.rough = p.rough || rough
		p.refs = append(p.refs, first)
	}
	return out
}

// person asks for the actor by the identity, and then by the second ones that events gave with it.
func (s *volumeState) person(people People, actor string, at time.Time) (*Person, bool) {
	p, ok := people.Person(activity.Actor{ID: actor}, at)
	for i := 0; !ok && i < len(s.alts[actor]); i++ {
		p, ok = people.Person(activity.Actor{ID: s.alts[actor][i]}, at)
	}
	return p, ok
}

func (d PeerVolume) find(s *volumeState, desc Description) []Finding {
	if d.People == nil {
		return nil
	}
	z, least, floor := d.settings()
	size := s.sets.sizes()
	teams := map[[2]string][]peer{}
	for _, actor := range s.sets.inOrder() {
		for team, p := range d.days(s, actor, size) {
			// Of an approximate state nothing may be kept of somebody; one patient at least was touched each day.
			p.daily = max(float64(p.total)/float64(len(p.refs)), 1)
			teams[team] = append(teams[team], *p)
		}
	}
	var out []Finding
	for _, key := range slices.SortedFunc(maps.Keys(teams), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		team := teams[key]
		if len(team) <= least {
			continue
		}
		var logs, apart []float64
		for _, p := range team {
			logs = append(logs, math.Log(p.daily))
		}
		middle := median(logs)
		for _, x := range logs {
			apart = append(apart, math.Abs(x-middle))
		}
		spread := max(1.4826*median(apart), leastSpread)
		for _, p := range team {
			far := (math.Log(p.daily) - middle) / spread
			if far <= z || p.daily < float64(floor) {
				continue
			}
			severity := SeverityLow
			if far > 2*z {
				severity = SeverityModerate
			}
			var newcomer []string
			if begun := d.Zone.date(p.refs[0].At); !p.since.IsZero() && p.since.DaysUntil(begun) < d.fresh() {
				severity = SeverityLow
				newcomer = []string{fmt.Sprintf("the actor is new in that role and department, since %s; people learn by reading", p.since)}
			}
			words := "%.1f"
			if p.rough {
				words = "approximately %.0f"
			}
			out = append(out, desc.finding("peers", severity, p.actor, p.refs, append([]string{
				fmt.Sprintf(words+" distinct patients on an active day, where the middle of %d people of the role %q in %q is %.1f", p.daily, len(team), plain(key[0]), plain(key[1]), math.Exp(middle)),
				fmt.Sprintf("that is %.1f robust standard deviations of the logarithm above it; the setting is %v", far, z),
				"the finding names the first event of each day"}, newcomer...)...))
		}
	}
	return out
}

func (d PeerVolume) rule() summarise[*volumeState] {
	r := d.Volume.rule(d.Describe(), d.find)
	plain := r.make
	r.make = func() *volumeState {
		s := plain()
		s.alts = map[string][]string{}
		return s
	}
	return r
}

// New returns the state of no events.
func (d PeerVolume) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d PeerVolume) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
