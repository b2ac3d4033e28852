package evidence

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindGaps is the kind of [GapList].
const KindGaps hipaasmp.Kind = "evidence.gaps"

// GapList is the file gaps.json of a package: what an investigator would ask for and not find, as the sender's own
// checks saw it. An empty list says that the checks that were run found nothing; it says nothing about others.
type GapList struct {
	hipaasmp.Header
	// AsOf is the civil day on which was looked.
	AsOf hipaasmp.Date `json:"as_of" validate:"required"`
	// Gaps are the gaps, ordered by citation, code and wording.
	Gaps []hipaasmp.Gap `json:"gaps,omitempty" validate:"dive"`
}

// Validate returns every fault of the list.
func (l GapList) Validate() error { return validate.Check(l, KindGaps, l.Schema, nil) }
