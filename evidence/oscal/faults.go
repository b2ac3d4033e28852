package oscal

import hipaasmp "github.com/hipaasmp/hipaasmp"

// The codes of what the published JSON Schema of OSCAL cannot see.
const (
	// FaultDangling: a reference points to no identity of the document.
	FaultDangling hipaasmp.FaultCode = "SMP-OSCAL-01"
	// FaultIdentity: an identity is given twice.
	FaultIdentity hipaasmp.FaultCode = "SMP-OSCAL-02"
	// FaultOrder: an entry of a log ends before it starts.
	FaultOrder hipaasmp.FaultCode = "SMP-OSCAL-03"
	// FaultVersion: the document is of another version of OSCAL.
	FaultVersion hipaasmp.FaultCode = "SMP-OSCAL-04"
	// FaultSystem: a plan names neither a system nor a system security plan.
	FaultSystem hipaasmp.FaultCode = "SMP-OSCAL-05"
	// FaultFacet: a facet of OSCAL's own system has a name that OSCAL does not define.
	FaultFacet hipaasmp.FaultCode = "SMP-OSCAL-06"
	// FaultStatus: a risk has a status that OSCAL does not define.
	FaultStatus hipaasmp.FaultCode = "SMP-OSCAL-07"
	// FaultRecord: a record in the back matter is not the one that its digest or its name says.
	FaultRecord hipaasmp.FaultCode = "SMP-OSCAL-08"
	// FaultRendering: the document says something else than the records in its back matter.
	FaultRendering hipaasmp.FaultCode = "SMP-OSCAL-09"
)

// FaultDefs returns the catalogue of this package's codes.
func FaultDefs() []hipaasmp.FaultDef {
	const rule = hipaasmp.FaultRule
	return []hipaasmp.FaultDef{
		{Code: FaultDangling, Kind: rule, Meaning: "A reference points to no identity of the document.", Remedy: "Add what it refers to, or correct the reference."},
		{Code: FaultIdentity, Kind: rule, Meaning: "An identity is given twice.", Remedy: "Give each thing an identity of its own."},
		{Code: FaultOrder, Kind: rule, Meaning: "An entry of a log ends before it starts, or has a time that is none.", Remedy: "Correct the times."},
		{Code: FaultVersion, Kind: rule, Meaning: "The document is of another version of OSCAL.", Remedy: "Convert it to version " + Version + "."},
		{Code: FaultSystem, Kind: rule, Meaning: "A plan names neither a system nor a system security plan.", Remedy: "Give system-id or import-ssp."},
		{Code: FaultFacet, Kind: rule, Meaning: "A facet of OSCAL's own system has a name that OSCAL does not define.", Remedy: "Use likelihood, impact, risk or severity, or name a system of your own."},
		{Code: FaultStatus, Kind: rule, Meaning: "A risk has a status that OSCAL does not define.", Remedy: "Use one of the six words that OSCAL defines."},
		{Code: FaultRecord, Kind: rule, Meaning: "A record in the back matter is not the one that its digest or its name says.", Remedy: "Treat the document as altered and ask for it anew."},
		{Code: FaultRendering, Kind: rule, Meaning: "The document says something else than the records in its back matter.", Remedy: "Believe the records, and render them anew."},
	}
}
