package main

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"time"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// shelf keeps findings compressed, and beside each only what a budget asks for. Most findings are never shown, and one may
// name a hundred events.
type shelf struct {
	labels []label
	events []uint64 // of all findings, one behind the other: hashes of what events are known by
	packed [][]byte // the findings as JSON, shelfSize together
	seed   maphash.Seed
}

const shelfSize = 256

// label is what a budget asks for of a finding.
type label struct {
	id       string
	detector detect.ID
	severity detect.Severity
	count    int64
	first    time.Time
	events   int
}

// put keeps findings.
func (s *shelf) put(findings []detect.Finding) error {
	if s.labels == nil {
		s.seed = maphash.MakeSeed() // no figure depends on it
	}
	for part := range slices.Chunk(findings, shelfSize) {
		var b bytes.Buffer
		z, err := flate.NewWriter(&b, flate.BestSpeed)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(z).Encode(part); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		s.packed = append(s.packed, slices.Clone(b.Bytes()))
		for _, f := range part {
			for _, e := range f.Events {
				s.events = append(s.events, s.hash(e))
			}
			s.labels = append(s.labels, label{f.ID, f.Detector, f.Severity, f.Count, f.First, len(f.Events)})
		}
	}
	return nil
}

// eventKey is what an event is known by: its identity, or its place where it has none.
type eventKey struct {
	source, id, file string
	offset           int64
}

func (s *shelf) hash(e detect.EventRef) uint64 {
	k := eventKey{source: e.Source, id: e.ID}
	if e.ID == "" {
		k.file, k.offset = e.Raw.File, e.Raw.Offset
	}
	return maphash.Comparable(s.seed, k)
}

// light returns the findings with those of their events that several detectors name, under other names: findings rank
// higher for them.
func (s *shelf) light() []detect.Finding {
	type naming struct {
		hash     uint64
		detector int32
	}
	all := make([]naming, 0, len(s.events))
	numbers := map[detect.ID]int32{}
	events := s.events
	for _, l := range s.labels {
		n, ok := numbers[l.detector]
		if !ok {
			n = int32(len(numbers))
			numbers[l.detector] = n
		}
		for _, h := range events[:l.events] {
			all = append(all, naming{h, n})
		}
		events = events[l.events:]
	}
	slices.SortFunc(all, func(a, b naming) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.detector, b.detector)) })
	several := map[uint64]bool{}
	for i := 1; i < len(all); i++ {
		if all[i].hash == all[i-1].hash && all[i].detector != all[i-1].detector {
			several[all[i].hash] = true
		}
	}
	out := make([]detect.Finding, len(s.labels))
	for i, l := range s.labels {
		out[i] = detect.Finding{ID: l.id, Detector: l.detector, Severity: l.severity, Count: l.count, First: l.first}
		for _, h := range s.events[:l.events] {
			if several[h] {
				out[i].Events = append(out[i].Events, detect.EventRef{ID: fmt.Sprintf("%016x", h)})
			}
		}
		s.events = s.events[l.events:]
	}
	s.labels, s.events = nil, nil
	return out
}

// fill gives alerts what they lack.
func (s *shelf) fill(alerts []detect.Alert) error {
	wanted := make(map[string]int, len(alerts))
	for i, a := range alerts {
		wanted[a.ID] = i
	}
	for _, b := range s.packed {
		data, err := io.ReadAll(flate.NewReader(bytes.NewReader(b)))
		if err != nil {
			return err
		}
		var part []detect.Finding
		if err := json.Unmarshal(data, &part); err != nil {
			return err
		}
		for _, f := range part {
			if i, ok := wanted[f.ID]; ok {
				alerts[i].Finding = f
			}
		}
	}
	return nil
}
