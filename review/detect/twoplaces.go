package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// TwoPlaces finds actors who were at two sites closer in time than one can travel: R17. The time that travel takes is Site
// at least, the distance at Speed where both positions are known, and Country where the countries differ and a position
// is not known. One finding is one actor and one day of the zone, that of the later of the two. Programs are no part of it.
type TwoPlaces struct {
	// Places says where an origin lies. Without it nothing is found.
	Places Places
	// Site is how long it takes from one site to any other; 0 is 5 minutes.
	Site time.Duration
	// Country is how long it takes to another country; 0 is an hour.
	Country time.Duration
	// Speed is in kilometres an hour; 0 is 900.
	Speed int
	// Zone is the zone of days.
	Zone ZoneOf
}

func (d TwoPlaces) settings() (site, country time.Duration, speed int) {
	site = max(cmp.Or(d.Site, 5*time.Minute), time.Microsecond)
	return site, max(cmp.Or(d.Country, time.Hour), site), max(cmp.Or(d.Speed, 900), 1)
}

// Describe returns what a review records of the detector.
func (d TwoPlaces) Describe() Description {
	site, country, speed := d.settings()
	return Description{
		ID: IDTwoPlaces, Version: 1, Title: "One user at two places at once",
		Parameters: append(known("places", d.Places), Parameter{"site", site.String()}, Parameter{"country", country.String()},
			Parameter{"speed", fmt.Sprintf("%d km/h", speed)}, Parameter{"zone", d.Zone.name()}),
		FalsePositives: "Carts that move, gateways and virtual desktops behind which people sit anywhere: give those no place.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteUniqueUser},
	}
}

// takes is how long it takes from one place to the other.
func (d TwoPlaces) takes(a, b Place) time.Duration {
	site, country, speed := d.settings()
	if a.Position.Known && b.Position.Known {
		seconds := int64(a.Position.metres(b.Position) / 1000 / float64(speed) * 3600)
		return max(site, time.Duration(seconds)*time.Second)
	}
	if a.Country != "" && b.Country != "" && a.Country != b.Country {
		return country
	}
	return site
}

// placesState keeps of every actor the stays at every place. Pauses up to the shortest travel are forgotten: an event at
// another place within one is too close to both of its ends.
type placesState struct {
	TwoPlaces
	bridge time.Duration
	actors map[string]map[Place]stays
}

func (s *placesState) add(e *met) {
	if s.Places == nil || e.Recorded.IsZero() || e.Actor.ID == "" || e.Actor.Kind == activity.ActorService ||
		e.Outcome != activity.OutcomeSuccess && e.Outcome != activity.OutcomeUnknown {
		return
	}
	place, ok := s.Places.Place(e.From)
	if !ok {
		return
	}
	at, good := place.tidy()
	if !good {
		return
	}
	sites := s.actors[e.Actor.ID]
	if sites == nil {
		actor := plain(e.Actor.ID)
		if sites = s.actors[actor]; sites == nil {
			sites = map[Place]stays{}
			s.actors[actor] = sites
		}
	}
	had := sites[at]
	if now := had.see(e, s.bridge); len(now) != len(had) {
		sites[at] = now
	}
}

// tidy brings a place into the form in which states keep it.
func (p *Place) tidy() (Place, bool) {
	q := Place{Site: plain(p.Site), Country: plain(p.Country), Position: p.Position}
	if !q.Position.Known || !(q.Position.Latitude >= -90 && q.Position.Latitude <= 90 && q.Position.Longitude >= -180 && q.Position.Longitude <= 180) {
		q.Position = Position{}
	}
	return q, q.Site != ""
}

func (s *placesState) merge(other *placesState) {
	for actor, theirs := range other.actors {
		mine := s.actors[actor]
		if mine == nil {
			mine = map[Place]stays{}
			s.actors[actor] = mine
		}
		for place, list := range theirs {
			sum := mine[place]
			for _, x := range list {
				sum = sum.join(x, s.bridge)
			}
			mine[place] = sum
		}
	}
}

// placeStays is how a place and its stays are written.
type placeStays struct {
	Place Place `json:"place"`
	Stays stays `json:"stays"`
}

