package validate_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

type part struct {
	ID    string                  `json:"id" validate:"required,docid"`
	Class hipaasmp.RetentionClass `json:"class" validate:"enum"`
}

type sample struct {
	hipaasmp.Header
	Title  string                  `json:"title" validate:"required,text"`
	Note   string                  `json:"note,omitempty" validate:"omitempty,text"`
	Due    hipaasmp.Date           `json:"due" validate:"required"`
	At     time.Time               `json:"at" validate:"instant"`
	Done   time.Time               `json:"done,omitzero" validate:"omitempty,instant"`
	Weight decimal.Decimal         `json:"weight" validate:"decmin=0,decmax=1"`
	Sum    hipaasmp.Digest         `json:"sum" validate:"digest"`
	Cite   hipaasmp.Citation       `json:"cite" validate:"citation"`
	Parts  []part                  `json:"parts" validate:"min=1,dive"`
	Maybe  hipaasmp.RetentionClass `json:"maybe,omitempty" validate:"omitempty,enum"`
	By     hipaasmp.Actor          `json:"by"`
	Other  *part                   `json:"other,omitempty"`
	Named  map[string]part         `json:"named,omitempty" validate:"dive"`
}

func (s sample) Validate() error { return validate.Check(s, "test.sample", s.Schema, nil) }

func good() sample {
	return sample{
		Header: hipaasmp.NewHeader("test.sample", "s-1"), Title: "t", Due: hipaasmp.Day(2026, 1, 1),
		At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Sum: hipaasmp.DigestOf(nil), Cite: hipaasmp.CiteRiskAnalysis,
		Parts: []part{{"a", hipaasmp.ClassRawLog}}, By: hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement},
	}
}

func TestShapeAcceptsWhatIsWhole(t *testing.T) {
	t.Parallel()
	require.NoError(t, good().Validate())
}

func TestShapeFaultsHaveCodesAndPointers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule    string
		code    hipaasmp.FaultCode
		pointer string
		break_  func(*sample)
	}{
		{"another schema", hipaasmp.FaultSchema, "/schema", func(s *sample) { s.Schema = hipaasmp.SchemaID("test.other", 1) }},
		{"no schema", hipaasmp.FaultRequired, "/schema", func(s *sample) { s.Schema = "" }},
		{"no identity", hipaasmp.FaultRequired, "/id", func(s *sample) { s.ID = "" }},
		{"a bad identity", hipaasmp.FaultFormat, "/id", func(s *sample) { s.ID = "a b" }},
		{"a blank text", hipaasmp.FaultFormat, "/title", func(s *sample) { s.Title = " \n" }},
		{"a control character", hipaasmp.FaultFormat, "/note", func(s *sample) { s.Note = "a\x01" }},
		{"no date", hipaasmp.FaultRequired, "/due", func(s *sample) { s.Due = hipaasmp.Date{} }},
		{"no instant", hipaasmp.FaultFormat, "/at", func(s *sample) { s.At = time.Time{} }},
		{"an instant in a zone", hipaasmp.FaultFormat, "/done", func(s *sample) { s.Done = time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("x", 60)) }},
		{"a weight below", hipaasmp.FaultRange, "/weight", func(s *sample) { s.Weight = decimal.RequireFromString("-0.01") }},
		{"a weight above", hipaasmp.FaultRange, "/weight", func(s *sample) { s.Weight = decimal.RequireFromString("1.01") }},
		{"a short digest", hipaasmp.FaultFormat, "/sum", func(s *sample) { s.Sum = "abc" }},
		{"an unknown citation", hipaasmp.FaultEnum, "/cite", func(s *sample) { s.Cite = "164.308(a)(1)(ii)(E)" }},
		{"an empty list", hipaasmp.FaultRange, "/parts", func(s *sample) { s.Parts = nil }},
		{"an enumeration in a list", hipaasmp.FaultEnum, "/parts/0/class", func(s *sample) { s.Parts[0].Class = "" }},
		{"an optional enumeration", hipaasmp.FaultEnum, "/maybe", func(s *sample) { s.Maybe = "x" }},
		{"a nested struct", hipaasmp.FaultFormat, "/by/role", func(s *sample) { s.By.Role = "Boss" }},
		{"a pointer", hipaasmp.FaultRequired, "/other/id", func(s *sample) { s.Other = &part{Class: hipaasmp.ClassRawLog} }},
		{"a map", hipaasmp.FaultRequired, "/named/k/id", func(s *sample) { s.Named = map[string]part{"k": {Class: hipaasmp.ClassRawLog}} }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			s := good()
			c.break_(&s)
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, s.Validate(), &ve)
			require.Len(t, ve.Faults, 1, "%v", ve.Faults)
			require.Equal(t, c.code, ve.Faults[0].Code)
			require.Equal(t, c.pointer, ve.Faults[0].Pointer)
		})
	}
}

// bounds has a bound of each kind.
type bounds struct {
	hipaasmp.Header
	Text   string          `json:"text" validate:"min=1,max=2"`
	List   []int           `json:"list" validate:"min=2"`
	Map    map[string]int  `json:"map" validate:"max=1"`
	Number int             `json:"number" validate:"min=3"`
	Weight decimal.Decimal `json:"weight" validate:"decmax=1"`
}

func (b bounds) Validate() error { return validate.Check(b, "test.sample", b.Schema, nil) }

func TestABoundSaysWhatItIsMeasuredIn(t *testing.T) {
	t.Parallel()
	b := bounds{Header: hipaasmp.NewHeader("test.sample", "s-1"), Text: "äöü", List: []int{1}, Map: map[string]int{"a": 1, "b": 2}, Weight: decimal.RequireFromString("1.01")}
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, b.Validate(), &ve)
	said := map[string]string{}
	for _, f := range ve.Faults {
		require.Equal(t, hipaasmp.FaultRange, f.Code)
		said[f.Pointer] = f.Message
	}
	require.Equal(t, map[string]string{
		"/text": "is to have at most 2 characters", "/list": "is to have at least 2 entries", "/map": "is to have at most 1 entry",
		"/number": "is below the least allowed, 3", "/weight": "is above the most allowed, 1",
	}, said)
}

func TestZeroValueDoesNotPanic(t *testing.T) {
	t.Parallel()
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, sample{}.Validate(), &ve)
	require.Greater(t, len(ve.Faults), 8)
}

func TestUniqueFindsTheSecond(t *testing.T) {
	t.Parallel()
	var f validate.Faults
	seen := validate.Unique(&f, "/parts", []part{{ID: "a"}, {ID: "b"}, {ID: "a"}}, func(p part) string { return p.ID })
	require.Equal(t, map[string]int{"a": 0, "b": 1}, seen)
	require.Len(t, f.List(), 1)
	require.Equal(t, "/parts/2/id", f.List()[0].Pointer)
}
