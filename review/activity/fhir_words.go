package activity

import (
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// concept is a Coding or a CodeableConcept, of which only one has a code of its own and only the other a list of codings.
type concept struct {
	System string    `json:"system"`
	Code   string    `json:"code"`
	Coding []concept `json:"coding"`
	Text   string    `json:"text"`
}

// concepts is one Coding or CodeableConcept, or a list of them: the versions disagree where.
type concepts []concept

// UnmarshalJSONFrom takes one or a list.
func (cs *concepts) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == '{' {
		var one concept
		if err := json.UnmarshalDecode(dec, &one); err != nil {
			return err
		}
		*cs = concepts{one}
		return nil
	}
	return json.UnmarshalDecode(dec, (*[]concept)(cs))
}

// all yields every coding.
func (cs concepts) all() iter.Seq[concept] {
	return func(yield func(concept) bool) {
		for i := range cs {
			c := &cs[i]
			if c.Code != "" && !yield(*c) {
				return
			}
			for j := range c.Coding {
				if inner := &c.Coding[j]; inner.Code != "" && !yield(*inner) {
					return
				}
			}
		}
	}
}

// first returns the first coding, or an empty one.
func (cs concepts) first() *concept {
	for i := range cs {
		c := &cs[i]
		if c.Code != "" {
			return c
		}
		for j := range c.Coding {
			if inner := &c.Coding[j]; inner.Code != "" {
				return inner
			}
		}
	}
	return &concept{}
}

func (cs concepts) has(code string) bool {
	for i := range cs {
		c := &cs[i]
		if c.Code == code {
			return true
		}
		for j := range c.Coding {
			if c.Coding[j].Code == code {
				return true
			}
		}
	}
	return false
}

// text is what the concepts say in words.
func (cs concepts) text() string {
	var words []string
	for _, c := range cs {
		words = append(words, c.Text)
	}
	return strings.Join(words, " ")
}

// words reads what was done. The most specific code decides: the subtype of R4 and R6 and the code of R5, then the type
// or category, then the action. The act is the first of the most specific codes, unless another of them decides: some
// servers name the method of HTTP before the interaction.
func (a *auditEvent) words() (Action, Family, Act) {
	specific, general := a.Subtype, a.Type
	if len(a.Code) > 0 || len(a.Category) > 0 {
		specific, general = a.Code, a.Category
	}
	name := specific.first()
	if name.Code == "" {
		name = general.first()
	}
	act := Act{System: name.System, Name: name.Code}
	for i, cs := range [...]concepts{specific, general} {
		for c := range cs.all() {
			if action, family, ok := codeWords(c.Code); ok {
				if i == 0 {
					act = Act{System: c.System, Name: c.Code}
				}
				if action == ActionUnknown {
					action = crude(a.Action)
				}
				if family == "" {
					family = familyOf(action)
				}
				return action, family, act
			}
		}
	}
	action := crude(a.Action)
	return action, familyOf(action), act
}

// crude reads the action code of DICOM and FHIR.
func crude(code string) Action {
	switch code {
	case "C":
		return ActionCreate
	case "R":
		return ActionRead
	case "U":
		return ActionUpdate
	case "D":
		return ActionDelete
	case "E":
		return ActionExecute
	}
	return ActionUnknown
}

// codeWords reads the codes that say more than the action does: those of DICOM PS3.16 for audit messages (CID 400 to
// 403) and FHIR's RESTful interactions. ActionUnknown means that the action code decides; an empty family, that the
// action does.
func codeWords(code string) (Action, Family, bool) {
	switch code {
	case "110122": // Login
		return ActionLogin, FamilyLogin, true
	case "110123": // Logout
		return ActionLogout, FamilyLogin, true
	case "110127": // Emergency Override Started
		return ActionOverride, FamilyOverride, true
	case "110138": // Emergency Override Stopped
		return ActionExecute, FamilyOverride, true
	case "110126", "110128", "110129", "110130", "110131", "110132", "110133", "110134", "110135", "110136", "110137":
		// The other security alerts: node authentication, configuration of network, security, hardware and software, use
		// of a restricted function, audit recording stopped and started, attributes of objects, roles and users changed.
		return ActionUnknown, FamilyAdmin, true
	case "110113": // Security Alert
		return ActionUnknown, FamilyAdmin, true
	case "110114": // User Authentication that is neither login nor logout
		return ActionUnknown, FamilyLogin, true
	case "110101": // Audit Log Used
		return ActionUnknown, FamilyAdmin, true
	case "110100", "110108": // Application Activity, Network Entry
		return ActionUnknown, FamilyOther, true
	case "110106": // Export
		return ActionExport, FamilyPrintExport, true
	case "110112": // Query
		return ActionSearch, FamilySearch, true
	case "read", "vread", "history", "history-instance", "history-type", "history-system":
		return ActionRead, FamilyView, true
	case "search", "search-type", "search-system":
		return ActionSearch, FamilySearch, true
	case "create":
		return ActionCreate, FamilyEdit, true
	case "update", "patch":
		return ActionUpdate, FamilyEdit, true
	case "delete":
		return ActionDelete, FamilyEdit, true
	}
	return ActionUnknown, "", false
}
