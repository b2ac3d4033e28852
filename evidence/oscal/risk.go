package oscal

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// The states of a risk that OSCAL defines.
const (
	statusOpen          = "open"
	statusInvestigating = "investigating"
	statusRemediating   = "remediating"
	statusRequested     = "deviation-requested"
	statusAccepted      = "deviation-approved"
	statusClosed        = "closed"
)

func statuses() []string {
	return []string{statusOpen, statusInvestigating, statusRemediating, statusRequested, statusAccepted, statusClosed}
}

// coreFacets are the facets of a score that OSCAL defines.
func coreFacets() []string { return []string{"likelihood", "impact", "risk", "severity"} }

func isFinding(id string) func(risk.Finding) bool {
	return func(f risk.Finding) bool { return f.ID == id }
}

// componentType says of a class of assets what OSCAL calls it.
func componentType(c risk.AssetClass) string {
	switch c {
	case risk.AssetClassMobile, risk.AssetClassMedicalDevice, risk.AssetClassRemovableMedia:
		return "hardware"
	case risk.AssetClassCloudApp, risk.AssetClassBusinessAssociate:
		return "service"
	}
	return "system"
}

// risk renders a finding with everything that treats it.
func (b *builder) risk(f risk.Finding) Risk {
	s := b.src.Analysis.Assessment
	out := Risk{
		UUID: b.uuid("risk", f.ID), Title: oneLine(f.Title), Description: describe(s, f), Statement: statement(f),
		Props:  []Property{own("register-id", f.ID), own("citation", string(hipaasmp.CiteRiskAnalysis)), own("exposure", string(f.Exposure(b.src.Analysis.AcceptableLevel)))},
		Status: b.status(f), ThreatIDs: []ThreatID{{System: Namespace + "/threat", ID: Namespace + "/threat/" + url.PathEscape(f.Threat)}},
		Characterizations: b.scores(f),
	}
	if rank := b.ranks[f.ID]; rank > 0 {
		out.Props = append(out.Props, own("rank", strconv.Itoa(rank)))
	}
	if f.NoSafeguards {
		out.Props = append(out.Props, own("safeguards", "none"))
	}
	for _, id := range f.Assets {
		out.Props = append(out.Props, own("asset", id))
	}
	for _, g := range s.Safeguards {
		if slices.Contains(f.Safeguards, g.ID) {
			out.MitigatingFactors = append(out.MitigatingFactors, MitigatingFactor{UUID: b.uuid("safeguard", f.ID, g.ID), Description: g.Title,
				Props: []Property{own("safeguard", g.ID), own("effectiveness", string(g.Effectiveness))}})
		}
	}
	var due []hipaasmp.Date
	var log []LogEntry
	for _, i := range b.src.Items {
		if i.Finding.Finding != f.ID {
			continue
		}
		out.Remediations = append(out.Remediations, b.measure(i))
		out.RelatedObservations = append(out.RelatedObservations, b.related(i)...)
		log = append(log, b.history(i)...)
		if i.State.Live() {
			due = append(due, i.Due)
		}
	}
	for _, a := range b.src.Acceptances {
		if a.Finding.Finding == f.ID {
			out.Remediations = append(out.Remediations, b.acceptance(a))
			log = append(log, b.approval(a))
			due = append(due, a.Expires)
		}
	}
	if len(due) > 0 {
		out.Deadline = endOfDay(slices.MinFunc(due, hipaasmp.Date.Compare))
	}
	if len(log) > 0 {
		slices.SortStableFunc(log, byTime)
		out.RiskLog = &RiskLog{Entries: log}
	}
	return out
}

// status says where a risk stands on the day: accepted while an acceptance is in force, then by its measures.
func (b *builder) status(f risk.Finding) string {
	for _, a := range b.src.Acceptances {
		if a.Finding.Finding == f.ID && a.InForce(b.src.AsOf) {
			return statusAccepted
		}
	}
	closed, begun, waiting := 0, false, false
	for _, i := range b.src.Items {
		if i.Finding.Finding != f.ID {
			continue
		}
		switch i.State {
		case remediation.StateClosed:
			closed++
		case remediation.StateInProgress, remediation.StateBlocked, remediation.StateImplemented, remediation.StateVerified:
			begun = true
		case remediation.StateProposed, remediation.StatePlanned:
			waiting = true
		}
	}
	switch {
	case begun:
		return statusRemediating
	case !f.CurrentLevel().Assessed():
		return statusInvestigating
	case closed > 0 && !waiting:
		return statusClosed
	}
	return statusOpen
}

func describe(s risk.Assessment, f risk.Finding) string {
	var parts []string
	for _, t := range s.Threats {
		if t.ID == f.Threat {
			parts = append(parts, "Threat ("+words(t.Source)+"): "+t.Event+".")
		}
	}
	for _, v := range s.Vulnerabilities {
		if v.ID == f.Vulnerability {
			parts = append(parts, "Vulnerability: "+v.Title+".")
		}
	}
	var assets []string
	for _, id := range f.Assets {
		name := id
		if a, ok := s.Inventory.Asset(id); ok {
			name = a.Name
		}
		assets = append(assets, name)
	}
	return strings.Join(append(parts, "It reaches: "+strings.Join(assets, ", ")+"."), " ")
}

