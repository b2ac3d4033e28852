package postgres

import "github.com/hipaasmp/hipaasmp/storage/driver"

// The holds of a tenant with their scopes, and those that cover a document.
const (
	holdColumns = `SELECT h.matter, EXISTS (SELECT 1 FROM {s}.hold_release x WHERE x.tenant = h.tenant AND x.matter = h.matter), s.kind, s.id
		FROM {s}.hold h LEFT JOIN {s}.hold_scope s ON s.tenant = h.tenant AND s.matter = h.matter WHERE h.tenant = $1`
	covering = ` AND NOT EXISTS (SELECT 1 FROM {s}.hold_release x WHERE x.tenant = h.tenant AND x.matter = h.matter)
		AND (NOT EXISTS (SELECT 1 FROM {s}.hold_scope c WHERE c.tenant = h.tenant AND c.matter = h.matter)
			OR EXISTS (SELECT 1 FROM {s}.hold_scope c WHERE c.tenant = h.tenant AND c.matter = h.matter AND c.kind = $2 AND (c.id = '' OR c.id = $3)))`
	holdOrder = ` ORDER BY h.matter, s.n`
)

// Holds returns holds; see driver.Reader.
func (r *reader) Holds(kind, id string) ([]driver.Hold, error) {
	if err := r.check(); err != nil || !r.known || !storable(kind, id) {
		return nil, err
	}
	sql, args := holdColumns+holdOrder, []any{r.name}
	if kind != "" || id != "" {
		sql, args = holdColumns+covering+holdOrder, append(args, kind, id)
	}
	rows, err := r.query(sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []driver.Hold
	for rows.Next() {
		var h driver.Hold
		var kind, id *string
		if err := rows.Scan(&h.Matter, &h.Released, &kind, &id); err != nil {
			return nil, r.s.fault("read", err)
		}
		if n := len(out); n == 0 || out[n-1].Matter != h.Matter {
			out = append(out, h)
		}
		if kind != nil && id != nil {
			last := &out[len(out)-1]
			last.Scope = append(last.Scope, driver.Scope{Kind: *kind, ID: *id})
		}
	}
	return out, r.s.fault("read", rows.Err())
}
