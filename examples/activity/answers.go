package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// figures are the answers to the seven questions.
type figures struct {
	Events   int64    `json:"events"`
	Hours    [3]int64 `json:"q1"` // groups, sum of squares, largest
	Bursts   [2]int64 `json:"q2"` // failures, users
	Own      [2]int64 `json:"q3"` // accesses, users
	Ended    [2]int64 `json:"q4"` // events, users
	OffShift int64    `json:"q5"`
	Pairs    [2]int64 `json:"q6"` // pairs, the most of one user
	Untied   int64    `json:"q7"`
}

// A burst is a failure whose fourth before is at most so many milliseconds older.
const (
	burstBefore = 4
	burstWindow = 600_000
)

// answer reads the files and prints the line.
func answer(source detect.Source, people *detect.Roster, known *ties, out, errs io.Writer, bar *progress) error {
	f, tally, err := count(source, people, known)
	bar.clear()
	if err != nil {
		return err
	}
	tellDefects(errs, tally)
	if f.Events == 0 && tally.DefectCount() > 0 {
		return fmt.Errorf("nothing in the files was read as an event; are they of the format %s?", source.ID)
	}
	line, err := json.Marshal(f)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", line)
	return err
}

// count reads the files and answers. One goroutine reads; with several workers, the others have a share of the users each,
// so that no figure depends on how many there are.
func count(source detect.Source, people *detect.Roster, known *ties) (figures, *activity.Tally, error) {
	c := &counter{people: people, ties: known, users: map[string]*user{}}
	c.start(max(1, source.Workers-1), source.Workers > 1)
	tally, err := c.files(source)
	f := c.finish()
	return f, tally, err
}

// counter reads events and gives each to the share of its user.
type counter struct {
	people *detect.Roster
	ties   *ties
	users  map[string]*user
	all    []*user
	events int64
	shares []*share
	queues []chan []act // of the shares, if they work by themselves
	spare  chan []act
	batch  [][]act
	wait   sync.WaitGroup
}

