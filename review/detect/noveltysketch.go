package detect

import (
	"encoding/base64"
	"encoding/binary"
	"maps"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// noveltySample is what is kept of one aspect of an actor under a memory limit: the days, and of the things that were
// touched those with the smallest hashes, each with the days on which it was touched. A thing among the smallest of all is
// among the smallest of every part of the log that has it, so samples of parts add up to that of the whole, and it is as
// fair a sample of the things that are new as of all.
type noveltySample struct {
	first map[int32]*EventRef // by day
	least []uint64            // in order
	days  map[uint64][]int32  // by hash, in order
}

func newNoveltySample() *noveltySample {
	return &noveltySample{first: map[int32]*EventRef{}, days: map[uint64][]int32{}}
}

// see takes the event as the first of the day if it is.
func (x *noveltySample) see(day int32, e *met) {
	had := x.first[day]
	if had == nil {
		x.first[day] = new(e.ref())
	} else if e.micros() <= microsOf(had.At) && e.compare(*had) < 0 {
		*had = e.ref()
	}
}

// touch takes a thing on a day.
func (x *noveltySample) touch(hash uint64, day int32, limit int) {
	list, had := x.days[hash]
	if !had {
		if len(x.least) == limit {
			if hash > x.least[limit-1] {
				return
			}
			delete(x.days, x.least[limit-1])
		}
		x.least = leastOf(x.least, hash, limit)
	}
	if i, had := slices.BinarySearch(list, day); !had {
		x.days[hash] = slices.Insert(list, i, day)
	}
}

func (x *noveltySample) merge(other *noveltySample, limit int) {
	for day, r := range other.first {
		if had := x.first[day]; had == nil {
			x.first[day] = new(*r)
		} else if r.compare(*had) < 0 {
			*had = *r
		}
	}
	for hash, days := range other.days {
		for _, day := range days {
			x.touch(hash, day, limit)
		}
	}
}

// shares returns the days in order with what was new on them, of the things that are in the sample, and how many things
// each of them stands for.
func (x *noveltySample) shares(limit int) (days []noveltyDay, scale float64) {
	place := map[int32]int{}
	for i, day := range slices.Sorted(maps.Keys(x.first)) {
		place[day] = i
		days = append(days, noveltyDay{day: day, first: *x.first[day]})
	}
	for _, list := range x.days {
		for i, day := range list {
			s := &days[place[day]].share
			s.all++
			if i == 0 {
				s.fresh++
			}
		}
	}
	if len(x.least) < limit {
		return days, 1
	}
	return days, 1 / shareOf(x.least[limit-1])
}

type sampleWritten struct {
	First []EventRef      `json:"first"`
	Days  []hipaasmp.Date `json:"days"`
	Least string          `json:"least"`
	On    [][]uint32      `json:"on"` // by hash: the places of its days
}

func (x *noveltySample) written() sampleWritten {
	var out sampleWritten
	place := map[int32]uint32{}
	for i, day := range slices.Sorted(maps.Keys(x.first)) {
		place[day] = uint32(i)
		out.Days, out.First = append(out.Days, dateOf(day)), append(out.First, *x.first[day])
	}
	var hashes []byte
	out.On = [][]uint32{}
	for _, h := range x.least {
		hashes = binary.BigEndian.AppendUint64(hashes, h)
		on := []uint32{}
		for _, day := range x.days[h] {
			on = append(on, place[day])
		}
		out.On = append(out.On, on)
	}
	out.Least = base64.StdEncoding.EncodeToString(hashes)
	return out
}

// read takes what was written. Whatever it lets through, the caller writes again and compares.
func (x *noveltySample) read(in sampleWritten, limit int) bool {
	hashes, err := base64.StdEncoding.DecodeString(in.Least)
	if err != nil || len(hashes)%8 != 0 || len(hashes)/8 > limit || len(hashes)/8 != len(in.On) || len(in.Days) == 0 || len(in.Days) != len(in.First) {
		return false
	}
	for i, day := range in.Days {
		if day.IsZero() || !in.First[i].sound() || in.First[i].At.IsZero() {
			return false
		}
		x.first[dayNumber(day)] = &in.First[i]
	}
	for i, on := range in.On {
		if len(on) == 0 {
			return false
		}
		for _, p := range on {
			if int64(p) >= int64(len(in.Days)) {
				return false
			}
			x.touch(binary.BigEndian.Uint64(hashes[8*i:]), dayNumber(in.Days[p]), limit)
		}
	}
	return true
}
