// Package risk holds the risk analysis of 45 CFR 164.308(a)(1)(ii)(A): the inventory of what creates, receives,
// maintains or transmits electronic protected health information (ePHI), the threats, vulnerabilities and safeguards
// around it, the findings that combine them, and the scores.
//
// # From draft to analysis
//
// A [Draft] is work in progress. It starts empty with [NewDraft], or from the last analysis with [CarryForward], where
// every finding has to be confirmed, re-scored or removed. [Draft.Approve] turns it into an [Analysis]: approved by
// management and by the named security official, with the acceptable level of risk, and with the analysis before it or
// the explanation why there is none. An analysis is final and is in effect from its approval; [Analysis.Supersede]
// closes its period.
//
// [Procedure] is the entity's policy and procedure behind it. [Diff] says what became of each finding from one analysis to
// the next, and [Analysis.Stale] what happened since that an analysis cannot know, with the findings that it touches over
// the flows of ePHI.
//
// # Scores
//
// A score is looked up, never multiplied: likelihood of initiation and likelihood of adverse impact give the overall
// likelihood (NIST SP 800-30 Rev. 1, table G-5), and likelihood and impact give the level of risk (table I-2). Every
// score names the scale and the digest of its tables, and Validate looks it up again: a level that the tables do not
// give is refused. Not assessed is a level of its own. It is not below very low, it compares with nothing, and
// whatever is computed from it is not assessed either.
//
// [SP80030] has five levels and [ThreeLevel] three, as a choice of the entity's. [BuildScale] makes a scale of the
// entity's own, of any number of likelihoods and impacts, in its own words; its tables travel with the analysis. A new
// scale never scores history again, an analysis is scored on one scale, and scores on two scales compare only through a
// [Conversion], which says who decided how and why.
//
// # What is missing
//
// [GapChecks] asks what an investigator would ask: whether an analysis is in effect, whether it is stale, whether its
// scope covers every asset and every class of asset, and whether its parts are complete. The questions follow the
// elements of the OCR Guidance on Risk Analysis Requirements (2010) and the documents that the OCR audit protocol asks
// for; [Elements] is the table from element to gap code. The rule sets no yearly interval; an interval here is the
// entity's own policy and is labelled so.
//
// # In and out
//
// [ThreatCatalogue] is SP 800-30 Rev. 1 as data, with what was not read marked as recalled. [Sheet] writes the register as
// CSV, safe to open in a spreadsheet, and [ReadSheet] reads it back whole. [ReadCISO] reads the risk assessments of CISO
// Assistant by a profile that says what their words mean.
//
// # What the package refuses
//
// A score that its scale does not give, a scale whose risks go down where likelihood or impact goes up, a residual below
// the current level without a measure that brings it there, a finding that points at nothing, two entries of one
// identity, a class declared empty that has assets, an approval by one person who does not hold both offices, a draft
// with findings that nobody looked at again. It gives no verdict about the law and computes no overall grade.
package risk
