package storage

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindOffBoarding is the kind of [OffBoarding].
const KindOffBoarding hipaasmp.Kind = "storage.offboarding"

// offBoardingID is the identity of the one that a tenant can have.
const offBoardingID = "offboarding"

// OffBoarding is the last entry of a tenant's ledger: every record of the tenant was disposed of, each under its own
// certificate, and the tenant's keys are destroyed after it. It is kept in the clear, as the certificates are, so that both
// can be read and proved afterwards.
type OffBoarding struct {
	hipaasmp.Header
	// Requested and Approved are two persons, and At is when the second agreed.
	Requested hipaasmp.Actor `json:"requested"`
	Approved  hipaasmp.Actor `json:"approved"`
	At        time.Time      `json:"at" validate:"instant"`
	// On is the civil day that terms were held against, and Zone where it is that day.
	On   hipaasmp.Date `json:"on" validate:"required"`
	Zone string        `json:"zone" validate:"required,text"`
	// Reason says why the tenant leaves, without personal data.
	Reason string `json:"reason" validate:"required,text"`
	// Size is the number of entries that the ledger had before this one.
	Size uint64 `json:"size" validate:"min=1,max=9007199254740991"`
	// Disposed is how many documents were disposed of before, and Certificates how many certificates say so.
	Disposed     uint64 `json:"disposed" validate:"max=9007199254740991"`
	Certificates uint64 `json:"certificates" validate:"max=9007199254740991"`
	// Unfinished are documents that never became records, such as drafts, and that nobody changed for as long as a record is
	// kept. Their content goes with the tenant's keys. They are in order of kind and identity; of more than 10,000 the
	// first are listed, and UnfinishedCount says how many there are and UnfinishedDigest is the SHA-256 of all their
	// references, a line each. Otherwise both are absent.
	Unfinished       []hipaasmp.Ref  `json:"unfinished,omitempty" validate:"max=10000,dive"`
	UnfinishedCount  uint64          `json:"unfinished_count,omitempty" validate:"max=9007199254740991"`
	UnfinishedDigest hipaasmp.Digest `json:"unfinished_digest,omitzero" validate:"omitempty,digest"`
	// CertificatesThrough is the last day through which a certificate or this entry must be kept: keep the database, or a
	// package made from it, that long.
	CertificatesThrough hipaasmp.Date `json:"certificates_through" validate:"required"`
	// Backups are the recorded copies of the database that still exist, each with its last day. What is sealed in them
	// cannot be read without the keys.
	Backups []BackupCopy `json:"backups,omitempty" validate:"dive"`
}

// Validate returns every fault of the document.
func (x OffBoarding) Validate() error {
	return validate.Check(x, KindOffBoarding, x.Schema, func(f *validate.Faults) {
		if x.ID != offBoardingID && x.ID != "" {
			f.Add(FaultDerivedID, "/id", "is not %q, the identity of a tenant's off-boarding", offBoardingID)
		}
		if x.Approved.ID == x.Requested.ID {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteDisposal, "/approved", "is the requester; off-boarding needs a second person")
		}
		if x.Approved.Role == hipaasmp.RoleSystem {
			f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteDisposal, "/approved", "is a program; a person agrees to an off-boarding")
		}
		if x.Certificates > x.Disposed {
			f.Add(FaultCount, "/certificates", "are %d of %d documents; there is one for each", x.Certificates, x.Disposed)
		}
		switch beyond := x.UnfinishedCount > 0; {
		case beyond && x.UnfinishedCount <= uint64(len(x.Unfinished)):
			f.Add(FaultCount, "/unfinished_count", "is %d where %d are listed; leave it out where all are", x.UnfinishedCount, len(x.Unfinished))
		case beyond != (x.UnfinishedDigest != ""):
			f.Add(FaultCount, "/unfinished_digest", "stands beside the count of those that are not all listed, and never without it")
		}
		if x.CertificatesThrough.Before(x.On) {
			f.Add(hipaasmp.FaultOrder, "/certificates_through", "is before the off-boarding, which is itself kept")
		}
	})
}

// Citations returns the provisions that the off-boarding documents.
func (x OffBoarding) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteTimeLimit, hipaasmp.CiteDisposal}
}

// RetentionBasis returns the day of the off-boarding, which is itself kept six years.
func (x OffBoarding) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: x.On}
}

var _ hipaasmp.Record = OffBoarding{}
