package main

import (
	"math"
	"slices"
)

// act is what the questions ask of an event, and of one of its patients.
type act struct {
	user    *user
	at      int64  // milliseconds
	patient uint32 // 0 for none
	what    byte
}

const (
	isFirst  = 1 << iota // of the patients of its event
	isLogin              // a log-in
	isAccess             // neither log-in nor log-out
	isDone               // with success
	isFailed             // a failure
	isTimed              // its time is known
)

// share is what is counted of a share of the users.
type share struct {
	pairs pairs
	hours hours

	offShift, untied int64
	near             uint64
}

// user is what is counted of one user, in as many bytes as the processor fetches at a time.
type user struct {
	day                int64 // of block
	ended              int64 // milliseconds; later than all times while employed
	pairs              int64
	owned, late        int64
	rare               *rare  // what few users have; nil for the others
	n                  uint32 // the number
	block              uint32 // the hours of the day that was counted last, 0 for none
	own                uint32 // the patient who is the user, 0 for none
	shift, shiftLength uint16 // in minutes
}

// rare is what few users have.
type rare struct {
	own      []uint32 // further patients who are the user
	failures []int64  // the times of failed log-ins
}

func (u *user) few() *rare {
	if u.rare == nil {
		u.rare = &rare{}
	}
	return u.rare
}

// add counts a batch. The tables are larger than what the processor keeps close by, so what the batch needs of them is
// asked for first: those requests do not wait for each other as the counting would.
func (s *share) add(batch []act) {
	s.pairs.room(len(batch))
	slots := s.pairs.slots
	mask := uint64(len(slots) - 1)
	near := s.near
	for i := range batch {
		a := &batch[i]
		near += slots[scatter(pair(a.user.n, a.patient))&mask]
	}
	for i := range batch {
		near += uint64(s.hours.of(batch[i].user.block).counts[0])
	}
	s.near = near // so that nobody thinks that the loops do nothing
	for i := range batch {
		a := &batch[i]
		if a.what&isFirst != 0 && a.what&isTimed != 0 {
			s.event(a)
		}
		if a.patient != 0 && a.what&isAccess != 0 {
			s.access(a)
		}
	}
}

// event counts what does not depend on the patient.
func (s *share) event(a *act) {
	u := a.user
	s.hour(u, a.at)
	if a.what&isDone != 0 && a.at >= u.ended {
		u.late++
	}
	switch {
	case a.what&isLogin != 0 && a.what&isFailed != 0:
		u.few().failures = append(u.few().failures, a.at)
	case a.what&isAccess != 0 && u.off(a.at):
		s.offShift++
	}
}

// access counts what depends on the patient.
func (s *share) access(a *act) {
	u := a.user
	before := s.pairs.mark(pair(u.n, a.patient), met)
	if before&met == 0 {
		u.pairs++
	}
	switch {
	case a.patient == u.own, u.rare != nil && slices.Contains(u.rare.own, a.patient):
		u.owned++
	case a.what&isDone != 0 && before&tied == 0:
		s.untied++
	}
}

// hour counts an event in its hour.
func (s *share) hour(u *user, at int64) {
	const hour = 3_600_000
	day := at / (24 * hour)
	rest := at % (24 * hour)
	if rest < 0 { // before 1970
		day, rest = day-1, rest+24*hour
	}
	if u.block == 0 || u.day != day {
		u.day, u.block = day, s.hours.find(u.n, day)
	}
	s.hours.count(u.block, int(rest/hour))
}

// off reports whether the time lies outside the shift.
func (u *user) off(at int64) bool {
	if u.shiftLength == 0 {
		return false
	}
	minute := (at/60_000 - int64(u.shift)) % wholeDay
	return (minute+wholeDay)%wholeDay >= int64(u.shiftLength)
}

const (
	employed = math.MaxInt64 // no end of employment
	wholeDay = 24 * 60       // minutes
)

// addTo adds up what was counted of a user.
func (u *user) addTo(f *figures) {
	bursts := int64(0)
	if u.rare != nil {
		failures := u.rare.failures
		slices.Sort(failures)
		for i := burstBefore; i < len(failures); i++ {
			if failures[i]-failures[i-burstBefore] <= burstWindow {
				bursts++
			}
		}
	}
	for _, q := range []struct {
		to *[2]int64
		n  int64
	}{{&f.Bursts, bursts}, {&f.Own, u.owned}, {&f.Ended, u.late}} {
		if q.n > 0 {
			q.to[0] += q.n
			q.to[1]++
		}
	}
	f.Pairs[0] += u.pairs
	f.Pairs[1] = max(f.Pairs[1], u.pairs)
}
