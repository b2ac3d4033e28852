package main

import (
	"errors"
	"math/bits"
	"strings"
)

// idents give every text a number that no other text has. A text of a short word and up to eight digits behind it, such as
// MRN0026185, has its number in itself: the digits, and the form that they stand in, which is the word and how many digits
// follow. So nothing need be kept of it or looked up in memory. All other texts are numbered in the order in which they
// come. The zero value is ready.
type idents struct {
	forms  []uint64 // of the numbers from 1<<digitBits on
	recent int      // the form that was met last
	others map[string]uint32
	full   bool
}

// A number is five bits of the form, 0 for texts that have none, and 27 bits that hold any eight digits.
const (
	digitBits = 27
	mostForms = 1<<(32-digitBits) - 1
)

var errIdents = errors.New("the files name more identities that are no numbers than can be told apart, 134 millions; count fewer files at a time")

// number returns the number of a text; that of the empty text is 0.
func (d *idents) number(text string) uint32 {
	if form, value, ok := formOf(text); ok {
		if d.recent < len(d.forms) && d.forms[d.recent] == form {
			return uint32(d.recent+1)<<digitBits | value
		}
		if at, ok := d.form(form); ok {
			return uint32(at+1)<<digitBits | value
		}
	}
	return d.other(text)
}

// form finds a form, or takes a further one as long as there are numbers for it.
func (d *idents) form(form uint64) (at int, ok bool) {
	for at, f := range d.forms {
		if f == form {
			d.recent = at
			return at, true
		}
	}
	if len(d.forms) == mostForms {
		return 0, false
	}
	d.forms = append(d.forms, form)
	d.recent = len(d.forms) - 1
	return d.recent, true
}

func (d *idents) other(text string) uint32 {
	if text == "" {
		return 0
	}
	n, ok := d.others[text]
	if ok {
		return n
	}
	if len(d.others) == 1<<digitBits-1 {
		d.full = true
		return 0
	}
	if d.others == nil {
		d.others = map[string]uint32{}
	}
	n = uint32(len(d.others)) + 1
	d.others[strings.Clone(text)] = n
	return n
}

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
	zeros = '0' * ones
)

// formOf takes a text apart into its form and the value of its last digits. Form and value together are the text: the
// form is the bytes before the digits, how many they are, and how many digits follow.
func formOf(text string) (form uint64, value uint32, ok bool) {
	n := len(text)
	if n == 0 || n > 15 {
		return 0, 0, false
	}
	front, back := ends(text)
	x := back ^ zeros // turns the digits, and nothing else, into 0 to 9
	others := (x&^highs + (0x7f-9)*ones | x) & highs
	digits := bits.LeadingZeros64(others) / 8
	word := n - digits
	if digits == 0 || word > 7 {
		return 0, 0, false
	}
	form = front&(1<<(8*word)-1) | uint64(word<<4|digits)<<56
	before := uint64(1)<<(64-8*digits) - 1
	return form, eightDigits(back&^before | zeros&before), true
}

// ends returns the first eight bytes of a text, the first lowest, and the last eight, the last highest. Of a shorter text
// the rest is zero.
func ends(text string) (front, back uint64) {
	n := len(text)
	if n >= 8 {
		return load(text), load(text[n-8:])
	}
	for i := range n {
		front |= uint64(text[i]) << (8 * i)
	}
	return front, front << (64 - 8*n)
}

func load(t string) uint64 {
	_ = t[7]
	return uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 | uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
}

// eightDigits is the value of eight digits, the first in the lowest byte: pairs, then fours, then all.
func eightDigits(d uint64) uint32 {
	d -= zeros
	d = (d*10 + d>>8) & 0x00ff00ff00ff00ff
	d = (d*100 + d>>16) & 0x0000ffff0000ffff
	return uint32(d*10000 + d>>32)
}
