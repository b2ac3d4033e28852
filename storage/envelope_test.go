package storage_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/storage"
)

func sampleEnvelope() storage.Envelope {
	return storage.Envelope{
		Op: storage.OpPut, Tenant: "clinic", Seq: 7, Kind: KindProcedure, ID: "proc-1", Version: 2,
		Recorded: time.Date(2026, 2, 3, 9, 0, 0, 500000000, time.UTC), Schema: hipaasmp.SchemaID(KindProcedure, 1),
		Basis: &hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: hipaasmp.Day(2024, 1, 1), InEffect: []hipaasmp.Period{
			{From: hipaasmp.Day(2024, 1, 1), To: hipaasmp.Day(2025, 1, 1)}, {From: hipaasmp.Day(2025, 6, 1)},
		}},
		BodyDigest: storage.BodyDigest([]byte("salt"), []byte("{}")), ReasonDigest: storage.ReasonDigest([]byte("salt"), "why"),
		Actor: hipaasmp.Actor{ID: "wf-7", Role: hipaasmp.RoleSecurityOfficial},
	}
}

// The form is fixed for as long as any ledger is kept. If this test fails, old leaves no longer verify.
func TestEnvelopeFormIsFixed(t *testing.T) {
	t.Parallel()
	want := `{"actor":{"id":"wf-7","role":"security_official"},` +
		`"basis":{"class":"documentation","created":"2024-01-01","in_effect":[{"from":"2024-01-01","to":"2025-01-01"},{"from":"2025-06-01"}]},` +
		`"body":"1d5cba6db8f7cfb8bf3c89fef4d3f9d7cc55ab3fb95d02b1e8fd9af4fde5a2ff","id":"proc-1","kind":"clinic.procedure","op":"put",` +
		`"reason":"REASON","recorded":"2026-02-03T09:00:00.500000Z","schema":"https://github.com/hipaasmp/hipaasmp/schemas/v1/clinic.procedure.json",` +
		`"seq":7,"tenant":"clinic","v":1,"version":2}`
	body := sha256.Sum256([]byte("salt{}"))
	reason := sha256.Sum256([]byte("salt\x00why"))
	want = strings.Replace(want, "1d5cba6db8f7cfb8bf3c89fef4d3f9d7cc55ab3fb95d02b1e8fd9af4fde5a2ff", hex.EncodeToString(body[:]), 1)
	want = strings.Replace(want, "REASON", hex.EncodeToString(reason[:]), 1)
	e := sampleEnvelope()
	require.Equal(t, want, string(e.Bytes()))
	leaf := sha256.Sum256([]byte("\x00" + want))
	require.Equal(t, leaf, [32]byte(e.Leaf()))
}

func TestEnvelopeIsCanonicalJSON(t *testing.T) {
	t.Parallel()
	b := sampleEnvelope().Bytes()
	c, err := canon.Bytes(b)
	require.NoError(t, err)
	require.Equal(t, string(c), string(b))
}

func TestEnvelopeReadsBackWhatItWrote(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvelope(t)
		got, err := storage.ParseEnvelope(e.Bytes())
		require.NoError(t, err)
		require.Equal(t, e, got)
	})
}

