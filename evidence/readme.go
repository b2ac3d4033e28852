package evidence

import (
	"fmt"
	"slices"
	"strings"
)

// readme explains the package to a reader who knows nothing of this module.
func (p *plan) readme() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	file := func(name, about string) { fmt.Fprintf(&b, "  %-26s %s\n", name, about) }

	line("EVIDENCE PACKAGE")
	line("")
	line("This archive holds documents that an entity keeps for the Security Management Process standard, 45 CFR")
	line("164.308(a)(1), with the means to verify that they are complete and unaltered. It makes no statement about the law.")
	line("")
	line("  tenant      %s", p.tenant)
	line("  period      %s", p.opts.Period)
	line("  as of       %s", p.opts.AsOf)
	line("  made        %s", p.opts.Made.Format("2006-01-02T15:04:05.999999Z"))
	if !p.opts.Recorded.IsZero() {
		line("  reads as of %s: what was recorded later is not here", p.opts.Recorded.Format("2006-01-02T15:04:05.999999Z"))
	}
	line("  ledger      %s, %d entries", p.head.Origin, p.head.Size)
	line("  signed by   %s", keyID(p.opts.Signer.Name(), p.opts.Signer.KeyHash()))
	line("")
	line("WHAT IS HERE")
	line("")
	file(fileManifest, "list of all files with their SHA-256 digests, signed; what this package claims")
	file(fileReadme, "this text")
	for _, part := range slices.SortedFunc(slices.Values(p.opts.Parts), func(a, b Part) int { return strings.Compare(a.Name, b.Name) }) {
		file(part.Name, "added by the sender ("+part.MediaType+"); listed in the manifest, not proved by the ledger")
	}
	file("records/KIND/ID/N.json", "version N of a document, in canonical JSON (RFC 8785), exactly as it was hashed")
	file(fileEntries, "one line for each ledger entry: envelope, salt, inclusion proof")
	file(fileCheckpoint, "the signed head of the ledger under which everything is proved")
	if len(p.since) > 0 {
		file(fileConsistency, "earlier checkpoints, each with the proof that this ledger continues it")
	}
	file(fileKept, "until when each record is kept and why, one line for each")
	file(fileRules, "the rules of retention, and all holds")
	file(fileGaps, "what the sender's own checks found missing")
	file("schemas/v1/KIND.json", "JSON Schema (2020-12) of each kind of document")
	line("")
	line("The manifest marks each document as final or not. Final documents are records. Those that are not final (drafts,")
	line("open cases, items in progress) are here as history, and so are superseded versions.")
	if p.opts.Sparse {
		line("Only ledger entries whose content is here are listed: this package does not claim to be complete.")
	} else {
		line("Every entry of the ledger is listed. Of %d entries the content of %d is here, of %d is withheld by the sender, and of", p.head.Size, p.counts.Included, p.counts.Withheld)
		line("%d was destroyed after its retention had run out; envelopes and proofs of those remain.", p.counts.Disposed)
	}
	line("")
	line("Identities of people are opaque. In file names a percent sign and two hexadecimal digits stand for one character.")
	line("")
	line("HOW TO VERIFY")
	line("")
	line("You need the sender's verifier key, one line of text that begins with")
	line("%s+. Obtain it from the sender by another way than this archive: a key that", keyID(p.opts.Signer.Name(), p.opts.Signer.KeyHash()))
	line("comes with what it verifies proves nothing. The Go package github.com/hipaasmp/hipaasmp/evidence does all of the")
	line("following offline (function Verify); any other program can do the same:")
	line("")
	for _, step := range []string{
		"1. manifest.json is a DSSE v1 envelope. Verify its Ed25519 signature over the pre-authentication encoding. Its payload\n" +
			"   is an in-toto Statement v1 whose subjects are all other files. Compare every file's SHA-256 with it, and see that no\n" +
			"   file is missing and none is too many.",
		"2. Check each document under records/ against the schema that its member \"schema\" names.",
		"3. For each line of ledger/entries.jsonl with content \"included\": the SHA-256 of the salt (hexadecimal) followed by the\n" +
			"   bytes of the file is \"body\" in the envelope, which also names kind, id, version and schema. If the line has a\n" +
			"   reason, the SHA-256 of salt, a zero byte and the reason is \"reason\" in the envelope.",
		"4. The leaf hash of an entry is the SHA-256 of a zero byte and the envelope's canonical bytes (RFC 6962). ledger/checkpoint\n" +
			"   is a signed note (C2SP tlog-checkpoint): origin, number of entries, root in base64. Verify its signature with the\n" +
			"   same key, and with each line's proof that the leaf is at position \"seq\" in the tree with that root.",
		"5. If you hold an earlier checkpoint of this ledger, find it in ledger/consistency.jsonl and verify its proof (RFC 6962\n" +
			"   consistency). If it is not there, ask for a package that has it, or compute the root of that many leaves.",
		"6. Where the manifest says \"complete\": positions run from 0 without a hole, and the root of all leaves is that of the\n" +
			"   checkpoint. Content that was destroyed is named, with position and leaf, in a document of kind storage.certificate.",
		"7. Compute the terms in retention/records.jsonl from \"basis\" in the envelopes and the rules in retention/rules.json, and\n" +
			"   the holds from the documents of kind storage.hold.",
	} {
		line("%s", step)
	}
	return b.String()
}
