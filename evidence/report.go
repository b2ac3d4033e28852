package evidence

import (
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Level is one step of verification. Each stands on those before it.
type Level string

const (
	// LevelArchive: the archive is whole, every file is the one that the manifest lists, and the manifest is signed.
	LevelArchive Level = "archive"
	// LevelShape: every document is canonical JSON in the shape of its schema.
	LevelShape Level = "shape"
	// LevelLeaves: every document is the one that its ledger entry commits to.
	LevelLeaves Level = "leaves"
	// LevelInclusion: every document's entry is in the ledger whose signed checkpoint is in the package.
	LevelInclusion Level = "inclusion"
	// LevelConsistency: the ledger continues every earlier checkpoint, of the package and of the caller.
	LevelConsistency Level = "consistency"
	// LevelCompleteness: no entry of the ledger is missing, and what was destroyed has a certificate.
	LevelCompleteness Level = "completeness"
	// LevelRetention: retention terms and holds follow from the ledger.
	LevelRetention Level = "retention"
	// LevelAnchors: the ledger agrees with the checkpoints that somebody kept where the sender cannot change them.
	LevelAnchors Level = "anchors"
)

// Values returns the members of the enumeration in the order of verification.
func (Level) Values() []Level {
	return []Level{LevelArchive, LevelShape, LevelLeaves, LevelInclusion, LevelConsistency, LevelCompleteness, LevelRetention, LevelAnchors}
}

// IsValid reports whether l is a member.
func (l Level) IsValid() bool {
	_, err := hipaasmp.ParseEnum("evidence.Level", []byte(l), l.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (l Level) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("evidence.Level", l, l.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (l *Level) UnmarshalText(text []byte) (err error) {
	*l, err = hipaasmp.ParseEnum("evidence.Level", text, l.Values())
	return err
}

// Outcome is what verification says of a level.
type Outcome string

const (
	// OutcomePassed: everything was checked and held.
	OutcomePassed Outcome = "passed"
	// OutcomeFailed: something did not hold; the findings say what.
	OutcomeFailed Outcome = "failed"
	// OutcomeNotClaimed: the package does not claim it, so nothing was checked.
	OutcomeNotClaimed Outcome = "not_claimed"
	// OutcomeNotReached: what comes before was too damaged to go on.
	OutcomeNotReached Outcome = "not_reached"
)

// Values returns the members of the enumeration.
func (Outcome) Values() []Outcome {
	return []Outcome{OutcomePassed, OutcomeFailed, OutcomeNotClaimed, OutcomeNotReached}
}

// IsValid reports whether o is a member.
func (o Outcome) IsValid() bool {
	_, err := hipaasmp.ParseEnum("evidence.Outcome", []byte(o), o.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (o Outcome) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("evidence.Outcome", o, o.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (o *Outcome) UnmarshalText(text []byte) (err error) {
	*o, err = hipaasmp.ParseEnum("evidence.Outcome", text, o.Values())
	return err
}

// Finding is one thing that did not hold.
type Finding struct {
	// File is the file of the package in which it shows; empty for the archive as a whole.
	File string `json:"file,omitempty"`
	// Fault has a code of this package; its pointer points into the file where that is a JSON document.
	hipaasmp.Fault
}

// Error returns the code, the place and what did not hold.
func (f Finding) Error() string {
	s := string(f.Code)
	if f.File != "" {
		s += " " + clip(f.File)
	}
	if f.Pointer != "" {
		s += " at " + clip(f.Pointer)
	}
	s += ": " + f.Message
	if f.Citation != "" {
		s += " (" + string(f.Citation) + ")"
	}
	return s
}

// LevelReport is what verification says of one level.
type LevelReport struct {
	// Level is which.
	Level Level `json:"level"`
	// Outcome is how it came out.
	Outcome Outcome `json:"outcome"`
	// Checked counts what was checked: files for the archive, documents for shape and leaves, entries for inclusion and
	// completeness, checkpoints for consistency and anchors, records for retention.
	Checked uint64 `json:"checked"`
	// Findings say what did not hold, as many as Limits.Findings allows.
	Findings []Finding `json:"findings,omitempty"`
	// More counts the findings beyond that.
	More uint64 `json:"more,omitempty"`
	// Notes say what a reader must know beside the outcome.
	Notes []string `json:"notes,omitempty"`
}

// Report is the answer of [Verify].
type Report struct {
	// Manifest is what the package says of itself; zero unless a known key signed it.
	Manifest Manifest `json:"manifest,omitzero"`
	// Key names the key that signed the manifest, name+hash.
	Key string `json:"key,omitempty"`
	// Levels are the levels in their order.
	Levels []LevelReport `json:"levels"`
	// Checkpoint is the signed checkpoint of the package, once a known key is seen to have signed it. Keep it: given as
	// VerifyOptions.Since, it shows that a later package's ledger continues this one.
	Checkpoint []byte `json:"checkpoint,omitempty"`
	// Earlier are the signed checkpoints of earlier packages that the package names, oldest first as it lists them.
	Earlier [][]byte `json:"earlier,omitempty"`
}

// Passed reports whether every level that the package claims came out well.
func (r Report) Passed() bool {
	for _, l := range r.Levels {
		if l.Outcome != OutcomePassed && l.Outcome != OutcomeNotClaimed {
			return false
		}
	}
	return len(r.Levels) > 0
}

// At returns what is said of a level.
func (r Report) At(level Level) LevelReport {
	for _, l := range r.Levels {
		if l.Level == level {
			return l
		}
	}
	return LevelReport{Level: level, Outcome: OutcomeNotReached}
}

// String returns the report as lines for a terminal: one for each level, with its findings and notes below.
func (r Report) String() string {
	var b strings.Builder
	if m := r.Manifest; m.Tenant != "" {
		fmt.Fprintf(&b, "package of %s, %s, ledger %s at %d entries\n", m.Tenant, m.Period, m.Ledger.Origin, m.Ledger.Size)
		if !m.Recorded.IsZero() {
			fmt.Fprintf(&b, "reads as of %s: what was recorded later is not in it\n", m.Recorded.Format("2006-01-02T15:04:05.999999Z"))
		}
	}
	for _, l := range r.Levels {
		fmt.Fprintf(&b, "%-13s %-11s %6d checked\n", l.Level, strings.ReplaceAll(string(l.Outcome), "_", " "), l.Checked)
		for _, f := range l.Findings {
			fmt.Fprintf(&b, "    %s\n", f.Error())
		}
		if l.More > 0 {
			fmt.Fprintf(&b, "    and %d more\n", l.More)
		}
		for _, n := range l.Notes {
			fmt.Fprintf(&b, "    note: %s\n", n)
		}
	}
	return b.String()
}

// VerificationError says that a package did not verify. Unwrap gives the findings, each with its code, and an
// [*ArchiveError] where the archive itself is at fault.
type VerificationError struct {
	// Level is the first that failed.
	Level Level
	// Findings are those of every level.
	Findings []Finding
	causes   []error
}

func (e *VerificationError) Error() string {
	first := ""
	if len(e.Findings) > 0 {
		first = ": " + e.Findings[0].Error()
	}
	more := ""
	if n := len(e.Findings) - 1; n > 0 {
		more = fmt.Sprintf("; and %d more findings", n)
	}
	return fmt.Sprintf("evidence: the package does not verify at level %s%s%s", e.Level, first, more)
}

// Unwrap gives errors.As access to each finding and cause.
func (e *VerificationError) Unwrap() []error {
	out := append([]error(nil), e.causes...)
	for _, f := range e.Findings {
		out = append(out, f)
	}
	return out
}

// Has reports whether one of the findings has the code.
func (e *VerificationError) Has(code hipaasmp.FaultCode) bool {
	for _, f := range e.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}
