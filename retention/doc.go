// Package retention computes until when a record must be kept: 45 CFR 164.316(b)(2)(i), "6 years from the date of its
// creation or the date when it last was in effect, whichever is later", with the overlays that lengthen it and the
// holds that stop it.
//
// It is plain data and pure functions; storage enforces what it computes. The rules it follows:
//
//   - The clock starts on the later of creation and the last day in effect. A document that is in effect has no
//     disposal date at all. A policy that is put back in force stops its clock again, because the last of all its
//     effective periods counts.
//   - Six years are calendar years, never 2,190 days. 29 February rolls forward to 1 March: the rule is a minimum.
//   - The anniversary itself is still kept; the first disposal day is the day after. "For 6 years from the date" is
//     counted with the ordinary rule that leaves out the first day and includes the last (45 CFR 160.526(a) is an
//     analogue, not an authority here). It is a conservative choice of this package, not a statement of OCR's.
//   - Overlays (state law, a managed-care contract, a corrective action plan) only lengthen. Holds stop disposal until
//     every one of them is released.
//   - That a date has passed destroys nothing. A [Disposition] goes from proposal through review to the approval of a
//     second person before anything is destroyed, and the destruction leaves a record of its own.
//
// Whether the six years reach raw audit logs is contested: 164.316(b)(1) speaks of actions, activities and assessments
// that the subpart requires to be documented, and HHS has not said that log lines are among them. This package
// therefore keeps three classes apart, keeps raw logs six years by default, lets a documented policy choose another
// period for them, says so in a warning, and never calls six years of raw logs the law.
//
// The package refuses to compute from a record without a creation date or with a period that ends before it begins.
package retention
