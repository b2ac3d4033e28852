package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// smallest is the least page of a SQLite file; nothing shorter is one.
const smallest = 512

// checkPath refuses what cannot become a database file and makes a new one that only its owner may read.
func checkPath(path string, readOnly bool) (string, error) {
	if path == "" || strings.IndexByte(path, 0) >= 0 {
		return "", &OpenError{Path: path, Kind: fs.ErrInvalid, Reason: "is not a path; name a file"}
	}
	if end := strings.TrimSuffix(path, "."); os.IsPathSeparator(path[len(path)-1]) || end != path && end != "" && os.IsPathSeparator(end[len(end)-1]) {
		// Cleaned of its end it would name a file that nobody asked for.
		return "", &OpenError{Path: path, Kind: ErrFolder, Reason: "names a folder; name a file in it"}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", &OpenError{Path: path, Kind: fs.ErrInvalid, Reason: "is not a path; name a file"}
	}
	info, err := os.Stat(abs)
	switch {
	case err == nil && info.IsDir():
		return "", &OpenError{Path: path, Kind: ErrFolder, Reason: "is a folder; name a file in it"}
	case err == nil && !info.Mode().IsRegular():
		return "", &OpenError{Path: path, Kind: fs.ErrInvalid, Reason: "is not a file"}
	case err == nil && info.Size() > 0 && info.Size() < smallest:
		// SQLite takes a file of a few bytes for an empty one and would write over it.
		return "", &OpenError{Path: path, Kind: driver.ErrForeign, Reason: foreign}
	case err == nil:
		return abs, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", pathError(path, err)
	case readOnly:
		return "", &OpenError{Path: path, Kind: fs.ErrNotExist, Reason: "does not exist; a store that is opened for reading must be there"}
	}
	// SQLite would make the file readable by all that the umask allows. O_EXCL: nobody in this process can hold a lock
	// on a file that did not exist, so closing it drops none.
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return abs, nil
	}
	if err != nil {
		return "", pathError(path, err)
	}
	if err := f.Close(); err != nil {
		return "", pathError(path, err)
	}
	return abs, nil
}

// fileURI writes a path so that nothing in it is taken for a parameter.
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if runtime.GOOS == "windows" {
		path = "/" + path
	}
	const hex = "0123456789ABCDEF"
	var s strings.Builder
	s.WriteString("file://")
	for i := range len(path) {
		switch c := path[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("/-_.~:", c) >= 0:
			s.WriteByte(c)
		default:
			s.WriteByte('%')
			s.WriteByte(hex[c>>4])
			s.WriteByte(hex[c&15])
		}
	}
	return s.String()
}
