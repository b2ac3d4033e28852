package review

import (
	"encoding/hex"
	"fmt"
	"iter"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// SamplePlan says what is drawn of a source, for which question, and how much it is to show. It is made, and the nonce
// committed, before the records of the source are read.
type SamplePlan struct {
	// ID names the sample within the session.
	ID string `json:"id" validate:"required,docid"`
	// Source is the identity of the source in the procedure.
	Source string `json:"source" validate:"required,docid"`
	// Stratum names the part of the source that is drawn from, for example "override"; absent for all of it.
	Stratum string `json:"stratum,omitempty" validate:"omitempty,docid"`
	// Deviation says what makes an entry deviate, and for a stratum which entries belong to it.
	Deviation string `json:"deviation" validate:"required,text,max=2000"`
	// Rule says how much the sample is to show.
	Rule SamplingRule `json:"rule"`
	// Commitment is the digest of the nonce; see [Commitment].
	Commitment hipaasmp.Digest `json:"commitment" validate:"digest"`
}

// Drawing is what was drawn, with all that somebody else needs to draw it again.
type Drawing struct {
	Signature
	// Nonce is the nonce that was committed, in lower-case hexadecimal.
	Nonce string `json:"nonce" validate:"required,max=256"`
	// Files is the digest of the files that hold the population; see [Population].
	Files hipaasmp.Digest `json:"files" validate:"digest"`
	// Seed is the seed of the draw; see [Seed].
	Seed hipaasmp.Digest `json:"seed" validate:"digest"`
	// Population is the number of entries that were drawn from.
	Population int64 `json:"population" validate:"min=0,max=1000000000"`
	// Items are the drawn entries in the order of their keys.
	Items []Item `json:"items,omitempty" validate:"max=5000,dive"`
}

// ItemResult is what looking at an entry showed.
type ItemResult string

const (
	// ItemConforms: the entry does not deviate.
	ItemConforms ItemResult = "conforms"
	// ItemDeviates: the entry deviates. It is an exception of the session, too.
	ItemDeviates ItemResult = "deviates"
	// ItemUnexaminable: it could not be found out. The entry counts as one that deviates.
	ItemUnexaminable ItemResult = "unexaminable"
)

// Values returns the members of the enumeration.
func (ItemResult) Values() []ItemResult {
	return []ItemResult{ItemConforms, ItemDeviates, ItemUnexaminable}
}

// IsValid reports whether r is a member.
func (r ItemResult) IsValid() bool { return slices.Contains(r.Values(), r) }

// MarshalText refuses a value that is no member.
func (r ItemResult) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.ItemResult", r, r.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (r *ItemResult) UnmarshalText(text []byte) (err error) {
	*r, err = hipaasmp.ParseEnum("review.ItemResult", text, r.Values())
	return err
}

// Examined is what a person found of one drawn entry.
type Examined struct {
	// Item is the number of the entry among those drawn, counted from 1.
	Item int `json:"item" validate:"min=1,max=5000"`
	// Result is what looking at it showed.
	Result ItemResult `json:"result" validate:"enum"`
	// Words says what was looked at and, for an entry that does not conform, why. No protected health information.
	Words string `json:"words,omitempty" validate:"omitempty,text,max=2000"`
	// Exception is the exception of the session that a deviating entry is; absent for others.
	Exception string `json:"exception,omitempty" validate:"omitempty,docid"`
}

// Examination is what was examined at one time.
type Examination struct {
	Signature
	// Entries lists what was found, by entry.
	Entries []Examined `json:"entries" validate:"min=1,max=5000,dive"`
}

// SampleConclusion is what a sample shows.
type SampleConclusion string

const (
	// SampleWithin: with the confidence of the rule no more than the tolerable share of the entries deviates.
	SampleWithin SampleConclusion = "within"
	// SampleNotShown: the sample does not show that, and does not show the contrary either.
	SampleNotShown SampleConclusion = "not_shown"
	// SampleExceeded: of the sample itself more than the tolerable share deviates.
	SampleExceeded SampleConclusion = "exceeded"
)

// Values returns the members of the enumeration.
func (SampleConclusion) Values() []SampleConclusion {
	return []SampleConclusion{SampleWithin, SampleNotShown, SampleExceeded}
}

// IsValid reports whether c is a member.
func (c SampleConclusion) IsValid() bool { return slices.Contains(c.Values(), c) }

// MarshalText refuses a value that is no member.
func (c SampleConclusion) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.SampleConclusion", c, c.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (c *SampleConclusion) UnmarshalText(text []byte) (err error) {
	*c, err = hipaasmp.ParseEnum("review.SampleConclusion", text, c.Values())
	return err
}

// SampleResult is what a sample came to. It follows from what was examined.
type SampleResult struct {
	Signature
	// Sampled is the number of entries that were drawn.
	Sampled int64 `json:"sampled" validate:"min=0,max=5000"`
	// Deviations is the number of entries that deviate, those that could not be examined among them.
	Deviations int64 `json:"deviations" validate:"min=0,max=5000"`
	// Unexaminable is the number of entries that could not be examined.
	Unexaminable int64 `json:"unexaminable" validate:"min=0,max=5000"`
	// AtMost is the largest number of deviating entries of the population that the sample does not refute.
	AtMost int64 `json:"at_most" validate:"min=0,max=1000000000"`
	// Tolerated is the number of deviating entries of the population that the rule tolerates.
	Tolerated int64 `json:"tolerated" validate:"min=0,max=1000000000"`
	// Conclusion is what that shows.
	Conclusion SampleConclusion `json:"conclusion" validate:"enum"`
}

