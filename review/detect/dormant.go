package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Dormant finds accounts that act with success again after a long pause: R9. One finding is one return. Time on leave is no
// part of the pause. An account whose earlier acts are in no log has no pause: merge the states of earlier periods.
type Dormant struct {
	// Days is how long the pause is at least; 0 is 90.
	Days int
	// Leaves says who was on leave; nil is nobody.
	Leaves Leaves
}

func (d Dormant) days() int { return max(cmp.Or(d.Days, 90), 1) }

// pause is the shortest that is found, and bridge the longest that is forgotten.
func (d Dormant) pause() time.Duration  { return time.Duration(d.days()) * oneDay }
func (d Dormant) bridge() time.Duration { return d.pause() - time.Microsecond }

// Describe returns what a review records of the detector.
func (d Dormant) Describe() Description {
	return Description{
		ID: IDDormant, Version: 1, Title: "Account that was dormant acts again",
		Parameters:     append([]Parameter{{"days", strconv.Itoa(d.days())}}, known("leaves", d.Leaves)...),
		FalsePositives: "Leave of absence that the table of leaves does not have; staff who are called in now and then.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteTermination},
	}
}

// dormantState keeps of every actor the stretches of activity between pauses. A pause of the setting or longer stays.
type dormantState struct {
	Dormant
	actors map[string]*stays
	known  memo[*stays]
}

func (s *dormantState) add(e *met) {
	if e.Outcome != activity.OutcomeSuccess || e.Recorded.IsZero() || e.Actor.ID == "" {
		return
	}
	had := s.known.at(e.desk, e.who())
	if *had == nil {
		*had = s.of(e.name())
	}
	**had = (*had).see(e, s.bridge())
}

func (s *dormantState) of(actor string) *stays {
	x := s.actors[actor]
	if x == nil {
		x = &stays{}
		s.actors[actor] = x
	}
	return x
}

func (s *dormantState) merge(other *dormantState) {
	for actor, theirs := range other.actors {
		mine := s.of(actor)
		for _, x := range *theirs {
			*mine = mine.join(x, s.bridge())
		}
	}
}

func (s *dormantState) written() any { return s.actors }

func (s *dormantState) read(data []byte) bool {
	if !strict(data, &s.actors) || s.actors == nil {
		return false
	}
	for actor, list := range s.actors {
		if actor == "" || !isPlain(actor) || list == nil || len(*list) == 0 || !list.sound(s.bridge()) {
			return false
		}
	}
	return true
}

func (s *dormantState) find(desc Description) []Finding {
	var out []Finding
	for _, actor := range slices.Sorted(maps.Keys(s.actors)) {
		list := *s.actors[actor]
		for i := 1; i < len(list); i++ {
			from, until := list[i-1].Last, list[i].First
			pause := until.At.Sub(from.At)
			why := []string{fmt.Sprintf("the account acted again after %d days without any success", int(pause/oneDay))}
			if s.Leaves != nil {
				if away := s.Leaves.Away(activity.Actor{ID: actor}, from.At, until.At); away > 0 {
					pause -= away
					why = append(why, fmt.Sprintf("%d days of them on leave", int(away/oneDay)))
				}
			}
			if pause < s.pause() {
				continue
			}
			out = append(out, desc.finding("return", SeverityModerate, actor, []EventRef{from, until}, append(why, fmt.Sprintf("the setting is %d days", s.days()))...))
		}
	}
	return out
}

func (d Dormant) rule() summarise[*dormantState] {
	return summarise[*dormantState]{d.Describe(), func() *dormantState { return &dormantState{Dormant: d, actors: map[string]*stays{}} }}
}

// New returns the state of no events.
func (d Dormant) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Dormant) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
