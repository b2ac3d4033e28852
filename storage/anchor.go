package storage

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Anchor keeps checkpoints where whoever can change the database cannot change them: on other media, in a mailbox, with a
// witness or a time-stamping authority. Given one checkpoint that was kept so, truncation, roll-back and rewriting of
// everything before it are found. [FileAnchor] is one.
type Anchor interface {
	// Keep keeps a checkpoint of a tenant's ledger. It is called after commits, in order for each tenant.
	Keep(ctx context.Context, tenant string, checkpoint []byte) error
	// Newest returns the checkpoint that was kept last, nil where none was.
	Newest(ctx context.Context, tenant string) ([]byte, error)
}

// ErrRolledBack says that a ledger is older than, or another than, the checkpoint that an [Anchor] keeps of it.
var ErrRolledBack = errors.New("storage: the ledger is not the one that its anchor knows")

// RolledBackError says that a ledger is not a continuation of its newest anchored checkpoint: its end was cut off, an
// older copy was put in its place, or it was written anew. Nothing is written on it. It matches [ErrRolledBack].
type RolledBackError struct {
	// Tenant is whose ledger it is.
	Tenant string
	// Anchored is the size of the ledger that the anchor knows, Size that of the ledger that is there.
	Anchored, Size uint64
	// Rewritten is true if the ledger is long enough and says something else.
	Rewritten bool
}

func (e *RolledBackError) Error() string {
	what := fmt.Sprintf("has %d entries, and its anchor knows %d", e.Size, e.Anchored)
	if e.Rewritten {
		what = fmt.Sprintf("says something else in its first %d entries than its anchor", e.Anchored)
	}
	return fmt.Sprintf("storage: the ledger of tenant %s %s; find the newer database, or after restoring a backup on purpose call NewEpoch with AfterRestore", e.Tenant, what)
}

// Is makes every RolledBackError match [ErrRolledBack].
func (e *RolledBackError) Is(target error) bool { return target == ErrRolledBack }

