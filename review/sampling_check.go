package review

import (
	"encoding/hex"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// check recomputes whatever of the sample can be: the commitment, the seed, the size, the order of the keys, the result.
func (s Sample) check(f *validate.Faults, at string, c Content) {
	fault := func(pointer, format string, args ...any) {
		f.Cite(FaultSample, hipaasmp.CiteActivityReview, at+pointer, format, args...)
	}
	person(f, at+"/by", "plan a sample", s.By)
	s.Rule.check(f, at+"/rule")
	if s.At.Before(c.Opened.At) {
		f.Add(hipaasmp.FaultOrder, at+"/at", "is before the session was opened")
	}
	if _, ok := c.Procedure.Source(s.Source); !ok && s.Source != "" {
		f.Cite(FaultNotSource, hipaasmp.CiteActivityReview, at+"/source", "%q is no source of procedure version %s", s.Source, c.Procedure.Version)
	}
	if source, _ := c.Reviewed(s.Source); source.Read != nil && !s.At.Before(source.Read.Began) {
		fault("/at", "is not before the reading of %q began, on %s; whoever has seen the records could choose the nonce", s.Source, source.Read.Began.Format(time.RFC3339))
	}
	if s.Drawing == nil {
		if len(s.Examinations) > 0 || s.Result != nil {
			fault("/drawing", "is missing; entries are examined that nobody drew")
		}
		return
	}
	s.checkDrawing(f, at, c)
	s.checkExamined(f, at, c)
	if s.Result == nil {
		return
	}
	if s.Result.At.Before(s.Drawing.At) {
		f.Add(hipaasmp.FaultOrder, at+"/result/at", "is before the draw")
	}
	if !s.sound() {
		return
	}
	if n := len(s.Open()); n > 0 {
		fault("/result", "stands where %d drawn entries were not examined; examine them, or record that they cannot be", n)
	}
	want := s.result()
	want.Signature = s.Result.Signature
	if want != *s.Result {
		fault("/result", "does not follow from what was examined; build it with ConcludeSample")
	}
}

// sound reports whether the numbers are such that a result can be computed of them, and only drawn entries were examined.
func (s Sample) sound() bool {
	n := len(s.Drawing.Items)
	for item := range s.examined() {
		if item < 1 || item > n {
			return false
		}
	}
	return s.Rule.computes() && s.Drawing.Population >= int64(n) && s.Drawing.Population <= maxPopulation
}

func (s Sample) checkDrawing(f *validate.Faults, at string, c Content) {
	fault := func(pointer, format string, args ...any) {
		f.Cite(FaultSample, hipaasmp.CiteActivityReview, at+"/drawing"+pointer, format, args...)
	}
	d := *s.Drawing
	if d.At.Before(s.At) {
		f.Add(hipaasmp.FaultOrder, at+"/drawing/at", "is before the plan; the nonce is committed first")
	}
	nonce, err := hex.DecodeString(d.Nonce)
	seeded := false
	switch {
	case err != nil || hex.EncodeToString(nonce) != d.Nonce || len(nonce) < minNonce:
		fault("/nonce", "is none; write at least %d bytes in lower-case hexadecimal", minNonce)
	case Commitment(nonce) != s.Commitment:
		fault("/nonce", "is not the one that was committed in the plan")
	case Seed(c.Period, s.Source, s.Stratum, d.Files, nonce) != d.Seed:
		fault("/seed", "does not follow from the period, the source, the files and the nonce")
	default:
		seeded = true
	}
	source, reviewed := c.Reviewed(s.Source)
	if read := source.Read; read != nil && d.At.Before(read.Began) {
		f.Add(hipaasmp.FaultOrder, at+"/drawing/at", "is before the reading of the source began; what is drawn from has been read")
	}
	switch {
	case !reviewed:
		f.Add(hipaasmp.FaultDangling, at+"/source", "%q was not reviewed in this session; add the review of the source first", s.Source)
	case len(source.Files) == 0:
		fault("/files", "cannot be told of a source without files; a draw that nobody can repeat is none")
	case Population(source.Files...) != d.Files:
		fault("/files", "is not of the files that were reviewed")
	default:
		if d.Population > source.Events+source.Duplicates || s.Stratum == "" && d.Population < source.Events {
			f.Add(FaultCounts, at+"/drawing/population", "is %d where %d entries and %d duplicates were read", d.Population, source.Events, source.Duplicates)
		}
		s.checkItems(f, at+"/drawing/items", source, seeded)
	}
	if s.Rule.computes() && d.Population >= 0 && d.Population <= maxPopulation {
		if n := s.Rule.sizeOf(d.Population); n != int64(len(d.Items)) {
			fault("/items", "are %d where the rule asks for %d of %d entries", len(d.Items), n, d.Population)
		}
	}
}

// checkItems asks where the drawn entries lie and, of a seed that is right, whether they stand in the order of their keys.
func (s Sample) checkItems(f *validate.Faults, at string, source SourceReview, seeded bool) {
	files := map[hipaasmp.Digest]bool{}
	for _, l := range source.Files {
		files[l.SHA256] = true
	}
	var last keyedItem
	for i, item := range s.Drawing.Items {
		x := keyedItem{item.Key(s.Drawing.Seed), item}
		if i > 0 && seeded && !last.less(x) {
			f.Cite(FaultSample, hipaasmp.CiteActivityReview, at+hipaasmp.Pointer(i), "does not come after the entry before it in the order of the keys")
		}
		if !files[item.File] {
			f.Add(hipaasmp.FaultDangling, at+hipaasmp.Pointer(i, "file"), "is no file of the review of %q", s.Source)
		}
		last = x
	}
}

func (s Sample) checkExamined(f *validate.Faults, at string, c Content) {
	seen := map[int]bool{}
	last := s.Drawing.At
	for i, x := range s.Examinations {
		here := at + hipaasmp.Pointer("examinations", i)
		person(f, here+"/by", "examine an entry", x.By)
		if x.At.Before(last) {
			f.Add(hipaasmp.FaultOrder, here+"/at", "is before the draw or the examination before it")
		}
		last = x.At
		for j, e := range x.Entries {
			to := here + hipaasmp.Pointer("entries", j)
			if e.Item > len(s.Drawing.Items) {
				f.Add(hipaasmp.FaultDangling, to+"/item", "there is no drawn entry %d", e.Item)
			}
			if seen[e.Item] {
				f.Add(hipaasmp.FaultIdentity, to+"/item", "entry %d was examined before; an examination is not changed", e.Item)
			}
			seen[e.Item] = true
			if e.Result != ItemConforms && e.Words == "" {
				f.Cite(FaultIncomplete, hipaasmp.CiteDocumentation, to+"/words", "is missing; say what was found or why nothing could be")
			}
			_, ok := c.Exception(e.Exception)
			switch {
			case e.Result == ItemDeviates && e.Exception == "":
				f.Cite(FaultIncomplete, hipaasmp.CiteActivityReview, to+"/exception", "is missing; an entry that deviates is an exception of the session and takes a disposition")
			case e.Result == ItemConforms && e.Exception != "":
				f.Cite(FaultSample, hipaasmp.CiteActivityReview, to+"/exception", "is named for an entry that conforms")
			case e.Exception != "" && !ok:
				f.Add(hipaasmp.FaultDangling, to+"/exception", "%q is no exception of the session; add it first", e.Exception)
			}
		}
	}
}
