package hipaasmp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

func clinic() hipaasmp.Entity {
	since := period("2020-01-01", "")
	return hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "clinic"), Name: "Sample Clinic", Type: hipaasmp.EntityCoveredEntity,
		Size: hipaasmp.EntitySmall, Zone: "America/Chicago", Created: since.From, InEffect: since,
		Workforce: []hipaasmp.WorkforceMember{
			{ID: "wf-001", Category: hipaasmp.WorkforceEmployee, Title: "Practice manager", Member: since},
			{ID: "wf-002", Category: hipaasmp.WorkforceEmployee, Title: "Security official", Manager: "wf-001", Member: since},
		},
		Appointments: []hipaasmp.Appointment{
			{Role: hipaasmp.RoleManagement, Member: "wf-001", Term: since},
			{Role: hipaasmp.RoleSecurityOfficial, Member: "wf-002", Term: period("2020-01-01", "2026-06-30")},
		},
	}
}

func TestEntityValidates(t *testing.T) {
	t.Parallel()
	require.NoError(t, clinic().Validate())
}

func TestEntityRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule    string
		code    hipaasmp.FaultCode
		pointer string
		break_  func(*hipaasmp.Entity)
	}{
		{"another kind's schema", hipaasmp.FaultSchema, "/schema", func(e *hipaasmp.Entity) { e.Schema = hipaasmp.SchemaID("risk.analysis", 1) }},
		{"an identity with a space", hipaasmp.FaultFormat, "/id", func(e *hipaasmp.Entity) { e.ID = "the clinic" }},
		{"no name", hipaasmp.FaultRequired, "/name", func(e *hipaasmp.Entity) { e.Name = "" }},
		{"a name that is not UTF-8", hipaasmp.FaultFormat, "/name", func(e *hipaasmp.Entity) { e.Name = "Cl\xffnic" }},
		{"no type", hipaasmp.FaultEnum, "/type", func(e *hipaasmp.Entity) { e.Type = "" }},
		{"a zone that is not in the database", hipaasmp.FaultZone, "/zone", func(e *hipaasmp.Entity) { e.Zone = "America/Gotham" }},
		{"the machine's own zone", hipaasmp.FaultZone, "/zone", func(e *hipaasmp.Entity) { e.Zone = "Local" }},
		{"no day of creation", hipaasmp.FaultRequired, "/created", func(e *hipaasmp.Entity) { e.Created = hipaasmp.Date{} }},
		{"a period that runs backwards", hipaasmp.FaultOrder, "/in_effect/to", func(e *hipaasmp.Entity) { e.InEffect.To = hipaasmp.Day(2019, 1, 1) }},
		{"no workforce", hipaasmp.FaultRange, "/workforce", func(e *hipaasmp.Entity) { e.Workforce = nil }},
		{"two members of one identity", hipaasmp.FaultIdentity, "/workforce/1/id", func(e *hipaasmp.Entity) { e.Workforce[1].ID = "wf-001" }},
		{"a manager who is not listed", hipaasmp.FaultDangling, "/workforce/1/manager", func(e *hipaasmp.Entity) { e.Workforce[1].Manager = "wf-9" }},
		{"a member who reports to themselves", hipaasmp.FaultSegregation, "/workforce/0/manager", func(e *hipaasmp.Entity) { e.Workforce[0].Manager = "wf-001" }},
		{"an appointment of nobody", hipaasmp.FaultDangling, "/appointments/0/member", func(e *hipaasmp.Entity) { e.Appointments[0].Member = "wf-9" }},
		{"no security official", hipaasmp.FaultAuthority, "/appointments", func(e *hipaasmp.Entity) { e.Appointments = e.Appointments[:1] }},
		{"no appointment", hipaasmp.FaultRange, "/appointments", func(e *hipaasmp.Entity) { e.Appointments = nil }},
		{"an unknown category", hipaasmp.FaultEnum, "/workforce/0/category", func(e *hipaasmp.Entity) { e.Workforce[0].Category = "vendor" }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			e := clinic()
			c.break_(&e)
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, e.Validate(), &ve)
			found := false
			for _, f := range ve.Faults {
				found = found || f.Code == c.code && f.Pointer == c.pointer
			}
			require.True(t, found, "want %s at %s, have %v", c.code, c.pointer, ve.Faults)
		})
	}
}

func TestEntityReportsEveryFault(t *testing.T) {
	t.Parallel()
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, hipaasmp.Entity{}.Validate(), &ve)
	require.Greater(t, len(ve.Faults), 8)
	require.True(t, strings.Contains(ve.Error(), "more"))
	require.IsIncreasing(t, pointers(ve))
}

func pointers(ve *hipaasmp.ValidationError) []string {
	var out []string
	for _, f := range ve.Faults {
		if n := len(out); n == 0 || out[n-1] != f.Pointer {
			out = append(out, f.Pointer)
		}
	}
	return out
}

