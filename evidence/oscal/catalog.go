package oscal

import (
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// classOf names a kind of provision as a class.
func classOf(k hipaasmp.ProvisionKind) string { return "hipaa-" + string(k) }

// NewCatalog renders the standards and implementation specifications of Part 164 Subpart C in an edition of the rule.
// Designations belong to the edition; what was not read in a source is given as unknown. made is the time of the document.
//
// An edition that is only proposed obliges nobody and is refused with an [*EditionError], as is one that this module
// does not know.
func NewCatalog(edition hipaasmp.Edition, made time.Time) (Catalog, error) {
	if edition.Status == hipaasmp.EditionStatusProposed {
		return Catalog{}, &EditionError{Edition: edition.ID, Reason: "is a proposal, which obliges nobody; give an edition that is or was law"}
	}
	b := catalogBuilder{}
	for p := range edition.Provisions() {
		b.provisions = append(b.provisions, p)
	}
	var groups []Group
	for _, p := range b.provisions {
		if p.Kind != hipaasmp.ProvisionSection || !strings.HasSuffix(p.Subpart, "Subpart C") {
			continue
		}
		g := Group{ID: b.id(p), Class: classOf(p.Kind), Title: p.Title, Props: []Property{core("label", string(p.Citation))}}
		for _, s := range b.provisions {
			if s.Kind == hipaasmp.ProvisionStandard && s.Citation.Section() == p.Citation && s.SameStandard == "" {
				g.Controls = append(g.Controls, b.control(s))
			}
		}
		if len(g.Controls) > 0 {
			groups = append(groups, g)
		}
	}
	if len(groups) == 0 {
		return Catalog{}, &EditionError{Edition: edition.ID, Reason: "has no standard that is known; get it from Catalogue.At or Catalogue.Edition"}
	}
	made = hipaasmp.Instant(made)
	c := Catalog{
		UUID: hipaasmp.NameID("oscal", "catalog/"+string(edition.ID)+"/"+instant(made)),
		Metadata: Metadata{
			Title: "HIPAA Security Rule, 45 CFR Part 164 Subpart C: standards and implementation specifications", LastModified: instant(made),
			Version: string(edition.ID), OSCALVersion: Version,
			Props:   []Property{own("edition", string(edition.ID)), own("federal-register", edition.FederalRegister)},
			Remarks: "Statements quote the rule where the property text says so, and otherwise sum it up in other words; they do not replace the text. The crosswalk in the back matter is a guide for reading: meeting its targets is not meeting the provision.",
		},
		Groups: groups,
	}
	if len(b.resources) > 0 {
		c.BackMatter = &BackMatter{Resources: b.resources}
	}
	return c, c.Verify()
}

// EditionError says why no catalogue is made of an edition.
type EditionError struct {
	// Edition is the edition.
	Edition hipaasmp.EditionID
	// Reason says what is wrong and what to do.
	Reason string
}

func (e *EditionError) Error() string {
	return "oscal: edition " + quote(string(e.Edition)) + " " + e.Reason
}

type catalogBuilder struct {
	provisions []hipaasmp.Provision
	resources  []Resource
}

func (b *catalogBuilder) id(p hipaasmp.Provision) string {
	token, _ := Token(p.Citation)
	return token
}

// control renders a standard or a specification, and below it what belongs to it.
func (b *catalogBuilder) control(p hipaasmp.Provision) Control {
	c := Control{ID: b.id(p), Class: classOf(p.Kind), Title: oneLine(p.Title), Props: []Property{
		core("label", string(p.Citation)), own("designation", string(p.Designation)), own("binds", string(p.Binds)),
		own("confidence", string(p.Source.Confidence)),
	}}
	if !p.Since.IsZero() {
		c.Props = append(c.Props, own("since", p.Since.String()))
	}
	prose, text := p.Text, "quoted"
	if prose == "" {
		prose, text = p.Summary, "summary"
	}
	if prose != "" {
		c.Parts = []Part{{ID: c.ID + "_smt", Name: "statement", Props: []Property{own("text", text)}, Prose: prose}}
	}
	for _, r := range crosswalk(p.Citation) {
		b.resources = append(b.resources, r)
		c.Links = append(c.Links, Link{Href: "#" + r.UUID, Rel: "reference"})
	}
	for _, x := range b.provisions {
		if x.Kind == hipaasmp.ProvisionSpecification && x.Parent == p.Citation || x.SameStandard == p.Citation && x.Citation != p.Citation {
			c.Controls = append(c.Controls, b.control(x))
		}
	}
	return c
}

// crosswalk renders what a provision leads to, one resource a framework.
func crosswalk(c hipaasmp.Citation) []Resource {
	var out []Resource
	for _, row := range (hipaasmp.Catalogue{}).Crosswalks(c) {
		r := Resource{
			UUID:  hipaasmp.NameID("oscal", "crosswalk/"+string(row.Citation)+"/"+string(row.Framework)),
			Title: "Crosswalk from " + string(row.Citation) + " to " + string(row.Framework), Description: row.Note,
			Props:    []Property{own("citation", string(row.Citation)), own("framework", string(row.Framework)), own("confidence", string(row.Source.Confidence))},
			Citation: &CitationText{Text: oneLine(row.Source.Title + " (" + row.Source.Locator + ", read " + row.Source.Read.String() + ")")},
		}
		for _, t := range row.Targets {
			r.Props = append(r.Props, own("target", t))
		}
		out = append(out, r)
	}
	return out
}
