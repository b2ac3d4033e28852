package evidence

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/storage"
)

// State says what became of the content of a ledger entry.
type State string

const (
	// StateIncluded: the content is in the package.
	StateIncluded State = "included"
	// StateWithheld: the content exists and is not in the package. Envelope, digest and position are.
	StateWithheld State = "withheld"
	// StateDisposed: the content was destroyed after its retention ran out.
	StateDisposed State = "disposed"
)

// Values returns the members of the enumeration.
func (State) Values() []State { return []State{StateIncluded, StateWithheld, StateDisposed} }

// IsValid reports whether s is a member.
func (s State) IsValid() bool {
	_, err := hipaasmp.ParseEnum("evidence.State", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s State) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("evidence.State", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *State) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("evidence.State", text, s.Values())
	return err
}

// entryLine is one line of the ledger file. The envelope is kept as it was hashed: canonical JSON inside of canonical
// JSON is the same bytes.
type entryLine struct {
	Content  State           `json:"content"`
	Envelope json.RawMessage `json:"envelope"`
	File     string          `json:"file,omitempty"`
	Proof    []tlog.Hash     `json:"proof,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	Salt     string          `json:"salt,omitempty"`
}

// consistencyLine is one line of the consistency file: an earlier checkpoint and the proof that the ledger continues it.
type consistencyLine struct {
	Checkpoint string      `json:"checkpoint"`
	Proof      []tlog.Hash `json:"proof,omitempty"`
}

// longestLine bounds a line: an envelope, a reason and a proof are far below it.
const longestLine = 1 << 20

// writeLine writes v in canonical JSON and a line feed.
func writeLine(w io.Writer, v any) error {
	b, err := canon.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

var errLine = errors.New("is not a line of canonical JSON in the form of this version")

// eachLine calls use with every line, decoded strictly. It stops at the first error.
func eachLine[T any](r io.Reader, use func(n int, v T) error) error {
	buf := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		line, err := readLine(buf)
		if err == io.EOF && len(line) == 0 {
			return nil
		}
		if err != nil && err != io.EOF {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err == io.EOF {
			return fmt.Errorf("line %d has no end", n)
		}
		var v T
		same, cerr := canon.Bytes(line)
		if cerr != nil || !bytes.Equal(same, line) || strictjson.Decode(line, &v) != nil {
			return fmt.Errorf("line %d %w", n, errLine)
		}
		if err := use(n, v); err != nil {
			return err
		}
	}
}

// readLine returns a line without its end. io.EOF comes with what is left.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > longestLine {
			return nil, errors.New("is longer than any line")
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

// saltOf reads the salt of an included entry.
func (l entryLine) saltOf() ([]byte, bool) {
	salt, err := hex.DecodeString(l.Salt)
	return salt, err == nil && len(salt) == storage.SaltSize && hex.EncodeToString(salt) == l.Salt
}
