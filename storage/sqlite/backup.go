package sqlite

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// backupPages is how many pages are copied between two looks at the context.
const backupPages = 4096

// Backup writes a consistent copy of the file to w while others read and write; see driver.Backend. The copy is a SQLite
// file that Open opens. It is made beside the file first, readable by the owner only, and removed afterwards.
func (b *Backend) Backup(ctx context.Context, w io.Writer) (info driver.BackupInfo, err error) {
	if err := b.enter(ctx); err != nil {
		return driver.BackupInfo{}, err
	}
	defer b.running.Done()
	dir, err := os.MkdirTemp(filepath.Dir(b.path), ".backup-*") // 0700
	if err != nil {
		return driver.BackupInfo{}, pathError(b.path, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	copied := filepath.Join(dir, "copy")
	if err := b.copyTo(ctx, copied); err != nil {
		return driver.BackupInfo{}, err
	}
	f, err := os.Open(copied)
	if err != nil {
		return driver.BackupInfo{}, &driver.Error{Kind: driver.ErrIO, Op: "backup"}
	}
	defer f.Close()
	n, err := io.Copy(w, f)
	return driver.BackupInfo{Format: "sqlite3", Bytes: n}, err
}

// copyTo runs SQLite's online backup into a new file.
func (b *Backend) copyTo(ctx context.Context, path string) error {
	c, err := b.connect(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	if c.raw != nil {
		return ctxFault(ctx, "backup", copyPages(ctx, c.raw, path))
	}
	return ctxFault(ctx, "backup", c.own.Raw(func(dc any) error { return copyPages(ctx, dc, path) }))
}

func copyPages(ctx context.Context, dc any, path string) error {
	source, ok := dc.(interface {
		NewBackup(uri string) (*sqlite3.Backup, error)
	})
	if !ok {
		return driver.ErrUnsupported
	}
	backup, err := source.NewBackup(fileURI(path))
	if err != nil {
		return err
	}
	for more := true; more && err == nil; {
		if err = ctx.Err(); err == nil {
			more, err = backup.Step(backupPages)
		}
	}
	return errors.Join(err, backup.Finish())
}
