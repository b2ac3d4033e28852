package storage

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The codes of what [Store.VerifyTenant] finds. They are rules: no schema can say them.
const (
	// FaultEntry: an entry does not match its leaf.
	FaultEntry hipaasmp.FaultCode = "SMP-STORE-01"
	// FaultGap: entries are missing in the ledger's order.
	FaultGap hipaasmp.FaultCode = "SMP-STORE-02"
	// FaultVersion: a document's versions have a gap or repeat.
	FaultVersion hipaasmp.FaultCode = "SMP-STORE-03"
	// FaultClock: time runs backwards in the ledger.
	FaultClock hipaasmp.FaultCode = "SMP-STORE-04"
	// FaultNode: a stored node of the tree is not what the leaves make it.
	FaultNode hipaasmp.FaultCode = "SMP-STORE-05"
	// FaultHead: the head is not what the leaves make it.
	FaultHead hipaasmp.FaultCode = "SMP-STORE-06"
	// FaultSignature: the newest checkpoint is not signed by a known key, or says something else than the head.
	FaultSignature hipaasmp.FaultCode = "SMP-STORE-07"
	// FaultContent: content is missing without a certificate of its disposal, or is there in spite of one.
	FaultContent hipaasmp.FaultCode = "SMP-STORE-08"
	// FaultRolledBack: the ledger is shorter than a checkpoint that was given.
	FaultRolledBack hipaasmp.FaultCode = "SMP-STORE-09"
	// FaultRewritten: the ledger is not a continuation of a checkpoint that was given.
	FaultRewritten hipaasmp.FaultCode = "SMP-STORE-10"
	// FaultDerivedID: an identity that follows from the content is another.
	FaultDerivedID hipaasmp.FaultCode = "SMP-STORE-11"
	// FaultAllVersions: a hold or an extension names one version of a document.
	FaultAllVersions hipaasmp.FaultCode = "SMP-STORE-12"
	// FaultSealed: content is sealed and its key cannot be had, so nothing is known of it.
	FaultSealed hipaasmp.FaultCode = "SMP-STORE-13"
	// FaultAct: a recorded act lacks a member that it must have, or has one of another act.
	FaultAct hipaasmp.FaultCode = "SMP-STORE-14"
	// FaultCount: a count in a document is not that of what it lists.
	FaultCount hipaasmp.FaultCode = "SMP-STORE-15"
	// FaultConfirmation: a clock is said to be right, and not how that is known.
	FaultConfirmation hipaasmp.FaultCode = "SMP-STORE-16"
	// FaultDisposition: a certificate names a document by which no disposal is approved.
	FaultDisposition hipaasmp.FaultCode = "SMP-STORE-17"
)

// FaultDefs returns the catalogue of this package's codes.
func FaultDefs() []hipaasmp.FaultDef {
	def := func(code hipaasmp.FaultCode, meaning, remedy string) hipaasmp.FaultDef {
		return hipaasmp.FaultDef{Code: code, Kind: hipaasmp.FaultRule, Meaning: meaning, Remedy: remedy, Citation: hipaasmp.CiteIntegrity}
	}
	const keep = "Stop writing, keep the file as it is, and compare it with a backup."
	return []hipaasmp.FaultDef{
		def(FaultEntry, "An entry of the ledger does not match its leaf.", keep),
		def(FaultGap, "Entries are missing in the order of the ledger.", keep),
		def(FaultVersion, "The versions of a document have a gap or repeat.", keep),
		def(FaultClock, "Time runs backwards in the ledger.", "Find out who set the clock and when; the order of the entries stands."),
		def(FaultNode, "A stored node of the tree is not what the leaves make it.", keep),
		def(FaultHead, "The head of the ledger is not what the leaves make it.", keep),
		def(FaultSignature, "The newest checkpoint is not signed by a known key, or says something else than the head.", "Give the verifier key of the program that wrote it; if there is no such program, keep the file and compare it with a backup."),
		def(FaultContent, "Content is missing without a certificate of its disposal, or is there in spite of one.", keep),
		def(FaultRolledBack, "The ledger is shorter than a checkpoint that was signed for it.", "Find the newer file; after restoring a backup on purpose, begin a new epoch."),
		def(FaultRewritten, "The ledger is not a continuation of a checkpoint that was signed for it.", keep),
		def(FaultDerivedID, "An identity that follows from the content is another.", "Let the store make the document; give it the identity that the message names."),
		def(FaultAllVersions, "A hold or an extension names one version of a document.", "Leave the version out; every version is held and kept."),
		def(FaultSealed, "Content is sealed and its key cannot be had, so nothing is known of it.", "Give the key wrapper that wrapped its key; check the tenant's key and the key service."),
		def(FaultAct, "A recorded act lacks a member that it must have, or has one of another act.", "Let the store record the act; give the members that belong to it."),
		def(FaultCount, "A count in a document is not that of what it lists.", "Let the store count; list all that was done."),
		def(FaultConfirmation, "A clock is said to be right, and not how that is known.", "Say how the person knows, or what an independent source of time said."),
		def(FaultDisposition, "A certificate names a document by which no disposal is approved.", "Let the store make the certificate from the approved disposition."),
	}
}

// LedgerFault is one thing that is wrong with a ledger.
type LedgerFault struct {
	// Code names it.
	Code hipaasmp.FaultCode
	// Seq is the position of the entry; for faults of the whole ledger its size.
	Seq uint64
	// Ref is the document, where one is concerned.
	Ref hipaasmp.Ref
	// Message says what does not match, without content.
	Message string
}

func (f LedgerFault) Error() string {
	if f.Ref.IsZero() {
		return fmt.Sprintf("%s at entry %d: %s", f.Code, f.Seq, f.Message)
	}
	return fmt.Sprintf("%s at entry %d (%s): %s", f.Code, f.Seq, f.Ref, f.Message)
}