// act is what the questions ask of an event, and of one of its patients.
type act struct {
	user    *user
	patient string
	at      int64 // milliseconds
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

const batchSize = 512

func (c *counter) start(shares int, apart bool) {
	for _, p := range c.ties.pairs.split(shares) {
		c.shares = append(c.shares, &share{patients: &c.ties.patients, pairs: p})
	}
	if !apart {
		return
	}
	c.spare = make(chan []act, 4*shares)
	for _, s := range c.shares {
		queue := make(chan []act, 4)
		c.queues, c.batch = append(c.queues, queue), append(c.batch, make([]act, 0, batchSize))
		c.wait.Add(1)
		go func() {
			defer c.wait.Done()
			for batch := range queue {
				for i := range batch {
					s.add(&batch[i])
				}
				clear(batch)
				select {
				case c.spare <- batch[:0]:
				default:
				}
			}
		}()
	}
}

func (c *counter) files(source detect.Source) (*activity.Tally, error) {
	tally := &activity.Tally{}
	for _, file := range source.Files {
		if err := c.file(source, file, tally); err != nil {
			return nil, err
		}
	}
	return tally, nil
}

func (c *counter) file(source detect.Source, file detect.File, tally *activity.Tally) error {
	in, err := file.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	for e, err := range source.Reader.Read(activity.Input{Source: source.ID, File: file.Name, Content: in}) {
		if err != nil {
			if err := tally.Count(e, err); err != nil {
				return err
			}
			continue
		}
		c.event(&e)
	}
	return nil
}

func (c *counter) event(e *activity.Event) {
	c.events++
	u := c.users[e.Actor.ID]
	if u == nil {
		u = c.user(e)
	}
	a := act{user: u, what: isFirst}
	switch e.Action {
	case activity.ActionLogin:
		a.what |= isLogin
	case activity.ActionLogout:
	default:
		a.what |= isAccess
	}
	switch e.Outcome {
	case activity.OutcomeSuccess:
		a.what |= isDone
	case activity.OutcomeFailure:
		a.what |= isFailed
	}
	if !e.Recorded.IsZero() {
		a.what |= isTimed
		a.at = e.Recorded.UnixMilli()
	}
	if len(e.Patients) == 0 {
		c.give(&a)
		return
	}
	for i := range e.Patients {
		a.patient = e.Patients[i].ID
		c.give(&a)
		a.what &^= isFirst
	}
}

// user is what is known of somebody who is met for the first time.
func (c *counter) user(e *activity.Event) *user {
	u := &user{n: number(c.ties.users, e.Actor.ID), ended: -1}
	if p, ok := c.people.Person(e.Actor, e.Recorded); ok && p != nil {
		for _, own := range p.Patients {
			u.own = append(u.own, own.ID)
		}
		if !p.Ended.IsZero() {
			u.ended = p.Ended.UnixMilli()
		}
		u.shift = p.Shift
	}
	c.users[e.Actor.ID] = u
	c.all = append(c.all, u)
	return u
}

func (c *counter) give(a *act) {
	at := int(a.user.n) % len(c.shares)
	if c.queues == nil {
		c.shares[at].add(a)
		return
	}
	c.batch[at] = append(c.batch[at], *a)
	if len(c.batch[at]) == batchSize {
		c.queues[at] <- c.batch[at]
		select {
		case c.batch[at] = <-c.spare:
		default:
			c.batch[at] = make([]act, 0, batchSize)
		}
	}
}

// finish waits for the shares and adds them up.
func (c *counter) finish() figures {
	for i, queue := range c.queues {
		queue <- c.batch[i]
		close(queue)
	}
	c.wait.Wait()
	f := figures{Events: c.events}
	for _, s := range c.shares {
		f.OffShift += s.offShift
		f.Untied += s.untied
	}
	for _, u := range c.all {
		u.addTo(&f)
	}
	return f
}

// user is what is counted of one user.
type user struct {
	n     uint32
	own   []string
	ended int64 // milliseconds; -1 while employed
	shift detect.Shift

	day         int64
	hours       *[24]uint32 // of the day
	days        map[int64]*[24]uint32
	failures    []int64
	owned, late int64
	pairs       int64
}

// hour counts an event in its hour.
func (u *user) hour(at int64) {
	hour := at / 3_600_000
	day := hour / 24
	if hour %= 24; at < 0 && (hour < 0 || at%3_600_000 != 0) { // before 1970
		t := time.UnixMilli(at).UTC()
		hour = int64(t.Hour())
		day = t.Truncate(24*time.Hour).Unix() / 86400
	}
	if u.hours == nil || u.day != day {
		if u.days == nil {
			u.days = map[int64]*[24]uint32{}
		}
		if u.day, u.hours = day, u.days[day]; u.hours == nil {
			u.hours = new([24]uint32)
			u.days[day] = u.hours
		}
	}
	u.hours[hour]++
}

func (u *user) owns(patient string) bool { return slices.Contains(u.own, patient) }

// off reports whether the time lies outside the shift.
func (u *user) off(at int64) bool {
	if u.shift.Length == 0 {
		return false
	}
	const whole = 24 * 60
	minute := (at/60_000 - int64(u.shift.Start)) % whole
	return (minute+whole)%whole >= int64(u.shift.Length)
}

func (u *user) addTo(f *figures) {
	for _, hours := range u.days {
		for _, n := range hours {
			if n > 0 {
				f.Hours[0]++
				f.Hours[1] += int64(n) * int64(n)
				f.Hours[2] = max(f.Hours[2], int64(n))
			}
		}
	}
	slices.Sort(u.failures)
	bursts := int64(0)
	for i := burstBefore; i < len(u.failures); i++ {
		if u.failures[i]-u.failures[i-burstBefore] <= burstWindow {
			bursts++
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

// share is what is counted of a share of the users.
type share struct {
	patients *numbers // of the relations; not changed
	others   numbers  // of everybody else
	pairs    pairs

	offShift, untied int64
}

func (s *share) add(a *act) {
	u := a.user
	if a.what&isFirst != 0 {
		s.event(u, a)
	}
	if a.patient == "" || a.what&isAccess == 0 {
		return
	}
	before := s.pairs.mark(pair(u.n, s.patient(a.patient)), met)
	if before&met == 0 {
		u.pairs++
	}
	switch {
	case u.owns(a.patient):
		u.owned++
	case a.what&isDone != 0 && before&tied == 0:
		s.untied++
	}
}

// event counts what does not depend on the patient.
func (s *share) event(u *user, a *act) {
	if a.what&isTimed == 0 {
		return
	}
	u.hour(a.at)
	if u.ended >= 0 && a.what&isDone != 0 && a.at >= u.ended {
		u.late++
	}
	switch {
	case a.what&isLogin != 0 && a.what&isFailed != 0:
		u.failures = append(u.failures, a.at)
	case a.what&isAccess != 0 && u.off(a.at):
		s.offShift++
	}
}

// patient numbers a patient; those of the relations have their numbers already.
func (s *share) patient(id string) uint32 {
	if n, ok := s.patients.get(id); ok {
		return n
	}
	return 1<<31 | s.others.number(id)
}
