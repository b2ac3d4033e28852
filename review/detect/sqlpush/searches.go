package sqlpush

import (
	"fmt"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// fishing adds the search for searches: all of them, because what is usual follows from those of all, and of the openings
// of records one a minute that follows a search of the same actor, in its minute or in one of the two after.
func (b *builder) fishing(d detect.Fishing) (string, error) {
	const minute = 60_000_000
	// The start of the minute, of times before 1970 too.
	start := fmt.Sprintf("recorded - %s", rest("recorded", minute))
	b.with("acts", "SELECT a.*, CASE WHEN action = 'search' THEN 1 ELSE 0 END AS sought, %s AS minute_of FROM log a WHERE a.recorded IS NOT NULL AND a.actor <> '' AND "+
		"(a.action = 'search' OR (a.action IN ('read', 'update', 'create', 'print', 'export', 'override') AND a.patient <> '' AND a.outcome = 'success'))", start)
	b.with("after_search", "SELECT a.*, MAX(CASE WHEN sought = 1 THEN minute_of END) OVER (PARTITION BY actor ORDER BY minute_of) AS searched, ROW_NUMBER() OVER (PARTITION BY actor, minute_of, sought ORDER BY recorded, %s) AS nth FROM acts a", b.dialect.Bytewise("id"))
	b.with("followed", "SELECT * FROM after_search a WHERE a.sought = 1 OR (a.nth = 1 AND a.minute_of - a.searched <= %d)", 2*minute)
	p, ok := d.People.(People)
	if !ok {
		return b.query("SELECT %s FROM followed m ORDER BY %s", names("m."), b.order("m.")), nil
	}
	if err := b.people(p); err != nil {
		return "", err
	}
	b.whom("acted", "followed", "1 = 1", false)
	return b.answer("acted", factPerson, factRole), nil
}
