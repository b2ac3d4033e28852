package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// State is the accumulator: the states of all detectors over some of the events. It crosses to another machine as the
// bytes of [detect.Run.Encode]. What came from there stays bytes until somebody who knows the detectors needs it.
type State struct {
	run  *detect.Run
	data []byte
}

func encodeState(s State) ([]byte, error) {
	if s.run != nil {
		return s.run.Encode()
	}
	return s.data, nil
}

func decodeState(data []byte) State { return State{data: slices.Clone(data)} }

// Answer is what comes out.
type Answer struct {
	// Findings is the JSON list of all findings, in order.
	Findings []byte
	// State is what [detect.Resume] reads, to merge with the states of other sources.
	State []byte
}

// Combine is Beam's CombineFn over the states of detectors. Its exported fields travel to the workers, which read the
// tables there.
type Combine struct {
	// Detectors are the identities of the detectors to run, with their default parameters.
	Detectors []detect.ID
	// Roster and Relations are the CSV tables of [detect.ReadRoster] and [detect.ReadRelations]; "" is none.
	Roster, Relations string
	// Columns are the names of the roster's columns that are not the reader's own.
	Columns map[string]string

	once      sync.Once
	detectors []detect.Detector
	err       error
}

// open reads the tables once.
func (c *Combine) open() error {
	c.once.Do(func() { c.detectors, c.err = c.choose() })
	return c.err
}

func (c *Combine) choose() ([]detect.Detector, error) {
	var known detect.Context
	if c.Roster != "" {
		people, err := table(c.Roster, func(in io.Reader) (*detect.Roster, error) {
			return detect.ReadRoster(in, detect.TableOptions{Columns: c.Columns})
		})
		if err != nil {
			return nil, err
		}
		known.People = people
	}
	if c.Relations != "" {
		relations, err := table(c.Relations, func(in io.Reader) (*detect.RelationTable, error) {
			return detect.ReadRelations(in, detect.TableOptions{})
		})
		if err != nil {
			return nil, err
		}
		known.Relations = relations
	}
	var list []detect.Detector
	for _, id := range c.Detectors {
		d, ok := detect.ByID(id, known)
		if !ok {
			return nil, fmt.Errorf("beam: there is no detector %.40q; use the identities of package detect, such as R8", string(id))
		}
		switch id {
		case detect.IDClockFault, detect.IDShapeDrift, detect.IDDigestMismatch:
			return nil, fmt.Errorf("beam: detector %s needs what is known of files beside their events; run it with detect.Scan", id)
		}
		list = append(list, d)
	}
	if len(list) == 0 {
		return nil, errors.New("beam: no detectors are named; name some, such as R8,R10")
	}
	return list, nil
}

func table[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(name)
	if err != nil {
		var none T
		return none, err
	}
	defer f.Close()
	return read(f)
}

// live returns the run of a state.
func (c *Combine) live(s State) (*detect.Run, error) {
	if s.run != nil {
		return s.run, nil
	}
	if err := c.open(); err != nil {
		return nil, err
	}
	return detect.Resume(s.data, c.detectors...)
}

// CreateAccumulator returns the state of no events.
func (c *Combine) CreateAccumulator() (State, error) {
	if err := c.open(); err != nil {
		return State{}, err
	}
	return State{run: detect.Start(c.detectors...)}, nil
}

// AddInput adds an event.
func (c *Combine) AddInput(s State, e activity.Event) (State, error) {
	run, err := c.live(s)
	if err != nil {
		return State{}, err
	}
	run.Add(e)
	return State{run: run}, nil
}

// MergeAccumulators adds the events of b to a.
func (c *Combine) MergeAccumulators(a, b State) (State, error) {
	run, err := c.live(a)
	if err != nil {
		return State{}, err
	}
	other, err := c.live(b)
	if err != nil {
		return State{}, err
	}
	return State{run: run}, run.Merge(other)
}

// ExtractOutput returns the findings and the state.
func (c *Combine) ExtractOutput(s State) (Answer, error) {
	run, err := c.live(s)
	if err != nil {
		return Answer{}, err
	}
	var out Answer
	if out.State, err = run.Encode(); err != nil {
		return Answer{}, err
	}
	list := run.Findings()
	if list == nil {
		list = []detect.Finding{}
	}
	out.Findings, err = json.Marshal(list)
	return out, err
}
