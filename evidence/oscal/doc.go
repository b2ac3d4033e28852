// Package oscal writes the risk management plan and the catalogue of the Security Rule in OSCAL 1.1.3, for tools that
// read that format. It serves 45 CFR 164.308(a)(1)(ii)(A) and (B), the risks and what is done about them, and names the
// provisions of Part 164 Subpart C.
//
// It is an edge: no type of the domains knows OSCAL, and what stands here is a rendering. The records are the documents
// it was made from. With [Plan.Attach] they travel inside, and [POAM.Import] gives them back unchanged, after checking
// that the rendering says what they say.
//
// The structures are a small part of OSCAL, as much as the rendering needs. [ReadPOAM] and [ReadCatalog] read that part
// and refuse members beyond it, so nothing is lost in silence; they are no readers for the files of other tools.
//
// Identities are derived from those of the records (UUID version 5), so the same records give the same bytes. A citation
// becomes a token that OSCAL allows, see [Token]. Days become instants at their end in UTC, and a property keeps the day.
// No finding is given as satisfied or not satisfied: a risk is no verdict on a provision, and OSCAL has no third answer.
// Sanctions have no place in OSCAL and are never exported.
//
// [POAM.Verify] finds what the published JSON Schema cannot: references to nothing, identities given twice, log entries
// that end before they start, another version, a plan of no system, facets and states that nobody defined.
package oscal
