package evidence

import hipaasmp "github.com/hipaasmp/hipaasmp"

// The codes of what can be wrong with a package.
const (
	// FaultArchive: the file is not an archive of the one form that packages have.
	FaultArchive hipaasmp.FaultCode = "SMP-EVD-01"
	// FaultName: a file in the archive has a name that is unsafe or stands there twice.
	FaultName hipaasmp.FaultCode = "SMP-EVD-02"
	// FaultLimit: the package goes beyond a limit of the reader.
	FaultLimit hipaasmp.FaultCode = "SMP-EVD-03"
	// FaultManifest: the manifest cannot be read, or claims what cannot be.
	FaultManifest hipaasmp.FaultCode = "SMP-EVD-04"
	// FaultSignature: the manifest is not signed by a known key.
	FaultSignature hipaasmp.FaultCode = "SMP-EVD-05"
	// FaultDigest: a file is not the one that the manifest lists.
	FaultDigest hipaasmp.FaultCode = "SMP-EVD-06"
	// FaultLine: the ledger part of the package cannot be read.
	FaultLine hipaasmp.FaultCode = "SMP-EVD-07"
	// FaultRecord: a document is not canonical JSON or is not the document that its ledger entry names.
	FaultRecord hipaasmp.FaultCode = "SMP-EVD-08"
	// FaultShape: a document does not have the shape of its schema.
	FaultShape hipaasmp.FaultCode = "SMP-EVD-09"
	// FaultContent: a document does not match the digest that its ledger entry commits to.
	FaultContent hipaasmp.FaultCode = "SMP-EVD-10"
	// FaultIndex: the manifest says something else of a document than its ledger entry.
	FaultIndex hipaasmp.FaultCode = "SMP-EVD-11"
	// FaultCheckpoint: the checkpoint is not signed by a known key, or is that of another ledger.
	FaultCheckpoint hipaasmp.FaultCode = "SMP-EVD-12"
	// FaultInclusion: an entry is not proved to be in the ledger.
	FaultInclusion hipaasmp.FaultCode = "SMP-EVD-13"
	// FaultConsistency: the ledger is not proved to continue an earlier checkpoint.
	FaultConsistency hipaasmp.FaultCode = "SMP-EVD-14"
	// FaultCompleteness: an entry of the ledger is missing, or content is gone without a certificate.
	FaultCompleteness hipaasmp.FaultCode = "SMP-EVD-15"
	// FaultRetention: a retention term is not the one that follows from the ledger.
	FaultRetention hipaasmp.FaultCode = "SMP-EVD-16"
	// FaultHold: the holds are not those that follow from the ledger.
	FaultHold hipaasmp.FaultCode = "SMP-EVD-17"
	// FaultExhibit: an exhibit is not in the ledger as it was given.
	FaultExhibit hipaasmp.FaultCode = "SMP-EVD-18"
	// FaultPart: a part cannot stand in a package.
	FaultPart hipaasmp.FaultCode = "SMP-EVD-19"
	// FaultAnchor: the ledger is not the one that its anchor knows.
	FaultAnchor hipaasmp.FaultCode = "SMP-EVD-20"
)

// FaultDefs returns the catalogue of this package's codes.
func FaultDefs() []hipaasmp.FaultDef {
	const rule = hipaasmp.FaultRule
	return []hipaasmp.FaultDef{
		{Code: FaultArchive, Kind: rule, Meaning: "The file is not an archive of the one form that packages have; it was cut off, altered, or written by another program.", Remedy: "Ask for the package anew and compare its SHA-256 with the sender's."},
		{Code: FaultName, Kind: rule, Meaning: "A file in the archive has a name that is unsafe or stands there twice.", Remedy: "Do not unpack it. Ask for the package anew."},
		{Code: FaultLimit, Kind: rule, Meaning: "The package goes beyond a limit of the reader.", Remedy: "If the sender says that it is this large, raise the limit that the message names."},
		{Code: FaultManifest, Kind: rule, Meaning: "The manifest cannot be read, or claims what cannot be.", Remedy: "Ask for the package anew; a package of a newer format needs a newer version of this module."},
		{Code: FaultSignature, Kind: rule, Meaning: "The manifest is not signed by a known key.", Remedy: "Check that the verifier key is the sender's, obtained by another way than the package."},
		{Code: FaultDigest, Kind: rule, Meaning: "A file is not the one that the manifest lists.", Remedy: "Treat the file as altered and ask for the package anew."},
		{Code: FaultLine, Kind: rule, Meaning: "The ledger part of the package cannot be read.", Remedy: "Ask for the package anew."},
		{Code: FaultRecord, Kind: rule, Meaning: "A document is not canonical JSON or is not the document that its ledger entry names.", Remedy: "Treat the document as altered."},
		{Code: FaultShape, Kind: rule, Meaning: "A document does not have the shape of its schema.", Remedy: "Read the faults in the message; the document was written by a program that did not validate it."},
		{Code: FaultContent, Kind: rule, Meaning: "A document does not match the digest that its ledger entry commits to.", Remedy: "Treat the document as altered."},
		{Code: FaultIndex, Kind: rule, Meaning: "The manifest says something else of a document than its ledger entry.", Remedy: "Believe the ledger entry; ask the sender why the manifest differs."},
		{Code: FaultCheckpoint, Kind: rule, Meaning: "The checkpoint is not signed by a known key, or is that of another ledger.", Remedy: "Check that the verifier key is the sender's; give the keys of earlier epochs too."},
		{Code: FaultInclusion, Kind: rule, Meaning: "An entry is not proved to be in the ledger.", Remedy: "Treat the entry as altered or added later."},
		{Code: FaultConsistency, Kind: rule, Meaning: "The ledger is not proved to continue an earlier checkpoint.", Remedy: "Compare with the earlier package: what it proved may have been changed or taken away since."},
		{Code: FaultCompleteness, Kind: rule, Meaning: "An entry of the ledger is missing, or content is gone without a certificate of disposal.", Remedy: "Ask the sender for what is missing.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultRetention, Kind: rule, Meaning: "A retention term is not the one that follows from the ledger.", Remedy: "Believe the ledger; compute the term from the dates in the entry.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultHold, Kind: rule, Meaning: "The holds are not those that follow from the ledger.", Remedy: "Believe the ledger entries of the holds.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultExhibit, Kind: rule, Meaning: "An exhibit is not in the ledger as it was given.", Remedy: "Store the record first, and cite what was stored.", Citation: hipaasmp.CiteDocumentation},
		{Code: FaultPart, Kind: rule, Meaning: "A part cannot stand in a package.", Remedy: "Give it a relative name of A-Z a-z 0-9 . _ - that no other file has, and a media type."},
		{Code: FaultAnchor, Kind: rule, Meaning: "The ledger is not the one that its anchor knows.", Remedy: "Keep the anchor and ask the sender when and why the ledger was cut off, changed or restored.", Citation: hipaasmp.CiteTimeLimit},
	}
}
