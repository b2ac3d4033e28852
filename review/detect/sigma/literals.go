package sigma

import (
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// needed returns folded literals of which one stands in every text that the expression fits, and false where there are
// none.
func needed(expr string) ([]string, bool) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, false
	}
	out := literals(re.Simplify(), 0)
	return out, len(out) > 0
}

func literals(re *syntax.Regexp, depth int) []string {
	if depth > maxNesting {
		return nil
	}
	switch re.Op {
	case syntax.OpLiteral:
		if slices.Contains(re.Rune, utf8.RuneError) { // stands for bytes that are no UTF-8, too
			return nil
		}
		return []string{folded(string(re.Rune))}
	case syntax.OpCapture, syntax.OpPlus:
		return literals(re.Sub[0], depth+1)
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literals(re.Sub[0], depth+1)
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if l := literals(sub, depth+1); len(l) > 0 && (best == nil || shortest(l) > shortest(best)) {
				best = l
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			l := literals(sub, depth+1)
			if len(l) == 0 || len(all) > 64 {
				return nil
			}
			all = append(all, l...)
		}
		return all
	}
	return nil
}

func shortest(texts []string) int {
	n := len(texts[0])
	for _, t := range texts {
		n = min(n, len(t))
	}
	return n
}
