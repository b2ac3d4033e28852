package sqlite_test

import (
	"context"
	"crypto/rand"
	"database/sql"
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

// A product keeps its own row and the document in one transaction on its own database: both are kept, or neither.
func ExampleBackend_Join() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "product-*")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "product.db")+"?_txlock=immediate&_journal_mode=WAL&_busy_timeout=10000")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE visit (id TEXT PRIMARY KEY) STRICT`); err != nil {
		log.Fatal(err)
	}
	backend, err := sqlite.OpenDB(ctx, db, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer backend.Close()
	signer, err := storage.NewSigner(rand.Reader, "clinic.example")
	if err != nil {
		log.Fatal(err)
	}
	store, err := storage.New(backend, storage.Options{Signer: signer})
	if err != nil {
		log.Fatal(err)
	}

	write := func(id string, keep bool) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // does nothing after a commit
		if _, err := tx.Exec(`INSERT INTO visit VALUES (?1)`, id); err != nil {
			return err
		}
		joined, err := backend.Join(ctx, tx)
		if err != nil {
			return err
		}
		joint := store.In(joined)
		if _, err := joint.Put(ctx, "clinic", newNote(id, "reviewed")); err != nil {
			return err
		}
		if !keep {
			return errors.New("the product changed its mind")
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		joint.Committed(ctx)
		return nil
	}
	fmt.Println(write("v-1", true))
	fmt.Println(write("v-2", false))
	var visits int
	if err := db.QueryRow(`SELECT count(*) FROM visit`).Scan(&visits); err != nil {
		log.Fatal(err)
	}
	checkpoint, err := store.Checkpoint(ctx, "clinic")
	fmt.Println(visits, checkpoint.Size, err)
	// Output:
	// <nil>
	// the product changed its mind
	// 1 1 <nil>
}
