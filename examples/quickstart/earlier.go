package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/hipaasmp/hipaasmp/evidence"
)

// earlierCheckpoints returns the checkpoints that whoever got the package of the last run holds: its own and those
// before it. The new package proves that the ledger continues each of them. A package that is there and does not verify
// is not written over.
func earlierCheckpoints(ctx context.Context, path, key string) ([][]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, plain(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, plain(err)
	}
	report, err := evidence.Verify(ctx, f, info.Size(), []string{key}, evidence.VerifyOptions{})
	if err != nil {
		return nil, fmt.Errorf("%s is there and does not verify; keep it as it is, move it away and run again: %w", path, err)
	}
	return append(report.Earlier, report.Checkpoint), nil
}
