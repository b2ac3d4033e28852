package storagetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

func scriptChecks() []check {
	return []check{
		{"random scripts give the same results and errors as storage/memory", func(t *testing.T, s *suite) {
			const atOnce = 64 // so that a subtest gives back its files before the next begins
			for from := 0; from < s.scripts; from += atOnce {
				t.Run(fmt.Sprint("from seed ", s.seed+uint64(from)), func(t *testing.T) {
					for i := from; i < min(from+atOnce, s.scripts); i++ {
						runScript(t, s, s.seed+uint64(i))
					}
				})
			}
		}},
	}
}

func runScript(t *testing.T, s *suite, seed uint64) {
	subject, model := s.backend(t), memory.New()
	script := newScript(seed, s.steps)
	for n, step := range script {
		want, got := step.run(model), step.run(subject)
		require.Equal(t, want, got, "seed %d, step %d of\n%s", seed, n, listing(script[:n+1]))
	}
	for _, tenant := range scriptTenants {
		require.Equal(t, dump(model, tenant), dump(subject, tenant), "seed %d, at the end of\n%s", seed, listing(script))
		require.Equal(t, due(model, tenant), due(subject, tenant), "seed %d, due at the end of\n%s", seed, listing(script))
	}
	require.NoError(t, subject.Close())
	require.NoError(t, model.Close())
}

// step is one act of a script. run does it on a backend and writes down what came of it.
type step struct {
	name string
	run  func(b driver.Backend) string
}

func listing(script []step) string {
	var s strings.Builder
	for i, x := range script {
		fmt.Fprintf(&s, "%3d %s\n", i, x.name)
	}
	return s.String()
}

var (
	scriptTenants = []string{"t", "u"}
	scriptKinds   = []string{"k.a", "k.b"}
	scriptIDs     = []string{"a", "B", "c"}
	scriptMatters = []string{"m", "n"}
	sentinels     = []error{
		driver.ErrNotFound, driver.ErrConflict, driver.ErrTenant, driver.ErrRetained, driver.ErrHeld, driver.ErrShortened,
		driver.ErrDisposed, driver.ErrTooLarge, driver.ErrClosed, driver.ErrUnsupported, context.Canceled, errScript,
	}
	errScript = errors.New("the script gives up")
)

// outcome names an error by its sentinel, and a conflict by its versions.
func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	var conflict *driver.ConflictError
	if errors.As(err, &conflict) {
		return fmt.Sprintf("conflict %s/%s want %d have %d", conflict.Kind, conflict.ID, conflict.Want, conflict.Have)
	}
	for _, s := range sentinels {
		if errors.Is(err, s) {
			return s.Error()
		}
	}
	return "unexpected: " + err.Error()
}

