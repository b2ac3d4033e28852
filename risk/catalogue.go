package risk

import (
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// ThreatCatalogue is the catalogue of NIST SP 800-30 Rev. 1 as data: the taxonomy of threat sources (table D-2), the
// threat events (tables E-2 and E-3), the predisposing conditions (table F-4), and the scales of severity (F-2) and
// pervasiveness (F-5). It is immutable, and its zero value is ready.
//
// The publication itself was not read; every entry says how well it is attested. An entry whose confidence is
// [hipaasmp.ConfidenceRecalled] is from memory: it is a prompt for the people who think about threats, and nothing may
// rest on its wording or on its number. The titles are this module's words. A threat need not be in the catalogue.
type ThreatCatalogue struct{}

// SourceEntry is one node of the taxonomy of threat sources, table D-2.
type SourceEntry struct {
	// ID is the path from the top, for example "adversarial.individual.insider".
	ID string `json:"id"`
	// Source is the type at the top of the path.
	Source ThreatSource `json:"source"`
	// Title says what it is.
	Title string `json:"title"`
	// Read says where it was read and how well it is attested.
	Read hipaasmp.Source `json:"read"`
}

// Parent returns the identity of the node above, "" at the top.
func (e SourceEntry) Parent() string {
	i := strings.LastIndexByte(e.ID, '.')
	return e.ID[:max(i, 0)]
}

// EventEntry is one threat event of table E-2 (adversarial) or E-3 (not adversarial).
type EventEntry struct {
	// ID is the table and the place in it, for example "E-2.2.1". The numbers are this module's; the tables have none.
	ID string `json:"id"`
	// Category is the heading in table E-2; empty in table E-3.
	Category string `json:"category,omitempty"`
	// Title says what happens.
	Title string `json:"title"`
	// Read says where it was read and how well it is attested.
	Read hipaasmp.Source `json:"read"`
}

// Adversarial reports whether the event is of table E-2, so that its source means harm.
func (e EventEntry) Adversarial() bool { return strings.HasPrefix(e.ID, "E-2.") }

// ConditionEntry is one predisposing condition of table F-4.
type ConditionEntry struct {
	// ID is the path from the top, for example "technical.functional.stand-alone".
	ID string `json:"id"`
	// Title says what it is.
	Title string `json:"title"`
	// Read says where it was read and how well it is attested.
	Read hipaasmp.Source `json:"read"`
}

// Meaning says what a level means on one scale.
type Meaning struct {
	// Level is the level.
	Level Level `json:"level"`
	// Means is what it stands for.
	Means string `json:"means"`
	// Read says where it was read and how well it is attested.
	Read hipaasmp.Source `json:"read"`
}

// Verified reports whether a fact was read in a document, and not recalled.
func Verified(read hipaasmp.Source) bool {
	return read.Confidence == hipaasmp.ConfidenceOne || read.Confidence == hipaasmp.ConfidenceTwo
}

// Sources returns the taxonomy of table D-2, each node after the one above it.
func (ThreatCatalogue) Sources() []SourceEntry { return sourceEntries() }

// Source returns the node with the identity.
func (c ThreatCatalogue) Source(id string) (SourceEntry, bool) {
	return entry(c.Sources(), id, func(e SourceEntry) string { return e.ID })
}

// Events returns the events of table E-2, then those of table E-3.
func (ThreatCatalogue) Events() []EventEntry { return append(adversarialEvents(), otherEvents()...) }

// Event returns the event with the identity.
func (c ThreatCatalogue) Event(id string) (EventEntry, bool) {
	return entry(c.Events(), id, func(e EventEntry) string { return e.ID })
}

// Conditions returns the predisposing conditions of table F-4, each group before its members.
func (ThreatCatalogue) Conditions() []ConditionEntry { return conditionEntries() }

// Condition returns the predisposing condition with the identity.
func (c ThreatCatalogue) Condition(id string) (ConditionEntry, bool) {
	return entry(c.Conditions(), id, func(e ConditionEntry) string { return e.ID })
}

// Severities returns what the levels of [Vulnerability.Severity] mean, table F-2, lowest first.
func (ThreatCatalogue) Severities() []Meaning { return severities() }

// Pervasiveness returns what the levels of [Condition.Pervasiveness] mean, table F-5, lowest first.
func (ThreatCatalogue) Pervasiveness() []Meaning { return pervasiveness() }

func entry[E any](entries []E, id string, of func(E) string) (E, bool) {
	for _, e := range entries {
		if of(e) == id {
			return e, true
		}
	}
	var none E
	return none, false
}

// check adds a fault for every link of the threat that the catalogue does not bear out.
func (t Threat) check(f *validate.Faults, at string) {
	if t.CatalogueEvent != "" {
		e, ok := ThreatCatalogue{}.Event(t.CatalogueEvent)
		switch {
		case !ok:
			f.Add(FaultCatalogue, at+"/catalogue_event", "%q is no event of the catalogue; use one of ThreatCatalogue.Events or leave it out", clip(t.CatalogueEvent))
		case t.Source.IsValid() && e.Adversarial() != (t.Source == ThreatSourceAdversarial):
			f.Add(FaultCatalogue, at+"/catalogue_event", "%q does not go with a source that is %s; E-2 is for adversarial sources and E-3 for the others", t.CatalogueEvent, t.Source)
		}
	}
	if t.SourceEntry != "" {
		e, ok := ThreatCatalogue{}.Source(t.SourceEntry)
		switch {
		case !ok:
			f.Add(FaultCatalogue, at+"/source_entry", "%q is no source of the catalogue; use one of ThreatCatalogue.Sources or leave it out", clip(t.SourceEntry))
		case t.Source.IsValid() && e.Source != t.Source:
			f.Add(FaultCatalogue, at+"/source_entry", "%q is %s, but the source is %s; correct one of them", t.SourceEntry, e.Source, t.Source)
		}
	}
}
