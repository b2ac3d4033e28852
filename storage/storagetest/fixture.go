package storagetest

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// noon is when the first row of most tests is recorded.
var noon = time.Date(2026, 2, 3, 12, 0, 0, 123456000, time.UTC)

// doc is a document to write. Its version is the next one unless it says otherwise.
type doc struct {
	kind, id string
	body     string
	reason   string
	key      string
	gone     bool
	at       time.Time
	keep     hipaasmp.Date
	version  uint64
}

func d(id string) doc { return doc{kind: "test.thing", id: id, body: `{"id":"` + id + `"}`} }

func (x doc) with(body string) doc        { x.body = body; return x }
func (x doc) keeping(through string) doc  { x.keep = dayOf(through); return x }
func (x doc) recorded(at time.Time) doc   { x.at = at; return x }
func (x doc) of(kind string) doc          { x.kind = kind; return x }
func (x doc) numbered(version uint64) doc { x.version = version; return x }
func (x doc) because(reason string) doc   { x.reason = reason; return x }
func (x doc) sealed(key string) doc       { x.key = key; return x }
func (x doc) without() doc                { x.gone = true; return x }
func newestVersion(tx driver.Reader, x doc) (uint64, error) {
	row, err := tx.Get(x.kind, x.id, 0)
	if errors.Is(err, driver.ErrNotFound) {
		return 0, nil
	}
	return row.Version, err
}

// batch is what one Append takes.
type batch struct {
	rows  []driver.Row
	nodes []driver.Node
	head  driver.Head
}

// put appends documents as package storage does.
func put(tx driver.Tx, docs ...doc) error {
	b, err := prepare(tx, docs...)
	if err != nil {
		return err
	}
	return tx.Append(b.rows, b.nodes, b.head)
}

// prepare builds the rows, the nodes and the head that follow on what is there.
func prepare(tx driver.Tx, docs ...doc) (batch, error) {
	head, err := tx.Head(0)
	if errors.Is(err, driver.ErrNotFound) {
		head = driver.Head{Epoch: 1, Recorded: noon}
	} else if err != nil {
		return batch{}, err
	}
	out := batch{head: head}
	versions := map[[2]string]uint64{}
	fresh := map[int64]tlog.Hash{}
	read := tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(ids))
		for i, id := range ids {
			if h, ok := fresh[id]; ok {
				hashes[i] = h
				continue
			}
			got, err := tx.Nodes([]uint64{uint64(id)})
			if err != nil {
				return nil, err
			}
			hashes[i] = got[0]
		}
		return hashes, nil
	})
	for i, x := range docs {
		k := [2]string{x.kind, x.id}
		if _, ok := versions[k]; !ok {
			if versions[k], err = newestVersion(tx, x); err != nil {
				return batch{}, err
			}
		}
		versions[k]++
		if x.version == 0 {
			x.version = versions[k]
		}
		if x.at.IsZero() {
			x.at = out.head.Recorded
		}
		seq := head.Size + uint64(i)
		salt := sha256.Sum256([]byte(fmt.Sprint("salt", seq)))
		envelope := fmt.Appendf(nil, "%s\x00%s\x00%d\x00%d\xff", x.kind, x.id, x.version, seq)
		row := driver.Row{Kind: x.kind, ID: x.id, Version: x.version, Seq: seq, Recorded: x.at, KeepThrough: x.keep,
			Envelope: envelope, Leaf: tlog.RecordHash(envelope), Body: []byte(x.body), Salt: salt[:], Reason: x.reason}
		if x.key != "" {
			row.Key = []byte(x.key)
		}
		if x.gone {
			row.Body = nil
		}
		out.rows = append(out.rows, row)
		out.head.Recorded = x.at
		hashes, err := tlog.StoredHashesForRecordHash(int64(seq), row.Leaf, read)
		if err != nil {
			return batch{}, err
		}
		for level, h := range hashes {
			id := tlog.StoredHashIndex(level, int64(seq)>>level)
			fresh[id] = h
			out.nodes = append(out.nodes, driver.Node{ID: uint64(id), Hash: h})
		}
	}
	out.head.Size = head.Size + uint64(len(docs))
	root, err := tlog.TreeHash(int64(out.head.Size), read)
	if err != nil {
		return batch{}, err
	}
	out.head.Root = root
	out.head.Edge = fmt.Appendf(nil, "edge of %d", out.head.Size)
	out.head.Note = fmt.Appendf(nil, "note of %d\n\n— é\n", out.head.Size)
	return out, nil
}

// ids lists the identities of rows.
func ids(rows []driver.Row) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out
}

// scanAll reads a whole scan in pages of the query's limit.
func scanAll(r driver.Reader, q driver.Query) ([]driver.Row, error) {
	var out []driver.Row
	for {
		rows, err := r.Scan(q)
		if err != nil || len(rows) == 0 {
			return out, err
		}
		last := rows[len(rows)-1]
		if cmp.Or(cmp.Compare(last.Kind, q.AfterKind), cmp.Compare(last.ID, q.AfterID)) <= 0 {
			return out, errors.New("the scan does not end: its pages do not move on")
		}
		out = append(out, rows...)
		q.AfterKind, q.AfterID = last.Kind, last.ID
	}
}

// dayOf is the day of a constant of these tests; what is no day is none, and no expectation holds of it.
func dayOf(text string) hipaasmp.Date {
	d, err := hipaasmp.ParseDate(text)
	if err != nil {
		return hipaasmp.Date{}
	}
	return d
}
