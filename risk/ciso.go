package risk

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// CISOProfile says how the words of a risk assessment from CISO Assistant are read. That tool lets every user choose a
// matrix, and its file does not say which, so nothing is guessed: the words are those of a scale of the entity's own, and
// never those of SP 800-30.
type CISOProfile struct {
	// Scale is the matrix that the file was made with, built with [BuildScale]. A scale of this package is refused.
	Scale Scale
	// Likelihood gives for a word of the file the word of likelihood of the scale; nil where the words are the same.
	Likelihood map[string]string
	// Impact gives for a word of the file the word of impact of the scale; nil where the words are the same.
	Impact map[string]string
	// Risk gives for a word of the file the word of risk of the scale; nil where the words are the same.
	Risk map[string]string
	// By is who answers for the scores; the file does not say who judged.
	By hipaasmp.Actor
	// At is when the scores were brought in.
	At time.Time
}

// CISOCell is a cell of a column that this package does not know.
type CISOCell struct {
	// Column is the name of the column.
	Column string
	// Text is the cell as it stands.
	Text string
}

// CISOScenario is one risk scenario of CISO Assistant. It is no [Finding] yet: names of assets and threats have to be
// matched with those of the analysis, which [CISOScenario.Finding] leaves to the caller.
type CISOScenario struct {
	// Line is the line of the file on which it begins.
	Line int
	// RefID is its identity in the file.
	RefID string
	// Name says what may go wrong.
	Name string
	// Description says more; may be empty.
	Description string
	// Assets are the names of the assets. Lists are cut at |, without one at line breaks, without either at commas: older
	// versions of the tool write commas, and then a comma within a name cuts it too.
	Assets []string
	// Threats are the names of the threats.
	Threats []string
	// ExistingControls are the names of the controls that are in place.
	ExistingControls []string
	// AdditionalControls are the names of the controls to come.
	AdditionalControls []string
	// Inherent is the score without controls; nil where the file has none.
	Inherent *Score
	// Current is the score with the controls in place; nil where it is not assessed.
	Current *Score
	// Residual is the score with the controls to come; nil where it is not assessed.
	Residual *Score
	// Treatment is what is done about it.
	Treatment CISOTreatment
	// Justification says why; may be empty.
	Justification string
	// Extra are the cells of other columns that are not empty, in the order of the file.
	Extra []CISOCell
}

// Finding returns the scenario as a finding on the assets and the threat given, by their identities in the analysis. The
// caller adds the vulnerability, what is at stake, and the measures that bring the residual down; the file says none of
// these. Additional controls of the file are names and no identities.
func (s CISOScenario) Finding(assets []string, threat string) Finding {
	return Finding{ID: s.RefID, Title: s.Name, Assets: assets, Threat: threat, Inherent: s.Inherent, Current: s.Current, Residual: s.Residual}.clone()
}

// CISOTreatment is the treatment of a scenario in CISO Assistant.
type CISOTreatment string

const (
	// CISOTreatmentOpen: not decided.
	CISOTreatmentOpen CISOTreatment = "open"
	// CISOTreatmentMitigate: the risk is brought down.
	CISOTreatmentMitigate CISOTreatment = "mitigate"
	// CISOTreatmentAccept: the risk is accepted. Nobody who approved it is named; an acceptance of this SDK names one.
	CISOTreatmentAccept CISOTreatment = "accept"
	// CISOTreatmentAvoid: what brings the risk is given up.
	CISOTreatmentAvoid CISOTreatment = "avoid"
	// CISOTreatmentTransfer: somebody else bears the risk.
	CISOTreatmentTransfer CISOTreatment = "transfer"
)

// Values returns the members of the enumeration.
func (CISOTreatment) Values() []CISOTreatment {
	return []CISOTreatment{CISOTreatmentOpen, CISOTreatmentMitigate, CISOTreatmentAccept, CISOTreatmentAvoid, CISOTreatmentTransfer}
}

// IsValid reports whether t is a member.
func (t CISOTreatment) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.CISOTreatment", []byte(t), t.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (t CISOTreatment) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.CISOTreatment", t, t.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (t *CISOTreatment) UnmarshalText(text []byte) (err error) {
	*t, err = hipaasmp.ParseEnum("risk.CISOTreatment", text, t.Values())
	return err
}

