package retention

import (
	"errors"
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// ErrRetained is what every [*RetainedError] is, for errors.Is.
var ErrRetained = errors.New("retention: record must still be kept")

// ErrHeld is what every [*HeldError] is, for errors.Is.
var ErrHeld = errors.New("retention: record is under hold")

// RetainedError refuses a disposal because the record must still be kept.
type RetainedError struct {
	Ref hipaasmp.Ref
	// Until is the last day to keep; zero while the clock has not started.
	Until hipaasmp.Date
	// FirstDisposal is the first day on which disposal may be proposed; zero while the clock has not started.
	FirstDisposal hipaasmp.Date
	// Rule is the rule that decided.
	Rule string
	// Reason is how the rule came to it.
	Reason string
}

func (e *RetainedError) Error() string {
	if e.Until.IsZero() {
		return fmt.Sprintf("retention: %s must be kept: %s", e.Ref.Brief(), e.Reason)
	}
	return fmt.Sprintf("retention: %s must be kept through %s; dispose of it on %s at the earliest (%s)", e.Ref, e.Until, e.FirstDisposal, e.Reason)
}

// Is makes every RetainedError match [ErrRetained].
func (e *RetainedError) Is(target error) bool { return target == ErrRetained }

// HeldError refuses a disposal because holds are open.
type HeldError struct {
	Ref hipaasmp.Ref
	// Matters are the open holds.
	Matters []string
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("retention: %s is under hold for %s; release every hold before disposal", e.Ref, strings.Join(e.Matters, ", "))
}

// Is makes every HeldError match [ErrHeld].
func (e *HeldError) Is(target error) bool { return target == ErrHeld }
