package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/hipaasmp/hipaasmp/evidence"
)

// what says of each level what it asks, and what is counted at it.
var what = map[evidence.Level]struct{ asks, counted string }{
	evidence.LevelArchive:      {"is every file the one that the signed manifest lists", "files"},
	evidence.LevelShape:        {"has every document the shape of its schema", "documents"},
	evidence.LevelLeaves:       {"is every document the one that its ledger entry commits to", "documents"},
	evidence.LevelInclusion:    {"is every entry in the ledger under the signed checkpoint", "entries"},
	evidence.LevelConsistency:  {"does the ledger continue every earlier checkpoint", "checkpoints"},
	evidence.LevelCompleteness: {"is no entry missing, and has what was destroyed a certificate", "entries"},
	evidence.LevelRetention:    {"do retention terms and holds follow from the ledger", "records"},
	evidence.LevelAnchors:      {"does the ledger agree with what was kept out of the sender's reach", "checkpoints"},
}

// tell prints the report for a person. What comes from the package is printed without control characters.
func tell(out io.Writer, file string, r evidence.Report) error {
	p := &printer{w: out}
	p.line("%s", file)
	if m := r.Manifest; m.Tenant != "" {
		p.line("  of        %s, about %s, asked on %s", m.Tenant, m.Period, m.AsOf)
		p.line("  made      %s", m.Made.Format("2006-01-02 15:04:05 MST"))
		p.line("  ledger    %s, %d entries: %s", m.Ledger.Origin, m.Ledger.Size, m.Entries)
		p.line("  signed by %s", r.Key)
		p.line("  evidence  %s", count(len(m.Exhibits), "record"))
	}
	p.line("")
	p.line("%-13s %-12s %6s %-12s %s", "level", "outcome", "", "checked", "what it asks")
	for _, l := range r.Levels {
		mark := map[evidence.Outcome]string{evidence.OutcomePassed: "holds", evidence.OutcomeFailed: "FAILS", evidence.OutcomeNotClaimed: "not claimed", evidence.OutcomeNotReached: "not reached"}[l.Outcome]
		p.line("%-13s %-12s %6d %-12s %s?", l.Level, mark, l.Checked, what[l.Level].counted, what[l.Level].asks)
		for _, f := range l.Findings {
			p.line("    %s", f.Error())
		}
		if l.More > 0 {
			p.line("    and %d more", l.More)
		}
		for _, n := range l.Notes {
			p.line("    note: %s", n)
		}
	}
	p.line("")
	if r.Passed() {
		p.line("The package verifies: every level that it claims holds.")
	} else {
		p.line("The package does not verify.")
	}
	return p.err
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// printer remembers the first error of the writer.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err != nil {
		return
	}
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, fmt.Sprintf(format, args...))
	_, p.err = fmt.Fprintln(p.w, strings.TrimRight(text, " "))
}
