package detect

import (
	"encoding/base64"
	"encoding/binary"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// daySetsWritten is how the sets are written: the tokens in order, and every set as the differences between the places
// of its things in that order.
type daySetsWritten struct {
	Tokens   string                  `json:"tokens,omitempty"`
	Subjects map[string][]dayWritten `json:"subjects"`
	Below    string                  `json:"below,omitempty"` // see [membersBound]
}

type dayWritten struct {
	Day   hipaasmp.Date `json:"day"`
	Class int32         `json:"class,omitempty"`
	First EventRef      `json:"first"`
	Set   string        `json:"set"`
}

func (s *daySets) written() daySetsWritten {
	out := daySetsWritten{Subjects: make(map[string][]dayWritten, len(s.days)), Below: s.writtenBelow()}
	things, from := s.grouped()
	tokens, known := make([]token, s.things.len()), make([]bool, s.things.len())
	var order []uint32
	for _, n := range things {
		if !known[n] { // other things of a desk are those of other states
			tokens[n], known[n] = keyOf(s.things.text(n)), true
			order = append(order, n)
		}
	}
	slices.SortFunc(order, func(a, b uint32) int { return slices.Compare(tokens[a][:], tokens[b][:]) })
	place := make([]uint32, len(tokens))
	all := make([]byte, 0, len(order)*len(token{}))
	for i, n := range order {
		place[n] = uint32(i)
		all = append(all, tokens[n][:]...)
	}
	out.Tokens = base64.StdEncoding.EncodeToString(all)
	for i, t := range things {
		things[i] = place[t]
	}
	var set []byte
	for subject := range uint32(len(s.days)) {
		list := make([]dayWritten, 0, len(s.days[subject].cells))
		for _, c := range s.days[subject].cells {
			set = set[:0]
			if s.limit > 0 && int(c) < len(s.least) {
				for _, h := range s.least[c] {
					set = binary.BigEndian.AppendUint64(set, h)
				}
			}
			places := things[from[c]:from[c+1]]
			slices.Sort(places)
			last := uint32(0)
			for _, p := range places {
				set = binary.AppendUvarint(set, uint64(p-last))
				last = p
			}
			x := s.cells.at(c)
			list = append(list, dayWritten{dateOf(x.day), x.class, s.crumbs.ref(&x.first), base64.StdEncoding.EncodeToString(set)})
		}
		out.Subjects[string(s.subjects.text(subject))] = list
	}
	return out
}

// read takes what was written. Whatever it lets through, the caller writes again and compares.
func (s *daySets) read(in daySetsWritten) bool {
	all, err := base64.StdEncoding.DecodeString(in.Tokens)
	if err != nil || len(all)%len(token{}) != 0 || in.Subjects == nil || !s.readBelow(in.Below) {
		return false
	}
	for ; len(all) > 0; all = all[len(token{}):] {
		s.byToken(token(all[:len(token{})]))
	}
	used := make([]bool, s.things.len())
	for name, list := range in.Subjects {
		if !isPlain(name) || len(list) == 0 {
			return false
		}
		subject := s.subject(name)
		for _, w := range list {
			set, err := base64.StdEncoding.DecodeString(w.Set)
			if err != nil || !w.First.sound() || w.First.At.IsZero() || w.Day.IsZero() || len(set) == 0 && in.Below == "" {
				return false
			}
			c := s.seeRef(subject, dayNumber(w.Day), w.First)
			s.cells.at(c).class = w.Class
			if s.limit > 0 {
				for ; len(set) >= 8; set = set[8:] {
					s.hash(c, binary.BigEndian.Uint64(set))
				}
				continue
			}
			for last := uint64(0); len(set) > 0; {
				step, n := binary.Uvarint(set)
				if n <= 0 || step >= uint64(len(used)) || last+step >= uint64(len(used)) {
					return false
				}
				last += step
				s.put(c, uint32(last))
				used[last] = true
				set = set[n:]
			}
		}
	}
	return !slices.Contains(used, false)
}
