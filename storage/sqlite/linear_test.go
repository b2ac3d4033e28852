package sqlite_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// call is what a client asked of one document, answer what it was told.
type (
	call struct {
		id   string
		put  bool
		want uint64 // the version to build on
		text string
	}
	answer struct {
		version  uint64
		text     string
		conflict bool
	}
	register struct {
		version uint64
		text    string
	}
)

// oneDocument is how a document behaves if every call happens at one moment between its beginning and its end.
var oneDocument = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byID := map[string][]porcupine.Operation{}
		for _, op := range history {
			id := op.Input.(call).id
			byID[id] = append(byID[id], op)
		}
		var out [][]porcupine.Operation
		for _, ops := range byID {
			out = append(out, ops)
		}
		return out
	},
	Init: func() any { return register{} },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(register), input.(call), output.(answer)
		switch {
		case !in.put:
			return out == answer{version: s.version, text: s.text}, s
		case in.want != s.version:
			return out.conflict && out.version == s.version, s
		}
		next := register{s.version + 1, in.text}
		return !out.conflict && out.version == next.version, next
	},
}

func record(t *testing.T, s *storage.Store, seed uint64, clients, each int) []porcupine.Operation {
	t.Helper()
	start := time.Now()
	histories := make([][]porcupine.Operation, clients)
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, uint64(c)))
			seen := map[string]uint64{}
			for i := range each {
				in := call{id: fmt.Sprint("n", rng.IntN(3)), put: rng.IntN(2) == 0}
				var out answer
				from := time.Since(start).Nanoseconds()
				if in.put {
					in.want, in.text = seen[in.id], fmt.Sprint(c, "-", i)
					e, err := s.Put(ctx, "clinic", newNote(in.id, in.text), storage.IfVersion(in.want))
					var conflict *storage.ConflictError
					if errors.As(err, &conflict) {
						out = answer{version: conflict.Have, conflict: true}
					} else if err != nil {
						t.Error(err)
						return
					} else {
						out.version = e.Version
					}
				} else {
					n, e, err := storage.Get[Note](ctx, s, "clinic", hipaasmp.Ref{Kind: KindNote, ID: in.id})
					if err != nil && !errors.Is(err, storage.ErrNotFound) {
						t.Error(err)
						return
					}
					out = answer{version: e.Version, text: n.Text}
				}
				seen[in.id] = out.version
				histories[c] = append(histories[c], porcupine.Operation{ClientId: c, Input: in, Call: from, Output: out, Return: time.Since(start).Nanoseconds()})
			}
		})
	}
	wg.Wait()
	var all []porcupine.Operation
	for _, h := range histories {
		all = append(all, h...)
	}
	return all
}

func TestConcurrentHistoriesAreLinearizable(t *testing.T) {
	t.Parallel()
	for i := range long.Drill(4, 40, 200) {
		s := storeOn(t, memory.New())
		if i%2 == 0 {
			s = storeOn(t, openBackend(t, newPath(t), nil))
		}
		history := record(t, s, uint64(i), 8, long.Drill(25, 62, 62))
		require.True(t, porcupine.CheckOperations(oneDocument, history), "history %d", i)
	}
}

// The control: an answer that nobody could have been given is found.
func TestTheCheckOfHistoriesFindsAStaleRead(t *testing.T) {
	t.Parallel()
	put := func(want, got uint64, call0, end int64) porcupine.Operation {
		return porcupine.Operation{Input: call{id: "n", put: true, want: want, text: fmt.Sprint(got)}, Output: answer{version: got}, Call: call0, Return: end}
	}
	get := func(got uint64, call0, end int64) porcupine.Operation {
		return porcupine.Operation{ClientId: 1, Input: call{id: "n"}, Output: answer{version: got, text: fmt.Sprint(got)}, Call: call0, Return: end}
	}
	require.True(t, porcupine.CheckOperations(oneDocument, []porcupine.Operation{put(0, 1, 0, 10), put(1, 2, 20, 30), get(1, 15, 25)}))
	require.False(t, porcupine.CheckOperations(oneDocument, []porcupine.Operation{put(0, 1, 0, 10), put(1, 2, 20, 30), get(1, 31, 40)}))
}
