package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// diskOp is one thing that the writing process asked of the disk, or an acknowledgement that it gave.
type diskOp struct {
	file string
	kind string // write, cut, sync, unlink, ack
	data []byte
	at   int64 // offset of a write, length of a cut, number of an acknowledgement
}

var (
	tracedWrite = regexp.MustCompile(`^(?:\d+ +)?pwrite64\(\d+<([^>]*)>, "((?:\\x[0-9a-f]{2})*)", (\d+), (\d+)`)
	tracedCut   = regexp.MustCompile(`^(?:\d+ +)?ftruncate\(\d+<([^>]*)>, (\d+)`)
	tracedSync  = regexp.MustCompile(`^(\d+ +)?f(?:data)?sync\(\d+<([^>]*)>(.*)`)
	tracedAgain = regexp.MustCompile(`^(\d+ +)?<\.\.\. f(?:data)?sync resumed>`)
	tracedGone  = regexp.MustCompile(`^(?:\d+ +)?unlink(?:at)?\((?:[^"]*)"((?:\\x[0-9a-f]{2})*)"`)
	tracedAck   = regexp.MustCompile(`^(?:\d+ +)?write\(1<[^>]*>, "((?:\\x[0-9a-f]{2})*)"`)
)

// traced runs the writing process under strace and returns what it did to the files of the store.
func traced(t *testing.T, task, path string) []diskOp {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("needs strace, to see what the process writes")
	}
	log := filepath.Join(t.TempDir(), "trace")
	cmd := child(t, task, path, "n")
	cmd.Args = append([]string{"strace", "-f", "-y", "-xx", "-s", "100000", "-e", "trace=pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat,write", "-o", log}, cmd.Path)
	cmd.Path, _ = exec.LookPath("strace")
	out, err := cmd.CombinedOutput()
	if err != nil && bytes.Contains(out, []byte("ptrace")) {
		t.Skipf("needs the right to trace a process: %.100s", out)
	}
	require.NoError(t, err, "%s", out)
	raw, err := os.ReadFile(log)
	require.NoError(t, err)
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
		require.NoError(t, err)
		return b
	}
	number := func(s string) int64 {
		n, err := strconv.ParseInt(s, 10, 64)
		require.NoError(t, err)
		return n
	}
	name := func(p string) string { // strace escapes paths as it does data
		if strings.Contains(p, `\x`) {
			p = string(unhex(p))
		}
		return filepath.Base(p)
	}
	var ops []diskOp
	waiting := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		if m := tracedWrite.FindStringSubmatch(line); m != nil {
			ops = append(ops, diskOp{file: name(m[1]), kind: "write", data: unhex(m[2]), at: number(m[4])})
		} else if m := tracedCut.FindStringSubmatch(line); m != nil {
			ops = append(ops, diskOp{file: name(m[1]), kind: "cut", at: number(m[2])})
		} else if m := tracedSync.FindStringSubmatch(line); m != nil {
			if strings.Contains(m[3], "unfinished") {
				waiting[m[1]] = name(m[2]) // it counts when it has returned
				continue
			}
			ops = append(ops, diskOp{file: name(m[2]), kind: "sync"})
		} else if m := tracedAgain.FindStringSubmatch(line); m != nil {
			ops = append(ops, diskOp{file: waiting[m[1]], kind: "sync"})
		} else if m := tracedGone.FindStringSubmatch(line); m != nil {
			ops = append(ops, diskOp{file: name(m[1]), kind: "unlink"})
		} else if m := tracedAck.FindStringSubmatch(line); m != nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(unhex(m[1]))), 10, 64); err == nil {
				ops = append(ops, diskOp{kind: "ack", at: n})
			}
		}
	}
	return ops
}

// disk is what a medium may hold after a power cut: everything up to the last sync of each file, and of what came later
// any part, each sector by itself.
type disk map[string][]byte

const sector = 512

func (d disk) apply(op diskOp, keep func() bool) {
	b := d[op.file]
	switch op.kind {
	case "unlink":
		if keep() {
			delete(d, op.file)
		}
		return
	case "cut":
		if keep() {
			if n := int(op.at); n <= len(b) {
				b = b[:n]
			} else {
				b = append(b, make([]byte, n-len(b))...)
			}
		}
	case "write":
		for from := 0; from < len(op.data); from += sector {
			to := min(from+sector, len(op.data))
			if !keep() {
				continue
			}
			if end := int(op.at) + to; end > len(b) {
				b = append(b, make([]byte, end-len(b))...)
			}
			copy(b[int(op.at)+from:], op.data[from:to])
		}
	}
	d[op.file] = b
}

