package postgres

import (
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Roles names the database roles that use a store beside its owner. An empty name leaves that role out.
type Roles struct {
	// Writer adds records, holds and retention. It cannot change or remove what was written.
	Writer string
	// Disposer does what Writer does and may also remove content, which is what a disposal is.
	Disposer string
	// Reader reads.
	Reader string
}

// The tables by what a writer may do with them.
var (
	addedTo  = []string{"entry", "content", "content_key", "node", "checkpoint", "hold", "hold_scope", "hold_release", "retention_floor"}
	allTable = append([]string{"head", "disposal", "layout"}, addedTo...)
)

// Grants returns the statements that give the roles what they need in a schema and nothing more, for the owner to
// read and to run. The roles must exist and must not be members of the owner. The statements are idempotent. An
// unusable name gives an [*OpenError] that matches driver.ErrUnsupported.
func (r Roles) Grants(schema string) ([]string, error) {
	opts, err := (&Options{Schema: schema}).withDefaults()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{r.Writer, r.Disposer, r.Reader} {
		if len(name) > 63 || !storable(name) {
			return nil, &OpenError{Kind: driver.ErrUnsupported, Reason: "the name of a role must be a text of at most 63 bytes"}
		}
	}
	in := func(tables ...string) string {
		quoted := make([]string, len(tables))
		for i, t := range tables {
			quoted[i] = pgx.Identifier{opts.Schema}.Sanitize() + "." + t
		}
		return strings.Join(quoted, ", ")
	}
	out := []string{"REVOKE ALL ON SCHEMA " + pgx.Identifier{opts.Schema}.Sanitize() + " FROM PUBLIC", "REVOKE ALL ON " + in(allTable...) + " FROM PUBLIC"}
	grant := func(role string, what ...string) {
		if role == "" {
			return
		}
		to := " TO " + pgx.Identifier{role}.Sanitize()
		out = append(out, "GRANT USAGE ON SCHEMA "+pgx.Identifier{opts.Schema}.Sanitize()+to, "GRANT SELECT ON "+in(allTable...)+to)
		for _, w := range what {
			out = append(out, w+to)
		}
	}
	writes := []string{"GRANT INSERT ON " + in(append([]string{"head"}, addedTo...)...), "GRANT UPDATE (size, edge) ON " + in("head")}
	grant(r.Writer, writes...)
	grant(r.Disposer, append(writes, "GRANT INSERT ON "+in("disposal"), "GRANT DELETE ON "+in("content", "content_key"))...)
	grant(r.Reader)
	return out, nil
}