// CISOProfileError says what is wrong with a profile.
type CISOProfileError struct {
	// Field is the field of the profile.
	Field string
	// Message says what is wrong and what to do.
	Message string
}

func (e *CISOProfileError) Error() string {
	return fmt.Sprintf("risk: CISO Assistant profile, %s: %s", e.Field, e.Message)
}

func (p CISOProfile) check() error {
	refuse := func(field, format string, args ...any) error {
		return &CISOProfileError{Field: field, Message: fmt.Sprintf(format, args...)}
	}
	if p.Scale.own == nil {
		return refuse("Scale", "is no scale of the entity's own; build the matrix of the file with BuildScale, its words are not those of %s", SP80030().ID())
	}
	for _, axis := range []struct {
		field string
		words map[string]string
		steps []Step
	}{{"Likelihood", p.Likelihood, p.Scale.own.Likelihood}, {"Impact", p.Impact, p.Scale.own.Impact}, {"Risk", p.Risk, p.Scale.own.Risk}} {
		var unknown []string
		for from, to := range axis.words {
			if i, _ := place(axis.steps, to); i < 0 {
				unknown = append(unknown, fmt.Sprintf("%q", clip(from)))
			}
		}
		if len(unknown) > 0 {
			slices.Sort(unknown)
			return refuse(axis.field, "leads %s to no word of the scale; use one of: %s", strings.Join(unknown, ", "), words(axis.steps))
		}
	}
	if !hipaasmp.ValidID(p.By.ID) || !hipaasmp.ValidRole(p.By.Role) {
		return refuse("By", "names nobody; say who answers for the scores")
	}
	if !hipaasmp.IsInstant(hipaasmp.Instant(p.At)) {
		return refuse("At", "is missing; say when the scores were brought in")
	}
	return nil
}

// cisoColumns are the columns that every version of the file has.
func cisoColumns() []string {
	return []string{"ref_id", "assets", "threats", "name", "description", "existing_controls", "current_impact", "current_proba", "current_risk",
		"additional_controls", "residual_impact", "residual_proba", "residual_risk", "treatment"}
}

// cisoAliases are other spellings of the same columns.
func cisoAliases() map[string]string {
	return map[string]string{"current_probability": "current_proba", "residual_probability": "residual_proba", "inherent_probability": "inherent_proba",
		"applied_controls": "additional_controls"}
}

// ReadCISO reads a risk assessment as CISO Assistant (intuitem/ciso-assistant-community) exports it: CSV apart by
// semicolons, or by commas where the header has no semicolon. "--" is not assessed. A word that the profile does not
// lead to the scale is a fault, and so is a level of risk that the scale does not give for the likelihood and the impact
// beside it. Every fault comes back, with line and column, in a [*CSVError], and then nothing is returned; a profile that
// does not hold is a [*CISOProfileError].
func ReadCISO(r io.Reader, p CISOProfile) ([]CISOScenario, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(r, 1<<16)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // what was peeked is there
	}
	head, _ := in.Peek(1 << 16) // a shorter file is peeked as far as it goes
	head, _, _ = bytes.Cut(head, []byte("\n"))
	comma := ','
	if bytes.ContainsRune(head, ';') {
		comma = ';'
	}
	t, err := openTable(in, comma, cisoColumns(), true, cisoAliases())
	if err != nil {
		return nil, err
	}
	if err := t.faults.err(); err != nil {
		return nil, err
	}
	var out []CISOScenario
	seen := map[string]bool{}
	for {
		l, err := t.next()
		if err != nil {
			return nil, err
		}
		if l == nil {
			break
		}
		s := cisoCells{csvLine: l, profile: p}.scenario()
		if seen[s.RefID] && s.RefID != "" {
			l.fault("ref_id", "%q stands twice; give each scenario an identity of its own", clip(s.RefID))
		}
		seen[s.RefID] = true
		out = append(out, s)
	}
	if err := t.faults.err(); err != nil {
		return nil, err
	}
	return out, nil
}
