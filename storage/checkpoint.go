package storage

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Checkpoint is the head of a ledger at one size, in the form of C2SP tlog-checkpoint.
type Checkpoint struct {
	// Origin names the ledger: product/tenant/epoch.
	Origin string
	// Size is the number of leaves.
	Size uint64
	// Root is the root of the tree over them.
	Root tlog.Hash
	// Note is the signed note as it is kept and handed out. [FormatCheckpoint] gives the text that is signed.
	Note []byte
}

// FormatCheckpoint returns the text of a checkpoint: the origin, the size and the root in base64, one on each line.
func FormatCheckpoint(origin string, size uint64, root tlog.Hash) string {
	return origin + "\n" + strconv.FormatUint(size, 10) + "\n" + root.String() + "\n"
}

// Origin returns the name of a tenant's ledger in one signing epoch.
func Origin(product, tenant string, epoch uint64) string {
	return product + "/" + tenant + "/" + strconv.FormatUint(epoch, 10)
}

// SplitOrigin takes the name of a ledger apart. It reports false for what [Origin] cannot have written.
func SplitOrigin(origin string) (product, tenant string, epoch uint64, ok bool) {
	rest, last, found := cutLast(origin)
	product, tenant, found2 := cutLast(rest)
	epoch, err := strconv.ParseUint(last, 10, 53)
	ok = found && found2 && err == nil && epoch > 0 && hipaasmp.ValidID(tenant) && validProduct(product) && Origin(product, tenant, epoch) == origin
	return product, tenant, epoch, ok
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// validProduct reports whether s can begin an origin and name a note key: printable ASCII without space and plus.
func validProduct(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '+' {
			return false
		}
	}
	return s != "" && len(s) <= 128
}

// ParseCheckpoint reads a checkpoint that is signed as a note. It is accepted if at least one of the verifiers' keys
// signed it and none of their signatures is wrong; signatures by unknown keys are ignored, as C2SP signed-note says.
// The error is a [*CheckpointError].
func ParseCheckpoint(msg []byte, verifiers note.Verifiers) (Checkpoint, error) {
	if verifiers == nil {
		verifiers = note.VerifierList()
	}
	n, err := note.Open(msg, verifiers)
	if err != nil {
		return Checkpoint{}, checkpointError(err)
	}
	c, err := parseCheckpointText(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	c.Note = append([]byte(nil), msg...)
	return c, nil
}

// parseCheckpointText reads what is signed. Lines after the root are extensions; they are allowed and not looked at.
func parseCheckpointText(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return Checkpoint{}, &CheckpointError{Reason: "has fewer than the three lines origin, size and root"}
	}
	for _, l := range lines[:len(lines)-1] {
		if l == "" {
			return Checkpoint{}, &CheckpointError{Reason: "has an empty line"}
		}
	}
	size, err := strconv.ParseUint(lines[1], 10, 53)
	if err != nil || strconv.FormatUint(size, 10) != lines[1] {
		return Checkpoint{}, &CheckpointError{Reason: "has no size on its second line"}
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || root.String() != lines[2] {
		return Checkpoint{}, &CheckpointError{Reason: "has no root hash on its third line"}
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: root}, nil
}

// CheckpointError says why a checkpoint is not accepted.
type CheckpointError struct {
	// Reason says what is wrong with it.
	Reason string
	// Keys lists name+hash of the keys that signed it, where the text could be read and no known key is among them.
	Keys []string
	// Forged is true if a known key is named and its signature is wrong.
	Forged bool
}

func (e *CheckpointError) Error() string {
	s := "storage: the checkpoint " + e.Reason
	if len(e.Keys) > 0 {
		s += "; it was signed by " + strings.Join(e.Keys, ", ")
	}
	return s
}

func checkpointError(err error) *CheckpointError {
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		e := &CheckpointError{Reason: "is not signed by a known key"}
		for _, s := range append(unverified.Note.Sigs, unverified.Note.UnverifiedSigs...) {
			e.Keys = append(e.Keys, keyName(s.Name, s.Hash))
		}
		return e
	case errors.As(err, &invalid):
		return &CheckpointError{Reason: fmt.Sprintf("carries a wrong signature of %s", keyName(invalid.Name, invalid.Hash)), Forged: true}
	}
	return &CheckpointError{Reason: "is not a signed note"}
}

// keyName writes a key as notes do: the name, a plus sign and the hash of the key in hexadecimal.
func keyName(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", clip(name), hash) }
