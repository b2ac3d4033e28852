package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
)

const (
	// mostBytes is one more than a document may have, so that one that is too large is told from one that is not.
	mostBytes = 16<<20 + 1
	// mostTotal is the most that is unpacked of a package.
	mostTotal = 4 << 30
)

// FileError says why a file could not be checked at all.
type FileError struct {
	// File is the file as it was named.
	File string
	// Reason says what is wrong and what to do.
	Reason string
}

func (e *FileError) Error() string { return e.File + ": " + e.Reason }

// checkFile checks a document, or every document of a package. Where a package turns out to be damaged, the error
// stands beside what was found until then.
func checkFile(name string) ([]result, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, plain(name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, plain(name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &FileError{name, "is no file; name the files in it one by one"}
	}
	var magic [4]byte
	if n, _ := f.ReadAt(magic[:], 0); n == len(magic) && bytes.Equal(magic[:], []byte("PK\x03\x04")) {
		return checkPackage(name, f, info.Size())
	}
	data, err := io.ReadAll(io.LimitReader(f, mostBytes))
	if err != nil {
		return nil, plain(name, err)
	}
	kind, faults := dossier.Check(data, nil)
	return []result{{File: name, Kind: kind, Faults: faults}}, nil
}

// checkPackage checks every document under records/, and the list of gaps.
func checkPackage(name string, r io.ReaderAt, size int64) ([]result, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, &FileError{name, fmt.Sprintf("is no whole archive (%v); ask for the package anew", err)}
	}
	files := slices.DeleteFunc(slices.Clone(archive.File), func(f *zip.File) bool {
		return f.Name != "gaps.json" && (!strings.HasPrefix(f.Name, "records/") || !strings.HasSuffix(f.Name, ".json"))
	})
	if len(files) == 0 {
		return nil, &FileError{name, "is an archive without records/; it is no evidence package"}
	}
	slices.SortStableFunc(files, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	var out []result
	total := int64(0)
	for i, f := range files {
		data, err := unpack(f)
		if err != nil {
			return out, &FileError{name, fmt.Sprintf("%s is damaged (%v); ask for the package anew", f.Name, err)}
		}
		if total += int64(len(data)); total > mostTotal {
			return out, &FileError{name, "unpacks to more than 4 GiB; take the documents out and name them one by one"}
		}
		kind, faults := dossier.Check(data, nil)
		if i > 0 && files[i-1].Name == f.Name {
			faults = append(faults, hipaasmp.Fault{Code: evidence.FaultName, Message: "stands in the package twice; unpackers disagree about which one wins"})
		}
		out = append(out, result{File: name, Member: f.Name, Kind: kind, Faults: faults})
	}
	return out, nil
}

func unpack(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, mostBytes))
}

// plain leaves out the system call of an error about a file.
func plain(name string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return &FileError{name, err.Error()}
}
