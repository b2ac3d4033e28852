package storagetest

import (
	"fmt"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"
)

// The control: an answer that nobody could have been given is found.
func TestTheCheckOfHistoriesFindsAStaleRead(t *testing.T) {
	t.Parallel()
	put := func(want, got uint64, from, to int64) porcupine.Operation {
		return porcupine.Operation{Input: call{id: "n", put: true, want: want, text: fmt.Sprint(got)}, Output: answer{version: got}, Call: from, Return: to}
	}
	get := func(got uint64, from, to int64) porcupine.Operation {
		return porcupine.Operation{ClientId: 1, Input: call{id: "n"}, Output: answer{version: got, text: fmt.Sprint(got)}, Call: from, Return: to}
	}
	require.True(t, porcupine.CheckOperations(oneDocument, []porcupine.Operation{put(0, 1, 0, 10), put(1, 2, 20, 30), get(1, 15, 25)}))
	require.False(t, porcupine.CheckOperations(oneDocument, []porcupine.Operation{put(0, 1, 0, 10), put(1, 2, 20, 30), get(1, 31, 40)}))
}
