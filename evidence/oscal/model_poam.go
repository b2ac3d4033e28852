package oscal

// POAM is a plan of action and milestones: the risks of an analysis, and what is done about them.
type POAM struct {
	UUID             string            `json:"uuid"`
	Metadata         Metadata          `json:"metadata"`
	ImportSSP        *ImportSSP        `json:"import-ssp,omitempty"`
	SystemID         *SystemID         `json:"system-id,omitempty"`
	LocalDefinitions *LocalDefinitions `json:"local-definitions,omitempty"`
	Observations     []Observation     `json:"observations,omitempty"`
	Risks            []Risk            `json:"risks,omitempty"`
	Items            []Item            `json:"poam-items,omitempty"`
	BackMatter       *BackMatter       `json:"back-matter,omitempty"`
}

// ImportSSP names a system security plan. This package writes [SystemID] in its place.
type ImportSSP struct {
	Href string `json:"href"`
}

// SystemID says whose plan it is.
type SystemID struct {
	IdentifierType string `json:"identifier-type,omitempty"`
	ID             string `json:"id"`
}

// LocalDefinitions lists what no system security plan defines.
type LocalDefinitions struct {
	Components []Component `json:"components,omitempty"`
}

// Component is an entry of the inventory.
type Component struct {
	UUID        string          `json:"uuid"`
	Type        string          `json:"type"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Props       []Property      `json:"props,omitempty"`
	Status      ComponentStatus `json:"status"`
}

// ComponentStatus says whether a component is in use.
type ComponentStatus struct {
	State string `json:"state"`
}

// Observation is a verification, with its evidence.
type Observation struct {
	UUID             string             `json:"uuid"`
	Title            string             `json:"title,omitempty"`
	Description      string             `json:"description"`
	Props            []Property         `json:"props,omitempty"`
	Methods          []string           `json:"methods"`
	Origins          []Origin           `json:"origins,omitempty"`
	RelevantEvidence []RelevantEvidence `json:"relevant-evidence,omitempty"`
	Collected        string             `json:"collected"`
}

// RelevantEvidence points to a piece of evidence.
type RelevantEvidence struct {
	Href        string `json:"href,omitempty"`
	Description string `json:"description"`
}

// Origin says who found something.
type Origin struct {
	Actors []OriginActor `json:"actors"`
}

// OriginActor is a party.
type OriginActor struct {
	Type      string `json:"type"`
	ActorUUID string `json:"actor-uuid"`
	RoleID    string `json:"role-id,omitempty"`
}

// Risk is a finding of the risk analysis.
type Risk struct {
	UUID                string               `json:"uuid"`
	Title               string               `json:"title"`
	Description         string               `json:"description"`
	Statement           string               `json:"statement"`
	Props               []Property           `json:"props,omitempty"`
	Status              string               `json:"status"`
	ThreatIDs           []ThreatID           `json:"threat-ids,omitempty"`
	Characterizations   []Characterization   `json:"characterizations,omitempty"`
	MitigatingFactors   []MitigatingFactor   `json:"mitigating-factors,omitempty"`
	Deadline            string               `json:"deadline,omitempty"`
	Remediations        []Remediation        `json:"remediations,omitempty"`
	RiskLog             *RiskLog             `json:"risk-log,omitempty"`
	RelatedObservations []RelatedObservation `json:"related-observations,omitempty"`
}

// ThreatID names a threat of the analysis.
type ThreatID struct {
	System string `json:"system"`
	ID     string `json:"id"`
}

// Characterization is one score of a risk.
type Characterization struct {
	Props  []Property `json:"props,omitempty"`
	Origin Origin     `json:"origin"`
	Facets []Facet    `json:"facets"`
}

// Facet is one value of a score.
type Facet struct {
	Name   string `json:"name"`
	System string `json:"system"`
	Value  string `json:"value"`
}

// MitigatingFactor is a safeguard that is in place.
type MitigatingFactor struct {
	UUID        string     `json:"uuid"`
	Description string     `json:"description"`
	Props       []Property `json:"props,omitempty"`
}

// Remediation is a measure, or the decision to accept the risk.
type Remediation struct {
	UUID        string     `json:"uuid"`
	Lifecycle   string     `json:"lifecycle"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Props       []Property `json:"props,omitempty"`
	Tasks       []Task     `json:"tasks,omitempty"`
}

// Task is a milestone.
type Task struct {
	UUID             string            `json:"uuid"`
	Type             string            `json:"type"`
	Title            string            `json:"title"`
	Description      string            `json:"description,omitempty"`
	Props            []Property        `json:"props,omitempty"`
	Timing           *Timing           `json:"timing,omitempty"`
	ResponsibleRoles []ResponsibleRole `json:"responsible-roles,omitempty"`
}

// Timing says when a task is due.
type Timing struct {
	OnDate OnDate `json:"on-date"`
}

// OnDate is an instant.
type OnDate struct {
	Date string `json:"date"`
}

// ResponsibleRole says who answers for a task.
type ResponsibleRole struct {
	RoleID     string   `json:"role-id"`
	PartyUUIDs []string `json:"party-uuids,omitempty"`
}

// RiskLog is the history of what was done about a risk.
type RiskLog struct {
	Entries []LogEntry `json:"entries"`
}

// LogEntry is one step.
type LogEntry struct {
	UUID             string            `json:"uuid"`
	Title            string            `json:"title,omitempty"`
	Description      string            `json:"description,omitempty"`
	Start            string            `json:"start"`
	End              string            `json:"end,omitempty"`
	Props            []Property        `json:"props,omitempty"`
	LoggedBy         []LoggedBy        `json:"logged-by,omitempty"`
	StatusChange     string            `json:"status-change,omitempty"`
	RelatedResponses []RelatedResponse `json:"related-responses,omitempty"`
}

// LoggedBy says who took the step.
type LoggedBy struct {
	PartyUUID string `json:"party-uuid"`
	RoleID    string `json:"role-id,omitempty"`
}

// RelatedResponse points to the remediation that the step belongs to.
type RelatedResponse struct {
	ResponseUUID string `json:"response-uuid"`
}

// RelatedObservation points to an observation.
type RelatedObservation struct {
	ObservationUUID string `json:"observation-uuid"`
}

// RelatedRisk points to a risk.
type RelatedRisk struct {
	RiskUUID string `json:"risk-uuid"`
}

// Item is an item of the plan.
type Item struct {
	UUID                string               `json:"uuid"`
	Title               string               `json:"title"`
	Description         string               `json:"description"`
	Props               []Property           `json:"props,omitempty"`
	RelatedObservations []RelatedObservation `json:"related-observations,omitempty"`
	RelatedRisks        []RelatedRisk        `json:"related-risks,omitempty"`
}
