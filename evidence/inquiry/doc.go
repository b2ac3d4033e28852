// Package inquiry asks the questions that need the records of more than one domain, and answers an investigator's
// letter inquiry by inquiry.
//
// It serves 45 CFR 164.308(a)(1) as a whole and 164.316(b). The domains give the gap checks of their own records; this
// package adds those that see several lives at once: a system with ePHI that no review procedure covers, an exception
// of a review that was called an incident and led to no case, an implemented policy that left no record. It puts all of
// them together in [Records.Checks] and runs them with [Records.Gaps].
//
// [Records.Answer] goes through the OCR audit protocol's rows for the standard and says of each document asked for
// which records answer it, which answer it in part, and what is missing.
//
// It refuses to conclude: an answer is a list of records and of gaps, never a verdict.
package inquiry
