package risk

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// LevelPair says to which level of another scale a level of risk converts.
type LevelPair struct {
	// From is a level of risk of the one scale.
	From Level `json:"from" validate:"enum"`
	// To is the level of the other scale that compares with it.
	To Level `json:"to" validate:"enum"`
}

// Conversion is somebody's decision how the levels of risk of one scale compare with those of another. Without one, scores
// of different scales do not compare. It makes no score: a finding is scored on another scale by judging it again.
type Conversion struct {
	// ID is the identity of the conversion; its last segment is the version, as of a scale.
	ID string `json:"id" validate:"required,text"`
	// From is the one scale.
	From ScaleRef `json:"from"`
	// To is the other scale.
	To ScaleRef `json:"to"`
	// Levels gives for every level of risk of From one of To, lowest first, and never goes down.
	Levels []LevelPair `json:"levels" validate:"min=1,dive"`
	// By is the person who decided.
	By hipaasmp.Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// Reason says why the levels compare in this way.
	Reason string `json:"reason" validate:"required,text"`
}

// NewConversion records how the levels of risk of one scale compare with those of another. levels gives every level of
// from once. The error is a [*hipaasmp.ValidationError] with pointers into the conversion.
func NewConversion(id string, from, to Scale, levels []LevelPair, reason string, by hipaasmp.Actor, at time.Time) (Conversion, error) {
	c := Conversion{ID: id, From: from.Ref(), To: to.Ref(), Levels: slices.Clone(levels), By: by, At: hipaasmp.Instant(at), Reason: reason}
	var f validate.Faults
	f.Append(validate.Shape(c)...)
	c.check(&f, "", []Scale{from, to})
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, f.List()); err != nil {
		return Conversion{}, err
	}
	return c, nil
}

// Level returns the level of To for a level of risk of From. [LevelNotAssessed] stays what it is; for a level that the
// conversion does not give the second result is false.
func (c Conversion) Level(l Level) (Level, bool) {
	if l == LevelNotAssessed {
		return l, true
	}
	for _, p := range c.Levels {
		if p.From == l {
			return p.To, true
		}
	}
	return LevelNotAssessed, false
}

func (c Conversion) clone() Conversion {
	c.Levels = slices.Clone(c.Levels)
	return c
}

// check adds the faults of the conversion against the scales that are known.
func (c Conversion) check(f *validate.Faults, at string, others []Scale) {
	fault := func(pointer, format string, args ...any) { f.Add(FaultConversion, at+pointer, format, args...) }
	if !versioned(c.ID) && c.ID != "" {
		fault("/id", "does not end in a version; write it as name/1")
	}
	from, knownFrom := scaleOf(c.From, others)
	to, knownTo := scaleOf(c.To, others)
	for _, side := range []struct {
		pointer string
		ref     ScaleRef
		known   bool
	}{{"/from", c.From, knownFrom}, {"/to", c.To, knownTo}} {
		if !side.known && side.ref != (ScaleRef{}) {
			f.Add(FaultScale, at+side.pointer, "is a scale that is not known here; use one of Scales, or let the tables of your own travel with it")
		}
	}
	if c.From == c.To && c.From != (ScaleRef{}) {
		fault("/to", "is the scale it converts from; scores of one scale compare by themselves")
	}
	var given []Level
	for i, p := range c.Levels {
		here := hipaasmp.Pointer("levels", i)
		switch {
		case knownFrom && !from.Has(p.From):
			fault(here+"/from", "%q is no level of risk of %s", p.From, from.ID())
		case knownTo && !to.Has(p.To):
			fault(here+"/to", "%q is no level of risk of %s", p.To, to.ID())
		case slices.Contains(given, p.From):
			fault(here+"/from", "%q is converted twice; give each level once", p.From)
		}
		given = append(given, p.From)
		if i == 0 {
			continue
		}
		before := c.Levels[i-1]
		up, okFrom := p.From.Compare(before.From)
		rises, okTo := p.To.Compare(before.To)
		if okFrom && up < 0 || okTo && rises < 0 {
			fault(here, "goes down from (%s, %s) to (%s, %s); list levels lowest first, and let a higher one not convert to a lower", before.From, before.To, p.From, p.To)
		}
	}
	for _, l := range from.Levels() {
		if knownFrom && !slices.Contains(given, l) {
			fault("/levels", "does not say what %s of %s converts to; give every level of risk", l, from.ID())
		}
	}
}

// ScaleMismatchError says that two scores are on different scales and that no conversion was given between them.
type ScaleMismatchError struct {
	// A and B are the scales of the two scores.
	A, B ScaleRef
}

func (e *ScaleMismatchError) Error() string {
	return fmt.Sprintf("risk: scores on %s and on %s do not compare; give a Conversion between the two scales, or score both on one", e.A.name(), e.B.name())
}

// name tells apart two versions of the tables under one identity.
func (r ScaleRef) name() string {
	return fmt.Sprintf("%q (%.8s)", clip(r.ID), string(r.Digest))
}

// CompareScores compares the levels of risk of two scores: order is -1, 0 or +1 as a is lower than, equal to or higher
// than b, and ok is false where one of the two is not assessed. Scores on different scales compare only through one of
// the conversions given, in either direction; otherwise the error is a [*ScaleMismatchError].
func CompareScores(a, b Score, conversions ...Conversion) (order int, ok bool, err error) {
	if a.Scale == b.Scale {
		order, ok = a.Compare(b)
		return order, ok, nil
	}
	for _, c := range conversions {
		x, y, found := a.Level, b.Level, false
		switch {
		case c.From == a.Scale && c.To == b.Scale:
			x, found = c.Level(a.Level)
		case c.From == b.Scale && c.To == a.Scale:
			y, found = c.Level(b.Level)
		}
		if found {
			order, ok = x.Compare(y)
			return order, ok, nil
		}
	}
	return 0, false, &ScaleMismatchError{A: a.Scale, B: b.Scale}
}

// checkConversions adds the faults of the conversions of an assessment.
func checkConversions(f *validate.Faults, conversions []Conversion, own []Scale) {
	validate.Unique(f, "/conversions", conversions, func(c Conversion) string { return c.ID })
	for i, c := range conversions {
		at := hipaasmp.Pointer("conversions", i)
		c.check(f, at, own)
		if slices.ContainsFunc(conversions[:i], func(o Conversion) bool {
			return o.From == c.From && o.To == c.To || o.From == c.To && o.To == c.From
		}) {
			f.Add(FaultConversion, at, "is the second one between these two scales; keep one, a changed one is a new version")
		}
	}
}
