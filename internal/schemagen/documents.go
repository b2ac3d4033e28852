package main

import (
	"reflect"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
	"github.com/hipaasmp/hipaasmp/storage"
)

// document is one kind and the Go type that has its shape.
type document struct {
	kind hipaasmp.Kind
	typ  reflect.Type
}

// documents is the table of everything that has a schema. A new document type is one line here and a run of go generate.
func documents() []document {
	return []document{
		of[hipaasmp.Entity](hipaasmp.KindEntity),
		of[hipaasmp.Mapping](hipaasmp.KindMapping),
		of[risk.Draft](risk.KindDraft),
		of[risk.Analysis](risk.KindAnalysis),
		of[risk.Procedure](risk.KindProcedure),
		of[remediation.Item](remediation.KindItem),
		of[remediation.Completion](remediation.KindCompletion),
		of[remediation.Acceptance](remediation.KindAcceptance),
		of[remediation.AddressableDecision](remediation.KindAddressableDecision),
		of[remediation.Plan](remediation.KindPlan),
		of[sanction.Policy](sanction.KindPolicy),
		of[sanction.Case](sanction.KindCase),
		of[sanction.Outcome](sanction.KindOutcome),
		of[sanction.Acknowledgement](sanction.KindAcknowledgement),
		of[sanction.Training](sanction.KindTraining),
		of[sanction.Attestation](sanction.KindAttestation),
		of[review.Procedure](review.KindProcedure),
		of[review.Session](review.KindSession),
		of[review.Record](review.KindRecord),
		of[review.ExplanationRule](review.KindExplanationRule),
		of[review.Incident](review.KindIncident),
		of[review.IncidentRecord](review.KindIncidentRecord),
		of[evidence.Manifest](evidence.KindManifest),
		of[evidence.GapList](evidence.KindGaps),
		of[evidence.Retention](evidence.KindRetention),
		of[storage.HoldDocument](storage.KindHold),
		of[storage.Extension](storage.KindExtension),
		of[storage.Certificate](storage.KindCertificate),
		of[storage.EpochStart](storage.KindEpoch),
		of[storage.Act](storage.KindAct),
		of[storage.ClockMark](storage.KindClock),
		of[storage.OffBoarding](storage.KindOffBoarding),
		of[retention.Disposition](retention.KindDisposition),
	}
}

func of[T any](kind hipaasmp.Kind) document { return document{kind: kind, typ: reflect.TypeFor[T]()} }
