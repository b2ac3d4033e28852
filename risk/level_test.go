package risk_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

func TestLevelsCompareOnlyWhereBothAreAssessed(t *testing.T) {
	t.Parallel()
	for i, a := range five {
		for j, b := range five {
			order, ok := a.Compare(b)
			require.True(t, ok)
			require.Equal(t, sign(i-j), order)
			exceeds, ok := a.Exceeds(b)
			require.True(t, ok)
			require.Equal(t, i > j, exceeds)
		}
		for _, unknown := range []risk.Level{na, "", "critical"} {
			for _, pair := range [][2]risk.Level{{a, unknown}, {unknown, a}, {unknown, unknown}} {
				order, ok := pair[0].Compare(pair[1])
				require.False(t, ok)
				require.Zero(t, order)
				_, ok = pair[0].Exceeds(pair[1])
				require.False(t, ok, "nobody can say whether %q exceeds %q", pair[0], pair[1])
			}
		}
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestWorstCountsWhatIsNotAssessed(t *testing.T) {
	t.Parallel()
	worst, open := risk.Worst(l, na, h, m, na)
	require.Equal(t, h, worst)
	require.Equal(t, 2, open)
	worst, open = risk.Worst(na)
	require.Equal(t, na, worst)
	require.Equal(t, 1, open)
	worst, open = risk.Worst()
	require.Equal(t, na, worst)
	require.Zero(t, open)
	rapid.Check(t, func(t *rapid.T) {
		levels := rapid.SliceOf(anyLevel()).Draw(t, "levels")
		worst, _ := risk.Worst(levels...)
		for _, level := range levels {
			if exceeds, ok := level.Exceeds(worst); ok {
				require.False(t, exceeds)
			} else {
				require.Equal(t, na, level)
			}
		}
	})
}

// enum is what every enumeration of this module can do.
type enum interface {
	encoding.TextMarshaler
	IsValid() bool
}

func TestEnumerationsRefuseWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	for _, e := range []enum{
		risk.Level(""), risk.AssetClass(""), risk.Handling(""), risk.VendorStanding(""), risk.Encryption(""), risk.ThreatSource(""),
		risk.Effectiveness(""), risk.Method(""), risk.CarryState(""), risk.Exposure(""), risk.Trigger(""), risk.EntryKind(""), risk.ScaleProblem(""), risk.Stage(""), risk.DiffKind(""), risk.Direction(""), risk.ElementSource(""), risk.CISOTreatment(""),
	} {
		typ := reflect.TypeOf(e)
		members := reflect.ValueOf(e).MethodByName("Values").Call(nil)[0]
		require.NotZero(t, members.Len(), "%s", typ)
		for i := range members.Len() {
			member := members.Index(i).Interface().(enum)
			require.True(t, member.IsValid())
			b, err := json.Marshal(member)
			require.NoError(t, err)
			back := reflect.New(typ)
			require.NoError(t, json.Unmarshal(b, back.Interface()))
			require.Equal(t, member, back.Elem().Interface())
		}
		for _, bad := range []string{"", "nonsense", "HIGH", " high"} {
			v := reflect.New(typ)
			err := v.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(bad))
			var unknown *hipaasmp.UnknownValueError
			require.True(t, errors.As(err, &unknown), "%s reads %q", typ, bad)
			v.Elem().SetString(bad)
			require.False(t, v.Elem().Interface().(enum).IsValid())
			_, err = json.Marshal(v.Elem().Interface())
			require.Error(t, err, "%s writes %q", typ, bad)
		}
	}
}
