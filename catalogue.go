package hipaasmp

import (
	"fmt"
	"iter"
	"slices"
	"sync"
)

// Catalogue is the law as this module knows it: the standards and specifications of 45 CFR Part 164 Subpart C and the
// paragraphs cited with them, by edition, each with its source; the known defects of the texts; and the crosswalks to
// NIST publications and to the OCR audit protocol. It is immutable, and its zero value is ready.
//
// It informs and decides nothing: what a provision asks of an entity is for the entity and its counsel to say.
type Catalogue struct{}

// NoEditionError says that no edition of the rule was in force on a day.
type NoEditionError struct {
	// On is the day that was asked.
	On Date
	// First is the first day on which an edition was in force.
	First Date
}

func (e *NoEditionError) Error() string {
	if e.On.IsZero() {
		return "hipaasmp: no day was given; ask for the edition in force on a date"
	}
	return fmt.Sprintf("hipaasmp: no edition of the Security Rule was in force on %s; the first took effect on %s", e.On, e.First)
}

// ReadOn returns the day on which the sources were read. The catalogue knows nothing of later amendments.
func (Catalogue) ReadOn() Date { return lawRead() }

// At returns the edition in force on the day, and leaves out of it what became law only later. A proposed edition is
// never returned. For a day before the first edition, and for the zero Date, the error is a [*NoEditionError]. For a day
// after [Catalogue.ReadOn] it returns the last edition known.
func (Catalogue) At(on Date) (Edition, error) {
	var first Date
	for _, e := range editionsNewestFirst() {
		if e.InForce(on) {
			e.asOf = on
			return e, nil
		}
		if e.Status != EditionStatusProposed {
			first = e.Effective
		}
	}
	return Edition{}, &NoEditionError{On: on, First: first}
}

// Edition returns the edition with the identity, proposed ones included, and false where there is none.
func (Catalogue) Edition(id EditionID) (Edition, bool) {
	for _, e := range editionsNewestFirst() {
		if e.ID == id {
			return e, true
		}
	}
	return Edition{}, false
}

// Editions returns every edition, the newest first.
func (Catalogue) Editions() []Edition { return editionsNewestFirst() }

// Amendments returns the history of the rules, the oldest step first.
func (Catalogue) Amendments() []Amendment { return amendments() }

// Provisions yields the provisions of the edition in force in the order of the law.
func (Catalogue) Provisions() iter.Seq[Provision] { return Edition{ID: EditionInForce}.Provisions() }

// Provision returns the entry of the edition in force, and false where it has none.
func (Catalogue) Provision(c Citation) (Provision, bool) {
	return Edition{ID: EditionInForce}.Provision(c)
}

// Designation returns whether the edition in force requires the provision.
func (Catalogue) Designation(c Citation) Designation {
	return Edition{ID: EditionInForce}.Designation(c)
}

// Standards returns the citations of the standards of the edition in force, each once, in the order of the law.
func (c Catalogue) Standards() []Citation {
	var out []Citation
	for p := range c.Provisions() {
		if p.Kind == ProvisionStandard && p.SameStandard == "" {
			out = append(out, p.Citation)
		}
	}
	return out
}

// Specifications returns the citations of the implementation specifications of a standard in the edition in force, in
// the order of the law. It is empty for a standard that has none.
func (c Catalogue) Specifications(standard Citation) []Citation {
	var out []Citation
	for p := range c.Provisions() {
		if p.Kind == ProvisionSpecification && p.Parent == standard {
			out = append(out, p.Citation)
		}
	}
	return out
}

// Defects returns the known defects of the published texts in the order of their identities.
func (Catalogue) Defects() []Defect { return defects() }

// lawTables are the tables behind the catalogue. They are built once and never change.
type lawTables struct {
	editions map[EditionID]*editionTable
	inForce  *editionTable
}

// editionTable is one edition's provisions with their index.
type editionTable struct {
	id         EditionID
	provisions []Provision
	order      []Citation
	index      map[Citation]int
}

func (t *editionTable) provision(c Citation) (Provision, bool) {
	i, ok := t.index[c]
	if !ok {
		return Provision{}, false
	}
	return t.provisions[i], true
}

// law builds the tables at first use and keeps them.
var law = sync.OnceValue(func() *lawTables {
	inForce := newEditionTable(EditionInForce, withDefects(inForceProvisions()))
	return &lawTables{
		inForce: inForce,
		editions: map[EditionID]*editionTable{
			EditionInForce:  inForce,
			Edition2025NPRM: newEditionTable(Edition2025NPRM, proposedProvisions()),
			Edition2003:     newEditionTable(Edition2003, carriedTo2003(inForce.provisions)),
		},
	}
})

func newEditionTable(id EditionID, provisions []Provision) *editionTable {
	t := &editionTable{id: id, provisions: provisions, index: make(map[Citation]int, len(provisions))}
	for i, p := range provisions {
		t.order = append(t.order, p.Citation)
		t.index[p.Citation] = i
	}
	return t
}

// withDefects attaches to each provision the defects that touch it.
func withDefects(provisions []Provision) []Provision {
	for _, d := range defects() {
		for i := range provisions {
			if slices.Contains(d.Citations, provisions[i].Citation) {
				provisions[i].Defects = append(provisions[i].Defects, d)
			}
		}
	}
	return provisions
}

// carriedTo2003 lists the paragraphs of Subpart C under the edition whose text was not read. Nothing is claimed of them
// but their names: the designation is unknown, the summary and the quotation are left out. The numbered paragraphs of
// 164.308(b) are left out, because they are known to have been renumbered.
func carriedTo2003(inForce []Provision) []Provision {
	var out []Provision
	for _, p := range inForce {
		if p.Subpart != part164C {
			continue
		}
		switch p.Citation {
		case CiteBusinessAssociateContracts, CiteSubcontractorContracts:
			continue
		case CiteWrittenContract:
			out = append(out, supersededProvisions()...)
			continue
		}
		out = append(out, Provision{
			Citation: p.Citation, Parent: p.Parent, Edition: Edition2003, Title: p.Title, Kind: p.Kind,
			Designation: DesignationUnknown, Binds: BindsUnknown, Subpart: p.Subpart,
			Source: p.Source.with(ConfidenceNotRead),
		})
	}
	return out
}
