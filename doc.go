// Package hipaasmp is the vocabulary of an SDK for the HIPAA Security Management Process standard, 45 CFR
// 164.308(a)(1): risk analysis, risk management, sanction policy and information system activity review.
//
// The SDK answers one letter: show your current risk analysis and the one before it, the plan that treats each risk,
// the sanctions you applied, the activity reviews you certified, and that you kept them six years. It turns the four
// implementation specifications into typed records with a lifecycle, keeps them as long as 164.316(b)(2)(i) asks,
// proves that nobody touched them, and says plainly what is missing.
//
// # The packages
//
//	hipaasmp             citations and their catalogue, controls, dates, entities, documents and records, faults, gaps
//	risk                 inventory, findings, draft to analysis, register        164.308(a)(1)(ii)(A)
//	remediation          plan, items, verification, acceptance, decisions        164.308(a)(1)(ii)(B)
//	sanction             policy, case, outcome, attestation                      164.308(a)(1)(ii)(C)
//	review               procedure, session, exceptions, certified record        164.308(a)(1)(ii)(D)
//	  review/activity    readers for audit logs into one event model
//	  review/detect      detectors as mergeable partial states
//	retention            until when a record is kept, holds, dispositions        164.316(b)(2)(i)
//	storage              versions, tenants, retention, a signed Merkle ledger per tenant
//	  storage/driver     what a vendor implements;  storage/storagetest proves it
//	  storage/memory, storage/sqlite
//	evidence             the package for an investigator, and its offline verification
//	  evidence/schema    JSON Schemas of every document;  evidence/vectors  good and bad examples
//	  evidence/inquiry   the letter answered inquiry by inquiry;  evidence/report  the HTML
//	  evidence/dossier   all of it in one call
//
// # Documents and records
//
// Everything with an identity is a [Document]: storage keeps it, versions it and puts it in the ledger. Only what is
// final is also a [Record]: it names the provisions that it documents and starts a retention clock. A draft analysis, an
// open session and a case under investigation are documents and become records through one method each, so a draft
// offered as evidence does not compile.
//
// # What a program can rely on
//
// No package but storage reads a clock: the day or the instant is a parameter. No package has an init function, global
// state that changes, or a network connection. The same records give the same bytes. Enumerations refuse what they do
// not know; "unknown" and "not assessed" are values. Validate returns every fault, each with a stable code, a JSON
// Pointer and a remedy. Subjects, patients and actors are opaque identities; names live in a [Directory] that is never
// stored.
//
// # What it does not say
//
// It never says that somebody is compliant, gives no percentage and no legal advice. It emits findings, gaps and the
// evidence behind them, each with its citation. Facts of law are data with an edition, a source and the day they were
// read; what is proposed is marked as proposed and is never an obligation.
package hipaasmp
