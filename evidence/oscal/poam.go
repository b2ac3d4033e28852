package oscal

import (
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
)

// The names of properties that [POAM.Import] reads.
const (
	propRecord = "record"
	propAsOf   = "as-of"
)

const mediaJSON = "application/json"

// builder makes one document.
type builder struct {
	src Source
	// ranks are the places of the findings in the register.
	ranks map[string]int
	// people are the persons named, by identity, with the roles that each acts in.
	people map[string]bool
	roles  map[hipaasmp.Role]bool
	back   []Resource
}

// NewPOAM renders a plan of action and milestones. The same source gives the same document, in whatever order items
// and acceptances are given.
//
// The errors are [*SourceError], the [*hipaasmp.ValidationError] of a record that does not validate, and
// [*EmptyPlanError] where every item is cancelled or there is none.
func NewPOAM(src Source) (POAM, error) {
	if err := src.settle(); err != nil {
		return POAM{}, err
	}
	b := &builder{src: src, ranks: map[string]int{}, people: map[string]bool{}, roles: map[hipaasmp.Role]bool{}}
	for _, row := range src.Analysis.Register().Rows {
		b.ranks[row.Finding] = row.Rank
	}
	p := POAM{
		UUID:             b.uuid("poam", src.Analysis.ID, src.AsOf.String(), instant(src.Made)),
		SystemID:         &SystemID{IdentifierType: Namespace + "/entity", ID: src.Entity.ID},
		LocalDefinitions: b.definitions(),
		Observations:     b.observations(),
	}
	for _, f := range src.Analysis.Findings {
		p.Risks = append(p.Risks, b.risk(f))
	}
	for _, i := range src.Items {
		if i.State != remediation.StateCancelled {
			p.Items = append(p.Items, b.item(i))
		}
	}
	if len(p.Items) == 0 {
		return POAM{}, &EmptyPlanError{Analysis: src.Analysis.DocumentRef()}
	}
	if err := b.sources(); err != nil {
		return POAM{}, err
	}
	b.crosswalks()
	p.BackMatter = &BackMatter{Resources: b.back}
	p.Metadata = b.metadata()
	return p, p.Verify()
}

// uuid derives an identity from those of the records.
func (b *builder) uuid(parts ...string) string {
	return hipaasmp.NameID("oscal", b.src.Entity.ID+"/"+strings.Join(parts, "/"))
}

// party names a person by opaque identity.
func (b *builder) party(id string) string {
	b.people[id] = true
	return b.uuid("party", id)
}

func (b *builder) actor(a hipaasmp.Actor) OriginActor {
	b.roles[a.Role] = true
	return OriginActor{Type: "party", ActorUUID: b.party(a.ID), RoleID: string(a.Role)}
}

func (b *builder) loggedBy(a hipaasmp.Actor) []LoggedBy {
	x := b.actor(a)
	return []LoggedBy{{PartyUUID: x.ActorUUID, RoleID: x.RoleID}}
}

// metadata comes last: it lists the people and roles that the rest names.
func (b *builder) metadata() Metadata {
	src := b.src
	entity := b.uuid("entity")
	m := Metadata{
		Title: oneLine("Plan of action and milestones of " + src.Entity.Name), LastModified: instant(src.Made),
		Version: instant(src.Made), OSCALVersion: Version,
		Props: []Property{own(propAsOf, src.AsOf.String()), own("analysis", src.Analysis.DocumentRef().String()),
			own("acceptable-level", string(src.Analysis.AcceptableLevel))},
		Remarks: "A rendering of records that are kept elsewhere; the back matter names each with its digest. It makes no statement about the law.",
	}
	holders := map[hipaasmp.Role][]string{}
	for _, a := range src.Entity.Appointments {
		if uuid := b.uuid("party", a.Member); a.Term.Contains(src.AsOf) && !slices.Contains(holders[a.Role], uuid) {
			holders[a.Role] = append(holders[a.Role], b.party(a.Member))
			b.roles[a.Role] = true
		}
	}
	for _, r := range slices.Sorted(maps.Keys(b.roles)) {
		m.Roles = append(m.Roles, Role{ID: string(r), Title: strings.ReplaceAll(string(r), "_", " ")})
		if len(holders[r]) > 0 {
			m.ResponsibleParties = append(m.ResponsibleParties, ResponsibleParty{RoleID: string(r), PartyUUIDs: holders[r]})
		}
	}
	m.Roles = append(m.Roles, Role{ID: roleOwner, Title: "answers for a measure"})
	m.Parties = []Party{{UUID: entity, Type: "organization", Name: oneLine(src.Entity.Name), Props: []Property{own("entity", src.Entity.ID)}}}
	for _, id := range slices.Sorted(maps.Keys(b.people)) {
		m.Parties = append(m.Parties, Party{UUID: b.uuid("party", id), Type: "person", Name: id})
	}
	return m
}

// roleOwner is the role of a measure's owner.
const roleOwner = "measure-owner"

// definitions lists the inventory: there is no system security plan that would.
func (b *builder) definitions() *LocalDefinitions {
	var out []Component
	for _, a := range b.src.Analysis.Inventory.Assets {
		handles := make([]string, len(a.Handles))
		for i, h := range a.Handles {
			handles[i] = string(h)
		}
		c := Component{
			UUID: b.uuid("asset", a.ID), Type: componentType(a.Class), Title: oneLine(a.Name),
			Description: "What it does with electronic protected health information: " + strings.Join(handles, ", ") + ".",
			Props:       []Property{own("asset", a.ID), own("class", string(a.Class))}, Status: ComponentStatus{State: "operational"},
		}
		if !a.Retired.IsZero() && a.Retired.Before(b.src.AsOf) {
			c.Status.State = "disposition"
		}
		out = append(out, c)
	}
	return &LocalDefinitions{Components: out}
}

