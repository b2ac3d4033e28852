package review

import (
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// PlanSample plans a sample of a source. It comes before the review of the source is added: whoever has seen the records
// could choose a nonce that spares some of them. Keep the nonce of the plan's commitment until [Session.DrawSample].
func (s Session) PlanSample(by hipaasmp.Actor, at time.Time, plan SamplePlan) (Session, error) {
	return s.change("plan a sample", func(n *Session) error {
		if _, read := s.Reviewed(plan.Source); read {
			return hipaasmp.Invalid(s.DocumentRef(), []hipaasmp.Fault{{Code: FaultSample, Pointer: "/samples", Citation: hipaasmp.CiteActivityReview,
				Message: fmt.Sprintf("the records of %q have been read; plan a sample and commit the nonce before", plan.Source)}})
		}
		n.Samples = append(n.Samples, Sample{Signature: Signature{By: by, At: hipaasmp.Instant(at)}, SamplePlan: plan})
		return nil
	})
}

// SampleSeed returns the seed of a planned sample once the review of its source has been added, and the nonce is shown.
func (c Content) SampleSeed(id string, nonce []byte) (hipaasmp.Digest, error) {
	sample, ok := c.Sample(id)
	if !ok {
		return "", fmt.Errorf("review: there is no sample %q; plan it first", id)
	}
	source, ok := c.Reviewed(sample.Source)
	if !ok || len(source.Files) == 0 {
		return "", fmt.Errorf("review: sample %s: no files of %q have been reviewed yet", id, sample.Source)
	}
	return Seed(c.Period, sample.Source, sample.Stratum, Population(source.Files...), nonce), nil
}

// DrawSample records the draw of a planned sample, which was shown every entry of the population. The nonce is the one that
// was committed, the seed of the draw that of [Content.SampleSeed], its size that of [SamplingRule.SizeOf].
func (s Session) DrawSample(id string, by hipaasmp.Actor, at time.Time, nonce []byte, draw *Draw) (Session, error) {
	return s.sample("draw a sample", id, func(x *Sample) error {
		if x.Drawing != nil {
			return s.twice(id, "drawing", "has been drawn; a draw is not repeated until it pleases")
		}
		if draw == nil {
			return hipaasmp.Invalid(s.DocumentRef(), []hipaasmp.Fault{{Code: FaultSample, Pointer: "/samples", Citation: hipaasmp.CiteActivityReview,
				Message: fmt.Sprintf("sample %q has no draw; give the one that DrawFrom returned without an error", id)}})
		}
		source, _ := s.Reviewed(x.Source)
		x.Drawing = &Drawing{Signature: Signature{By: by, At: hipaasmp.Instant(at)}, Nonce: hex.EncodeToString(nonce), Files: Population(source.Files...),
			Seed: draw.Seed(), Population: draw.Seen(), Items: draw.Items()}
		if len(x.Drawing.Items) == 0 {
			x.Drawing.Items = nil
		}
		return nil
	})
}

// Examine records what was found of drawn entries. An entry that deviates is an exception of the session, which is added
// first.
func (s Session) Examine(id string, by hipaasmp.Actor, at time.Time, entry Examined, more ...Examined) (Session, error) {
	return s.sample("examine entries", id, func(x *Sample) error {
		if x.Result != nil {
			return s.twice(id, "result", "has been concluded; what was found is not changed afterwards")
		}
		x.Examinations = append(x.Examinations, Examination{Signature: Signature{By: by, At: hipaasmp.Instant(at)}, Entries: append([]Examined{entry}, more...)})
		return nil
	})
}

// ConcludeSample computes what the sample came to, once every drawn entry has been examined.
func (s Session) ConcludeSample(id string, by hipaasmp.Actor, at time.Time) (Session, error) {
	return s.sample("conclude a sample", id, func(x *Sample) error {
		switch {
		case x.Result != nil:
			return s.twice(id, "result", "has been concluded")
		case x.Drawing == nil:
			return hipaasmp.Invalid(s.DocumentRef(), []hipaasmp.Fault{{Code: FaultSample, Pointer: "/samples", Citation: hipaasmp.CiteActivityReview,
				Message: fmt.Sprintf("sample %q has not been drawn", id)}})
		case !x.sound():
			return s.Validate()
		}
		r := x.result()
		r.Signature = Signature{By: by, At: hipaasmp.Instant(at)}
		x.Result = &r
		return nil
	})
}

// WithException adds what came to notice in a source that was reviewed, such as a sampled entry that deviates.
func (s Session) WithException(exception Exception) (Session, error) {
	return s.change("add an exception", func(n *Session) error {
		n.Exceptions = append(n.Exceptions, exception.clone())
		return nil
	})
}

func (s Session) sample(event, id string, fill func(*Sample) error) (Session, error) {
	return s.change(event, func(n *Session) error {
		i := slices.IndexFunc(n.Samples, func(x Sample) bool { return x.ID == id })
		if i < 0 {
			return s.dangling("/samples", "holds no sample with this identity; plan it first")
		}
		n.Samples[i] = n.Samples[i].clone()
		return fill(&n.Samples[i])
	})
}

func (s Session) twice(id, member, message string) error {
	i := slices.IndexFunc(s.Samples, func(x Sample) bool { return x.ID == id })
	return hipaasmp.Invalid(s.DocumentRef(), []hipaasmp.Fault{{Code: FaultSample, Pointer: hipaasmp.Pointer("samples", i, member), Citation: hipaasmp.CiteActivityReview, Message: message}})
}
