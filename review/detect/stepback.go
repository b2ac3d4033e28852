package detect

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// stepBack is an entry of a file that lies behind a later one.
type stepBack struct {
	later, behind EventRef
	by            time.Duration
}

// stepBack returns the latest entry of the file, and the widest step back in it: the first of several that are as wide.
func (x *fileTimes) stepBack() (latest EventRef, widest stepBack) {
	for _, n := range slices.Sorted(maps.Keys(x.Parts)) {
		e := x.Parts[n]
		if !latest.At.IsZero() {
			if by := latest.At.Sub(e.Earliest.At); by > widest.by {
				widest = stepBack{latest, e.Earliest, by}
			}
		}
		if latest.At.IsZero() || e.Latest.compare(latest) > 0 {
			latest = e.Latest
		}
	}
	return latest, widest
}

// stepWords says how far the files of a source step back.
func stepWords(steps []stepBack, setting time.Duration) []string {
	widest := steps[0]
	for _, s := range steps {
		if s.by > widest.by {
			widest = s
		}
	}
	name := named(widest.behind.Raw.File, "a file without a name")
	out := []string{fmt.Sprintf("entries of %s lie behind entries that are up to %s later; the setting is %s", name, widest.by, setting)}
	if others := len(steps) - 1; others > 0 {
		out = append(out, fmt.Sprintf("so do entries of %s of the source, by less or as much", plural(others, "other file", "other files")))
	}
	return append(out, "the finding names the widest step of each file")
}

func stepRefs(steps []stepBack) []EventRef {
	var out []EventRef
	for _, s := range steps {
		out = append(out, s.later, s.behind)
	}
	return unique(out)
}
