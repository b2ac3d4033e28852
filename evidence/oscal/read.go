package oscal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// poamFile and catalogFile are the files: OSCAL wraps each document in an object that says what it is.
type poamFile struct {
	POAM POAM `json:"plan-of-action-and-milestones"`
}

type catalogFile struct {
	Catalog Catalog `json:"catalog"`
}

// Write verifies the plan and writes it as JSON, the same bytes each time. The errors are those of [POAM.Verify] and of w.
func (p POAM) Write(w io.Writer) error {
	if err := p.Verify(); err != nil {
		return err
	}
	return write(w, poamFile{p})
}

// Write verifies the catalogue and writes it as JSON, the same bytes each time. The errors are those of
// [Catalog.Verify] and of w.
func (x Catalog) Write(w io.Writer) error {
	if err := x.Verify(); err != nil {
		return err
	}
	return write(w, catalogFile{x})
}

func write(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// ReadPOAM reads a plan that this package wrote, strictly, and verifies it. A member that this package does not write is
// refused rather than lost, so the files of other tools are mostly refused. The error is a
// [*hipaasmp.ValidationError].
func ReadPOAM(data []byte) (POAM, error) {
	var f poamFile
	if err := strictjson.Decode(data, &f); err != nil {
		return POAM{}, hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{hipaasmp.ReadFault(err)})
	}
	if err := f.POAM.Verify(); err != nil {
		return POAM{}, err
	}
	return f.POAM, nil
}

// ReadCatalog reads a catalogue that this package wrote, as [ReadPOAM] reads a plan.
func ReadCatalog(data []byte) (Catalog, error) {
	var f catalogFile
	if err := strictjson.Decode(data, &f); err != nil {
		return Catalog{}, hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{hipaasmp.ReadFault(err)})
	}
	if err := f.Catalog.Verify(); err != nil {
		return Catalog{}, err
	}
	return f.Catalog, nil
}

// DetachedError says that a plan only names its records, so they cannot be given back.
type DetachedError struct {
	// Record is the first that is not attached.
	Record string
}

func (e *DetachedError) Error() string {
	return "oscal: " + quote(e.Record) + " is named in the back matter and not attached; export with Attach to import again"
}

// Import gives back what the plan was made from. Each record is checked against its digest, read strictly and
// validated; then the plan is made anew from the records, and what is not as it stands here is a fault.
//
// The errors are [*DetachedError] for a plan without its records and [*hipaasmp.ValidationError] for everything else.
func (p POAM) Import() (Source, error) {
	if err := p.Verify(); err != nil {
		return Source{}, err
	}
	src := Source{Attach: true}
	var faults []hipaasmp.Fault
	add := func(code hipaasmp.FaultCode, pointer, format string, args ...any) {
		faults = append(faults, hipaasmp.Fault{Code: code, Pointer: pointer, Message: fmt.Sprintf(format, args...)})
	}
	var err error
	asOf, _ := valueOf(p.Metadata.Props, propAsOf)
	if src.AsOf, err = hipaasmp.ParseDate(asOf); err != nil {
		add(FaultRecord, "/metadata/props", "do not say for which day the states are told; this package writes the property %s", propAsOf)
	}
	if src.Made, err = time.Parse(time.RFC3339Nano, p.Metadata.LastModified); err != nil {
		add(FaultRecord, "/metadata/last-modified", "is no time with its offset")
	}
	for i, r := range p.resources() {
		name, ok := valueOf(r.Props, propRecord)
		if !ok {
			continue
		}
		if r.Base64 == nil {
			return Source{}, &DetachedError{Record: name}
		}
		if why := src.attached(name, r); why != "" {
			add(FaultRecord, hipaasmp.Pointer("back-matter", "resources", i), "%s", why)
		}
	}
	if faults == nil {
		again, err := NewPOAM(src)
		if err != nil {
			add(FaultRecord, "/back-matter", "does not hold what a plan is made from: %v", err)
		} else if at, same := firstDifference(again, p); !same {
			add(FaultRendering, at, "is not what the records in the back matter say")
		}
	}
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, faults); err != nil {
		return Source{}, err
	}
	return src, nil
}

func (p POAM) resources() []Resource {
	if p.BackMatter == nil {
		return nil
	}
	return p.BackMatter.Resources
}

// attached reads one record into the source, and says what is wrong with it.
func (s *Source) attached(name string, r Resource) string {
	body, err := base64.StdEncoding.Strict().DecodeString(r.Base64.Value)
	if err != nil {
		return "is not base64"
	}
	if len(r.Rlinks) != 1 || len(r.Rlinks[0].Hashes) != 1 || r.Rlinks[0].Hashes[0] != sha256(hipaasmp.DigestOf(body)) {
		return "is not the record that its digest names"
	}
	kind, _, _ := strings.Cut(name, "/")
	var doc hipaasmp.Document
	switch hipaasmp.Kind(kind) {
	case hipaasmp.KindEntity:
		s.Entity, err = hipaasmp.Decode[hipaasmp.Entity](body)
		doc = s.Entity
	case risk.KindAnalysis:
		s.Analysis, err = hipaasmp.Decode[risk.Analysis](body)
		doc = s.Analysis
	case remediation.KindItem:
		var i remediation.Item
		i, err = hipaasmp.Decode[remediation.Item](body)
		s.Items, doc = append(s.Items, i), i
	case remediation.KindAcceptance:
		var a remediation.Acceptance
		a, err = hipaasmp.Decode[remediation.Acceptance](body)
		s.Acceptances, doc = append(s.Acceptances, a), a
	default:
		return "is of a kind that no plan is made from"
	}
	switch {
	case err != nil:
		return "does not validate: " + err.Error()
	case doc.DocumentRef().String() != name:
		return "is another record than it is named"
	}
	return ""
}

// valueOf returns the value of a property of this module.
func valueOf(props []Property, name string) (string, bool) {
	for _, p := range props {
		if p.NS == Namespace && p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// firstDifference returns where two plans differ, by member of the document.
func firstDifference(a, b POAM) (string, bool) {
	var members [2]map[string]json.RawMessage
	for i, p := range []POAM{a, b} {
		data, err := json.Marshal(p)
		if err != nil || json.Unmarshal(data, &members[i]) != nil {
			return "", false
		}
	}
	for _, name := range []string{"uuid", "metadata", "import-ssp", "system-id", "local-definitions", "observations", "risks", "poam-items", "back-matter"} {
		if !bytes.Equal(members[0][name], members[1][name]) {
			return hipaasmp.Pointer(name), false
		}
	}
	return "", true
}
