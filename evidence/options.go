package evidence

import (
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/storage"
)

// Options says what goes into a package. Period, AsOf, Made and Signer must be given.
type Options struct {
	// Period is the time that the package speaks about. It selects nothing by itself; see Include.
	Period hipaasmp.Period
	// AsOf is the civil day, in the entity's zone, for which gaps and retention are told.
	AsOf hipaasmp.Date
	// Made is when the package is made. It stands in the manifest; nothing else of a package depends on the clock.
	Made time.Time
	// Signer signs the manifest. It must be the key that signed the ledger's newest checkpoint, so that who verifies
	// needs one key and not two; DSSE and checkpoints cannot be mistaken for each other. A note.Signer may stand for a
	// key in a KMS.
	Signer note.Signer
	// VerifierKey is the public half of Signer as text, name+hash+data. It may be left out for a [*storage.Signer],
	// which brings its own. It is used to check the package before it leaves; it is not put into the package, for a key
	// that comes with what it verifies proves nothing.
	VerifierKey string
	// Recorded makes the package read as it would have read at this instant: the ledger ends with what was recorded by
	// then, under the checkpoint that was signed then. The zero time means now. Content that was destroyed since is not
	// there and counts as withheld; what is not in the past is not bent, so AsOf, Gaps and Parts should be of that day too.
	Recorded time.Time
	// Since are signed checkpoints that the recipient may hold, those of earlier packages for example. The package
	// proves that the ledger continues each of them.
	Since [][]byte
	// Gaps are what the sender's own checks found missing.
	Gaps []hipaasmp.Gap
	// Exhibits are the records that are given as evidence; see [Cite]. Their content is always included.
	Exhibits []Exhibit
	// Parts are further files, such as a report.
	Parts []Part
	// Contents says of which versions the content goes in: EveryVersion, which is also the default, or NewestVersion.
	Contents Contents
	// Include narrows the content further: documents for whose envelope it answers false are withheld. The manifest
	// then says that the versions were selected. Nil includes all. Holds, extensions, certificates and epochs are the
	// ledger's own acts and are always in.
	Include func(storage.Envelope) bool
	// Progress, if given, is told how far Write has come: after every thousand entries of the ledger and after each file.
	// It is called from the goroutine that called Write, and changes no byte.
	Progress func(Progress)
	// Sparse lists only the ledger entries whose content is in the package. Completeness is then not claimed, and
	// retention and holds are told but not proved. Use it when the ledger is too large to list.
	Sparse bool
}

// OptionsError says which option is missing or wrong.
type OptionsError struct {
	// Option names the field.
	Option string
	// Reason says what is wrong and what to do.
	Reason string
}

func (e *OptionsError) Error() string {
	return fmt.Sprintf("evidence: option %s %s", e.Option, e.Reason)
}

// check completes the options and returns the verifier of the signer.
func (o *Options) check() (note.Verifier, error) {
	if o.Contents == "" {
		o.Contents = EveryVersion
	}
	switch {
	case !o.Period.InOrder():
		return nil, &OptionsError{"Period", "is missing or ends before it begins; give the time that the package speaks about"}
	case o.AsOf.IsZero():
		return nil, &OptionsError{"AsOf", "is missing; give the civil day in the entity's zone"}
	case o.Made.IsZero():
		return nil, &OptionsError{"Made", "is missing; give the time"}
	case o.Contents != EveryVersion && o.Contents != NewestVersion:
		return nil, &OptionsError{"Contents", "is neither EveryVersion nor NewestVersion; use Include to select"}
	case o.Signer == nil:
		return nil, &OptionsError{"Signer", "is missing; give the key that signs the ledger's checkpoints"}
	}
	o.Made = hipaasmp.Instant(o.Made)
	if !o.Recorded.IsZero() {
		if o.Recorded = hipaasmp.Instant(o.Recorded); o.Recorded.After(o.Made) {
			return nil, &OptionsError{"Recorded", "is after Made; give an instant that has passed, or none for now"}
		}
	}
	o.Exhibits = onceEach(o.Exhibits)
	if own, ok := o.Signer.(interface{ VerifierKey() string }); ok && o.VerifierKey == "" {
		o.VerifierKey = own.VerifierKey()
	}
	verifier, err := note.NewVerifier(o.VerifierKey)
	if err != nil {
		return nil, &OptionsError{"VerifierKey", "is no verifier key; give the line name+hash+data that belongs to Signer"}
	}
	if verifier.Name() != o.Signer.Name() || verifier.KeyHash() != o.Signer.KeyHash() {
		return nil, &OptionsError{"VerifierKey", "belongs to another key than Signer"}
	}
	gaps := GapList{Header: hipaasmp.NewHeader(KindGaps, "gaps"), AsOf: o.AsOf, Gaps: o.Gaps}
	if faults := validate.Shape(gaps); faults != nil {
		return nil, hipaasmp.Invalid(hipaasmp.Ref{Kind: KindGaps}, faults)
	}
	return verifier, checkParts(o.Parts)
}
