// Package evidence writes the package that an entity hands to whoever asks for its records, and verifies one.
//
// It serves 45 CFR 164.316(b)(1) and (b)(2), the duties to keep records six years and to make them available, and
// 160.310, the duty to give the Secretary access to them. A package is one deterministic ZIP file that holds the
// tenant's documents in canonical JSON with their whole history, the ledger entries that prove them, the signed
// checkpoint of the ledger, the schemas, retention terms and holds, the gaps, a README for a reader who knows nothing
// of this module, and whatever parts the caller adds, such as a report. Everything is listed with its digest in a
// signed manifest.
//
// [Write] computes a package from a store; [Verify] checks one offline, with nothing but the file and the verifier
// key, level by level: archive and signature, shape, leaves, inclusion, consistency, completeness, retention, anchors. What
// names exhibits is [Cite], which takes records only: a draft given as evidence does not compile. Documents that are
// not final are in a package as history, and the manifest marks them as not final.
//
// Where a recipient may not see everything, [Options].Include withholds whole documents: their entries stay, with proofs,
// and verification says that content is withheld. [WriteView] writes a pseudonymised view instead, which is labelled as
// one and proves nothing.
//
// It refuses to write a package that would not verify: under another key than the ledger's, over a ledger that is no
// continuation of a checkpoint that the caller holds, or with an exhibit that is not in the ledger. It refuses to read
// what is not exactly a package: the archive has one form, and no byte of it is without meaning.
//
// The package imports no domain. It says what is there and what is proved, and judges nothing.
package evidence
