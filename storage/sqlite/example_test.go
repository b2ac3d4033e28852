package sqlite_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// A store in one file, with its signing key beside it. The second run finds both.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	for range 2 {
		backend, err := sqlite.Open(ctx, filepath.Join(dir, "records.db"), nil)
		if err != nil {
			log.Fatal(err)
		}
		signer, err := storage.OpenSigner(ctx, backend, filepath.Join(dir, "signer.key"), "clinic.example", rand.Reader)
		if err != nil {
			log.Fatal(err)
		}
		store, err := storage.New(backend, storage.Options{Signer: signer})
		if err != nil {
			log.Fatal(err)
		}
		entry, err := store.Put(ctx, "clinic", newNote("n-1", "The logs of January were reviewed."), storage.IfChanged())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(entry.Ref(), "unchanged:", entry.Unchanged)
		if err := store.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// clinic.note/n-1@1 unchanged: false
	// clinic.note/n-1@1 unchanged: true
}

// A key that is gone stops writing, and the error says what to do.
func ExampleOpen_lostKey() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	backend, err := sqlite.Open(ctx, filepath.Join(dir, "records.db"), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer backend.Close()
	key := filepath.Join(dir, "signer.key")
	signer, err := storage.OpenSigner(ctx, backend, key, "clinic.example", rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	store, err := storage.New(backend, storage.Options{Signer: signer})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := store.Put(ctx, "clinic", newNote("n-1", "The logs of January were reviewed.")); err != nil {
		log.Fatal(err)
	}
	if err := os.Remove(key); err != nil {
		log.Fatal(err)
	}

	_, err = storage.OpenSigner(ctx, backend, key, "clinic.example", rand.Reader)
	var lost *storage.LostKeyError
	fmt.Println(errors.As(err, &lost), lost.Tenant, len(lost.Keys))

	// Reading needs no key.
	entry, err := store.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "n-1"})
	fmt.Println(entry.Ref(), err)
	// Output:
	// true clinic 1
	// clinic.note/n-1@1 <nil>
}
