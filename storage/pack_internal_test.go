package storage

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// rowOf is the row that keeps an envelope.
func rowOf(e Envelope) driver.Row {
	return driver.Row{Kind: string(e.Kind), ID: e.ID, Version: e.Version, Seq: e.Seq, Recorded: e.Recorded, Envelope: packEnvelope(&e), Leaf: e.Leaf()}
}

func drawEnvelope(t *rapid.T) Envelope {
	day := func(label string) hipaasmp.Date {
		return hipaasmp.Day(2000, 2, 29).AddDays(rapid.IntRange(0, 40000).Draw(t, label))
	}
	kind := hipaasmp.Kind(rapid.StringMatching(`[a-z]{1,8}\.[a-z]{1,8}`).Draw(t, "kind"))
	e := Envelope{
		Op: rapid.SampledFrom(Op("").Values()).Draw(t, "op"), Tenant: "clinic", Seq: rapid.Uint64Range(0, 1<<53-1).Draw(t, "seq"),
		Kind: kind, ID: rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._:-]{0,60}`).Draw(t, "id"), Version: rapid.Uint64Range(1, 1<<53-1).Draw(t, "version"),
		Recorded: time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "recorded")).UTC(), Schema: hipaasmp.SchemaID(kind, rapid.IntRange(1, 300).Draw(t, "major")),
		BodyDigest: BodyDigest(nil, []byte(rapid.String().Draw(t, "body"))), Actor: hipaasmp.Actor{ID: "wf-7", Role: rapid.SampledFrom([]hipaasmp.Role{hipaasmp.RoleReviewer, hipaasmp.RoleSystem, "charge_nurse"}).Draw(t, "role")},
	}
	if rapid.Bool().Draw(t, "reason") {
		e.ReasonDigest = ReasonDigest(nil, "why")
	}
	if rapid.Bool().Draw(t, "record") {
		e.Basis = &hipaasmp.RetentionBasis{Class: rapid.SampledFrom(hipaasmp.RetentionClass("").Values()).Draw(t, "class"), Created: day("created")}
		for range rapid.IntRange(0, 3).Draw(t, "periods") {
			p := hipaasmp.Period{From: day("from")}
			if rapid.Bool().Draw(t, "closed") {
				p.To = day("to")
			}
			e.Basis.InEffect = append(e.Basis.InEffect, p)
		}
	}
	return e
}

func TestPackedEnvelopesComeBackWithTheSameLeaf(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvelope(t)
		row := rowOf(e)
		require.NotEmpty(t, row.Envelope)
		back, ok := unpackEnvelope("clinic", &row)
		require.True(t, ok)
		require.Equal(t, e, back)
		require.Equal(t, row.Leaf, [driver.HashSize]byte(back.Leaf()))
		require.Less(t, len(row.Envelope), len(e.Bytes())/2)
	})
}

// Every byte of a packed envelope matters: changed, it is unreadable or makes another leaf.
func TestEveryByteOfAPackedEnvelopeMatters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvelope(t)
		row := rowOf(e)
		i := rapid.IntRange(0, len(row.Envelope)-1).Draw(t, "byte")
		row.Envelope[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		if back, ok := unpackEnvelope("clinic", &row); ok {
			require.NotEqual(t, row.Leaf, [driver.HashSize]byte(back.Leaf()))
		}
	})
}

func FuzzUnpackEnvelope(f *testing.F) {
	e := Envelope{Op: OpPut, Tenant: "clinic", Kind: "clinic.draft", ID: "d", Version: 1, Recorded: time.UnixMicro(1).UTC(), Schema: hipaasmp.SchemaID("clinic.draft", 1),
		BodyDigest: BodyDigest(nil, nil), Actor: hipaasmp.Actor{ID: "wf-7", Role: hipaasmp.RoleReviewer},
		Basis: &hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: hipaasmp.Day(2026, 1, 1), InEffect: []hipaasmp.Period{{From: hipaasmp.Day(2026, 1, 1)}}}}
	f.Add(packEnvelope(&e))
	f.Add([]byte{packedFormat, flagBasis, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		row := rowOf(e)
		row.Envelope = bytes.Clone(b)
		got, ok := unpackEnvelope("clinic", &row)
		if !ok || got.check() != "" {
			return
		}
		again := packEnvelope(&got)
		row.Envelope = again
		back, ok := unpackEnvelope("clinic", &row)
		require.True(t, ok)
		require.Equal(t, got, back)
	})
}