// observations are the verifications of the items.
func (b *builder) observations() []Observation {
	var out []Observation
	for _, i := range b.src.Items {
		for n, v := range i.Verifications {
			o := Observation{
				UUID: b.observation(i, n), Title: oneLine("Verification of " + i.Title),
				Description: "Somebody other than the implementer verified that the measure is in place, and rated the risk that is left.",
				Props:       []Property{own("item", i.ID), own("on", v.On.String()), own("residual", string(v.Residual.Level))},
				Methods:     []string{"UNKNOWN"}, Origins: []Origin{{Actors: []OriginActor{b.actor(v.By)}}}, Collected: instant(v.At),
			}
			for k, e := range v.Evidence {
				r := Resource{
					UUID: b.uuid("evidence", i.ID, strconv.Itoa(n), strconv.Itoa(k)), Title: oneLine(e.Name),
					Props:  []Property{own("size", strconv.FormatInt(e.Size, 10))},
					Rlinks: []Rlink{{Href: "evidence/" + url.PathEscape(e.Name), MediaType: e.MediaType, Hashes: []Hash{sha256(e.SHA256)}}},
				}
				b.back = append(b.back, r)
				o.RelevantEvidence = append(o.RelevantEvidence, RelevantEvidence{Href: "#" + r.UUID, Description: e.Name})
			}
			out = append(out, o)
		}
	}
	return out
}

func (b *builder) observation(i remediation.Item, n int) string {
	return b.uuid("observation", i.ID, strconv.Itoa(n))
}

func (b *builder) related(i remediation.Item) []RelatedObservation {
	var out []RelatedObservation
	for n := range i.Verifications {
		out = append(out, RelatedObservation{b.observation(i, n)})
	}
	return out
}

// item renders an item of the plan.
func (b *builder) item(i remediation.Item) Item {
	out := Item{
		UUID: b.uuid("poam-item", i.ID), Title: oneLine(i.Title),
		Description: "Treatment: " + string(i.Treatment) + ". Due on " + i.Due.String() + ". State: " + strings.ReplaceAll(string(i.State), "_", " ") + ".",
		Props:       b.itemProps(i), RelatedObservations: b.related(i),
	}
	if rank := b.ranks[i.Finding.Finding]; rank > 0 {
		out.Props = append(out.Props, core("priority", strconv.Itoa(rank)))
	}
	if slices.ContainsFunc(b.src.Analysis.Findings, isFinding(i.Finding.Finding)) {
		out.RelatedRisks = []RelatedRisk{{b.uuid("risk", i.Finding.Finding)}}
	}
	return out
}

// itemProps are the properties of a measure, as an item of the plan and as a remediation.
func (b *builder) itemProps(i remediation.Item) []Property {
	out := []Property{own("item", i.ID), own("state", string(i.State)), own("citation", string(i.Specification)), own("finding", i.Finding.Finding),
		own("due", i.Due.String()), own("owner", i.Owner)}
	if token, ok := Token(i.Specification); ok {
		out = append(out, own("control", token))
	}
	if i.CostUSD != nil {
		out = append(out, own("cost-usd", i.CostUSD.String()))
	}
	return out
}

// sources names the records in the back matter, and attaches them where that was asked for.
func (b *builder) sources() error {
	for _, d := range b.src.documents() {
		body, err := hipaasmp.Canonical(d)
		if err != nil {
			return err
		}
		ref := d.DocumentRef()
		r := Resource{
			UUID: b.uuid("record", string(ref.Kind), ref.ID), Title: "Record " + ref.String(),
			Props: []Property{own(propRecord, ref.String())},
			Rlinks: []Rlink{{Href: Namespace + "/record/" + url.PathEscape(string(ref.Kind)) + "/" + url.PathEscape(ref.ID),
				MediaType: mediaJSON, Hashes: []Hash{sha256(hipaasmp.DigestOf(body))}}},
		}
		if b.src.Attach {
			r.Base64 = &Base64{Filename: string(ref.Kind) + ".json", MediaType: mediaJSON, Value: base64.StdEncoding.EncodeToString(body)}
		}
		b.back = append(b.back, r)
	}
	return nil
}

// crosswalks adds what the provisions lead to that the plan serves.
func (b *builder) crosswalks() {
	cited := []hipaasmp.Citation{hipaasmp.CiteRiskAnalysis, hipaasmp.CiteRiskManagement}
	for _, i := range b.src.Items {
		cited = append(cited, i.Specification)
	}
	slices.Sort(cited)
	for _, c := range slices.Compact(cited) {
		b.back = append(b.back, crosswalk(c)...)
	}
}

func sha256(d hipaasmp.Digest) Hash { return Hash{Algorithm: "SHA-256", Value: string(d)} }

// onDay is the timing of a task that is due on a day.
func onDay(d hipaasmp.Date) *Timing { return &Timing{OnDate: OnDate{Date: endOfDay(d)}} }

// byTime orders log entries.
func byTime(a, b LogEntry) int {
	x, _ := time.Parse(time.RFC3339Nano, a.Start)
	y, _ := time.Parse(time.RFC3339Nano, b.Start)
	return x.Compare(y)
}
