package driver

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// HashSize is the length of a node's hash in bytes: SHA-256.
const HashSize = 32

// MaxPage is the most rows that package storage ever asks for in one call.
const MaxPage = 1000

// Row is one entry of a tenant's ledger: a version of a document, or another act such as the placing of a hold, which
// is kept as a version of a document of its own. Rows never change, except that disposal takes Body, Salt, Key and
// Reason away, and that [Tx.Rekey] replaces Key.
type Row struct {
	// Tenant is whose row it is. Readers set it.
	Tenant string
	// Kind and ID name the document.
	Kind, ID string
	// Version counts the document's versions from 1 without gaps.
	Version uint64
	// Seq counts the tenant's rows from 0 without gaps; it is the index of the leaf in the tree.
	Seq uint64
	// Recorded is when the row was written, UTC in microseconds; it never runs backwards within a tenant.
	Recorded time.Time
	// KeepThrough is the last day on which the document must be kept, as far as is known with this version; zero while
	// the clock is not running or where there is none.
	KeepThrough hipaasmp.Date
	// Envelope is what package storage needs, beside the other fields, to tell what the leaf commits to; opaque to the
	// driver. It holds no content and is never destroyed.
	Envelope []byte
	// Leaf is the RFC 6962 leaf hash of the entry. The driver does not compute it.
	Leaf [HashSize]byte
	// Body is the content, in the clear or sealed; opaque to the driver, never empty, and nil after disposal.
	Body []byte
	// Salt is hashed before the body, so that nobody can guess a body from its digest; nil after disposal.
	Salt []byte
	// Key is the data key under which Body is sealed, itself wrapped; nil where Body is in the clear, and nil after
	// disposal.
	Key []byte
	// Reason says why the row was written; may be empty. It is content and is destroyed with the body.
	Reason string
}

// Node is one node of the tree, numbered by [NodeID]. The nodes of level 0 are the leaves, so a driver may keep those in
// the rows alone.
type Node struct {
	ID   uint64
	Hash [HashSize]byte
}

// Head is the state of a tenant's ledger after an append.
type Head struct {
	// Epoch counts the ledger's signing epochs from 1.
	Epoch uint64
	// Size is the number of rows.
	Size uint64
	// Root is the root of the tree over the first Size leaves.
	Root [HashSize]byte
	// Edge holds the roots of the complete subtrees from left to right, 32 bytes each, so that the next append need
	// read no node. Only the newest head keeps it; older ones may come back without.
	Edge []byte
	// Recorded is the Recorded of the newest row.
	Recorded time.Time
	// Note is the checkpoint, signed as a note; opaque to the driver.
	Note []byte
}

// Hold is the part of a hold that a driver enforces. Who placed it and why is content of a row.
type Hold struct {
	// Matter is the identity of the hold within the tenant.
	Matter string
	// Scope says what is held; an empty Scope holds every document of the tenant, those to come included.
	Scope []Scope
	// Released is true once the hold was released.
	Released bool
}

// Scope names one document, or with ID empty every document of a kind, those to come included.
type Scope struct {
	Kind, ID string
}

// Covers reports whether the hold speaks of the document, released or not.
func (h Hold) Covers(kind, id string) bool {
	for _, s := range h.Scope {
		if s.Kind == kind && (s.ID == "" || s.ID == id) {
			return true
		}
	}
	return len(h.Scope) == 0
}

// Query selects the rows of a Scan.
type Query struct {
	// Kind selects one kind; empty selects all.
	Kind string
	// AfterKind and AfterID are the position after which to begin, in byte order of kind and id. Both empty begin at
	// the first.
	AfterKind, AfterID string
	// AsOf selects the newest version recorded at or before this instant; zero means now.
	AsOf time.Time
	// DueBy, if not zero, selects documents whose newest version has content and a KeepThrough before this day; floors
	// and holds are not looked at. The rows then need hold Kind, ID, Version, Seq and KeepThrough alone. With AsOf it is
	// [ErrUnsupported].
	DueBy hipaasmp.Date
	// Limit is the most rows to return, from 1 to [MaxPage].
	Limit int
}

// Capabilities says what a driver does beyond the contract. The suite checks both ways: what is claimed must work,
// and what is not claimed must be refused with [ErrUnsupported].
type Capabilities struct {
	// Name names the driver in logs, for example "sqlite".
	Name string
	// Persistent means that what was committed is there after Close and a new opening.
	Persistent bool
	// MultiProcess means that several processes may use one database at a time.
	MultiProcess bool
	// EnforcesWORM means that the database itself refuses to change or remove rows, not only this driver, on every
	// connection that the driver uses, and that the driver's connections cannot take that refusal away.
	EnforcesWORM bool
	// GuardsRows means that triggers or permissions in the database refuse to change or remove rows for everyone who
	// cannot change the schema, while whoever can change it can take them away; then only the ledger shows it. It is
	// what a driver can promise on a database that belongs to the caller.
	GuardsRows bool
	// Joins means that the driver writes inside a transaction of the caller's; see [Joined].
	Joins bool
	// OnlineBackup means that Backup works.
	OnlineBackup bool
	// MaxBody is the greatest length of a body in bytes.
	MaxBody int
}

// BackupInfo describes a backup.
type BackupInfo struct {
	// Format names the format and its version, for example "sqlite3".
	Format string
	// Bytes is the number of bytes written.
	Bytes int64
}
