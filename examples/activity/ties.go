package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ties are the relations of users to patients, as pairs of numbers.
type ties struct {
	ids   idents // of users and of patients
	users roll
	pairs pairs
}

// readTies reads a CSV file with the columns user and patient.
func readTies(in io.Reader) (*ties, error) {
	t := &ties{}
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
		t.pairs.room(1)
		t.pairs.mark(pair(t.users.number(t.ids.number(row[user])), t.ids.number(row[patient])), tied)
		if t.full() {
			return nil, errIdents
		}
	}
}

// full reports whether identities were met that cannot be told apart any more.
func (t *ties) full() bool { return t.ids.full || t.users.n > mostUsers }

// roll numbers users without gaps from 1, by the numbers of their identities. Those whose digits say a small number, which
// most do, lie close together in a table of their form; the others in one with open addressing.
type roll struct {
	close [mostForms + 1][]uint32 // 0 is free
	slots []uint64                // the identity above, the number below; 0 is free
	far   uint32                  // users in slots
	n     uint32
}

const closeSize = 1 << 16

func (r *roll) number(ident uint32) uint32 {
	form, value := ident>>digitBits, ident&(1<<digitBits-1)
	if table := r.close[form]; value < uint32(len(table)) && table[value] != 0 {
		return table[value]
	}
	if value >= closeSize {
		return r.search(ident)
	}
	for value >= uint32(len(r.close[form])) {
		r.close[form] = append(r.close[form], make([]uint32, max(1024, len(r.close[form])))...)
	}
	r.n++
	r.close[form][value] = r.n
	return r.n
}

func (r *roll) search(ident uint32) uint32 {
	if 2*(r.far+1) > uint32(len(r.slots)) {
		r.grow()
	}
	mask := uint64(len(r.slots) - 1)
	for i := scatter(uint64(ident)) & mask; ; i = (i + 1) & mask {
		switch have := r.slots[i]; {
		case have == 0:
			r.n, r.far = r.n+1, r.far+1
			r.slots[i] = uint64(ident)<<32 | uint64(r.n)
			return r.n
		case uint32(have>>32) == ident:
			return uint32(have)
		}
	}
}

func (r *roll) grow() {
	old := r.slots
	r.slots = make([]uint64, max(1024, 2*len(old)))
	mask := uint64(len(r.slots) - 1)
	for _, have := range old {
		if have == 0 {
			continue
		}
		i := scatter(have>>32) & mask
		for r.slots[i] != 0 {
			i = (i + 1) & mask
		}
		r.slots[i] = have
	}
}