// AnchorNow gives the newest checkpoint of a tenant's ledger to the anchor, however few entries came since the last. A
// tenant without entries gives [ErrNotFound], a store without Options.Anchor an [*OptionsError].
func (s *Store) AnchorNow(ctx context.Context, tenant string) (Checkpoint, error) {
	if s.opts.Anchor == nil {
		return Checkpoint{}, &OptionsError{"Anchor", "is missing; give a FileAnchor on other media, or one of your own"}
	}
	c, err := s.Checkpoint(ctx, tenant)
	if err != nil {
		return Checkpoint{}, err
	}
	if err := s.opts.Anchor.Keep(ctx, tenant, c.Note); err != nil {
		return Checkpoint{}, fmt.Errorf("storage: anchor the ledger of tenant %s: %w", tenant, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.anchored[tenant] = c.Size
	return c, nil
}

// anchor gives a checkpoint to the anchor after a commit, once enough entries came since the last. What fails is logged
// and tried again at the next commit.
func (s *Store) anchor(ctx context.Context, tx *Tx) {
	if s.opts.Anchor == nil {
		return
	}
	s.mu.Lock()
	last := s.anchored[tx.tenant]
	s.mu.Unlock()
	if tx.old.Size > 0 && tx.old.Epoch == tx.head.Epoch && tx.head.Size-min(last, tx.head.Size) < s.opts.AnchorEvery {
		return
	}
	if err := s.opts.Anchor.Keep(ctx, tx.tenant, tx.head.Note); err != nil {
		s.opts.Logger.WarnContext(ctx, "storage: anchoring failed; the commit stands", "tenant", tx.tenant, "size", tx.head.Size, "error", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.anchored[tx.tenant] = tx.head.Size
}

// checkAnchor compares a head with the newest anchored checkpoint.
func (s *Store) checkAnchor(ctx context.Context, tenant string, head driver.Head, r driver.Reader) error {
	if s.opts.Anchor == nil {
		return nil
	}
	msg, err := s.opts.Anchor.Newest(ctx, tenant)
	if err != nil {
		return fmt.Errorf("storage: ask the anchor of tenant %s: %w", tenant, err)
	}
	if msg == nil {
		return nil
	}
	if head.Size == 0 {
		c, err := s.readAnchor(tenant, msg)
		if err != nil {
			return err
		}
		return &RolledBackError{Tenant: tenant, Anchored: c.Size}
	}
	c, err := s.readAnchor(tenant, msg)
	if err != nil {
		return err
	}
	_, _, epoch, _ := SplitOrigin(c.Origin)
	if epoch < head.Epoch {
		// A later epoch may stand on a restored copy that is older than the anchor, and says so.
		e, err := s.get(ctx, tenant, r, hipaasmp.Ref{Kind: KindEpoch, ID: epochID(head.Epoch)})
		if err != nil {
			return err
		}
		if e.Op == OpRestored {
			return nil
		}
	}
	wrong := &RolledBackError{Tenant: tenant, Anchored: c.Size, Size: head.Size}
	if c.Size > head.Size || epoch > head.Epoch {
		return wrong
	}
	root, err := treeRoot(r, c.Size)
	if err != nil && !errors.Is(err, driver.ErrNotFound) {
		return err
	}
	if err != nil || root != c.Root {
		wrong.Rewritten = true
		return wrong
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.anchored[tenant] = c.Size
	return nil
}

func (s *Store) readAnchor(tenant string, msg []byte) (Checkpoint, error) {
	var c Checkpoint
	var err error
	if s.opts.Unsigned {
		c, err = parseCheckpointText(string(msg))
	} else {
		c, err = ParseCheckpoint(msg, s.verifiers)
	}
	if err != nil {
		return c, fmt.Errorf("storage: the anchor of tenant %s: %w", tenant, err)
	}
	if product, of, _, ok := SplitOrigin(c.Origin); !ok || of != tenant || product != s.opts.Product {
		return c, fmt.Errorf("storage: the anchor of tenant %s: %w", tenant, &CheckpointError{Reason: "belongs to another ledger"})
	}
	return c, nil
}

// treeRoot folds the root of a tree of an earlier size from the stored nodes.
func treeRoot(r driver.Reader, size uint64) (tlog.Hash, error) {
	nodes, err := r.Nodes(edgeIDs(size))
	if err != nil {
		return tlog.Hash{}, err
	}
	e := edge{size: size}
	for _, n := range nodes {
		e.roots = append(e.roots, n)
	}
	return e.root(), nil
}

// FileAnchor is an [Anchor] that appends checkpoints to a file for each tenant, in a folder that should lie on other
// media than the database and that the database's user may not rewrite. A line that was cut by a crash is passed over.
type FileAnchor struct {
	dir string
	mu  sync.Mutex
}

// NewFileAnchor returns an anchor in a folder, which it makes if there is none.
func NewFileAnchor(dir string) (*FileAnchor, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, anchorError(dir, err)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, anchorError(dir, fs.ErrInvalid)
	}
	return &FileAnchor{dir: dir}, nil
}

func anchorError(path string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("storage: anchor %s: %w", path, err)
}

func (a *FileAnchor) path(tenant string) string {
	return filepath.Join(a.dir, fileOfTenant(tenant)+".checkpoints")
}

// Keep appends a checkpoint and has it on the medium before it returns.
func (a *FileAnchor) Keep(_ context.Context, tenant string, checkpoint []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	path := a.path(tenant)
	_, missing := os.Stat(path)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return anchorError(path, err)
	}
	line := anchorLine(checkpoint) + "\n"
	if info, err := f.Stat(); err == nil && info.Size() > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, info.Size()-1); err == nil && last[0] != '\n' {
			line = "\n" + line // what a crash cut stays a line of its own
		}
	}
	_, err = f.WriteString(line)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return anchorError(path, err)
	}
	if missing != nil {
		syncFolder(a.dir)
	}
	return nil
}

// anchorLine writes a checkpoint in one line, with a sum that tells a line that was cut from a whole one.
func anchorLine(checkpoint []byte) string {
	sum := sha256.Sum256(checkpoint)
	return base64.StdEncoding.EncodeToString(checkpoint) + " " + hex.EncodeToString(sum[:8])
}

// Newest returns the last checkpoint that was kept whole.
func (a *FileAnchor) Newest(ctx context.Context, tenant string) ([]byte, error) {
	all, err := a.All(ctx, tenant)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[len(all)-1], nil
}

// All returns every checkpoint that was kept, oldest first: what [Store.VerifyTenant] takes.
func (a *FileAnchor) All(_ context.Context, tenant string) ([][]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	path := a.path(tenant)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, anchorError(path, err)
	}
	return ParseAnchorFile(text), nil
}

// ParseAnchorFile returns the checkpoints in the text of a file that a [FileAnchor] wrote, oldest first. Lines that were
// cut are passed over. It checks no signature.
func ParseAnchorFile(text []byte) [][]byte {
	var out [][]byte
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		encoded, _, _ := strings.Cut(lines.Text(), " ")
		note, err := base64.StdEncoding.DecodeString(encoded)
		if err == nil && anchorLine(note) == lines.Text() {
			out = append(out, note)
		}
	}
	return out
}
