package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindManifest is the kind of [Manifest].
const KindManifest hipaasmp.Kind = "evidence.manifest"

// Contents says of which documents a package holds the content. Ledger entries hold none.
type Contents string

const (
	// EveryVersion is the whole history: each version of each document.
	EveryVersion Contents = "every_version"
	// NewestVersion is each document as it stands now.
	NewestVersion Contents = "newest_version"
	// SelectedVersions is what the sender chose; the rest is withheld.
	SelectedVersions Contents = "selected_versions"
)

// Values returns the members of the enumeration.
func (Contents) Values() []Contents {
	return []Contents{EveryVersion, NewestVersion, SelectedVersions}
}

// IsValid reports whether c is a member.
func (c Contents) IsValid() bool {
	_, err := hipaasmp.ParseEnum("evidence.Contents", []byte(c), c.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (c Contents) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("evidence.Contents", c, c.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (c *Contents) UnmarshalText(text []byte) (err error) {
	*c, err = hipaasmp.ParseEnum("evidence.Contents", text, c.Values())
	return err
}

// Manifest says what a package is and what it claims. It is the predicate of an in-toto Statement v1 whose subjects are
// the files of the package, and the statement is signed in a DSSE envelope.
type Manifest struct {
	hipaasmp.Header
	// Tenant is whose documents these are.
	Tenant string `json:"tenant" validate:"required,docid"`
	// Made is when the package was made, in UTC to the microsecond.
	Made time.Time `json:"made" validate:"instant"`
	// AsOf is the civil day for which gaps and retention are told.
	AsOf hipaasmp.Date `json:"as_of" validate:"required"`
	// Period is the time that the package speaks about.
	Period hipaasmp.Period `json:"period"`
	// Recorded is the past instant as of which the package reads: what was recorded later is not in it. Not set for a
	// package of everything up to now.
	Recorded time.Time `json:"recorded,omitzero" validate:"omitempty,instant"`
	// Ledger is the state of the ledger that the package is proved under.
	Ledger Head `json:"ledger"`
	// Complete claims that every entry of the ledger is listed, from the first to the last of Ledger.
	Complete bool `json:"complete"`
	// Contents says of which documents the content is here.
	Contents Contents `json:"contents" validate:"enum"`
	// Entries counts the ledger entries in the package by what became of their content.
	Entries Counts `json:"entries"`
	// Exhibits are the records that are given as evidence; everything else is context.
	Exhibits []ExhibitRef `json:"exhibits,omitempty" validate:"dive"`
}

// Head names a state of a ledger.
type Head struct {
	// Origin names the ledger: product/tenant/epoch.
	Origin string `json:"origin" validate:"required,text"`
	// Size is the number of entries.
	Size uint64 `json:"size" validate:"min=1,max=9007199254740991"`
	// Root is the root of the Merkle tree over them, in hexadecimal.
	Root hipaasmp.Digest `json:"root" validate:"digest"`
}

// Counts counts ledger entries.
type Counts struct {
	// Included is the number of entries whose content is in the package.
	Included uint64 `json:"included" validate:"max=9007199254740991"`
	// Withheld is the number of entries whose content is not in the package: the sender keeps it back, or, in a package of
	// a past instant, it was destroyed since.
	Withheld uint64 `json:"withheld" validate:"max=9007199254740991"`
	// Disposed is the number of entries whose content was destroyed.
	Disposed uint64 `json:"disposed" validate:"max=9007199254740991"`
}

// Total returns the number of entries.
func (c Counts) Total() uint64 { return c.Included + c.Withheld + c.Disposed }

// String returns the counts in words.
func (c Counts) String() string {
	return fmt.Sprintf("%d included, %d withheld, %d disposed", c.Included, c.Withheld, c.Disposed)
}

// ExhibitRef names an exhibit in a manifest.
type ExhibitRef struct {
	// Ref is the record with the version that is given.
	Ref hipaasmp.Ref `json:"ref"`
	// Citations are the provisions that it documents.
	Citations []hipaasmp.Citation `json:"citations" validate:"min=1,dive,citation"`
}

// Validate returns every fault of the manifest.
func (m Manifest) Validate() error {
	return validate.Check(m, KindManifest, m.Schema, func(f *validate.Faults) {
		validate.InOrder(f, "/period", m.Period)
		if m.Complete && m.Entries.Total() != m.Ledger.Size {
			f.Add(FaultManifest, "/entries", "counts %d entries where the ledger has %d and the manifest claims all", m.Entries.Total(), m.Ledger.Size)
		}
		if m.Recorded.After(m.Made) {
			f.Add(FaultManifest, "/recorded", "is after the package was made")
		}
		if m.Contents == EveryVersion && m.Entries.Withheld > 0 {
			f.Add(FaultManifest, "/entries/withheld", "is %d where the content of every version is claimed", m.Entries.Withheld)
		}
	})
}

const (
	statementType = "https://in-toto.io/Statement/v1"
	payloadType   = "application/vnd.in-toto+json"
)

// statement is an in-toto Statement v1 whose predicate is a [Manifest].
type statement struct {
	Type          string    `json:"_type"`
	Subject       []subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     Manifest  `json:"predicate"`
}

// subject is an in-toto ResourceDescriptor: one file with its digest.
type subject struct {
	Name        string      `json:"name"`
	Digest      digestSet   `json:"digest"`
	MediaType   string      `json:"mediaType"`
	Annotations *annotation `json:"annotations,omitempty"`
}

type digestSet struct {
	SHA256 hipaasmp.Digest `json:"sha256"`
}

// annotation is the index of a document: what it is, and whether it is final. What is not final is history.
type annotation struct {
	Final bool         `json:"final"`
	Ref   hipaasmp.Ref `json:"ref"`
}

// parseStatement reads the canonical bytes of a statement. Anything that would not be written the same again, a member
// named twice among it, is refused.
func parseStatement(payload []byte) (statement, string) {
	var s statement
	dec := json.NewDecoder(bytes.NewReader(payload))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return s, "is not a statement that this version can read"
	}
	again, err := canon.Marshal(s)
	if err != nil || !bytes.Equal(again, payload) {
		return s, "is not in canonical form"
	}
	switch {
	case s.Type != statementType:
		return s, "is not an in-toto Statement v1"
	case s.PredicateType != hipaasmp.SchemaID(KindManifest, 1):
		return s, "is of a format that this version cannot read: " + clip(s.PredicateType)
	}
	if err := s.Predicate.Validate(); err != nil {
		return s, "does not validate: " + err.Error()
	}
	return s, ""
}
