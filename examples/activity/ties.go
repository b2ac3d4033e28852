package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ties are the relations of users to patients, as pairs of numbers from 1.
type ties struct {
	users    map[string]uint32
	patients numbers
	pairs    pairs
}

// readTies reads a CSV file with the columns user and patient.
func readTies(in io.Reader) (*ties, error) {
	t := &ties{users: map[string]uint32{}}
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; it needs the columns user and patient")
	} else if err != nil {
		return nil, err
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	user, patient := slices.Index(header, "user"), slices.Index(header, "patient")
	for at, name := range map[string]int{"user": user, "patient": patient} {
		if name < 0 {
			return nil, fmt.Errorf("the column %s is missing; the file has %s", at, strings.Join(header, ", "))
		}
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		} else if err != nil {
			return nil, err
		}
		if row[user] == "" || row[patient] == "" {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("line %d has an empty user or patient; fill it, or take the line out", line)
		}
		t.pairs.mark(pair(number(t.users, row[user]), t.patients.number(row[patient])), tied)
	}
}

// number numbers texts from 1 in the order in which they come.
func number(m map[string]uint32, text string) uint32 {
	n, ok := m[text]
	if !ok {
		n = uint32(len(m)) + 1
		m[strings.Clone(text)] = n
	}
	return n
}

// numbers does the same for many short texts: those of up to 15 bytes lie in the map itself, so that a look-up does not
// follow them through memory. The zero value is ready.
type numbers struct {
	short map[[16]byte]uint32
	long  map[string]uint32
}

func inline(text string) (key [16]byte, ok bool) {
	if len(text) > 15 {
		return key, false
	}
	copy(key[:], text)
	key[15] = byte(len(text))
	return key, true
}

func (m *numbers) get(text string) (uint32, bool) {
	if key, ok := inline(text); ok {
		n, known := m.short[key]
		return n, known
	}
	n, known := m.long[text]
	return n, known
}

func (m *numbers) number(text string) uint32 {
	n, known := m.get(text)
	if known {
		return n
	}
	if m.short == nil {
		m.short, m.long = map[[16]byte]uint32{}, map[string]uint32{}
	}
	n = uint32(len(m.short)+len(m.long)) + 1
	if key, ok := inline(text); ok {
		m.short[key] = n
	} else {
		m.long[strings.Clone(text)] = n
	}
	return n
}

// What is known of a pair.
const (
	tied  uint64 = 1 << iota // there is a relation
	met                      // there was an access
	marks = tied | met
)

// pair makes a key of two numbers: 30 bits of the user and 32 of the patient, with room for the marks.
func pair(user, patient uint32) uint64 { return uint64(user)<<34 | uint64(patient)<<2 }

// pairs is a set of pairs with what is known of each: one word each, with open addressing.
type pairs struct {
	slots []uint64 // 0 is free
	n     int
}

// mark adds what is known of a pair, and returns what was known before.
func (p *pairs) mark(key, what uint64) (before uint64) {
	if 4*(p.n+1) > 3*len(p.slots) {
		p.grow(max(1024, 2*len(p.slots)))
	}
	mask := uint64(len(p.slots) - 1)
	for i := scatter(key) & mask; ; i = (i + 1) & mask {
		switch have := p.slots[i]; {
		case have&^marks == key:
			p.slots[i] = have | what
			return have & marks
		case have == 0:
			p.slots[i] = key | what
			p.n++
			return 0
		}
	}
}

func (p *pairs) grow(size int) {
	old := p.slots
	p.slots = make([]uint64, size)
	mask := uint64(size - 1)
	for _, have := range old {
		if have == 0 {
			continue
		}
		i := scatter(have&^marks) & mask
		for p.slots[i] != 0 {
			i = (i + 1) & mask
		}
		p.slots[i] = have
	}
}

func scatter(k uint64) uint64 {
	k = (k ^ k>>32) * 0x9e3779b97f4a7c15
	return k ^ k>>29
}

// split takes the pairs apart by user into so many sets.
func (p *pairs) split(n int) []pairs {
	if n == 1 {
		return []pairs{*p}
	}
	out := make([]pairs, n)
	for _, have := range p.slots {
		if have != 0 {
			out[int(have>>34)%n].mark(have&^marks, have&marks)
		}
	}
	*p = pairs{}
	return out
}
