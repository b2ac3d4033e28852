// Package storage keeps documents and records for the six years of 45 CFR 164.316(b)(2)(i), answers what was known on a
// past day, refuses to destroy what must be kept, and proves that nobody changed it since (164.312(c)(1)).
//
// A [Store] stands on a driver: storage/sqlite, storage/memory, or whatever a vendor writes against storage/driver and
// checks with storagetest.Run. Everything that is not a matter of the database is here, once:
//
//   - Documents are validated, brought to canonical bytes and added as a new version. Nothing is overwritten. Who
//     writes says which version was read ([IfVersion]), and a [*ConflictError] tells when another was faster.
//   - Each tenant has a ledger of its own: an RFC 6962 Merkle tree with one leaf for every version and for every other
//     act (a hold, a disposal, a new signing epoch), written in the same transaction as what it records. Its head is
//     a C2SP checkpoint, signed as a note by the store's [Signer]. [Store.Inclusion] and [Store.Consistency] give
//     proofs that anybody verifies offline, with golang.org/x/mod/sumdb/tlog for example; [Store.Prove] puts one with its
//     checkpoint into a file of the C2SP tlog-proof format.
//   - A leaf is the hash of an [Envelope], which names the document, the version, the time and the actor, and commits
//     to the content by a salted digest. Disposal destroys content and salt; envelope, leaf and every proof stay.
//   - Content may be sealed under a key of its own for each version ([Options.Keys]), bound to tenant, kind, id and version.
//     Leaves are over the plain content, so wrapping keys anew ([Store.Rekey]) changes none.
//   - [Store.In] writes inside a transaction that the caller began on its own database: the document and the caller's rows
//     are kept together or not at all.
//   - An [Anchor] keeps checkpoints elsewhere; a ledger that is not a continuation of the newest is not written on.
//     [Store.RotateKey] changes the signing key with an overlap, [Store.MoveIn] brings a tenant over from another store.
//   - Records carry their retention basis into the ledger. [Store.Term] says until when a record is kept and why,
//     [Store.Standing] where it is on its way to disposal: [Store.ProposeDisposal], [Store.ReviewDisposal],
//     [Store.ApproveDisposal] by a second person, and [Store.Dispose], which looks at term, holds and clock again inside
//     the destroying transaction and refuses with [retention.RetainedError], [retention.HeldError] or [ClockError]. A
//     [Certificate] of each stays.
//   - [Store.OffBoard] ends a tenant once everything is disposed of, and destroys its keys.
//
// What it refuses: documents that do not validate, drafts as records, writing under a signing key that did not sign
// what is there ([*LostKeyError]), a clock that stands before the newest entry ([*ClockError]), and content that does
// not match its leaf ([*CorruptError]).
//
// What it cannot do: stop a person who may delete the database file. Keep a checkpoint elsewhere, as an [Anchor] does;
// given one, [Store.VerifyTenant] finds truncation, roll-back and rewriting. README.md holds what was measured.
//
// This package holds the only clock and the only source of randomness of the module, both replaceable in [Options].
// Tenants are parameters everywhere and never taken from a context. Errors and logs name documents by reference and
// never hold content.
package storage