func TestDecodeRoundTripsExactly(t *testing.T) {
	t.Parallel()
	want, err := hipaasmp.Canonical(clinic())
	require.NoError(t, err)
	e, err := hipaasmp.Decode[hipaasmp.Entity](want)
	require.NoError(t, err)
	require.Equal(t, clinic(), e)
	got, err := hipaasmp.Canonical(e)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	good, err := hipaasmp.Canonical(clinic())
	require.NoError(t, err)
	swap := func(old, new string) string {
		require.Contains(t, string(good), old)
		return strings.Replace(string(good), old, new, 1)
	}
	for _, c := range []struct {
		rule, in string
		code     hipaasmp.FaultCode
		pointer  string
	}{
		{"a member named twice", swap(`"size":"small"`, `"size":"small","size":"large"`), hipaasmp.FaultDuplicate, "/size"},
		{"a member that is not known", swap(`"size":"small"`, `"size":"small","colour":"red"`), hipaasmp.FaultUnknownMember, "/colour"},
		{"a member in other letters", swap(`"size":"small"`, `"Size":"small"`), hipaasmp.FaultUnknownMember, "/Size"},
		{"an enumeration's unknown value", swap(`"small"`, `"tiny"`), hipaasmp.FaultEnum, "/size"},
		{"an enumeration's null", swap(`"small"`, `null`), hipaasmp.FaultLossy, "/size"},
		{"a date that is none", swap(`"created":"2020-01-01"`, `"created":"2020-02-30"`), hipaasmp.FaultFormat, "/created"},
		{"a number for a text", swap(`"Sample Clinic"`, `7`), hipaasmp.FaultType, "/name"},
		{"data after the value", string(good) + "{}", hipaasmp.FaultSyntax, ""},
		{"bytes that are not UTF-8", swap("Sample", "S\xffmple"), hipaasmp.FaultSyntax, "/name"},
		{"nothing", "", hipaasmp.FaultSyntax, ""},
		{"half a document", string(good[:len(good)/2]), hipaasmp.FaultSyntax, ""},
		{"nesting without end", strings.Repeat("[", 10000), hipaasmp.FaultSyntax, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			e, err := hipaasmp.Decode[hipaasmp.Entity]([]byte(c.in))
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, err, &ve)
			require.Zero(t, e)
			require.Equal(t, c.code, ve.Faults[0].Code, ve.Error())
			if c.pointer != "" {
				require.Equal(t, c.pointer, ve.Faults[0].Pointer)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	good, err := hipaasmp.Canonical(clinic())
	require.NoError(f, err)
	f.Add(good)
	f.Add([]byte(`{"schema":1}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := hipaasmp.Decode[hipaasmp.Entity](data)
		if err != nil {
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, err, &ve)
			return
		}
		again, err := hipaasmp.Canonical(e)
		require.NoError(t, err)
		back, err := hipaasmp.Decode[hipaasmp.Entity](again)
		require.NoError(t, err)
		require.Equal(t, e, back)
	})
}

func TestAuthorityFollowsTheAppointmentsOfTheDay(t *testing.T) {
	t.Parallel()
	may := clinic().Authority()
	official := hipaasmp.Actor{ID: "wf-002", Role: hipaasmp.RoleSecurityOfficial}
	require.NoError(t, may(official, hipaasmp.PowerCertifyReview, hipaasmp.Day(2026, 6, 30)))
	var ae *hipaasmp.AuthorityError
	require.ErrorAs(t, may(official, hipaasmp.PowerCertifyReview, hipaasmp.Day(2026, 7, 1)), &ae, "the appointment has ended")
	require.ErrorAs(t, may(official, hipaasmp.PowerAcceptRisk, hipaasmp.Day(2026, 1, 1)), &ae, "acceptance is management's")
	require.ErrorAs(t, may(hipaasmp.Actor{ID: "wf-002", Role: hipaasmp.RoleManagement}, hipaasmp.PowerAcceptRisk, hipaasmp.Day(2026, 1, 1)), &ae, "a role claimed but not held")
	for _, p := range hipaasmp.Power("").Values() {
		require.NoError(t, may(hipaasmp.Actor{ID: "wf-001", Role: hipaasmp.RoleManagement}, p, hipaasmp.Day(2026, 1, 1)), p)
	}
}

func TestInstantIsUTCToTheMicrosecond(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 1, 2, 3, 456789, time.FixedZone("x", 3600))
	require.False(t, hipaasmp.IsInstant(at))
	got := hipaasmp.Instant(at)
	require.True(t, hipaasmp.IsInstant(got))
	require.Equal(t, "2026-01-01T00:02:03.000456Z", got.Format(time.RFC3339Nano))
	require.False(t, hipaasmp.IsInstant(time.Time{}))
}
