package dossier

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
	"github.com/hipaasmp/hipaasmp/storage"
)

// Reader reads a document strictly and validates it. It returns nil for one that is accepted.
type Reader func(data []byte) error

func readerOf[T hipaasmp.Document]() Reader {
	return func(data []byte) error {
		_, err := hipaasmp.Decode[T](data)
		return err
	}
}

// ReaderFor returns what reads documents of a kind of this module, and nil for any other kind.
func ReaderFor(kind hipaasmp.Kind) Reader {
	switch kind {
	case hipaasmp.KindEntity:
		return readerOf[hipaasmp.Entity]()
	case hipaasmp.KindMapping:
		return readerOf[hipaasmp.Mapping]()
	case risk.KindProcedure:
		return readerOf[risk.Procedure]()
	case risk.KindDraft:
		return readerOf[risk.Draft]()
	case risk.KindAnalysis:
		return readerOf[risk.Analysis]()
	case remediation.KindItem:
		return readerOf[remediation.Item]()
	case remediation.KindCompletion:
		return readerOf[remediation.Completion]()
	case remediation.KindAcceptance:
		return readerOf[remediation.Acceptance]()
	case remediation.KindAddressableDecision:
		return readerOf[remediation.AddressableDecision]()
	case remediation.KindPlan:
		return readerOf[remediation.Plan]()
	case sanction.KindPolicy:
		return readerOf[sanction.Policy]()
	case sanction.KindCase:
		return readerOf[sanction.Case]()
	case sanction.KindOutcome:
		return readerOf[sanction.Outcome]()
	case sanction.KindAcknowledgement:
		return readerOf[sanction.Acknowledgement]()
	case sanction.KindTraining:
		return readerOf[sanction.Training]()
	case sanction.KindAttestation:
		return readerOf[sanction.Attestation]()
	case review.KindProcedure:
		return readerOf[review.Procedure]()
	case review.KindSession:
		return readerOf[review.Session]()
	case review.KindRecord:
		return readerOf[review.Record]()
	case review.KindExplanationRule:
		return readerOf[review.ExplanationRule]()
	case review.KindIncident:
		return readerOf[review.Incident]()
	case review.KindIncidentRecord:
		return readerOf[review.IncidentRecord]()
	case storage.KindHold:
		return readerOf[storage.HoldDocument]()
	case storage.KindExtension:
		return readerOf[storage.Extension]()
	case storage.KindAct:
		return readerOf[storage.Act]()
	case storage.KindEpoch:
		return readerOf[storage.EpochStart]()
	case storage.KindClock:
		return readerOf[storage.ClockMark]()
	case storage.KindOffBoarding:
		return readerOf[storage.OffBoarding]()
	case retention.KindDisposition:
		return readerOf[retention.Disposition]()
	case storage.KindCertificate:
		return readerOf[storage.Certificate]()
	case evidence.KindGaps:
		return readerOf[evidence.GapList]()
	case evidence.KindRetention:
		return readerOf[evidence.Retention]()
	case evidence.KindManifest:
		return readerOf[evidence.Manifest]()
	}
	return nil
}

// Check returns the kind that a document says it is, and every fault of it, sorted by pointer, code and message, each
// with what to do and with the provision that its rule comes from. It is [schema.Check] and then the rules of the kind:
// strict reading first, the shape by the schema that the document names, then its Validate. What the schema has told at
// a place is not told again there.
//
// A product with kinds of its own gives their readers; they come before those of this module. No bytes make it panic, and
// memory is bounded by the limits of strict reading.
func Check(data []byte, own map[hipaasmp.Kind]Reader) (hipaasmp.Kind, []hipaasmp.Fault) {
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
	read := own[kind]
	if read != nil {
		// The schema of a kind of the caller's own is not among those that are embedded.
		faults = slices.DeleteFunc(faults, func(f hipaasmp.Fault) bool { return f.Code == hipaasmp.FaultSchema && f.Pointer == "/schema" })
	} else if read = ReaderFor(kind); read == nil {
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
	return slices.Concat(hipaasmp.FaultDefs(), retention.FaultDefs(), risk.FaultDefs(), remediation.FaultDefs(), sanction.FaultDefs(), review.FaultDefs(), storage.FaultDefs(), evidence.FaultDefs())
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
