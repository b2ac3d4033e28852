package sqlite_test

import (
	"bufio"
	"fmt"
	"os"

	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// keepLocked writes, opens and closes the file as a program does that hashes it, waits for a line, and writes again.
func keepLocked(path string, posix bool) error {
	b, err := sqlite.Open(ctx, path, &sqlite.Options{KeepProcessSettings: posix})
	if err != nil {
		return err
	}
	s, err := childStore(b)
	if err != nil {
		return err
	}
	if _, err := s.Put(ctx, "clinic", newNote("n", "before")); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	fmt.Println("closed")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}
	if _, err := s.Put(ctx, "clinic", newNote("n", "after")); err != nil {
		return err
	}
	return s.Close()
}
