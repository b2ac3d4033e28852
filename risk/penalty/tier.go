package penalty

import hipaasmp "github.com/hipaasmp/hipaasmp"

// Tier is the state of mind that is established for a violation, which selects the amounts (45 CFR 160.404(b)(2)).
type Tier string

// The four tiers, lowest first.
const (
	// TierNoKnowledge: the entity did not know, and with reasonable diligence would not have known.
	TierNoKnowledge Tier = "no_knowledge"
	// TierReasonableCause: reasonable cause, and no willful neglect.
	TierReasonableCause Tier = "reasonable_cause"
	// TierNeglectCorrected: willful neglect, corrected within the 30-day period.
	TierNeglectCorrected Tier = "willful_neglect_corrected"
	// TierNeglectUncorrected: willful neglect, not corrected within the 30-day period.
	TierNeglectUncorrected Tier = "willful_neglect_not_corrected"
)

// Values returns the members of the enumeration, lowest first.
func (Tier) Values() []Tier {
	return []Tier{TierNoKnowledge, TierReasonableCause, TierNeglectCorrected, TierNeglectUncorrected}
}

// IsValid reports whether t is a member.
func (t Tier) IsValid() bool { return t.index() >= 0 }

// MarshalText refuses a value that is no member.
func (t Tier) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("penalty.Tier", t, t.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (t *Tier) UnmarshalText(text []byte) (err error) {
	*t, err = hipaasmp.ParseEnum("penalty.Tier", text, t.Values())
	return err
}

func (t Tier) index() int {
	for i, v := range t.Values() {
		if v == t {
			return i
		}
	}
	return -1
}

// willful reports whether the tier is willful neglect.
func (t Tier) willful() bool { return t == TierNeglectCorrected || t == TierNeglectUncorrected }

// Citation returns the provision that holds the tier's amounts.
func (t Tier) Citation() hipaasmp.Citation {
	switch t {
	case TierNoKnowledge:
		return hipaasmp.CitePenaltyNoKnowledge
	case TierReasonableCause:
		return hipaasmp.CitePenaltyReasonableCause
	case TierNeglectCorrected:
		return hipaasmp.CitePenaltyNeglectCorrected
	case TierNeglectUncorrected:
		return hipaasmp.CitePenaltyNeglectUncorrected
	}
	return hipaasmp.CitePenaltyTiers
}

// Counting is how violations of a provision are counted, which follows from the nature of the obligation (45 CFR 160.406).
type Counting string

// The ways of counting.
const (
	// CountingOccurrence counts each act, omission or person concerned.
	CountingOccurrence Counting = "per_occurrence"
	// CountingDay counts a continuing violation once for every day it lasts.
	CountingDay Counting = "per_day"
)

// Values returns the members of the enumeration.
func (Counting) Values() []Counting { return []Counting{CountingOccurrence, CountingDay} }

// IsValid reports whether c is a member.
func (c Counting) IsValid() bool { return c == CountingOccurrence || c == CountingDay }

// MarshalText refuses a value that is no member.
func (c Counting) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("penalty.Counting", c, c.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (c *Counting) UnmarshalText(text []byte) (err error) {
	*c, err = hipaasmp.ParseEnum("penalty.Counting", text, c.Values())
	return err
}
