package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

func TestCommittedSchemasAreWhatTheTypesSay(t *testing.T) {
	t.Parallel()
	want, err := generate(filepath.Join("..", ".."), documents())
	require.NoError(t, err)
	dir := filepath.Join("..", "..", "evidence", "schema", "v1")
	committed, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.Len(t, committed, len(want), "run go generate ./...")
	for name, data := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err, "run go generate ./...")
		require.Equal(t, string(data), string(got), "%s is stale: run go generate ./...", name)
	}
}

func TestRunRemovesSchemasOfKindsThatAreNoMore(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	house := t.TempDir()
	// A copy of the packages would be large; a folder of links reads the same.
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	for _, e := range entries {
		if e.Name() == "evidence" {
			continue
		}
		if err := os.Symlink(filepath.Join(root, e.Name()), filepath.Join(house, e.Name())); err != nil {
			t.Skip("needs symbolic links: ", err)
		}
	}
	require.NoError(t, os.MkdirAll(filepath.Join(house, "evidence", "schema", "v1"), 0o777))
	evidence, err := filepath.Glob(filepath.Join(root, "evidence", "*.go"))
	require.NoError(t, err)
	for _, path := range evidence {
		require.NoError(t, os.Symlink(path, filepath.Join(house, "evidence", filepath.Base(path))))
	}
	stale := filepath.Join(house, "evidence", "schema", "v1", "gone.kind.json")
	require.NoError(t, os.WriteFile(stale, []byte("{}"), 0o666))
	require.NoError(t, run(house))
	require.NoFileExists(t, stale)
	require.FileExists(t, filepath.Join(house, "evidence", "schema", "v1", "hipaasmp.entity.json"))
}

func TestNamesKeepPackagesAndMachinesApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ  reflect.Type
		want string
	}{
		{reflect.TypeFor[hipaasmp.Actor](), "hipaasmp.Actor"},
		{reflect.TypeFor[string](), ""},
		{reflect.TypeFor[[]hipaasmp.Actor](), ""},
		{reflect.TypeFor[hipaasmp.Transition[State, Event]](), "schemagen.Transition"},
		{reflect.TypeFor[hipaasmp.Transition[ItemState, Event]](), "schemagen.ItemTransition"},
	} {
		require.Equal(t, c.want, name(c.typ), "%s", c.typ)
	}
}

type (
	State     string
	ItemState string
	Event     string
)

func TestTypesThatCouldDisagreeWithTheirSchemaAreRefused(t *testing.T) {
	t.Parallel()
	type inner struct {
		Name string `json:"name" validate:"required,text"`
	}
	type unread struct {
		Power hipaasmp.Power `json:"power" validate:"enum"`
	}
	for _, c := range []struct {
		rule string
		typ  reflect.Type
		says string
	}{
		{"a document has a header", reflect.TypeFor[inner](), "embed hipaasmp.Header"},
		{"decimals are strings", reflect.TypeFor[struct {
			hipaasmp.Header
			Score float64 `json:"score"`
		}](), "use decimal.Decimal"},
		{"an instant is normal", reflect.TypeFor[struct {
			hipaasmp.Header
			At time.Time `json:"at"`
		}](), "without the tag instant"},
		{"a digest is checked", reflect.TypeFor[struct {
			hipaasmp.Header
			Sum hipaasmp.Digest `json:"sum"`
		}](), "without the tag digest"},
		{"elements are dived into", reflect.TypeFor[struct {
			hipaasmp.Header
			Parts []inner `json:"parts,omitempty"`
		}](), "tag it dive"},
		{"a nil list is left out", reflect.TypeFor[struct {
			hipaasmp.Header
			Parts []inner `json:"parts" validate:"dive"`
		}](), "written as null"},
		{"a nil pointer is left out", reflect.TypeFor[struct {
			hipaasmp.Header
			Part *inner `json:"part"`
		}](), "written as null"},
		{"what is left out is not required", reflect.TypeFor[struct {
			hipaasmp.Header
			Name string `json:"name,omitempty" validate:"required"`
		}](), "yet required"},
		{"required on a decimal is a trap", reflect.TypeFor[struct {
			hipaasmp.Header
			Score decimal.Decimal `json:"score" validate:"required"`
		}](), "use decmin"},
		{"required on a number is a trap", reflect.TypeFor[struct {
			hipaasmp.Header
			Count int `json:"count" validate:"required"`
		}](), "say min=1"},
		{"an enumeration reads its own text", reflect.TypeFor[struct {
			hipaasmp.Header
			unread
		}](), "give it UnmarshalText"},
		{"an enumeration lists its members", reflect.TypeFor[struct {
			hipaasmp.Header
			State State `json:"state" validate:"enum"`
		}](), "has no Values"},
		{"a rule has a counterpart", reflect.TypeFor[struct {
			hipaasmp.Header
			Mail string `json:"mail" validate:"email"`
		}](), "no counterpart"},
		{"bytes have one spelling", reflect.TypeFor[struct {
			hipaasmp.Header
			Raw []byte `json:"raw,omitempty"`
		}](), "base64"},
		{"anything has no shape", reflect.TypeFor[struct {
			hipaasmp.Header
			Extra any `json:"extra"`
		}](), "no one shape"},
		{"a bound is a canonical decimal", reflect.TypeFor[struct {
			hipaasmp.Header
			Score decimal.Decimal `json:"score" validate:"decmin=-1"`
		}](), "at least 0"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			_, err := generate(filepath.Join("..", ".."), []document{{kind: "test.sample", typ: c.typ}})
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestDecimalBoundsMatchComparison(t *testing.T) {
	t.Parallel()
	canonical := regexp.MustCompile(patternDecimal)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) decimal.Decimal {
			return decimal.New(rapid.Int64Range(-20_000, 20_000).Draw(t, label), -rapid.Int32Range(0, 4).Draw(t, label+" places"))
		}
		bound, d := draw("bound").Abs(), draw("value")
		require.Regexp(t, canonical, d.String())
		for _, c := range []struct {
			lo, hi string
			want   bool
		}{
			{bound.String(), "", d.GreaterThanOrEqual(bound)},
			{"", bound.String(), d.LessThanOrEqual(bound)},
		} {
			_, s, err := decimalRange(c.lo, c.hi)
			require.NoError(t, err)
			require.Equal(t, c.want, regexp.MustCompile(s.AllOf[0].Pattern).MatchString(d.String()), "%s in [%s, %s]", d, c.lo, c.hi)
		}
	})
}

func TestDecimalsHaveOneSpelling(t *testing.T) {
	t.Parallel()
	canonical := regexp.MustCompile(patternDecimal)
	for _, s := range []string{"0", "7", "-7", "10", "0.5", "-0.5", "10.05", "123456789012345678901234567890.1"} {
		require.Regexp(t, canonical, s)
		d, err := decimal.NewFromString(s)
		require.NoError(t, err)
		require.Equal(t, s, d.String())
	}
	for _, s := range []string{"", "-0", "+1", "01", "1.", ".5", "1.50", "0.0", "-0.0", "1e3", "1,5", "1\n"} {
		require.NotRegexp(t, canonical, s)
	}
}
