package storagetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

// callers is how many goroutines make one history.
const callers = 8

func historyChecks() []check {
	return []check{
		{"what concurrent callers are told could have been told to them one after the other", func(t *testing.T, s *suite) {
			const atOnce = 16 // so that a subtest gives back its files before the next begins
			for from := 0; from < s.histories; from += atOnce {
				t.Run(fmt.Sprint("from seed ", s.seed+uint64(from)), func(t *testing.T) {
					for i := from; i < min(from+atOnce, s.histories); i++ {
						signer, err := storage.NewSigner(&stream{seed: "histories"}, "storagetest")
						require.NoError(t, err)
						store, err := storage.New(s.backend(t), storage.Options{Signer: signer})
						require.NoError(t, err)
						history := recordHistory(t, store, s.seed+uint64(i), s.calls/callers)
						require.Len(t, history, s.calls/callers*callers)
						require.True(t, porcupine.CheckOperations(oneDocument, history), "seed %d", s.seed+uint64(i))
					}
				})
			}
		}},
	}
}

// call is what a caller asked of one document, answer what it was told.
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

// recordHistory lets callers read and write three documents at the same time and writes down what each was told when.
func recordHistory(t *testing.T, s *storage.Store, seed uint64, each int) []porcupine.Operation {
	t.Helper()
	start := time.Now()
	histories := make([][]porcupine.Operation, callers)
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, uint64(c)))
			seen := map[string]uint64{}
			for i := range each {
				in := call{id: fmt.Sprint("n", rng.IntN(3)), put: rng.IntN(2) == 0}
				if in.put {
					in.want, in.text = seen[in.id], fmt.Sprint(c, "-", i)
				}
				from := time.Since(start).Nanoseconds()
				out, err := in.ask(s)
				if err != nil {
					t.Error(err)
					return
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

// ask makes the call. A conflict is an answer, not an error.
func (c call) ask(s *storage.Store) (answer, error) {
	ctx := context.Background()
	if !c.put {
		n, e, err := storage.Get[note](ctx, s, "t", hipaasmp.Ref{Kind: noteKind, ID: c.id})
		if errors.Is(err, storage.ErrNotFound) {
			return answer{}, nil
		}
		return answer{version: e.Version, text: n.Text}, err
	}
	e, err := s.Put(ctx, "t", newNote(c.id, c.text), storage.IfVersion(c.want))
	var conflict *storage.ConflictError
	if errors.As(err, &conflict) {
		return answer{version: conflict.Have, conflict: true}, nil
	}
	return answer{version: e.Version}, err
}
