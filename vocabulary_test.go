package hipaasmp_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

func TestSchemaIDRoundTrips(t *testing.T) {
	t.Parallel()
	kind, major, err := hipaasmp.ParseSchemaID(hipaasmp.SchemaID("risk.analysis", 3))
	require.NoError(t, err)
	require.Equal(t, hipaasmp.Kind("risk.analysis"), kind)
	require.Equal(t, 3, major)
	for _, bad := range []string{"", "risk.analysis", hipaasmp.SchemaID("risk.analysis", 1) + "x", "https://example.org/v1/risk.analysis.json",
		strings.Replace(hipaasmp.SchemaID("risk.analysis", 1), "/v1/", "/v01/", 1), strings.Replace(hipaasmp.SchemaID("risk.analysis", 1), "/v1/", "/vx/", 1)} {
		_, _, err := hipaasmp.ParseSchemaID(bad)
		require.Error(t, err, bad)
	}
}

func TestValidIDRefusesWhatADatabaseMightFold(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a", "A-1", "550e8400-e29b-41d4-a716-446655440000", "ehr:case:17", strings.Repeat("x", 128)} {
		require.True(t, hipaasmp.ValidID(good), good)
	}
	for _, bad := range []string{"", " a", "a b", "a\x00b", "é", "-a", ".a", strings.Repeat("x", 129), "a/b", "a%"} {
		require.False(t, hipaasmp.ValidID(bad), bad)
	}
}

func TestPointerEscapes(t *testing.T) {
	t.Parallel()
	require.Equal(t, "/a~1b/0/m~0n", hipaasmp.Pointer("a/b", 0, "m~n"))
	require.Equal(t, "", hipaasmp.Pointer())
}

func TestInvalidSortsAndDropsTwins(t *testing.T) {
	t.Parallel()
	a := hipaasmp.Fault{Code: "SMP-X-02", Pointer: "/b", Message: "m"}
	b := hipaasmp.Fault{Code: "SMP-X-01", Pointer: "/a", Message: "m"}
	err := hipaasmp.Invalid(hipaasmp.Ref{Kind: "x.y", ID: "1"}, []hipaasmp.Fault{a, b, a})
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve)
	require.Equal(t, []hipaasmp.Fault{b, a}, ve.Faults)
	require.True(t, ve.Has("SMP-X-01"))
	require.False(t, ve.Has("SMP-X-03"))
	var f hipaasmp.Fault
	require.True(t, errors.As(err, &f))
	require.NoError(t, hipaasmp.Invalid(hipaasmp.Ref{}, nil))
}

func TestFaultCodesAreDistinctAndExplained(t *testing.T) {
	t.Parallel()
	seen := map[hipaasmp.FaultCode]bool{}
	for _, d := range hipaasmp.FaultDefs() {
		require.False(t, seen[d.Code], d.Code)
		seen[d.Code] = true
		require.NotEmpty(t, d.Meaning)
		require.NotEmpty(t, d.Remedy)
		require.Contains(t, []hipaasmp.FaultKind{hipaasmp.FaultShape, hipaasmp.FaultRule}, d.Kind)
	}
}

func TestEnumsRefuseUnknownAndEmpty(t *testing.T) {
	t.Parallel()
	type enum interface {
		IsValid() bool
		MarshalText() ([]byte, error)
	}
	check := func(bad enum, good []enum, read func(string) error) {
		for _, g := range good {
			require.True(t, g.IsValid())
			b, err := json.Marshal(g)
			require.NoError(t, err)
			require.NoError(t, read(string(b)))
		}
		require.False(t, bad.IsValid())
		_, err := json.Marshal(bad)
		require.Error(t, err)
		for _, s := range []string{`""`, `"nonsense"`} {
			require.Error(t, read(s))
		}
	}
	list := func(n int, at func(int) enum) (out []enum) {
		for i := range n {
			out = append(out, at(i))
		}
		return out
	}
	rc := hipaasmp.RetentionClass("").Values()
	check(hipaasmp.RetentionClass(""), list(len(rc), func(i int) enum { return rc[i] }), func(s string) error { return json.Unmarshal([]byte(s), new(hipaasmp.RetentionClass)) })
	wc := hipaasmp.WorkforceCategory("").Values()
	check(hipaasmp.WorkforceCategory("x"), list(len(wc), func(i int) enum { return wc[i] }), func(s string) error { return json.Unmarshal([]byte(s), new(hipaasmp.WorkforceCategory)) })
	et := hipaasmp.EntityType("").Values()
	check(hipaasmp.EntityType("x"), list(len(et), func(i int) enum { return et[i] }), func(s string) error { return json.Unmarshal([]byte(s), new(hipaasmp.EntityType)) })
	es := hipaasmp.EntitySize("").Values()
	check(hipaasmp.EntitySize("x"), list(len(es), func(i int) enum { return es[i] }), func(s string) error { return json.Unmarshal([]byte(s), new(hipaasmp.EntitySize)) })
}

