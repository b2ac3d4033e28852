package sqlite_test

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// The tests of this file run this test binary again as another process. These variables tell it what to do.
const (
	childTask = "HIPAASMP_TEST_CHILD"
	childPath = "HIPAASMP_TEST_PATH"
	childName = "HIPAASMP_TEST_NAME"
)

func TestMain(m *testing.M) {
	if task := os.Getenv(childTask); task != "" {
		if err := runChild(task, os.Getenv(childPath), os.Getenv(childName)); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// runChild is what the other process does.
func runChild(task, path, name string) error {
	switch task {
	case "join":
		return joinAndWrite(path)
	case "locked":
		return keepLocked(path, name == "posix")
	case "some", "some-careless", "acts", "large":
		return writeTraced(path, task)
	case "limited":
		n, err := strconv.ParseUint(name, 10, 64)
		if err != nil {
			return err
		}
		if err := limitFiles(n); err != nil {
			return err
		}
	}
	b, err := sqlite.Open(ctx, path, nil)
	if err != nil && task == "limited" {
		return refusal(err)
	}
	if err != nil {
		return err
	}
	s, err := childStore(b)
	if err != nil {
		return err
	}
	switch task {
	case "limited": // says each version that is acknowledged, and how the first that does not fit is refused
		for i := 0; ; i++ {
			e, err := s.Put(ctx, "clinic", newNote("n", strings.Repeat("x", i*331%3000)))
			if err != nil {
				return refusal(err)
			}
			fmt.Println(e.Version)
		}
	case "write": // says each version that is acknowledged, until it is killed
		for i := 0; ; i++ {
			e, err := s.Put(ctx, "clinic", newNote(name, strings.Repeat("x", i%5000)))
			if err != nil {
				return err
			}
			fmt.Println(e.Version)
		}
	case "mixed": // puts, holds, releases and disposes, and says the position of the last entry that is acknowledged
		by := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}
		run := strconv.FormatInt(time.Now().UnixNano(), 36)
		for i := 0; ; i++ {
			id := fmt.Sprint(run, "-", i)
			if _, err := s.Put(ctx, "clinic", newNote(id, strings.Repeat("x", i*53%2000))); err != nil {
				return err
			}
			matter := hipaasmp.Ref{Kind: KindNote, ID: id}
			if i%3 == 0 {
				if _, err := s.PlaceHold(ctx, "clinic", retention.Hold{Matter: id, Reason: "why", Refs: []hipaasmp.Ref{matter}, PlacedBy: by}); err != nil {
					return err
				}
			}
			e, err := destroy(s, id, retention.MethodRowRemoved)
			if held := errors.Is(err, retention.ErrHeld); held != (i%3 == 0) {
				return fmt.Errorf("held %v: %w", held, err)
			} else if held {
				if e, err = s.ReleaseHold(ctx, "clinic", id, by, "closed"); err != nil {
					return err
				}
			}
			fmt.Println(e.Seq)
		}
	case "count": // raises a counter that all processes share
		for range 100 {
			for {
				e, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "counter"})
				if err != nil && !errors.Is(err, storage.ErrNotFound) {
					return err
				}
				_, err = s.Put(ctx, "clinic", newNote("counter", strconv.FormatUint(e.Version+1, 10)), storage.IfVersion(e.Version))
				if err == nil {
					break
				}
				if !errors.Is(err, storage.ErrConflict) {
					return err
				}
			}
		}
		return s.Close()
	case "append": // writes a number of documents and says the size of the ledger under each
		n, err := strconv.Atoi(name)
		if err != nil {
			return err
		}
		for i := range n {
			e, err := s.Put(ctx, "clinic", newNote(fmt.Sprint("p", os.Getpid(), "-", i), "x"))
			if err != nil {
				return err
			}
			fmt.Println(e.Seq)
		}
		return s.Close()
	case "put":
		_, err := s.Put(ctx, "clinic", newNote(name, "x"))
		return err
	}
	return errors.New("no such task")
}

