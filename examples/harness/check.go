package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/evidence/vectors"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
	"github.com/hipaasmp/hipaasmp/storage"
)

// reader returns what reads a kind strictly and validates it, and nil for a kind that has none. A product with kinds of
// its own adds them here.
func reader(kind hipaasmp.Kind) vectors.Reader {
	switch kind {
	case hipaasmp.KindEntity:
		return vectors.ReaderOf[hipaasmp.Entity]()
	case hipaasmp.KindMapping:
		return vectors.ReaderOf[hipaasmp.Mapping]()
	case risk.KindProcedure:
		return vectors.ReaderOf[risk.Procedure]()
	case risk.KindDraft:
		return vectors.ReaderOf[risk.Draft]()
	case risk.KindAnalysis:
		return vectors.ReaderOf[risk.Analysis]()
	case remediation.KindItem:
		return vectors.ReaderOf[remediation.Item]()
	case remediation.KindCompletion:
		return vectors.ReaderOf[remediation.Completion]()
	case remediation.KindAcceptance:
		return vectors.ReaderOf[remediation.Acceptance]()
	case remediation.KindAddressableDecision:
		return vectors.ReaderOf[remediation.AddressableDecision]()
	case remediation.KindPlan:
		return vectors.ReaderOf[remediation.Plan]()
	case sanction.KindPolicy:
		return vectors.ReaderOf[sanction.Policy]()
	case sanction.KindCase:
		return vectors.ReaderOf[sanction.Case]()
	case sanction.KindOutcome:
		return vectors.ReaderOf[sanction.Outcome]()
	case sanction.KindAcknowledgement:
		return vectors.ReaderOf[sanction.Acknowledgement]()
	case sanction.KindTraining:
		return vectors.ReaderOf[sanction.Training]()
	case sanction.KindAttestation:
		return vectors.ReaderOf[sanction.Attestation]()
	case review.KindProcedure:
		return vectors.ReaderOf[review.Procedure]()
	case review.KindSession:
		return vectors.ReaderOf[review.Session]()
	case review.KindRecord:
		return vectors.ReaderOf[review.Record]()
	case review.KindIncident:
		return vectors.ReaderOf[review.Incident]()
	case review.KindIncidentRecord:
		return vectors.ReaderOf[review.IncidentRecord]()
	case storage.KindHold:
		return vectors.ReaderOf[storage.HoldDocument]()
	case storage.KindExtension:
		return vectors.ReaderOf[storage.Extension]()
	case storage.KindAct:
		return vectors.ReaderOf[storage.Act]()
	case storage.KindEpoch:
		return vectors.ReaderOf[storage.EpochStart]()
	case storage.KindCertificate:
		return vectors.ReaderOf[storage.Certificate]()
	case evidence.KindGaps:
		return vectors.ReaderOf[evidence.GapList]()
	case evidence.KindRetention:
		return vectors.ReaderOf[evidence.Retention]()
	case evidence.KindManifest:
		return vectors.ReaderOf[evidence.Manifest]()
	}
	return nil
}

// check returns the kind that a document says it is, and every fault of it, sorted by pointer, code and message.
func check(data []byte) (hipaasmp.Kind, []hipaasmp.Fault) {
	faults := schema.Check(data)
	if slices.ContainsFunc(faults, func(f hipaasmp.Fault) bool { return isReading(f.Code) && f.Code != hipaasmp.FaultLossy }) {
		return "", complete(faults) // there is no document to go on with
	}
	var head struct {
		Schema string `json:"schema"`
	}
	_ = json.Unmarshal(data, &head) // a schema member of another type is among the faults
	kind, _, err := hipaasmp.ParseSchemaID(head.Schema)
	if err != nil {
		return "", complete(faults)
	}
	read := reader(kind)
	if read == nil {
		return kind, complete(faults) // which say that the kind is unknown
	}
	err = read(data)
	var invalid *hipaasmp.ValidationError
	switch {
	case errors.As(err, &invalid):
	case err != nil:
		return kind, complete(append(faults, hipaasmp.Fault{Code: hipaasmp.FaultSyntax, Message: "cannot be read: " + err.Error()}))
	default:
		return kind, complete(faults)
	}
	byShape := slices.Clone(faults)
	for _, f := range invalid.Faults {
		// A fault of shape has been told by the schema, in the same words for every language.
		told := len(byShape) > 0 && (isShape(f.Code) || isReading(f.Code)) ||
			slices.ContainsFunc(byShape, func(s hipaasmp.Fault) bool { return s.Pointer == f.Pointer })
		if !told {
			faults = append(faults, f)
		}
	}
	return kind, complete(faults)
}

func isReading(code hipaasmp.FaultCode) bool { return strings.HasPrefix(string(code), "SMP-JSON-") }

func isShape(code hipaasmp.FaultCode) bool { return strings.HasPrefix(string(code), "SMP-SHAPE-") }

// catalogue lists every code of the module.
func catalogue() []hipaasmp.FaultDef {
	return slices.Concat(hipaasmp.FaultDefs(), retention.FaultDefs(), risk.FaultDefs(), remediation.FaultDefs(), sanction.FaultDefs(), review.FaultDefs(), evidence.FaultDefs())
}

// complete adds to each fault the citation of its code where it brings none, and sorts.
func complete(faults []hipaasmp.Fault) []hipaasmp.Fault {
	for i := range faults {
		for _, d := range catalogue() {
			if d.Code == faults[i].Code && faults[i].Citation == "" {
				faults[i].Citation = d.Citation
			}
		}
	}
	slices.SortStableFunc(faults, func(a, b hipaasmp.Fault) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return faults
}