func newScript(seed uint64, steps int) []step {
	rng := rand.New(rand.NewPCG(seed, 1))
	at := noon
	script := make([]step, steps)
	for i := range script {
		tenant := pick(rng, scriptTenants)
		if rng.IntN(3) == 0 {
			script[i] = readStep(rng, tenant, at)
			continue
		}
		at = at.Add(time.Duration(rng.IntN(3)) * 7 * time.Hour)
		script[i] = writeStep(rng, tenant, at)
	}
	return script
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// day is near the boundaries that matter: around the last days to keep and around the days of the script.
func day(rng *rand.Rand) hipaasmp.Date {
	return dayOf(pick(rng, []string{"2026-02-01", "2026-02-03", "2026-02-10"})).AddDays(rng.IntN(7) - 3)
}

// act is a part of a transaction.
type act struct {
	name string
	do   func(tx driver.Tx) error
}

func writeStep(rng *rand.Rand, tenant string, at time.Time) step {
	acts := make([]act, 1+rng.IntN(3))
	names := make([]string, len(acts))
	for i := range acts {
		acts[i] = newAct(rng, at)
		names[i] = acts[i].name
	}
	giveUp := rng.IntN(5) == 0
	if giveUp {
		names = append(names, "give up")
	}
	return step{tenant + ": " + strings.Join(names, ", "), func(b driver.Backend) string {
		return outcome(b.Update(context.Background(), tenant, func(tx driver.Tx) error {
			for _, a := range acts {
				if err := a.do(tx); err != nil {
					return err
				}
			}
			if giveUp {
				return errScript
			}
			return nil
		}))
	}}
}

func newAct(rng *rand.Rand, at time.Time) act {
	kind, id, matter, on := pick(rng, scriptKinds), pick(rng, scriptIDs), pick(rng, scriptMatters), day(rng)
	x := doc{kind: kind, id: id, body: fmt.Sprintf(`{"n":%d}`, rng.Int()), at: at}
	switch rng.IntN(10) {
	case 0:
		x.version = uint64(1 + rng.IntN(4))
		return act{fmt.Sprintf("put %s/%s version %d", kind, id, x.version), func(tx driver.Tx) error { return put(tx, x) }}
	case 1:
		scope := []driver.Scope{{Kind: kind}, {Kind: kind, ID: id}}[:rng.IntN(3)]
		return act{fmt.Sprintf("hold %s %v", matter, scope), func(tx driver.Tx) error {
			return tx.PlaceHold(driver.Hold{Matter: matter, Scope: scope})
		}}
	case 2:
		return act{"release " + matter, func(tx driver.Tx) error { return tx.ReleaseHold(matter) }}
	case 3:
		return act{fmt.Sprintf("extend %s/%s through %s", kind, id, on), func(tx driver.Tx) error { return tx.ExtendRetention(kind, id, on) }}
	case 4, 5:
		return act{fmt.Sprintf("dispose of %s/%s on %s", kind, id, on), func(tx driver.Tx) error { return tx.Dispose(kind, id, on) }}
	case 6:
		x.reason = "because"
	case 7, 8:
		x.keep = on
	}
	return act{fmt.Sprintf("put %s/%s keep %s at %s", kind, id, x.keep, at.Format(time.RFC3339)), func(tx driver.Tx) error { return put(tx, x) }}
}

func readStep(rng *rand.Rand, tenant string, at time.Time) step {
	kind, id, n, limit := pick(rng, scriptKinds), pick(rng, scriptIDs), uint64(rng.IntN(4)), 1+rng.IntN(4)
	q := driver.Query{Limit: limit}
	if rng.IntN(2) == 0 {
		q.Kind = kind
	}
	if rng.IntN(2) == 0 {
		q.AfterKind, q.AfterID = pick(rng, scriptKinds), pick(rng, scriptIDs)
	}
	if rng.IntN(2) == 0 {
		q.AsOf = at.Add(-time.Duration(rng.IntN(30)) * time.Hour)
	}
	node := uint64(rng.IntN(12))
	reads := []struct {
		name string
		do   func(r driver.Reader) (any, error)
	}{
		{fmt.Sprintf("get %s/%s@%d", kind, id, n), func(r driver.Reader) (any, error) { return r.Get(kind, id, n) }},
		{fmt.Sprintf("scan %+v", q), func(r driver.Reader) (any, error) { return r.Scan(q) }},
		{fmt.Sprintf("history %s/%s after %d limit %d", kind, id, n, limit), func(r driver.Reader) (any, error) { return r.History(kind, id, n, limit) }},
		{fmt.Sprintf("entries %d limit %d", n, limit), func(r driver.Reader) (any, error) { return r.Entries(n, limit) }},
		{fmt.Sprintf("nodes %d", node), func(r driver.Reader) (any, error) { return r.Nodes([]uint64{node, 0}) }},
		{fmt.Sprintf("holds %s/%s", kind, id), func(r driver.Reader) (any, error) { return r.Holds(kind, id) }},
		{fmt.Sprintf("head %d", n), func(r driver.Reader) (any, error) {
			h, err := r.Head(n)
			h.Edge = nil // an older head may come without
			return h, err
		}},
	}
	x := pick(rng, reads)
	return step{tenant + ": " + x.name, func(b driver.Backend) string {
		var got any
		err := b.View(context.Background(), tenant, func(r driver.Reader) (err error) {
			got, err = x.do(r)
			return err
		})
		if err != nil {
			return outcome(err)
		}
		return fmt.Sprintf("%+v", got)
	}}
}

// dump writes down all that a tenant has.
func dump(b driver.Backend, tenant string) string {
	var out strings.Builder
	err := b.View(context.Background(), tenant, func(r driver.Reader) error {
		rows, err := r.Entries(0, driver.MaxPage)
		fmt.Fprintf(&out, "%+v %s\n", rows, outcome(err))
		held, err := r.Holds("", "")
		fmt.Fprintf(&out, "%+v %s\n", held, outcome(err))
		for size := range uint64(len(rows) + 1) {
			h, err := r.Head(size)
			if size > 0 {
				h.Edge = nil
			}
			fmt.Fprintf(&out, "%+v %s\n", h, outcome(err))
		}
		return nil
	})
	return out.String() + outcome(err)
}

// due writes down what a tenant has that is due by the days around which a script moves, in pages of every length.
func due(b driver.Backend, tenant string) string {
	var out strings.Builder
	err := b.View(context.Background(), tenant, func(r driver.Reader) error {
		for _, on := range []string{"2026-01-30", "2026-02-02", "2026-02-04", "2026-02-09", "2026-02-20"} {
			for _, kind := range append([]string{""}, scriptKinds...) {
				for _, limit := range []int{1, 2, driver.MaxPage} {
					rows, err := scanAll(r, driver.Query{Kind: kind, DueBy: dayOf(on), Limit: limit})
					fmt.Fprintf(&out, "%s %q by %d: %s", on, kind, limit, outcome(err))
					for _, row := range rows { // the fields that such a scan must give
						fmt.Fprintf(&out, " %s/%s@%d #%d %s", row.Kind, row.ID, row.Version, row.Seq, row.KeepThrough)
					}
					out.WriteByte('\n')
				}
			}
		}
		return nil
	})
	return out.String() + outcome(err)
}
