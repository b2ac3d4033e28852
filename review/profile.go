package review

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// ProfileRef names the mapping profile by which a report is read, by identity, version and the digest of its content, so
// that nobody changes unseen what a column means.
type ProfileRef struct {
	// ID and Version name the profile.
	ID      string `json:"id" validate:"required,docid"`
	Version int    `json:"version" validate:"min=1,max=1000000"`
	// Digest is the SHA-256 digest of the profile's canonical JSON.
	Digest hipaasmp.Digest `json:"digest" validate:"digest"`
}

// ProfileOf names the profile of an access report. The error says that the profile cannot be written as JSON.
func ProfileOf(p activity.Profile) (ProfileRef, error) {
	digest, err := p.Digest()
	if err != nil {
		return ProfileRef{}, err
	}
	return ProfileRef{ID: p.ID, Version: p.Version, Digest: digest}, nil
}

// String names the profile and its version.
func (p ProfileRef) String() string { return fmt.Sprintf("%s version %d", p.ID, p.Version) }

func canonicalDigest(p any) (hipaasmp.Digest, error) {
	data, err := canon.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("review: the profile cannot be written; correct it: %w", err)
	}
	return hipaasmp.DigestOf(data), nil
}

// profiled is a reader that reads by a profile.
type profiled interface{ Profile() activity.Profile }

// profileOf returns the profile by which a reader reads, where it does by one.
func profileOf(r activity.Reader) *ProfileRef {
	p, ok := r.(profiled)
	if !ok {
		return nil
	}
	ref, err := ProfileOf(p.Profile())
	if err != nil {
		return nil // a profile that a reader was made of can be written
	}
	return &ref
}

func (p *ProfileRef) clone() *ProfileRef {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// check adds a fault where a source that is not read by a profile names one.
func (p *ProfileRef) check(f *validate.Faults, at string, format activity.Format) {
	if p != nil && format != activity.FormatCSV && format != activity.FormatNDJSON {
		f.Cite(FaultSource, hipaasmp.CiteActivityReview, at+"/profile", "is for a report in %q or %q; leave it out, or give the format", activity.FormatCSV, activity.FormatNDJSON)
	}
}

// checkAssumedZone adds a fault where the zone of times without an offset has no name that another machine knows, or where
// the format has no such times.
func (r SourceReview) checkAssumedZone(f *validate.Faults, at string, format activity.Format) {
	if r.AssumedZone == "" {
		return
	}
	if _, err := location(r.AssumedZone); err != nil {
		f.Add(hipaasmp.FaultZone, at, "%q is not in the IANA database of this machine; read the source in a zone such as America/Chicago", r.AssumedZone)
	}
	if format.IsValid() && !format.TakesZone() {
		f.Cite(FaultSource, hipaasmp.CiteActivityReview, at, "is given, and every time in %q has an offset; leave it out", format)
	}
}