// cutPower returns the state of the medium after a cut before ops[at], and the last acknowledgement before it.
func cutPower(ops []diskOp, at int, rng *rand.Rand) (disk, int64) {
	synced := map[string]int{}
	acked := int64(0)
	for i, op := range ops[:at] {
		switch op.kind {
		case "sync":
			if !strings.HasPrefix(op.file, "store.db") {
				op.file = "" // the folder
			}
			synced[op.file] = i
		case "ack":
			acked = max(acked, op.at)
		}
	}
	d := disk{}
	how := rng.IntN(3) // nothing of what was not synced, all of it, or some
	for i, op := range ops[:at] {
		if op.kind == "sync" || op.kind == "ack" {
			continue
		}
		last, ok := synced[op.file]
		if op.kind == "unlink" {
			last, ok = synced[""]
		}
		d.apply(op, func() bool { return ok && i < last || how == 1 || how == 2 && rng.IntN(2) == 0 })
	}
	return d, acked
}

// lostAfterCut opens what a cut left and returns how many acknowledged entries are gone.
func lostAfterCut(t *testing.T, d disk, acked int64, open func(path string) (*storage.Store, func(), error)) int64 {
	t.Helper()
	dir := t.TempDir()
	for name, content := range d {
		if strings.HasSuffix(name, "-shm") {
			continue // it is made anew
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	s, end, err := open(filepath.Join(dir, "store.db"))
	require.NoError(t, err, "what a cut leaves must open")
	defer end()
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err(), "what a cut leaves must verify")
	return max(0, acked-int64(v.Size))
}

// The power goes off at any moment: what was acknowledged is there, and everything verifies.
func TestAPowerCutLosesNothingThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	for i, task := range []string{"some", "acts", "large"} {
		t.Run(task, func(t *testing.T) {
			t.Parallel()
			ops := traced(t, task, newPath(t))
			rng := rand.New(rand.NewPCG(5, 6+uint64(i)))
			acks := 0
			for _, op := range ops {
				if op.kind == "ack" {
					acks++
				}
			}
			require.Greater(t, acks, 30)
			for range long.Drill(9, 67, 667) {
				d, acked := cutPower(ops, 1+rng.IntN(len(ops)), rng)
				require.Zero(t, lostAfterCut(t, d, acked, func(path string) (*storage.Store, func(), error) {
					b, err := sqlite.Open(ctx, path, nil)
					if err != nil {
						return nil, nil, err
					}
					return storeOn(t, b), func() { require.NoError(t, b.Close()) }, nil
				}), "acknowledged %d", acked)
			}
		})
	}
}

// The control: a database that does not wait for the medium must lose some, or the drill proves nothing.
func TestTheDrillFindsADatabaseThatDoesNotWait(t *testing.T) {
	t.Parallel()
	ops := traced(t, "some-careless", newPath(t))
	rng := rand.New(rand.NewPCG(7, 8))
	lost := 0
	for range long.Drill(15, 100, 200) {
		d, acked := cutPower(ops, len(ops)/4+rng.IntN(len(ops)*3/4), rng)
		if lostAfterCut(t, d, acked, func(path string) (*storage.Store, func(), error) {
			db, err := careless(path)
			if err != nil {
				return nil, nil, err
			}
			b, err := sqlite.OpenDB(ctx, db, &sqlite.Options{AllowLoss: true})
			if err != nil {
				return nil, nil, errors.Join(err, db.Close())
			}
			return storeOn(t, b), func() { require.NoError(t, errors.Join(b.Close(), db.Close())) }, nil
		}) > 0 {
			lost++
		}
	}
	require.Positive(t, lost)
}

// careless opens a database that acknowledges before the medium has it.
func careless(path string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?_txlock=immediate&_journal_mode=WAL&_synchronous=NORMAL&_busy_timeout=10000")
}

// writeTraced is the traced process. It says the size of the ledger under each entry that is acknowledged. The tasks are:
// versions of one document, with the log folded into the file on the way; the same on a careless database; acts of every
// kind; and documents so large that SQLite folds its log by itself.
func writeTraced(path, task string) error {
	var b *sqlite.Backend
	var err error
	if task == "some-careless" {
		db, e := careless(path)
		if e != nil {
			return e
		}
		b, err = sqlite.OpenDB(ctx, db, &sqlite.Options{AllowLoss: true})
	} else {
		b, err = sqlite.Open(ctx, path, nil)
	}
	if err != nil {
		return err
	}
	s, err := childStore(b)
	if err != nil {
		return err
	}
	say := func(e storage.Entry) { fmt.Println(e.Seq + 1) }
	if task == "acts" {
		return errors.Join(fiftyActs(b, s, say)...)
	}
	for i := range 40 {
		text := strings.Repeat("x", i*97%3000)
		if task == "large" {
			text = strings.Repeat("x", 300_000+i)
		}
		e, err := s.Put(context.Background(), "clinic", newNote("n", text))
		if err != nil {
			return err
		}
		say(e)
		if i == 25 && task == "some" {
			if _, err := b.Scrub(ctx); err != nil { // a checkpoint of the log in the middle
				return err
			}
		}
	}
	return nil
}
