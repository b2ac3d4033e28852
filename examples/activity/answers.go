package main

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"

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
		return unread(source.ID)
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
	c := newCounter(people, known, source.Workers)
	tally, err := c.files(source)
	f := c.finish()
	if err == nil && known.full() {
		err = errIdents
	}
	return f, tally, err
}

// counter reads events and gives each to the share of its user.
type counter struct {
	people *detect.Roster
	ties   *ties
	users  []*user // by number, which starts at 1; nil for one who is only known from the relations
	slab   []user
	events int64
	shares []*share
	batch  [][]act      // of each share, what is to be counted next
	queues []chan []act // of the shares, if they work by themselves
	spare  chan []act
	wait   sync.WaitGroup
}

const batchSize = 256

// newCounter starts the shares. With one worker there is one, which counts when a batch is full.
func newCounter(people *detect.Roster, known *ties, workers int) *counter {
	c := &counter{people: people, ties: known}
	shares := max(1, workers-1)
	if workers > 1 {
		c.spare = make(chan []act, 4*shares)
	}
	for _, p := range c.ties.pairs.split(shares) {
		s := &share{pairs: p}
		c.shares, c.batch = append(c.shares, s), append(c.batch, make([]act, 0, batchSize))
		if workers <= 1 {
			continue
		}
		queue := make(chan []act, 4)
		c.queues = append(c.queues, queue)
		c.wait.Go(func() {
			for batch := range queue {
				s.add(batch)
				select {
				case c.spare <- batch[:0]:
				default:
				}
			}
		})
	}
	return c
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
	n := c.ties.users.number(c.ties.ids.number(e.Actor.ID))
	if int(n) >= len(c.users) || c.users[n] == nil {
		c.user(n, e)
	}
	a, share := act{user: c.users[n], what: isFirst}, 0
	if len(c.shares) > 1 {
		share = int(n) % len(c.shares)
	}
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
		c.give(share, a)
		return
	}
	for i := range e.Patients {
		a.patient = c.ties.ids.number(e.Patients[i].ID)
		c.give(share, a)
		a.what &^= isFirst
	}
}

// user notes what is known of somebody who is met for the first time.
func (c *counter) user(n uint32, e *activity.Event) {
	if len(c.slab) == 0 {
		c.slab = make([]user, 256)
	}
	u := &c.slab[0]
	c.slab = c.slab[1:]
	u.n, u.ended = n, employed
	if p, ok := c.people.Person(e.Actor, e.Recorded); ok && p != nil {
		for i, own := range p.Patients {
			if patient := c.ties.ids.number(own.ID); i == 0 {
				u.own = patient
			} else {
				u.few().own = append(u.few().own, patient)
			}
		}
		if !p.Ended.IsZero() {
			u.ended = p.Ended.UnixMilli()
		}
		u.shift, u.shiftLength = uint16(p.Shift.Start%wholeDay), uint16(min(p.Shift.Length, wholeDay))
	}
	for int(n) >= len(c.users) {
		c.users = append(c.users, nil)
	}
	c.users[n] = u
}

func (c *counter) give(share int, a act) {
	batch := append(c.batch[share], a)
	if len(batch) == batchSize {
		batch = c.count(share, batch)
	}
	c.batch[share] = batch
}

// count has a batch counted and returns an empty one.
func (c *counter) count(share int, batch []act) []act {
	if c.queues == nil {
		c.shares[share].add(batch)
		return batch[:0]
	}
	c.queues[share] <- batch
	select {
	case batch = <-c.spare:
		return batch
	default:
		return make([]act, 0, batchSize)
	}
}

// finish waits for the shares and adds them up.
func (c *counter) finish() figures {
	for i, batch := range c.batch {
		c.count(i, batch)
	}
	for _, queue := range c.queues {
		close(queue)
	}
	c.wait.Wait()
	f := figures{Events: c.events}
	for _, s := range c.shares {
		f.OffShift += s.offShift
		f.Untied += s.untied
		s.hours.addTo(&f)
	}
	for _, u := range c.users {
		if u != nil {
			u.addTo(&f)
		}
	}
	return f
}
