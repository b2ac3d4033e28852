package report

import "strings"

func keptRows(kept []Kept) []keptRow {
	out := make([]keptRow, 0, len(kept))
	for _, k := range kept {
		out = append(out, keptRow{Ref: k.Ref.String(), Title: words(strings.ReplaceAll(string(k.Ref.Kind), ".", ": ")), InEffect: !k.Term.Running,
			Started: k.Term.Started.String(), Through: k.Term.KeepThrough.String(), Why: strings.Join(k.Term.Trace, "; ")})
	}
	return out
}
