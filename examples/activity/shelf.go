package main

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"io"
	"slices"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// shelf keeps findings compressed, and beside each only what a budget asks for. Most findings are never shown, and one may
// name a hundred events.
type shelf struct {
	findings []detect.Finding // without reasons and events
	events   [][]uint64       // by finding: hashes of what its events are known by
	packed   [][]byte         // the findings as JSON, shelfSize together
	seed     maphash.Seed
}

const shelfSize = 512

// put keeps findings.
func (s *shelf) put(findings []detect.Finding) error {
	if s.findings == nil {
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
			hashes := make([]uint64, len(f.Events))
			for i, e := range f.Events {
				hashes[i] = s.hash(e)
			}
			s.events = append(s.events, hashes)
			f.Reasons, f.Events, f.Patients = nil, nil, nil
			s.findings = append(s.findings, f)
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
	var all []naming
	numbers := map[detect.ID]int32{}
	for i, f := range s.findings {
		n, ok := numbers[f.Detector]
		if !ok {
			n = int32(len(numbers))
			numbers[f.Detector] = n
		}
		for _, h := range s.events[i] {
			all = append(all, naming{h, n})
		}
	}
	slices.SortFunc(all, func(a, b naming) int {
		if a.hash != b.hash {
			if a.hash < b.hash {
				return -1
			}
			return 1
		}
		return int(a.detector - b.detector)
	})
	several := map[uint64]bool{}
	for i := 1; i < len(all); i++ {
		if all[i].hash == all[i-1].hash && all[i].detector != all[i-1].detector {
			several[all[i].hash] = true
		}
	}
	for i := range s.findings {
		for _, h := range s.events[i] {
			if several[h] {
				s.findings[i].Events = append(s.findings[i].Events, detect.EventRef{ID: fmt.Sprintf("%016x", h)})
			}
		}
	}
	out := s.findings
	s.findings, s.events = nil, nil
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
