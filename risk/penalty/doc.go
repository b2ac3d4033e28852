// Package penalty computes what the civil money penalties of 45 CFR 160.404 could come to: the amounts of a violation by
// the day it happened and the day the penalty is assessed, as 45 CFR 102.3 adjusts them, the count of violations under
// 160.406, the calendar-year caps, and the bars of 160.410 and 160.414.
//
// It is informational and says so in every result. The amount within a range is the Secretary's to determine by the factors
// of 160.408 and may be waived under 160.412; a case may also end in a settlement, which no table gives. Nothing here is legal
// advice.
//
// # Which amounts hold
//
// Adjusted amounts hold for penalties assessed on or after the day a table takes effect, and only for violations on or
// after 2015-11-02. Earlier violations keep the amounts of the regulation, whenever they are assessed; violations before
// 2009-02-18 keep those of 160.404(b)(1). There is no table for 2026: the adjustments of that year were cancelled and the
// amounts of 91 FR 3665 stay.
//
// # Discretion
//
// Since 2019-04-30 HHS says that it applies lower annual caps to the first three tiers, as a matter of enforcement
// discretion (84 FR 18151). They are in no regulation and can be withdrawn. They are given beside the codified caps, marked
// so, and never instead of them.
//
// # Sources
//
// Every table carries the page of the Federal Register, the day it was read and how well it is attested. The tables of 2016
// and 2017 were not seen; that each later table follows from them by its multiplier, rounded half up to the dollar, is a
// test.
//
// # What it refuses
//
// Violations after the assessment or of an unknown tier, a correction without the day of knowledge, a count that does not go
// with the way of counting, a tier that the correction contradicts: all faults at once, each with a code and a pointer.
package penalty
