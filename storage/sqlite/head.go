package sqlite

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// A head stands in the row of the last entry that it covers, so that an append touches no page for it. What the rest of
// the store says is left out: the size is the place of the row, the edge is made of nodes, and of a checkpoint that is
// a signed note only the signatures are kept.
//
//	byte 0    flags
//	epoch     a varint
//	root      32 bytes
//	recorded  with flagLater: a signed varint, microseconds after the row's
//	edge      with flagEdge: a length and its bytes
//	form      a varint: which smp_form the note has; 0 is none
//	note      of a form the signatures, one after the other; else the note
const (
	flagEdge = 1 << iota
	flagLater
)

// noteForm is what the notes of a ledger have in common: the origin in the first line, and in a line for each signature
// the name of the key, the first bytes of the signature, which are the key's hash, in hexadecimal, and how many bytes
// follow.
type noteForm string

// keyHash is the length of what stands before a signature.
const keyHash = 4

// splitNote takes a note apart; false for what is no note over the size and the root.
func splitNote(note []byte, size uint64, root []byte) (form noteForm, rest []byte, ok bool) {
	origin, after, found := strings.Cut(string(note), "\n")
	signed, found2 := strings.CutPrefix(after, strconv.FormatUint(size, 10)+"\n"+base64.StdEncoding.EncodeToString(root)+"\n\n")
	if !found || !found2 {
		return "", nil, false
	}
	var s strings.Builder
	s.WriteString(origin)
	for line := range strings.Lines(signed) {
		line, ok := strings.CutSuffix(line, "\n")
		at := strings.LastIndexByte(line, ' ')
		if !ok || at < 0 {
			return "", nil, false
		}
		sig, err := base64.StdEncoding.DecodeString(line[at+1:])
		if err != nil || len(sig) < keyHash {
			return "", nil, false
		}
		s.WriteString("\n" + line[:at+1] + hex.EncodeToString(sig[:keyHash]) + " " + strconv.Itoa(len(sig)-keyHash))
		rest = append(rest, sig[keyHash:]...)
	}
	form = noteForm(s.String())
	again, ok := form.note(rest, size, root)
	return form, rest, ok && bytes.Equal(again, note)
}

// note puts a note together again; false if the parts do not fit.
func (f noteForm) note(rest []byte, size uint64, root []byte) ([]byte, bool) {
	origin, lines, _ := strings.Cut(string(f), "\n")
	b := make([]byte, 0, 2*len(f)+2*len(rest)+64)
	b = append(append(b, origin...), '\n')
	b = append(strconv.AppendUint(b, size, 10), '\n')
	b = append(base64.StdEncoding.AppendEncode(b, root), "\n\n"...)
	for line := range strings.SplitSeq(lines, "\n") {
		at := strings.LastIndexByte(line, ' ')
		n, err := strconv.Atoi(line[at+1:])
		hash := strings.LastIndexByte(line[:max(at, 0)], ' ') + 1
		if at < 0 || hash == 0 || err != nil || n < 0 || n > len(rest) {
			return nil, false
		}
		sig, err := hex.AppendDecode(make([]byte, 0, keyHash+n), []byte(line[hash:at]))
		if err != nil {
			return nil, false
		}
		b = append(b, line[:hash]...)
		b = append(base64.StdEncoding.AppendEncode(b, append(sig, rest[:n]...)), '\n')
		rest = rest[n:]
	}
	return b, len(rest) == 0
}

// packHead returns what the row of the newest entry keeps of a head.
func (t *tx) packHead(h driver.Head, row *driver.Row, derived bool) ([]byte, error) {
	b := make([]byte, 1, 160)
	b = binary.AppendUvarint(b, h.Epoch)
	b = append(b, h.Root[:]...)
	if later := micros(h.Recorded) - micros(row.Recorded); later != 0 {
		b[0] |= flagLater
		b = binary.AppendVarint(b, later)
	}
	if !derived {
		b[0] |= flagEdge
		b = append(binary.AppendUvarint(b, uint64(len(h.Edge))), h.Edge...)
	}
	form, rest, ok := splitNote(h.Note, h.Size, h.Root[:])
	if !ok {
		return append(binary.AppendUvarint(b, 0), h.Note...), nil
	}
	number, err := t.form(form)
	return append(binary.AppendUvarint(b, uint64(number)), rest...), err
}

// unpackHead reads a head back. The edge is nil where it is made of nodes.
func (r *reader) unpackHead(b []byte, size uint64, recorded int64) (h driver.Head, err error) {
	if len(b) == 0 || b[0] > flagEdge|flagLater {
		return h, driver.ErrCorrupt
	}
	rest, bad := b[1:], false
	number := func() uint64 {
		n, used := binary.Uvarint(rest)
		bad, rest = bad || used <= 0, rest[max(used, 0):]
		return n
	}
	h.Size, h.Epoch = size, number()
	if bad || len(rest) < driver.HashSize {
		return h, driver.ErrCorrupt
	}
	rest = rest[copy(h.Root[:], rest):]
	var later int64
	if b[0]&flagLater != 0 {
		var used int
		if later, used = binary.Varint(rest); used <= 0 {
			return h, driver.ErrCorrupt
		}
		rest = rest[used:]
	}
	h.Recorded = time.UnixMicro(recorded + later).UTC()
	if b[0]&flagEdge != 0 {
		n := number()
		if bad || n > uint64(len(rest)) {
			return h, driver.ErrCorrupt
		}
		h.Edge, rest = append([]byte{}, rest[:n]...), rest[n:]
	}
	form := number()
	switch {
	case bad || form > 1<<62:
		return h, driver.ErrCorrupt
	case form == 0:
		h.Note = append([]byte{}, rest...)
		return h, nil
	}
	text, err := r.formText(int64(form))
	if err != nil {
		return h, err
	}
	note, ok := text.note(rest, size, h.Root[:])
	if !ok {
		return h, driver.ErrCorrupt
	}
	h.Note = note
	return h, nil
}

