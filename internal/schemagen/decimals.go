package main

import (
	"fmt"
	"strings"

	"github.com/invopop/jsonschema"
	"github.com/shopspring/decimal"
)

// decimalRange returns the definition of the decimals from lo to hi, either of which may be empty. JSON Schema compares
// numbers only, and a decimal is a string, so the bounds become patterns over its canonical spelling.
func decimalRange(lo, hi string) (name string, s *jsonschema.Schema, err error) {
	s = &jsonschema.Schema{Ref: ref(defDecimal)}
	var words []string
	name = defDecimal
	for _, b := range []struct {
		text, word string
		pattern    func(whole, fraction string) string
	}{{lo, "from", atLeast}, {hi, "to", atMost}} {
		if b.text == "" {
			continue
		}
		d, err := decimal.NewFromString(b.text)
		if err != nil || d.IsNegative() || d.String() != b.text {
			return "", nil, fmt.Errorf("bound %q of a decimal is not a canonical decimal of at least 0", b.text)
		}
		whole, fraction, _ := strings.Cut(b.text, ".")
		s.AllOf = append(s.AllOf, &jsonschema.Schema{Pattern: `^(` + b.pattern(whole, fraction) + `)$`})
		words = append(words, b.word+" "+b.text)
		name += "." + b.word + "." + b.text
	}
	s.Description = "a decimal " + strings.Join(words, " ")
	return name, s, nil
}

const anyFraction = `(\.[0-9]+)?`

// atMost matches the canonical decimals that are not above whole.fraction.
func atMost(whole, fraction string) string {
	alternatives := []string{`-.*`}
	for _, p := range digitsBelow(whole) {
		alternatives = append(alternatives, p+anyFraction)
	}
	if fraction == "" {
		return strings.Join(append(alternatives, whole), "|")
	}
	tails := []string{}
	for i := range len(fraction) {
		head, digit := fraction[:i], fraction[i]
		if i > 0 {
			tails = append(tails, head)
		}
		if digit > '0' {
			tails = append(tails, fmt.Sprintf("%s[0-%c][0-9]*", head, digit-1))
		}
	}
	tails = append(tails, fraction)
	return strings.Join(append(alternatives, whole+`(\.(`+strings.Join(tails, "|")+`))?`), "|")
}

// atLeast matches the canonical decimals that are not below whole.fraction.
func atLeast(whole, fraction string) string {
	if whole == "0" && fraction == "" {
		return `[0-9].*`
	}
	alternatives := []string{fmt.Sprintf("[1-9][0-9]{%d,}%s", len(whole), anyFraction)}
	for i := range len(whole) {
		if digit := whole[i]; digit < '9' {
			alternatives = append(alternatives, fmt.Sprintf("%s[%c-9][0-9]{%d}%s", whole[:i], digit+1, len(whole)-i-1, anyFraction))
		}
	}
	if fraction == "" {
		return strings.Join(append(alternatives, whole+anyFraction), "|")
	}
	tails := []string{fraction + "[0-9]*"}
	for i := range len(fraction) {
		if digit := fraction[i]; digit < '9' {
			tails = append(tails, fmt.Sprintf("%s[%c-9][0-9]*", fraction[:i], digit+1))
		}
	}
	return strings.Join(append(alternatives, whole+`\.(`+strings.Join(tails, "|")+`)`), "|")
}

// digitsBelow matches the whole numbers below n, without leading zeros.
func digitsBelow(n string) []string {
	var out []string
	if len(n) > 1 {
		out = append(out, "[0-9]")
		for i := 2; i < len(n); i++ {
			out = append(out, fmt.Sprintf("[1-9][0-9]{%d}", i-1))
		}
	}
	for i := range len(n) {
		least := byte('0')
		if i == 0 && len(n) > 1 {
			least = '1'
		}
		if n[i] > least {
			out = append(out, fmt.Sprintf("%s[%c-%c][0-9]{%d}", n[:i], least, n[i]-1, len(n)-i-1))
		}
	}
	return out
}
