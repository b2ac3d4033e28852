package detect

import (
	"math"
	"slices"
	"strings"
	"time"
)

// numbers are a range of numbers without a gap, with the entries at its ends.
type numbers struct {
	From  uint64   `json:"from"`
	To    uint64   `json:"to"`
	First EventRef `json:"first"`
	Last  EventRef `json:"last"`
}

// eraSize is how many numbers make an era.
const eraSize = 1024

type stream struct {
	Ranges []numbers       `json:"ranges"` // in order
	Eras   map[uint64]*era `json:"eras,omitempty"`
	Starts []EventRef      `json:"starts,omitempty"` // what tells of a restart, in order, each once

	// What the last number was of: most numbers are of the same.
	era   uint64
	inEra *era
}

// number returns the number of an entry, and the machine or the log whose numbers they are where the identity names it: a
// machine before a slash and a number behind the last colon, or a machine, a log and a number between slashes, perhaps with
// a time behind them.
func number(id string) (of string, n uint64, ok bool) {
	if i := strings.LastIndexByte(id, '/'); i >= 0 && len(id) > i+11 && id[i+5] == '-' && id[i+11] == 'T' {
		id = id[:i]
		if i = strings.LastIndexByte(id, '/'); i < 0 {
			return "", 0, false
		}
		of, id = id[:i], id[i+1:]
	} else if j := strings.LastIndexByte(id, ':'); j > i {
		of, _, ok = strings.Cut(id[:j], "/")
		if !ok {
			of = ""
		}
		id = id[j+1:]
	} else if i >= 0 && strings.IndexByte(id[:i], '/') >= 0 {
		of, id = id[:i], id[i+1:]
	}
	if id == "" || len(id) > 1 && id[0] == '0' {
		return "", 0, false
	}
	for i := range len(id) {
		c := id[i] - '0'
		if c > 9 || n > (math.MaxUint64-uint64(c))/10 {
			return "", 0, false
		}
		n = 10*n + uint64(c)
	}
	return of, n, true
}

// start takes an entry that tells of a restart.
func (x *stream) start(r EventRef) {
	if i, had := slices.BinarySearchFunc(x.Starts, r, EventRef.compare); !had {
		x.Starts = slices.Insert(x.Starts, i, r)
	}
}

// see takes the number of an event. Most go on where the last one was.
func (x *stream) see(n uint64, e *met) {
	if i := len(x.Ranges) - 1; i >= 0 && n > 0 && x.Ranges[i].To == n-1 {
		x.Ranges[i].To, x.Ranges[i].Last = n, e.ref()
		return
	}
	r := e.ref()
	x.put(numbers{n, n, r, r})
}

// put takes a range. Ranges that touch or overlap are one.
func (x *stream) put(r numbers) {
	from, _ := slices.BinarySearchFunc(x.Ranges, r, func(a, r numbers) int {
		if a.To < r.From && r.From-a.To > 1 {
			return -1
		}
		return 1
	})
	to := from
	for to < len(x.Ranges) && (x.Ranges[to].From <= r.To || x.Ranges[to].From-r.To == 1) {
		a := x.Ranges[to]
		if a.From < r.From || a.From == r.From && a.First.compare(r.First) < 0 {
			r.From, r.First = a.From, a.First
		}
		if a.To > r.To || a.To == r.To && a.Last.compare(r.Last) > 0 {
			r.To, r.Last = a.To, a.Last
		}
		to++
	}
	if to == from+1 {
		x.Ranges[from] = r
		return
	}
	x.Ranges = slices.Replace(x.Ranges, from, to, r)
}

// round returns the index of the range behind the widest gap if the numbers went round, and 0 if they did not.
func (x *stream) round() int {
	if n := len(x.Ranges); n < 2 || x.Ranges[0].From > 1 || !wraps(x.Ranges[n-1].To) {
		return 0
	}
	widest := 1
	for i := range x.Ranges {
		if i > 0 && x.Ranges[i].From-x.Ranges[i-1].To > x.Ranges[widest].From-x.Ranges[widest-1].To {
			widest = i
		}
	}
	return widest
}

func wraps(n uint64) bool { return n == math.MaxUint16 || n == math.MaxUint32 || n == math.MaxUint64 }

// startBetween returns the first entry that tells of a restart after one time and not after another, or nil.
func (x *stream) startBetween(after, until time.Time) *EventRef {
	i := slices.IndexFunc(x.Starts, func(r EventRef) bool { return r.At.After(after) })
	if i < 0 || x.Starts[i].At.After(until) {
		return nil
	}
	return &x.Starts[i]
}
