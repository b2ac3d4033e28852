package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func ack(t require.TestingT, id string, on string) sanction.Acknowledgement {
	m, _ := clinic().Member(id)
	a, err := sanction.NewAcknowledgement("ack-"+id, policy(t), m, day(on), sanction.FormElectronic)
	require.NoError(t, err)
	return a
}

func TestNobodyAcknowledgesWhatIsNotWrittenOrFromOutside(t *testing.T) {
	t.Parallel()
	m, _ := clinic().Member("w-009")
	_, err := sanction.NewAcknowledgement("a", policy(t), m, day("2025-12-14"), sanction.FormSigned)
	requireFault(t, err, hipaasmp.FaultOrder)
	_, err = sanction.NewAcknowledgement("a", policy(t), m, day("2025-12-15"), sanction.FormSigned)
	require.NoError(t, err, "on the day of the approval it is written")
	v, _ := clinic().Member("w-010")
	_, err = sanction.NewAcknowledgement("a", policy(t), v, day("2026-01-31"), sanction.FormSigned)
	requireFault(t, err, sanction.FaultNotWorkforce)
	_, err = sanction.NewAcknowledgement("a", policy(t), m, day("2026-01-31"), "nodded")
	requireFault(t, err, hipaasmp.FaultEnum)
	a := ack(t, "w-009", "2026-01-10")
	a.Policy.Kind = sanction.KindCase
	requireFault(t, a.Validate(), hipaasmp.FaultDangling)
}

func TestMissingCountsTheWorkforceOfTheDay(t *testing.T) {
	t.Parallel()
	p, all := policy(t), clinic().Workforce
	acks := []sanction.Acknowledgement{ack(t, "w-001", "2026-01-05"), ack(t, "w-009", "2026-02-20")}
	ids := func(asOf string) (out []string) {
		for _, u := range sanction.Missing(p, all, acks, day(asOf)) {
			out = append(out, u.Member)
		}
		return out
	}
	require.Nil(t, ids("2025-12-31"), "the version is not in effect yet")
	require.Equal(t, []string{"w-002", "w-003", "w-009"}, ids("2026-01-31"), "w-010 has not joined, w-009 acknowledges later")
	require.Equal(t, []string{"w-002", "w-003", "w-010"}, ids("2026-03-01"))
	got := sanction.Missing(p, all, acks, day("2026-03-03"))
	require.Equal(t, sanction.Unacknowledged{Member: "w-002", Due: day("2026-01-31"), Overdue: true}, got[0])
	require.Equal(t, sanction.Unacknowledged{Member: "w-010", Due: day("2026-03-03"), Overdue: false}, got[2], "counted from the day of joining")
	other := acks[0]
	other.Policy.ID = "policy-2025"
	require.Len(t, sanction.Missing(p, all, []sanction.Acknowledgement{other}, day("2026-01-31")), 4, "another version does not count")
}

func TestTrainingServesTheTrainingStandard(t *testing.T) {
	t.Parallel()
	tr, err := sanction.NewTraining("t-1", member.ID, "Access only with a need", hipaasmp.CiteAwarenessTraining, day("2026-03-20"))
	require.NoError(t, err)
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteAwarenessTraining}, tr.Citations())
	tr, err = tr.About(policy(t)).For(decided(t))
	require.NoError(t, err)
	require.NoError(t, tr.Validate())
	require.Equal(t, "case-1", tr.Case.ID)
	require.Equal(t, "policy-2026", tr.Policy.ID)
	require.Contains(t, tr.Citations(), hipaasmp.CiteSanctionPolicy)
	tr.Member = "w-001"
	_, err = tr.For(decided(t))
	requireFault(t, err, hipaasmp.FaultDangling)
	_, err = sanction.NewTraining("t-1", member.ID, "x", hipaasmp.CiteRiskAnalysis, day("2026-03-20"))
	requireFault(t, err, hipaasmp.FaultDangling)
	tr.Case.Kind, tr.Policy.Kind = sanction.KindPolicy, sanction.KindCase
	requireFault(t, tr.Validate(), hipaasmp.FaultDangling)
}

var quarter = hipaasmp.Period{From: day("2026-01-01"), To: day("2026-03-31")}

func TestAnAttestationSpeaksOnlyOfWhatItsAuthorCanKnow(t *testing.T) {
	t.Parallel()
	ce := hipaasmp.EntityCoveredEntity
	basis := "All exceptions of the three activity reviews of the quarter were looked at."
	review := hipaasmp.Ref{Kind: "review.record", ID: "review-2026-03"}
	a, err := sanction.Attest("att-1", ce, quarter, official, day("2026-04-01"), day("2019-01-01"), may(), basis)
	require.NoError(t, err)
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteSanctionPolicy, hipaasmp.CiteDocumentSanctions}, a.Citations())
	require.Equal(t, day("2026-04-01"), a.RetentionBasis().Created)

	_, err = sanction.Attest("att-1", ce, quarter, official, day("2026-03-31"), day("2019-01-01"), may(), basis)
	requireFault(t, err, sanction.FaultKnowledge)
	_, err = sanction.Attest("att-1", ce, hipaasmp.Period{From: day("2026-01-01")}, official, day("2026-04-01"), day("2019-01-01"), may(), basis)
	requireFault(t, err, sanction.FaultKnowledge)
	_, err = sanction.Attest("att-1", ce, quarter, official, day("2026-04-01"), day("2026-02-01"), may(), basis)
	requireFault(t, err, sanction.FaultKnowledge)
	_, err = sanction.Attest("att-1", ce, quarter, official, day("2026-04-01"), day("2026-02-01"), may(), basis, review)
	require.NoError(t, err, "with the records consulted it holds")
	_, err = sanction.Attest("att-1", ce, quarter, official, day("2026-04-01"), day("2026-04-02"), may(), basis, review)
	requireFault(t, err, hipaasmp.FaultOrder)
	_, err = sanction.Attest("att-1", ce, quarter, official, day("2026-04-01"), day("2019-01-01"), may(), "")
	requireFault(t, err, hipaasmp.FaultRequired)
	_, err = sanction.Attest("att-1", ce, quarter, program, day("2026-04-01"), day("2019-01-01"), may(), basis)
	requireFault(t, err, sanction.FaultProgram)
	_, err = sanction.Attest("att-1", ce, quarter, reviewer, day("2026-04-01"), day("2019-01-01"), may(), basis)
	requireFault(t, err, hipaasmp.FaultAuthority)
}
