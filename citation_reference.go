package hipaasmp

// CrossReference is a citation as the text of a provision quotes it. The published text of 164.314(a)(2)(iii) refers to
// 164.308(b)(4), which no longer exists; quoting it is right, citing it is not.
type CrossReference struct {
	// In is the provision whose text holds the reference.
	In Citation
	// Quoted is the reference in canonical spelling, whether or not it exists.
	Quoted string
	// Target is the provision referred to; empty where the reference dangles.
	Target Citation
	// Defect is the known defect that explains a dangling reference; its ID is empty otherwise.
	Defect Defect
}

// Dangles reports whether the reference points to a provision that does not exist in the edition in force.
func (r CrossReference) Dangles() bool { return r.Target == "" }

// ParseCrossReference reads a reference that the text of the provision in quotes. It accepts what [ParseCitation]
// accepts, and beyond that only a dangling reference that the published text of that provision really has. The error
// is an [*UnknownCitationError].
func ParseCrossReference(in Citation, s string) (CrossReference, error) {
	if !in.IsValid() {
		return CrossReference{}, law().inForce.refuse(string(in))
	}
	c, err := ParseCitation(s)
	if err == nil {
		return CrossReference{In: in, Quoted: string(c), Target: c}, nil
	}
	w := readCitation(s)
	if in != CiteSubcontractorTerms || w.reason != "" || w.citation != dangling {
		return CrossReference{}, err
	}
	r := CrossReference{In: in, Quoted: string(w.citation)}
	for _, d := range defects() {
		if d.ID == "DEF-02" {
			r.Defect = d
		}
	}
	return r, nil
}
