package oscal

// Version is the version of OSCAL that this package writes and reads.
const Version = "1.1.3"

const (
	// Namespace is the ns of properties, and the system of facets, that are this module's own.
	Namespace = "https://github.com/hipaasmp/hipaasmp/oscal"
	// CoreNamespace is NIST's, which a facet names as its system.
	CoreNamespace = "http://csrc.nist.gov/ns/oscal"
)

// Metadata is about the document.
type Metadata struct {
	Title              string             `json:"title"`
	LastModified       string             `json:"last-modified"`
	Version            string             `json:"version"`
	OSCALVersion       string             `json:"oscal-version"`
	Props              []Property         `json:"props,omitempty"`
	Roles              []Role             `json:"roles,omitempty"`
	Parties            []Party            `json:"parties,omitempty"`
	ResponsibleParties []ResponsibleParty `json:"responsible-parties,omitempty"`
	Remarks            string             `json:"remarks,omitempty"`
}

// Property is a name and a value of one line. Without NS the name is one that OSCAL defines.
type Property struct {
	Name  string `json:"name"`
	NS    string `json:"ns,omitempty"`
	Value string `json:"value"`
}

// Link points to a resource in the back matter, as "#" and its UUID, or elsewhere.
type Link struct {
	Href string `json:"href"`
	Rel  string `json:"rel,omitempty"`
}

// Role is a role that parties have.
type Role struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Party is the entity, or a person by opaque identity.
type Party struct {
	UUID  string     `json:"uuid"`
	Type  string     `json:"type"`
	Name  string     `json:"name,omitempty"`
	Props []Property `json:"props,omitempty"`
}

// ResponsibleParty says who has a role.
type ResponsibleParty struct {
	RoleID     string   `json:"role-id"`
	PartyUUIDs []string `json:"party-uuids"`
}

// BackMatter holds what the document refers to.
type BackMatter struct {
	Resources []Resource `json:"resources,omitempty"`
}

// Resource is one thing referred to: a record, a piece of evidence, a row of a crosswalk.
type Resource struct {
	UUID        string        `json:"uuid"`
	Title       string        `json:"title,omitempty"`
	Description string        `json:"description,omitempty"`
	Props       []Property    `json:"props,omitempty"`
	Citation    *CitationText `json:"citation,omitempty"`
	Rlinks      []Rlink       `json:"rlinks,omitempty"`
	Base64      *Base64       `json:"base64,omitempty"`
}

// CitationText says where a resource was read.
type CitationText struct {
	Text string `json:"text"`
}

// Rlink says where a resource is, with the digest of its content.
type Rlink struct {
	Href      string `json:"href"`
	MediaType string `json:"media-type,omitempty"`
	Hashes    []Hash `json:"hashes,omitempty"`
}

// Hash is a digest in hexadecimal.
type Hash struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"value"`
}

// Base64 is content that travels inside the document.
type Base64 struct {
	Filename  string `json:"filename,omitempty"`
	MediaType string `json:"media-type,omitempty"`
	Value     string `json:"value"`
}

// Catalog is the catalogue of the Security Rule: a group for each section, a control for each standard, and within it a
// control for each implementation specification.
type Catalog struct {
	UUID       string      `json:"uuid"`
	Metadata   Metadata    `json:"metadata"`
	Groups     []Group     `json:"groups,omitempty"`
	BackMatter *BackMatter `json:"back-matter,omitempty"`
}

// Group is a section.
type Group struct {
	ID       string     `json:"id"`
	Class    string     `json:"class,omitempty"`
	Title    string     `json:"title"`
	Props    []Property `json:"props,omitempty"`
	Controls []Control  `json:"controls,omitempty"`
}

// Control is a standard or a specification.
type Control struct {
	ID       string     `json:"id"`
	Class    string     `json:"class,omitempty"`
	Title    string     `json:"title"`
	Props    []Property `json:"props,omitempty"`
	Links    []Link     `json:"links,omitempty"`
	Parts    []Part     `json:"parts,omitempty"`
	Controls []Control  `json:"controls,omitempty"`
}

// Part is the statement of a control.
type Part struct {
	ID    string     `json:"id,omitempty"`
	Name  string     `json:"name"`
	Props []Property `json:"props,omitempty"`
	Prose string     `json:"prose,omitempty"`
}