func TestNewIDIsAVersion7OfTheGivenTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "random")
		at := time.UnixMilli(rapid.Int64Range(0, 1<<47).Draw(t, "ms"))
		id, err := hipaasmp.NewID(bytes.NewReader(seed), at)
		require.NoError(t, err)
		again, err := hipaasmp.NewID(bytes.NewReader(seed), at)
		require.NoError(t, err)
		require.Equal(t, id, again)
		require.Equal(t, byte('7'), id[14])
		require.Equal(t, fmt.Sprintf("%012x", at.UnixMilli()), strings.ReplaceAll(id[:13], "-", ""))
		require.True(t, hipaasmp.ValidID(id))
	})
	_, err := hipaasmp.NewID(bytes.NewReader(nil), time.Unix(0, 0))
	require.Error(t, err, "a source that runs dry gives no identity")
}

func TestNameIDIsStable(t *testing.T) {
	t.Parallel()
	require.Equal(t, hipaasmp.NameID("import", "row 1"), hipaasmp.NameID("import", "row 1"))
	require.NotEqual(t, hipaasmp.NameID("import", "row 1"), hipaasmp.NameID("import", "row 2"))
	require.NotEqual(t, hipaasmp.NameID("import", "row 1"), hipaasmp.NameID("other", "row 1"))
}

func TestReadArtifactKeepsTheDigestOnly(t *testing.T) {
	t.Parallel()
	a, err := hipaasmp.ReadArtifact("screen.png", "image/png", strings.NewReader("pixels"))
	require.NoError(t, err)
	require.Equal(t, int64(6), a.Size)
	require.Equal(t, hipaasmp.DigestOf([]byte("pixels")), a.SHA256)
	require.True(t, a.SHA256.IsValid())
	require.False(t, hipaasmp.Digest(strings.ToUpper(string(a.SHA256))).IsValid())
}

func TestFindGapsFillsInAndSorts(t *testing.T) {
	t.Parallel()
	asOf := hipaasmp.Day(2026, 1, 31)
	gaps := hipaasmp.FindGaps(asOf,
		hipaasmp.GapCheck{Code: "GAP-B", Citation: hipaasmp.CiteSanctionPolicy, Find: func(d hipaasmp.Date) []hipaasmp.Gap {
			require.Equal(t, asOf, d)
			return []hipaasmp.Gap{{Missing: "z"}, {Missing: "a"}}
		}},
		hipaasmp.GapCheck{Code: "GAP-A", Citation: hipaasmp.CiteRiskAnalysis, Find: func(hipaasmp.Date) []hipaasmp.Gap {
			return []hipaasmp.Gap{{Missing: "m"}}
		}},
		hipaasmp.GapCheck{Code: "GAP-C", Citation: hipaasmp.CiteRiskAnalysis, Find: func(hipaasmp.Date) []hipaasmp.Gap { return nil }},
	)
	require.Len(t, gaps, 3)
	require.Equal(t, []string{"m", "a", "z"}, []string{gaps[0].Missing, gaps[1].Missing, gaps[2].Missing})
	require.Equal(t, hipaasmp.GapCode("GAP-B"), gaps[2].Code)
}

func TestTransitionErrorSaysWhatIsAllowed(t *testing.T) {
	t.Parallel()
	err := &hipaasmp.TransitionError{Machine: "remediation item", From: "open", Event: "verify", Allowed: []string{"start"}}
	require.Equal(t, "hipaasmp: remediation item: verify is not allowed from open; allowed: start", err.Error())
	err.Allowed = nil
	require.Contains(t, err.Error(), "final")
}

func ExampleNameID() {
	fmt.Println(hipaasmp.NameID("register-2026", "finding 12"))
	// Output: 366aca16-4b6a-505c-bef9-2af5061c2b0a
}

func ExamplePointer() {
	fmt.Println(hipaasmp.Pointer("findings", 3, "score", "level"))
	// Output: /findings/3/score/level
}

func ExampleEntity_Authority() {
	may := clinic().Authority()
	err := may(hipaasmp.Actor{ID: "wf-002", Role: hipaasmp.RoleSecurityOfficial}, hipaasmp.PowerAcceptRisk, hipaasmp.Day(2026, 1, 31))
	fmt.Println(err)
	// Output: hipaasmp: security_official:wf-002 may not accept_risk on 2026-01-31; it takes an appointment to one of [management]
}