func (p Place) compare(q Place) int {
	return cmp.Or(cmp.Compare(p.Site, q.Site), cmp.Compare(p.Country, q.Country), cmp.Compare(p.Position.Latitude, q.Position.Latitude),
		cmp.Compare(p.Position.Longitude, q.Position.Longitude))
}

func (s *placesState) written() any {
	out := map[string][]placeStays{}
	for actor, sites := range s.actors {
		for _, place := range slices.SortedFunc(maps.Keys(sites), Place.compare) {
			out[actor] = append(out[actor], placeStays{place, sites[place]})
		}
	}
	return out
}

func (s *placesState) read(data []byte) bool {
	var in map[string][]placeStays
	if !strict(data, &in) {
		return false
	}
	for actor, list := range in {
		if actor == "" || !isPlain(actor) || len(list) == 0 {
			return false
		}
		s.actors[actor] = map[Place]stays{}
		for _, x := range list {
			if at, ok := x.Place.tidy(); !ok || at != x.Place || len(x.Stays) == 0 || !x.Stays.sound(s.bridge) {
				return false
			}
			s.actors[actor][x.Place] = x.Stays
		}
	}
	return true
}

type stayAt struct {
	stay
	at Place
}

func (s *placesState) find(desc Description) []Finding {
	var out []Finding
	for _, actor := range slices.Sorted(maps.Keys(s.actors)) {
		sites := s.actors[actor]
		if len(sites) < 2 {
			continue
		}
		var all []stayAt
		var furthest time.Duration
		places := slices.SortedFunc(maps.Keys(sites), Place.compare)
		for i, p := range places {
			for _, q := range places[i+1:] {
				furthest = max(furthest, s.takes(p, q))
			}
			for _, x := range sites[p] {
				all = append(all, stayAt{x, p})
			}
		}
		slices.SortFunc(all, func(a, b stayAt) int {
			return cmp.Or(a.First.compare(b.First), a.at.compare(b.at))
		})
		out = append(out, s.clashes(desc, actor, all, furthest)...)
	}
	return out
}

// clashes makes a finding of every day of the zone on which a stay began too close to another.
func (s *placesState) clashes(desc Description, actor string, all []stayAt, furthest time.Duration) []Finding {
	type clash struct {
		refs    []EventRef
		reasons []string
		n       int
	}
	by := map[string]*clash{}
	var open []stayAt // those that a later stay may still be too close to
	for _, b := range all {
		open = slices.DeleteFunc(open, func(a stayAt) bool { return b.First.At.Sub(a.Last.At) >= furthest })
		for _, a := range open {
			if a.at == b.at {
				continue
			}
			gap, takes := max(b.First.At.Sub(a.Last.At), 0), s.takes(a.at, b.at)
			if gap >= takes {
				continue
			}
			day := s.Zone.date(b.First.At).String()
			c := by[day]
			if c == nil {
				c = &clash{}
				by[day] = c
			}
			c.n++
			near := a.Last
			if gap == 0 {
				near = a.First
			}
			c.refs = append(c.refs, near, b.First)
			if len(c.reasons) < 5 {
				c.reasons = append(c.reasons, fmt.Sprintf("at %s and %s later at %s; it takes %s", &a.at, gap, &b.at, takes))
			}
		}
		open = append(open, b)
	}
	var out []Finding
	for _, day := range slices.Sorted(maps.Keys(by)) {
		c := by[day]
		out = append(out, desc.finding("places", SeverityModerate, actor, unique(c.refs),
			append([]string{fmt.Sprintf("the actor was at two places at once %s on %s", plural(c.n, "time", "times"), day)}, c.reasons...)...))
	}
	return out
}

// unique puts references in order, each once.
func unique(refs []EventRef) []EventRef {
	slices.SortFunc(refs, EventRef.compare)
	return slices.Compact(refs)
}

func (d TwoPlaces) rule() summarise[*placesState] {
	site, _, _ := d.settings()
	return summarise[*placesState]{d.Describe(), func() *placesState {
		return &placesState{TwoPlaces: d, bridge: site - time.Nanosecond, actors: map[string]map[Place]stays{}}
	}}
}

// New returns the state of no events.
func (d TwoPlaces) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d TwoPlaces) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