// refusal says how a write was refused. Only a typed error without words of the database will do.
func refusal(err error) error {
	for _, kind := range []error{storage.ErrFull, storage.ErrIO, storage.ErrOutcomeUnknown, storage.ErrBusy} {
		if errors.Is(err, kind) {
			fmt.Println("refused: " + kind.Error())
			return nil
		}
	}
	return fmt.Errorf("refused in a way that nobody can tell: %w", err)
}

func childStore(b *sqlite.Backend) (*storage.Store, error) {
	key, err := storage.NewSigner(strings.NewReader(strings.Repeat("k", 64)), "clinic.example")
	if err != nil {
		return nil, err
	}
	return storage.New(b, storage.Options{Signer: key})
}

func child(t *testing.T, task, path, name string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), childTask+"="+task, childPath+"="+path, childName+"="+name)
	return cmd
}

// A writing process is killed at a random moment, again and again. What it acknowledged must be there, and the ledger
// must verify.
func TestKilledWriterLosesNothingItAcknowledged(t *testing.T) {
	t.Parallel()
	kills := long.Drill(8, 100, 1000)
	path := newPath(t)
	rng := rand.New(rand.NewPCG(1, 2))
	acknowledged := uint64(0)
	for range kills {
		cmd := child(t, "write", path, "n")
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		require.True(t, lines.Scan(), "the process must write at least once")
		killer := time.AfterFunc(time.Duration(rng.IntN(30_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		for ok := true; ok; ok = lines.Scan() {
			n, err := strconv.ParseUint(lines.Text(), 10, 64)
			if err != nil {
				break // the last line may be cut
			}
			acknowledged = n
		}
		_ = cmd.Wait()
		killer.Stop()

		b, err := sqlite.Open(ctx, path, nil)
		require.NoError(t, err)
		s := storeOn(t, b)
		e, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "n"})
		require.NoError(t, err)
		require.GreaterOrEqual(t, e.Version, acknowledged)
		v, err := s.VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.NoError(t, v.Err())
		require.Equal(t, e.Version, v.Size)
		require.NoError(t, s.Close())
	}
	t.Logf("%d kills, %d versions acknowledged, none lost", kills, acknowledged)
}

// The same with holds and disposals among the writes: nothing is half held or half destroyed.
func TestAKilledProcessLeavesNoActByHalves(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	rng := rand.New(rand.NewPCG(11, 12))
	acts, holds := uint64(0), 0
	for range long.Drill(6, 100, 1000) {
		cmd := child(t, "mixed", path, "")
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		require.True(t, lines.Scan())
		killer := time.AfterFunc(time.Duration(rng.IntN(40_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		for ok := true; ok; ok = lines.Scan() {
			n, err := strconv.ParseUint(lines.Text(), 10, 64)
			if err != nil {
				break
			}
			acts = n
		}
		_ = cmd.Wait()
		killer.Stop()
		b, err := sqlite.Open(ctx, path, nil)
		require.NoError(t, err)
		s := storeOn(t, b)
		v, err := s.VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.NoError(t, v.Err())
		require.Greater(t, v.Size, acts)
		holds = 0
		for h, err := range s.Holds(ctx, "clinic") { // what the driver enforces is what the ledger says
			require.NoError(t, err)
			holds++
			var enforced []driver.Hold
			require.NoError(t, b.View(ctx, "clinic", func(r driver.Reader) (err error) {
				enforced, err = r.Holds(string(h.Refs[0].Kind), h.Refs[0].ID)
				return err
			}))
			require.Equal(t, h.Open(), len(enforced) == 1)
		}
		require.NoError(t, s.Close())
	}
	require.Positive(t, holds)
	t.Logf("%d entries acknowledged, %d holds", acts+1, holds)
}

// Two to four processes append to one ledger. No position is given twice and none is left out, there is one head for each
// size, and no process is told that another one was busy.
func TestNoPositionIsGivenTwiceAmongProcesses(t *testing.T) {
	t.Parallel()
	total := long.Drill(240, 2000, 10_000)
	for run := range long.Drill(1, 3, 20) {
		path := newPath(t)
		processes := 2 + run%3
		var running []*exec.Cmd
		said := make([]strings.Builder, processes)
		for i := range processes {
			cmd := child(t, "append", path, strconv.Itoa(total/processes))
			cmd.Stdout, cmd.Stderr = &said[i], &said[i]
			require.NoError(t, cmd.Start())
			running = append(running, cmd)
		}
		positions := map[string]bool{}
		for i, cmd := range running {
			require.NoError(t, cmd.Wait(), "%.300s", said[i].String())
			for line := range strings.Lines(said[i].String()) {
				require.False(t, positions[line], "position %s was given twice", line)
				positions[line] = true
			}
		}
		size := uint64(total / processes * processes)
		s := storeOn(t, openBackend(t, path, nil))
		v, err := s.VerifyTenant(ctx, "clinic") // replays every position and every head
		require.NoError(t, err)
		require.NoError(t, v.Err())
		require.Equal(t, size, v.Size)
		require.Len(t, positions, int(size))
	}
}

func TestSeveralProcessesShareOneLedger(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	const processes = 3
	var running []*exec.Cmd
	for range processes {
		cmd := child(t, "count", path, "")
		cmd.Stdout, cmd.Stderr = new(strings.Builder), new(strings.Builder)
		require.NoError(t, cmd.Start())
		running = append(running, cmd)
	}
	for _, cmd := range running {
		require.NoError(t, cmd.Wait(), "%v", cmd.Stdout)
	}
	s := storeOn(t, openBackend(t, path, nil))
	n, e, err := storage.Get[Note](ctx, s, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "counter"})
	require.NoError(t, err)
	require.Equal(t, uint64(processes*100), e.Version)
	require.Equal(t, strconv.Itoa(processes*100), n.Text)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

// A process without the right to write finds a typed error, and the file stays as it was. Root may write everything, so
// the process runs as nobody where the tests run as root.
func TestUnwritableFile(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs the permissions of a Unix file system")
	}
	dir, err := os.MkdirTemp("", "unwritable")
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = os.Chmod(dir, 0o700)
		require.NoError(t, os.RemoveAll(dir))
	})
	path := filepath.Join(dir, "store.db")
	b, err := sqlite.Open(ctx, path, nil)
	require.NoError(t, err)
	_, err = storeOn(t, b).Put(ctx, "clinic", newNote("n", "x"))
	require.NoError(t, err)
	require.NoError(t, b.Close())

	// The binary must lie where nobody may run it from.
	own, err := os.Executable()
	require.NoError(t, err)
	text, err := os.ReadFile(own)
	require.NoError(t, err)
	binary := filepath.Join(dir, "test-binary")
	require.NoError(t, os.WriteFile(binary, text, 0o755))
	require.NoError(t, os.Chmod(dir, 0o555))

	run := func() string {
		cmd := child(t, "put", path, "n")
		cmd.Path, cmd.Args = binary, []string{binary}
		asNobody(cmd)
		out, err := cmd.CombinedOutput()
		if err != nil && len(out) == 0 {
			t.Skipf("needs the right to run a process as nobody: %v", err)
		}
		require.Error(t, err)
		return string(out)
	}
	for _, mode := range []os.FileMode{0o444, 0o000} {
		require.NoError(t, os.Chmod(path, mode))
		out := run()
		require.Contains(t, out, "check the permissions of the file and its folder")
	}
	require.NoError(t, os.Chmod(path, 0o600))
	require.NoError(t, os.Chmod(dir, 0o700))
	s := storeOn(t, openBackend(t, path, nil))
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(1), v.Size)
}