// Head returns a head of the ledger; see driver.Reader.
func (r *reader) Head(size uint64) (driver.Head, error) {
	if err := r.check(); err != nil {
		return driver.Head{}, err
	}
	if r.tenant == 0 || size > entryMask {
		return driver.Head{}, driver.ErrNotFound
	}
	first, last := r.tenant<<entryShift, r.tenant<<entryShift|entryMask
	if size > 0 {
		first += int64(size - 1)
		last = first
	}
	var n, recorded int64
	var packed []byte
	err := r.row(`SELECT n, recorded, head FROM smp_entry WHERE n BETWEEN ?1 AND ?2 ORDER BY n DESC LIMIT 1`, first, last).Scan(&n, &recorded, &packed)
	switch {
	case err != nil:
		return driver.Head{}, fault("read", err)
	case packed == nil && size > 0:
		return driver.Head{}, driver.ErrNotFound
	}
	h, err := r.unpackHead(packed, uint64(n&entryMask)+1, recorded)
	if err == nil && size == 0 && h.Edge == nil {
		h.Edge, err = r.edge(h)
	}
	if err != nil {
		return driver.Head{}, err
	}
	return h, nil
}

// edge makes the edge of a head of nodes, or remembers it.
func (r *reader) edge(h driver.Head) ([]byte, error) {
	if known, ok := r.b.edgeOf(r.name); ok && known.size == h.Size && known.root == h.Root {
		return slices.Clone(known.bytes), nil
	}
	hashes, err := r.Nodes(edgeNodes(h.Size))
	if errors.Is(err, driver.ErrNotFound) {
		return nil, nil // a head without an edge; whoever verifies says which node is missing, and nobody appends to it
	}
	if err != nil {
		return nil, err
	}
	edge := make([]byte, 0, len(hashes)*driver.HashSize)
	for _, hash := range hashes {
		edge = append(edge, hash[:]...)
	}
	r.b.keepEdge(r.name, knownEdge{h.Size, h.Root, edge})
	return slices.Clone(edge), nil
}

// edgeNodes returns the nodes at the right edge of a tree, from left to right.
func edgeNodes(size uint64) []uint64 {
	ids := make([]uint64, 0, bits.OnesCount64(size))
	for level := 63; level >= 0; level-- {
		if size>>level&1 == 1 {
			ids = append(ids, driver.NodeID(level, size>>level-1))
		}
	}
	return ids
}

// derivesEdge reports whether an edge follows from that of the head before and from the nodes that are added.
func derivesEdge(before driver.Head, nodes []driver.Node, h driver.Head) bool {
	ids, old := edgeNodes(h.Size), edgeNodes(before.Size)
	if len(h.Edge) != len(ids)*driver.HashSize || len(before.Edge) != len(old)*driver.HashSize {
		return false
	}
	for i, id := range ids {
		want := h.Edge[i*driver.HashSize:][:driver.HashSize]
		if at, found := slices.BinarySearchFunc(nodes, driver.Node{ID: id}, byID); found {
			if !bytes.Equal(nodes[at].Hash[:], want) {
				return false
			}
		} else if i >= len(old) || old[i] != id || !bytes.Equal(before.Edge[i*driver.HashSize:][:driver.HashSize], want) {
			return false
		}
	}
	return true
}

// form returns the number of a form and gives it one if it has none.
func (t *tx) form(text noteForm) (number int64, err error) {
	if number = t.b.formOf(text); number != 0 {
		return number, nil
	}
	if number = t.forms[text]; number != 0 {
		return number, nil
	}
	err = t.row(`SELECT id FROM smp_form WHERE text = ?1`, string(text)).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		if err = t.row(`SELECT coalesce(max(id), 0) + 1 FROM smp_form`).Scan(&number); err == nil {
			_, err = t.exec(`INSERT INTO smp_form (id, text) VALUES (?1, ?2)`, number, string(text))
		}
	}
	if err != nil {
		return 0, fault("write", err)
	}
	if t.forms == nil {
		t.forms = map[noteForm]int64{}
	}
	t.forms[text] = number
	return number, nil
}

func (r *reader) formText(number int64) (noteForm, error) {
	if text, ok := r.b.textOf(number); ok {
		return text, nil
	}
	var text string
	err := r.row(`SELECT text FROM smp_form WHERE id = ?1`, number).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", driver.ErrCorrupt
	}
	if err != nil {
		return "", fault("read", err)
	}
	if !r.joined {
		r.b.learn(map[noteForm]int64{noteForm(text): number})
	}
	return noteForm(text), nil
}