// statement says what is at stake.
func statement(f risk.Finding) string {
	var stake []string
	for _, o := range []struct {
		name string
		at   bool
	}{{"confidentiality", f.Confidentiality}, {"integrity", f.Integrity}, {"availability", f.Availability}} {
		if o.at {
			stake = append(stake, o.name)
		}
	}
	return "At stake for electronic protected health information: " + strings.Join(stake, ", ") + ". Current level of risk: " + words(f.CurrentLevel()) + "."
}

func words[E ~string](e E) string { return strings.ReplaceAll(string(e), "_", " ") }

// scores renders the scores. OSCAL knows the states initial and adjusted; the current score and the target have a
// property of this module.
func (b *builder) scores(f risk.Finding) []Characterization {
	var out []Characterization
	for _, x := range []struct {
		score *risk.Score
		state Property
	}{
		{f.Inherent, core("state", "initial")}, {f.Current, own("state", "current")},
		{f.Residual, core("state", "adjusted")}, {f.Target, own("state", "target")},
	} {
		if x.score == nil {
			continue
		}
		s := *x.score
		c := Characterization{
			Props:  []Property{x.state, own("scale", s.Scale.ID), own("at", instant(s.At))},
			Origin: Origin{Actors: []OriginActor{b.actor(s.By)}},
			Facets: []Facet{{"likelihood", CoreNamespace, string(s.Likelihood)}, {"impact", CoreNamespace, string(s.Impact)}, {"risk", CoreNamespace, string(s.Level)}},
		}
		for _, o := range []struct {
			name string
			at   bool
		}{{"confidentiality", f.Confidentiality}, {"integrity", f.Integrity}, {"availability", f.Availability}} {
			value := "not-at-stake"
			if o.at {
				value = "at-stake"
			}
			c.Facets = append(c.Facets, Facet{o.name, Namespace, value})
		}
		out = append(out, c)
	}
	return out
}

// measure renders an item as what is done about a risk.
func (b *builder) measure(i remediation.Item) Remediation {
	r := Remediation{
		UUID: b.uuid("remediation", i.ID), Lifecycle: "planned", Title: oneLine(i.Title),
		Description: "A measure that serves " + string(i.Specification) + ".",
		Props:       append([]Property{core("type", string(i.Treatment))}, b.itemProps(i)...),
	}
	switch i.State {
	case remediation.StateProposed, remediation.StateCancelled:
		r.Lifecycle = "recommendation"
	case remediation.StateClosed:
		r.Lifecycle = "completed"
	}
	owner := []ResponsibleRole{{RoleID: roleOwner, PartyUUIDs: []string{b.party(i.Owner)}}}
	for _, m := range i.Milestones {
		t := Task{UUID: b.uuid("milestone", i.ID, m.ID), Type: "milestone", Title: oneLine(m.Title), Description: m.SuccessCriteria,
			Props: []Property{own("milestone", m.ID), own("due", m.Due.String())}, Timing: onDay(m.Due), ResponsibleRoles: owner}
		if !m.Done.IsZero() {
			t.Props = append(t.Props, own("done", m.Done.String()))
		}
		r.Tasks = append(r.Tasks, t)
	}
	r.Tasks = append(r.Tasks, Task{UUID: b.uuid("task", i.ID), Type: "action", Title: oneLine(i.Title), Props: []Property{own("due", i.Due.String())},
		Timing: onDay(i.Due), ResponsibleRoles: owner})
	return r
}

// history renders the steps of an item as entries of the log.
func (b *builder) history(i remediation.Item) []LogEntry {
	var out []LogEntry
	for n, h := range i.History {
		out = append(out, LogEntry{
			UUID: b.uuid("step", i.ID, strconv.Itoa(n)), Title: oneLine(i.ID + ": " + words(h.Event)), Description: h.Note, Start: instant(h.At),
			Props: []Property{own("from", string(h.From)), own("to", string(h.To))}, LoggedBy: b.loggedBy(h.By),
			RelatedResponses: []RelatedResponse{{b.uuid("remediation", i.ID)}},
		})
	}
	return out
}

// acceptance renders the decision to live with the risk. OSCAL has no place for the score that was accepted.
func (b *builder) acceptance(a remediation.Acceptance) Remediation {
	r := Remediation{
		UUID: b.uuid("remediation", "acceptance", a.ID), Lifecycle: "completed", Title: "Acceptance of the risk until " + a.Expires.String(), Description: a.Rationale,
		Props: []Property{core("type", "accept"), own("acceptance", a.ID), own("on", a.On.String()), own("expires", a.Expires.String()),
			own("accepted-level", string(a.Residual.Level)), own("accepted-likelihood", string(a.Residual.Likelihood)), own("accepted-impact", string(a.Residual.Impact)),
			own("requested-by", a.Requester.ID), own("approved-by", a.Approver.ID)},
	}
	for _, c := range a.Conditions {
		r.Props = append(r.Props, own("condition", c))
	}
	return r
}

func (b *builder) approval(a remediation.Acceptance) LogEntry {
	return LogEntry{
		UUID: b.uuid("approval", a.ID), Title: oneLine(a.ID + ": approved"), Description: a.Rationale, Start: instant(a.At), LoggedBy: b.loggedBy(a.Approver),
		StatusChange: statusAccepted, RelatedResponses: []RelatedResponse{{b.uuid("remediation", "acceptance", a.ID)}},
	}
}
