package vectors_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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

// readers is the table of the kinds that have vectors.
func readers() map[hipaasmp.Kind]vectors.Reader {
	return map[hipaasmp.Kind]vectors.Reader{
		hipaasmp.KindMapping:                vectors.ReaderOf[hipaasmp.Mapping](),
		hipaasmp.KindEntity:                 vectors.ReaderOf[hipaasmp.Entity](),
		risk.KindDraft:                      vectors.ReaderOf[risk.Draft](),
		risk.KindAnalysis:                   vectors.ReaderOf[risk.Analysis](),
		remediation.KindItem:                vectors.ReaderOf[remediation.Item](),
		remediation.KindCompletion:          vectors.ReaderOf[remediation.Completion](),
		remediation.KindAcceptance:          vectors.ReaderOf[remediation.Acceptance](),
		remediation.KindAddressableDecision: vectors.ReaderOf[remediation.AddressableDecision](),
		remediation.KindPlan:                vectors.ReaderOf[remediation.Plan](),
		sanction.KindPolicy:                 vectors.ReaderOf[sanction.Policy](),
		sanction.KindCase:                   vectors.ReaderOf[sanction.Case](),
		sanction.KindOutcome:                vectors.ReaderOf[sanction.Outcome](),
		sanction.KindAcknowledgement:        vectors.ReaderOf[sanction.Acknowledgement](),
		sanction.KindTraining:               vectors.ReaderOf[sanction.Training](),
		sanction.KindAttestation:            vectors.ReaderOf[sanction.Attestation](),
		review.KindProcedure:                vectors.ReaderOf[review.Procedure](),
		review.KindSession:                  vectors.ReaderOf[review.Session](),
		review.KindRecord:                   vectors.ReaderOf[review.Record](),
		review.KindIncident:                 vectors.ReaderOf[review.Incident](),
		review.KindExplanationRule:          vectors.ReaderOf[review.ExplanationRule](),
		review.KindIncidentRecord:           vectors.ReaderOf[review.IncidentRecord](),
		risk.KindProcedure:                  vectors.ReaderOf[risk.Procedure](),
		storage.KindCertificate:             vectors.ReaderOf[storage.Certificate](),
		storage.KindHold:                    vectors.ReaderOf[storage.HoldDocument](),
		storage.KindExtension:               vectors.ReaderOf[storage.Extension](),
		storage.KindEpoch:                   vectors.ReaderOf[storage.EpochStart](),
		storage.KindAct:                     vectors.ReaderOf[storage.Act](),
		storage.KindClock:                   vectors.ReaderOf[storage.ClockMark](),
		storage.KindOffBoarding:             vectors.ReaderOf[storage.OffBoarding](),
		retention.KindDisposition:           vectors.ReaderOf[retention.Disposition](),
		evidence.KindGaps:                   vectors.ReaderOf[evidence.GapList](),
		evidence.KindRetention:              vectors.ReaderOf[evidence.Retention](),
		evidence.KindManifest:               vectors.ReaderOf[evidence.Manifest](),
	}
}

func all(t *testing.T) []vectors.Vector {
	t.Helper()
	list, err := vectors.All()
	require.NoError(t, err)
	require.NotEmpty(t, list)
	return list
}

func TestEveryVectorComesOutAsTheIndexHasIt(t *testing.T) {
	t.Parallel()
	for _, v := range all(t) {
		t.Run(strings.TrimSuffix(v.File, ".json"), func(t *testing.T) {
			t.Parallel()
			read := readers()[v.Kind]
			require.NotNil(t, read, "no reader for %s", v.Kind)
			require.NoError(t, v.Hold(read))
		})
	}
}

func TestIndexAndFilesAreTheSame(t *testing.T) {
	t.Parallel()
	var files []string
	require.NoError(t, fs.WalkDir(vectors.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && p != "index.json" {
			files = append(files, p)
		}
		return err
	}))
	var listed []string
	for _, v := range all(t) {
		listed = append(listed, v.File)
		folder := "good"
		if !v.Good() {
			folder = "bad"
			require.True(t, v.Stage.IsValid(), v.File)
		}
		require.Equal(t, path.Join(string(v.Kind), folder, v.Name()+".json"), v.File)
		require.Equal(t, v.Good(), len(v.Faults) == 0, v.File)
		require.True(t, hipaasmp.ValidText(v.About), v.File)
	}
	slices.Sort(listed)
	require.Equal(t, files, listed)
}

func TestEveryKindHasTwelveBadVectorsOfOneFaultEach(t *testing.T) {
	t.Parallel()
	good, bad := map[hipaasmp.Kind]int{}, map[hipaasmp.Kind]int{}
	for _, v := range all(t) {
		if v.Good() {
			good[v.Kind]++
			continue
		}
		bad[v.Kind]++
		require.Len(t, v.Faults, 1, v.File)
	}
	require.Len(t, readers(), len(schema.Kinds()), "every kind that has a schema has a reader and vectors")
	for kind := range readers() {
		require.Positive(t, good[kind], "%s", kind)
		require.GreaterOrEqual(t, bad[kind], 12, "%s", kind)
	}
}

func TestHoldSeesAReaderThatIsTooLenientOrTooStrict(t *testing.T) {
	t.Parallel()
	lenient := func([]byte) error { return nil }
	strict := func([]byte) error {
		return hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{{Code: hipaasmp.FaultLossy}})
	}
	for _, v := range all(t) {
		if v.Good() {
			require.NoError(t, v.Hold(lenient), v.File)
			require.ErrorContains(t, v.Hold(strict), "is good", v.File)
		} else {
			require.Error(t, v.Hold(lenient), v.File)
		}
		if v.Stage == vectors.StageRule {
			require.Error(t, v.Hold(strict), v.File)
		}
		require.ErrorContains(t, v.Hold(func([]byte) error { return fs.ErrInvalid }), "gives no faults", v.File)
	}
}
