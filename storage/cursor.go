package storage

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Cursor is a position in a list, as opaque text that is safe in a URL. It belongs to one tenant, kind and instant;
// with another it is refused with a [*CursorError]. It names documents and holds no content.
type Cursor string

// Page is a part of a list.
type Page struct {
	// Entries are at most Limit documents.
	Entries []Entry
	// Next continues the list; empty at its end.
	Next Cursor
}

// Page returns one page of [Store.List] and the cursor of the next. A query without Limit gets pages of 256.
func (s *Store) Page(ctx context.Context, tenant string, q Query) (Page, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = pageSize
	}
	q.Limit = limit + 1 // one more, to know whether there is a next page
	var p Page
	for e, err := range s.List(ctx, tenant, q) {
		if err != nil {
			return Page{}, err
		}
		if len(p.Entries) == limit {
			last := p.Entries[limit-1]
			p.Next = q.cursor(tenant, docKey{string(last.Kind), last.ID})
			break
		}
		p.Entries = append(p.Entries, e)
	}
	return p, nil
}

// CursorError says why a cursor was refused.
type CursorError struct {
	// Reason says what is wrong with it.
	Reason string
}

func (e *CursorError) Error() string {
	return "storage: the cursor " + e.Reason + "; begin the list again without one"
}

// A cursor is base64 of: format, kind and id of the last document, and the first bytes of a digest over these and the
// query. The digest is no secret: a cursor that somebody makes up only names a place in a list that he may read anyway.
const (
	cursorFormat = "1"
	cursorSum    = 12
)

func (q Query) cursor(tenant string, at docKey) Cursor {
	text := cursorFormat + "\n" + at.kind + "\n" + at.id + "\n"
	sum := q.cursorDigest(tenant, text)
	return Cursor(base64.RawURLEncoding.EncodeToString(append([]byte(text), sum...)))
}

func (q Query) cursorDigest(tenant, text string) []byte {
	asOf := ""
	if !q.AsOf.IsZero() {
		asOf = strconv.FormatInt(hipaasmp.Instant(q.AsOf).UnixMicro(), 10)
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{tenant, string(q.Kind), asOf, text}, "\n")))
	return sum[:cursorSum]
}

// position reads the query's cursor.
func (q Query) position(tenant string) (docKey, error) {
	if q.After == "" {
		return docKey{}, nil
	}
	const longest = 512
	if len(q.After) > longest {
		return docKey{}, &CursorError{"is too long"}
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(q.After))
	if err != nil || len(raw) < cursorSum {
		return docKey{}, &CursorError{"is not one of this store's"}
	}
	text, sum := string(raw[:len(raw)-cursorSum]), raw[len(raw)-cursorSum:]
	parts := strings.Split(text, "\n")
	switch {
	case len(parts) != 4 || parts[0] != cursorFormat || parts[3] != "":
		return docKey{}, &CursorError{"is not one of this version's"}
	case string(q.cursorDigest(tenant, text)) != string(sum):
		return docKey{}, &CursorError{"belongs to another list or was changed"}
	case !hipaasmp.ValidKind(hipaasmp.Kind(parts[1])) || !hipaasmp.ValidID(parts[2]):
		return docKey{}, &CursorError{"names no document"}
	}
	return docKey{parts[1], parts[2]}, nil
}