// Sample is a sample from plan to result.
type Sample struct {
	Signature
	SamplePlan
	// Drawing is what was drawn; absent until then.
	Drawing *Drawing `json:"drawing,omitempty"`
	// Examinations lists what was found, in the order in which it was recorded.
	Examinations []Examination `json:"examinations,omitempty" validate:"dive"`
	// Result is what it came to; absent until then.
	Result *SampleResult `json:"result,omitempty"`
}

// Open lists the numbers of the drawn entries that nobody has examined.
func (s Sample) Open() []int {
	if s.Drawing == nil {
		return nil
	}
	seen := s.examined()
	var out []int
	for i := range s.Drawing.Items {
		if _, ok := seen[i+1]; !ok {
			out = append(out, i+1)
		}
	}
	return out
}

// examined returns what was found last of each entry.
func (s Sample) examined() map[int]Examined {
	out := map[int]Examined{}
	for _, x := range s.Examinations {
		for _, e := range x.Entries {
			out[e.Item] = e
		}
	}
	return out
}

// result computes what the examinations come to.
func (s Sample) result() SampleResult {
	r := SampleResult{Sampled: int64(len(s.Drawing.Items)), Tolerated: s.Rule.tolerated(s.Drawing.Population)}
	for _, e := range s.examined() {
		if e.Result != ItemConforms {
			r.Deviations++
		}
		if e.Result == ItemUnexaminable {
			r.Unexaminable++
		}
	}
	r.AtMost = s.Rule.atMost(s.Drawing.Population, r.Sampled, r.Deviations)
	switch {
	case r.AtMost <= r.Tolerated:
		r.Conclusion = SampleWithin
	case r.Sampled > 0 && s.Rule.tolerated(r.Sampled) < r.Deviations:
		r.Conclusion = SampleExceeded
	default:
		r.Conclusion = SampleNotShown
	}
	return r
}

// Sentence says what the sample shows, with the numbers that it was counted from; "" while there is no result.
func (s Sample) Sentence() string {
	if s.Drawing == nil || s.Result == nil {
		return ""
	}
	r, tail := *s.Result, "which does not show that"
	switch r.Conclusion {
	case SampleWithin:
		tail = "so that"
	case SampleExceeded:
		tail = "which contradicts that"
	}
	return fmt.Sprintf("Of %d entries %d were drawn and %d of these deviate, %d because they could not be examined. With a confidence of %s at most %d of the population deviate, %s no more than the %d that the plan tolerates do.",
		s.Drawing.Population, r.Sampled, r.Deviations, r.Unexaminable, s.Rule.Confidence, r.AtMost, tail, r.Tolerated)
}

// Repeat draws the sample again from the entries of the population, in any order, and says where that differs from what is
// recorded. It is how somebody who has the files and nothing else checks the draw. The files are those of the review of
// the source.
func (s Sample) Repeat(period hipaasmp.Period, files []LogFile, population iter.Seq[Item]) error {
	if s.Drawing == nil {
		return fmt.Errorf("review: sample %s has not been drawn", s.ID)
	}
	nonce, err := hex.DecodeString(s.Drawing.Nonce)
	if err != nil || Commitment(nonce) != s.Commitment {
		return fmt.Errorf("review: sample %s: the nonce is not the one that was committed", s.ID)
	}
	seed := Seed(period, s.Source, s.Stratum, Population(files...), nonce)
	if seed != s.Drawing.Seed {
		return fmt.Errorf("review: sample %s: the seed does not follow from the period, the files and the nonce", s.ID)
	}
	draw := NewDraw(seed, len(s.Drawing.Items))
	for item := range population {
		draw.Add(item)
	}
	if draw.Seen() != s.Drawing.Population {
		return fmt.Errorf("review: sample %s: the population has %d entries where %d are recorded", s.ID, draw.Seen(), s.Drawing.Population)
	}
	if !slices.Equal(draw.Items(), s.Drawing.Items) {
		return fmt.Errorf("review: sample %s: other entries are drawn than those recorded", s.ID)
	}
	return nil
}

func (s Sample) clone() Sample {
	if s.Drawing != nil {
		d := *s.Drawing
		d.Items = slices.Clone(d.Items)
		s.Drawing = &d
	}
	s.Examinations = slices.Clone(s.Examinations)
	if s.Result != nil {
		r := *s.Result
		s.Result = &r
	}
	return s
}

// Sample returns the sample with the identity.
func (c Content) Sample(id string) (Sample, bool) {
	if i := slices.IndexFunc(c.Samples, func(s Sample) bool { return s.ID == id }); i >= 0 {
		return c.Samples[i], true
	}
	return Sample{}, false
}

// unfinished lists the samples without a result.
func (c Content) unfinished() []string {
	var out []string
	for _, s := range c.Samples {
		if s.Result == nil {
			out = append(out, s.ID)
		}
	}
	return out
}

func (c Content) checkSamples(f *validate.Faults) {
	validate.Unique(f, "/samples", c.Samples, func(s Sample) string { return s.ID })
	for i, s := range c.Samples {
		s.check(f, hipaasmp.Pointer("samples", i), c)
	}
}
