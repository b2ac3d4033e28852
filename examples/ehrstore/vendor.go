package main

import (
	"database/sql"
	_ "embed"
	"errors"
	"path/filepath"
)

//go:embed vendor.sql
var vendorSQL string

// openVendor opens the vendor's database, as the vendor's product always did.
func openVendor(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?_txlock=immediate&_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000")
	if err != nil {
		return nil, err
	}
	if _, err := db.Exec(vendorSQL); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
