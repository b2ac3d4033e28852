package hipaasmp

// Document is everything with an identity: storage keeps it, versions it and puts it in the ledger. A draft
// analysis, an open review session and a case under investigation are documents.
type Document interface {
	// DocumentRef returns the kind and the identity, without a version.
	DocumentRef() Ref
	// Validate returns nil or a [*ValidationError] with every fault, not only the first.
	Validate() error
}

// Record is a document that is final: the kind of thing 45 CFR 164.316(b)(1) asks to be kept. Only records start a
// retention clock and only records are accepted as evidence, so a draft given as evidence does not compile.
type Record interface {
	Document
	// Citations returns the provisions that the record documents, most specific first.
	Citations() []Citation
	// RetentionBasis returns the dates and the class from which the retention clock is computed.
	RetentionBasis() RetentionBasis
}

// Header opens every document's JSON, so that a file explains itself: the schema it was written under and its
// identity. Embed it as the first field.
type Header struct {
	// Schema is the $id of the JSON Schema under which the document was written.
	Schema string `json:"schema" validate:"required,schemaid"`
	// ID is the document's identity within its tenant and kind; see [ValidID].
	ID string `json:"id" validate:"required,docid"`
}

// NewHeader returns the header of a document of the given kind in the first major version of its shape.
func NewHeader(kind Kind, id string) Header { return Header{Schema: SchemaID(kind, 1), ID: id} }

// DocumentRef returns the kind, which the schema names, and the identity. A header whose schema is not an identifier
// of this module has no kind, and its document does not validate.
func (h Header) DocumentRef() Ref {
	kind, _, _ := ParseSchemaID(h.Schema)
	return Ref{Kind: kind, ID: h.ID}
}

// RetentionClass groups records whose retention rule is the same.
type RetentionClass string

// The three classes. Whether 164.316(b)(2)(i) reaches raw audit logs is contested and HHS has not said; see the
// package comment of retention.
const (
	// ClassDocumentation is a policy, procedure, plan, analysis or decision: six years, a hard floor.
	ClassDocumentation RetentionClass = "documentation"
	// ClassReviewRecord is the certified record of an activity review, a sanction or another action: six years, a hard floor.
	ClassReviewRecord RetentionClass = "review_record"
	// ClassRawLog is the log that was reviewed: six years by default, configurable by documented policy, never called law.
	ClassRawLog RetentionClass = "raw_log"
)

// Values returns the members of the enumeration.
func (RetentionClass) Values() []RetentionClass {
	return []RetentionClass{ClassDocumentation, ClassReviewRecord, ClassRawLog}
}

// IsValid reports whether c is a member.
func (c RetentionClass) IsValid() bool {
	_, err := ParseEnum("RetentionClass", []byte(c), c.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (c RetentionClass) MarshalText() ([]byte, error) {
	return FormatEnum("RetentionClass", c, c.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (c *RetentionClass) UnmarshalText(text []byte) (err error) {
	*c, err = ParseEnum("RetentionClass", text, c.Values())
	return err
}

// RetentionBasis holds what the retention rule looks at: when the document was created and when it was in effect.
type RetentionBasis struct {
	// Class selects the rule.
	Class RetentionClass `json:"class" validate:"enum"`
	// Created is the civil date of creation in the entity's zone.
	Created Date `json:"created" validate:"required"`
	// InEffect are the periods in which the document governed; empty for a record of one point in time. An open
	// period means that it still governs, and then the clock has not started.
	InEffect []Period `json:"in_effect,omitempty" validate:"dive"`
}

// InEffectOn reports whether the document governs on the given day.
func (b RetentionBasis) InEffectOn(d Date) bool {
	for _, p := range b.InEffect {
		if p.Contains(d) {
			return true
		}
	}
	return false
}
