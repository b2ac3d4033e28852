package risk

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindDraft is the kind of [Draft].
const KindDraft hipaasmp.Kind = "risk.draft"

// Draft is a risk analysis in work. It is a document and no record: it is stored and versioned, it is no evidence and
// starts no retention clock. Its content is plain data and is edited in place; carried findings are the exception,
// see [CarryForward].
type Draft struct {
	hipaasmp.Header
	Assessment
	// CreatedBy is who began the draft.
	CreatedBy hipaasmp.Actor `json:"created_by"`
	// CreatedAt is when, in UTC to the microsecond.
	CreatedAt time.Time `json:"created_at" validate:"instant"`
	// Predecessor is the analysis that the draft was carried forward from; absent for a draft that began empty.
	Predecessor *hipaasmp.Ref `json:"predecessor,omitempty"`
	// Carried says of every finding of the predecessor what became of it.
	Carried []Carried `json:"carried,omitempty" validate:"dive"`
}

var _ hipaasmp.Document = Draft{}

// NewDraft begins a draft with the content given, which is copied. The error is a [*hipaasmp.ValidationError].
func NewDraft(id string, content Assessment, by hipaasmp.Actor, at time.Time) (Draft, error) {
	d := Draft{Header: hipaasmp.NewHeader(KindDraft, id), Assessment: content.clone(), CreatedBy: by, CreatedAt: hipaasmp.Instant(at)}
	if err := d.Validate(); err != nil {
		return Draft{}, err
	}
	return d, nil
}

// Validate returns every fault of the draft. A draft may be unfinished; what it says must hold together.
func (d Draft) Validate() error {
	return validate.Check(d, KindDraft, d.Schema, func(f *validate.Faults) {
		d.Assessment.check(f)
		checkCarried(f, d.Carried, d.Assessment)
		if d.Predecessor == nil && len(d.Carried) > 0 {
			f.Cite(FaultLineage, hipaasmp.CiteRiskAnalysis, "/predecessor", "is missing, but findings are carried from it; name the analysis")
		}
		checkPredecessor(f, d.Predecessor)
		for _, c := range d.Carried {
			i := d.place(c.Finding)
			if i < 0 || c.State != CarryStateRescored {
				continue
			}
			if current := d.Findings[i].Current; current == nil || current.At.Before(d.CreatedAt) {
				f.Cite(FaultCarried, hipaasmp.CiteUpdates, hipaasmp.Pointer("findings", i, "current"), "is older than the draft, but the finding counts as re-scored; score it anew or confirm it as it was")
			}
		}
	})
}

// clone returns a draft that shares nothing with d.
func (d Draft) clone() Draft {
	d.Assessment = d.Assessment.clone()
	d.Predecessor = clonePointer(d.Predecessor)
	d.Carried = cloneEach(d.Carried, Carried.clone)
	return d
}

func checkPredecessor(f *validate.Faults, p *hipaasmp.Ref) {
	if p != nil && p.Kind != KindAnalysis && hipaasmp.ValidKind(p.Kind) {
		f.Cite(FaultLineage, hipaasmp.CiteRiskAnalysis, "/predecessor/kind", "is %q; only a %s can be followed", p.Kind, KindAnalysis)
	}
}
