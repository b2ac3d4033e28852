package storage

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/retention"
)

// KindCertificate is the kind of [Certificate].
const KindCertificate hipaasmp.Kind = "storage.certificate"

// Certificate records that the content of a document was destroyed: what, under which term, on whose approval. It is a
// record with a retention clock of its own, and it holds no content of what was destroyed. It is kept in the clear where
// content is sealed, so that it can be read after the tenant's keys are gone.
type Certificate struct {
	hipaasmp.Header
	// Ref is the document, with its newest version.
	Ref hipaasmp.Ref `json:"ref"`
	// Versions are all versions of it.
	Versions []DestroyedVersion `json:"versions" validate:"min=1,dive"`
	// Counts say how much that was.
	Counts DestroyedCounts `json:"counts"`
	// Term is the computation, made inside the destroying transaction, that allowed it.
	Term retention.Term `json:"term"`
	// On is the civil day that the term was held against, and Zone where it is that day.
	On   hipaasmp.Date `json:"on" validate:"required"`
	Zone string        `json:"zone" validate:"required,text"`
	// Holds are what was looked at inside the destroying transaction and did not stand against it.
	Holds CheckedHolds `json:"holds"`
	// Disposition is the [retention.Disposition] as it was approved.
	Disposition hipaasmp.Ref `json:"disposition"`
	// Requested and Reviewed are who asked for the disposal and who went through it, one person or two; Approved is
	// another, and ApprovedAt is when.
	Requested  hipaasmp.Actor `json:"requested"`
	Reviewed   hipaasmp.Actor `json:"reviewed"`
	Approved   hipaasmp.Actor `json:"approved"`
	ApprovedAt time.Time      `json:"approved_at" validate:"instant"`
	// By is who carried it out, DestroyedAt when.
	By          hipaasmp.Actor `json:"by"`
	DestroyedAt time.Time      `json:"destroyed_at" validate:"instant"`
	// Witnessed is what an independent source of time said; absent where none was asked.
	Witnessed time.Time `json:"witnessed,omitzero" validate:"omitempty,instant"`
	// Method says how.
	Method retention.Method `json:"method" validate:"enum"`
	// Backups are the recorded copies of the database that still hold the content, each with the last day on which it
	// exists. A copy that nobody recorded is not among them.
	Backups []BackupCopy `json:"backups,omitempty" validate:"dive"`
}

// DestroyedVersion names one version whose content was destroyed. Its envelope and its leaf remain.
type DestroyedVersion struct {
	// Version is its number.
	Version uint64 `json:"version" validate:"min=1,max=9007199254740991"`
	// Seq is its position in the ledger.
	Seq uint64 `json:"seq" validate:"max=9007199254740991"`
	// Leaf is its leaf hash in hexadecimal.
	Leaf hipaasmp.Digest `json:"leaf" validate:"digest"`
}

// DestroyedCounts say how much content was destroyed.
type DestroyedCounts struct {
	// Versions is the number of versions.
	Versions uint64 `json:"versions" validate:"min=1,max=9007199254740991"`
	// Bytes is the length of their contents in canonical bytes.
	Bytes uint64 `json:"bytes" validate:"max=9007199254740991"`
	// Keys is how many data keys were destroyed with them; 0 where the content was in the clear.
	Keys uint64 `json:"keys" validate:"max=9007199254740991"`
}

// CheckedHolds say which holds were looked at before content was destroyed.
type CheckedHolds struct {
	// OnFile is how many holds the tenant had, the released ones too. None that was open covered the document.
	OnFile uint64 `json:"on_file" validate:"max=9007199254740991"`
	// Released are those that had covered it, in order of matter.
	Released []ReleasedHold `json:"released,omitempty" validate:"dive"`
}

// ReleasedHold is a hold that had covered a document until it was released.
type ReleasedHold struct {
	// Matter is the identity of the hold.
	Matter string `json:"matter" validate:"required,docid"`
	// At is when it was released.
	At time.Time `json:"at" validate:"instant"`
}

// Validate returns every fault of the certificate.
func (c Certificate) Validate() error {
	return validate.Check(c, KindCertificate, c.Schema, func(f *validate.Faults) {
		if c.Approved.ID == c.Requested.ID || c.Approved.ID == c.Reviewed.ID {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteDisposal, "/approved", "is the requester or the reviewer; disposal needs a second person")
		}
		if c.DestroyedAt.Before(c.ApprovedAt) {
			f.Add(hipaasmp.FaultOrder, "/destroyed_at", "is before the approval")
		}
		if n := uint64(len(c.Versions)); n > 0 && c.Counts.Versions != n && c.Counts.Versions != 0 {
			f.Add(FaultCount, "/counts/versions", "is %d where %d versions are listed", c.Counts.Versions, n)
		}
		if c.Disposition.Kind != retention.KindDisposition && hipaasmp.ValidKind(c.Disposition.Kind) {
			f.Add(FaultDisposition, "/disposition/kind", "is %q; a disposal is approved by a %s", c.Disposition.Kind, retention.KindDisposition)
		}
		if !c.On.IsZero() && (!c.Term.Running || c.On.Before(c.Term.FirstDisposal)) {
			f.Cite(retention.FaultNotEligible, hipaasmp.CiteTimeLimit, "/on", "is a day on which the record had to be kept")
		}
		for i, h := range c.Holds.Released {
			if h.At.After(c.DestroyedAt) {
				f.Add(hipaasmp.FaultOrder, hipaasmp.Pointer("holds", "released", i, "at"), "is after the destruction; the hold was open then")
			}
		}
	})
}

// Citations returns the provisions that the certificate documents.
func (c Certificate) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteTimeLimit, hipaasmp.CiteDisposal}
}

// RetentionBasis returns the day of destruction: the certificate itself is kept six years.
func (c Certificate) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: c.On}
}

var _ hipaasmp.Record = Certificate{}

// certificateID is fixed by the document: it is disposed of once.
func certificateID(ref hipaasmp.Ref) string {
	return hipaasmp.NameID(string(KindCertificate), ref.Newest().String())
}
