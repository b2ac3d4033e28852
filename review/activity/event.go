package activity

import (
	"time"
)

// Event is one entry of a log, in the words that all formats share. Strings are as the log has them unless the field
// says otherwise. An event is a value: keep it as long as you like.
type Event struct {
	// Source is the identity of the source that is reviewed, as given in [Input.Source].
	Source string `json:"source,omitempty"`
	// ID is the identity that the source gave the entry, for example CloudTrail's eventID; empty where it gave none.
	ID string `json:"id,omitempty"`
	// Seq is the position of the entry in its file, from 1, defects counted.
	Seq int64 `json:"seq"`
	// Recorded is when the source recorded the entry, in UTC; the zero time where that is unknown.
	Recorded time.Time `json:"recorded,omitzero"`
	// Ingested is when the log's keeper took the entry in, in UTC; the zero time where the log does not say. Few formats
	// do: OCSF in metadata.logged_time; CloudTrail in the name of the file that it delivered; the event log of Windows as
	// Winlogbeat and NXLog forward it; audit records behind a head of syslog that has a year and a zone; sign-ins of Entra
	// out of an event hub by way of Stream Analytics, or out of a Log Analytics workspace. A time of publishing, of
	// processing or of delivery to somebody else is none.
	Ingested time.Time `json:"ingested,omitzero"`
	// Actor is who did it.
	Actor Actor `json:"actor"`
	// Patients are whose information was touched, each once. Empty means that the entry names nobody, which for an
	// access is a blind spot and not "no patient".
	Patients []Patient `json:"patients,omitempty"`
	// Action is what was done.
	Action Action `json:"action"`
	// Family is the kind of activity, by which coverage is counted: one of the [EventFamilies], whatever the outcome.
	Family Family `json:"family"`
	// Act is what was done in the source's own vocabulary, for example cloudtrail.amazonaws.com StopLogging.
	Act Act `json:"act"`
	// Object is what it was done to.
	Object Object `json:"object,omitzero"`
	// Outcome is how it ended.
	Outcome Outcome `json:"outcome"`
	// Code is the source's own word for the outcome, for example "TrailNotFoundException".
	Code string `json:"code,omitempty"`
	// From is where it came from.
	From Origin `json:"from,omitzero"`
	// Purpose lists the stated purposes of use, for example "TREAT" or "ETREAT", each once.
	Purpose []string `json:"purpose,omitempty"`
	// Session is the session or the request chain that the entry belongs to.
	Session string `json:"session,omitempty"`
	// Request is the request of which the act was part, where the log says which end of the connection recorded the entry.
	Request Request `json:"request,omitzero"`
	// Raw is where the bytes of the entry lie.
	Raw Raw `json:"raw"`
	// Record is the bytes of the entry where [Input.KeepRecord] asked for them: for what looks at members that this model
	// has no field for. It is never written. Those of a file in UTF-16 are given in UTF-8.
	Record []byte `json:"-"`
}

// Emergency reports whether the entry is an emergency override, or an access for which emergency treatment or breaking
// the glass was given as the purpose (ETREAT and BTG of HL7's ActReason).
func (e Event) Emergency() bool { return emergency(e.Action, e.Purpose) }

func emergency(action Action, purpose []string) bool {
	if action == ActionOverride {
		return true
	}
	for _, p := range purpose {
		if p == "ETREAT" || p == "BTG" {
			return true
		}
	}
	return false
}

// Act names what was done in the source's own vocabulary.
type Act struct {
	// System is the vocabulary: an AWS service, or the URI of a code system.
	System string `json:"system,omitempty"`
	// Name is the word or the code within it.
	Name string `json:"name,omitempty"`
}

// Object is what an entry is about, apart from the patient.
type Object struct {
	// Type is the kind of thing in the source's own word, for example "AWS::S3::Object" or "Observation".
	Type string `json:"type,omitempty"`
	// ID is its identity.
	ID string `json:"id,omitempty"`
}

// Patient is an opaque identity of a person whose information was touched.
type Patient struct {
	// System is the numbering that the identity belongs to, for example "urn:oid:1.2.3.4" or the base address of a FHIR
	// server; empty for the source's own.
	System string `json:"system,omitempty"`
	// ID is the number within it.
	ID string `json:"id"`
}

// Origin is where an act came from. Each part is empty where it is unknown.
type Origin struct {
	// Addr is an IP address. Names in an address field are not addresses and go to Host.
	Addr string `json:"addr,omitempty"`
	// Host is the name of a machine or of a service that acted on the actor's behalf.
	Host string `json:"host,omitempty"`
	// App is the program, for example the user agent.
	App string `json:"app,omitempty"`
}

// Request is a request that both ends of a connection may have recorded, see [Seen].
type Request struct {
	// ID is the identity that both ends know it by, for example what stood in X-Request-Id.
	ID string `json:"id"`
	// Recorder is who recorded the entry.
	Recorder string `json:"recorder,omitempty"`
}

// Raw is where the bytes of an entry lie. Read again from there, they give the same event; those of a file in UTF-16 do so
// behind a byte order mark.
type Raw struct {
	// File is the name of the file, as given in [Input.File].
	File string `json:"file,omitempty" validate:"max=1024"`
	// Offset is the position of the first byte, from 0, in the file after decompression.
	Offset int64 `json:"offset" validate:"min=0,max=9007199254740991"`
	// Length is the number of bytes.
	Length int64 `json:"length" validate:"min=0,max=9007199254740991"`
}