func drawEnvelope(t *rapid.T) storage.Envelope {
	id := rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._:-]{0,20}`)
	kind := hipaasmp.Kind(rapid.StringMatching(`[a-z][a-z0-9_]{0,8}\.[a-z][a-z0-9_]{0,8}`).Draw(t, "kind"))
	day := rapid.Custom(func(t *rapid.T) hipaasmp.Date {
		return hipaasmp.Day(2020, 1, 1).AddDays(rapid.IntRange(-100_000, 1_000_000).Draw(t, "day"))
	})
	e := storage.Envelope{
		Op: rapid.SampledFrom(storage.OpPut.Values()).Draw(t, "op"), Tenant: id.Draw(t, "tenant"), Seq: rapid.Uint64Max(1<<53-1).Draw(t, "seq"),
		Kind: kind, ID: id.Draw(t, "id"), Version: rapid.Uint64Range(1, 1<<53-1).Draw(t, "version"),
		Recorded: time.UnixMicro(rapid.Int64Range(-1<<50, 1<<50).Draw(t, "recorded")).UTC(), Schema: hipaasmp.SchemaID(kind, rapid.IntRange(1, 99).Draw(t, "major")),
		BodyDigest: hipaasmp.DigestOf([]byte(id.Draw(t, "body"))), Actor: hipaasmp.Actor{ID: id.Draw(t, "actor"), Role: hipaasmp.RoleReviewer},
	}
	if rapid.Bool().Draw(t, "reason") {
		e.ReasonDigest = hipaasmp.DigestOf([]byte("reason"))
	}
	if rapid.Bool().Draw(t, "record") {
		e.Basis = &hipaasmp.RetentionBasis{Class: rapid.SampledFrom(hipaasmp.ClassRawLog.Values()).Draw(t, "class"), Created: day.Draw(t, "created")}
		for range rapid.IntRange(0, 3).Draw(t, "periods") {
			p := hipaasmp.Period{From: day.Draw(t, "from")}
			if rapid.Bool().Draw(t, "closed") {
				p.To = day.Draw(t, "to")
			}
			e.Basis.InEffect = append(e.Basis.InEffect, p)
		}
	}
	return e
}

func TestEnvelopeRefusesEveryOtherForm(t *testing.T) {
	t.Parallel()
	good := string(sampleEnvelope().Bytes())
	for name, alter := range map[string]func(string) string{
		"nothing":               func(string) string { return "" },
		"a space":               func(s string) string { return strings.Replace(s, `"op":`, `"op": `, 1) },
		"a trailing line feed":  func(s string) string { return s + "\n" },
		"another order":         func(s string) string { return strings.Replace(s, `"v":1,"version":2`, `"version":2,"v":1`, 1) },
		"an escaped letter":     func(s string) string { return strings.Replace(s, `"put"`, `"p\u0075t"`, 1) },
		"a member more":         func(s string) string { return strings.Replace(s, `"v":1`, `"u":1,"v":1`, 1) },
		"a member less":         func(s string) string { return strings.Replace(s, `"seq":7,`, ``, 1) },
		"a leading zero":        func(s string) string { return strings.Replace(s, `"seq":7`, `"seq":07`, 1) },
		"a fraction":            func(s string) string { return strings.Replace(s, `"seq":7`, `"seq":7.0`, 1) },
		"a number beyond 2^53":  func(s string) string { return strings.Replace(s, `"seq":7`, `"seq":9007199254740992`, 1) },
		"a number beyond 2^64":  func(s string) string { return strings.Replace(s, `"seq":7`, `"seq":99999999999999999999`, 1) },
		"version zero":          func(s string) string { return strings.Replace(s, `"version":2`, `"version":0`, 1) },
		"another format":        func(s string) string { return strings.Replace(s, `"v":1`, `"v":2`, 1) },
		"an unknown op":         func(s string) string { return strings.Replace(s, `"put"`, `"patch"`, 1) },
		"an empty op":           func(s string) string { return strings.Replace(s, `"put"`, `""`, 1) },
		"a tenant with a slash": func(s string) string { return strings.Replace(s, `"clinic"`, `"cli/nic"`, 1) },
		"a foreign schema":      func(s string) string { return strings.Replace(s, `clinic.procedure.json`, `clinic.other.json`, 1) },
		"a short digest":        func(s string) string { return strings.Replace(s, `"body":"`, `"body":"0`, 1) },
		"an upper-case digest":  func(s string) string { return strings.Replace(s, `"reason":"`, `"reason":"A`, 1) },
		"five digits of micros": func(s string) string { return strings.Replace(s, `.500000Z`, `.50000Z`, 1) },
		"another zone":          func(s string) string { return strings.Replace(s, `.500000Z`, `.500000+00:00`, 1) },
		"a day that is none": func(s string) string {
			return strings.Replace(s, `"created":"2024-01-01"`, `"created":"2024-02-30"`, 1)
		},
		"an unknown class": func(s string) string { return strings.Replace(s, `"documentation"`, `"documents"`, 1) },
		"no periods in a list": func(s string) string {
			return s[:strings.Index(s, `"in_effect"`)] + `"in_effect":[]}` + s[strings.Index(s, `,"body"`):]
		},
		"nobody":             func(s string) string { return strings.Replace(s, `"wf-7"`, `""`, 1) },
		"a role in capitals": func(s string) string { return strings.Replace(s, `"security_official"`, `"Official"`, 1) },
		"more than any":      func(s string) string { return s + strings.Repeat(" ", 1<<16) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := alter(good)
			require.NotEqual(t, good, bad)
			_, err := storage.ParseEnvelope([]byte(bad))
			var ee *storage.EnvelopeError
			require.ErrorAs(t, err, &ee)
			require.NotEmpty(t, ee.Reason)
		})
	}
}

func TestBodyAndReasonDigestsCannotStandInForEachOther(t *testing.T) {
	t.Parallel()
	salt := []byte("salt")
	require.NotEqual(t, storage.BodyDigest(salt, []byte(`{"a":1}`)), storage.ReasonDigest(salt, `{"a":1}`))
	require.NotEqual(t, storage.BodyDigest([]byte("a"), []byte(`{}`)), storage.BodyDigest([]byte("b"), []byte(`{}`)))
}

func TestOpRefusesUnknownAndEmpty(t *testing.T) {
	t.Parallel()
	for _, op := range storage.OpPut.Values() {
		text, err := op.MarshalText()
		require.NoError(t, err)
		var back storage.Op
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, op, back)
	}
	var o storage.Op
	require.Error(t, o.UnmarshalText([]byte("")))
	require.Error(t, o.UnmarshalText([]byte("Put")))
	_, err := storage.Op("x").MarshalText()
	require.Error(t, err)
}

// Whatever is accepted is written again byte for byte, and any JSON reader sees the same values.
func FuzzParseEnvelope(f *testing.F) {
	good := sampleEnvelope()
	f.Add(good.Bytes())
	good.Basis, good.ReasonDigest = nil, ""
	f.Add(good.Bytes())
	f.Add([]byte(`{"actor":{"id":"`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := storage.ParseEnvelope(b)
		if err != nil {
			return
		}
		require.Equal(t, string(b), string(e.Bytes()))
		var generic struct {
			ID      string `json:"id"`
			Seq     uint64 `json:"seq"`
			Version uint64 `json:"version"`
		}
		require.NoError(t, json.Unmarshal(b, &generic))
		require.Equal(t, e.ID, generic.ID)
		require.Equal(t, e.Seq, generic.Seq)
		require.Equal(t, e.Version, generic.Version)
	})
}
