package sqlpush

import (
	"strings"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// sharedAccount adds the search for accounts that several people use. Of an account with a generic name the first and the
// last entry of every day are sent: what lies between on a day does not part its stretches of use. Of an account with
// sessions at the same time, and with more than one machine, those sessions: the first and the last entry, and the first on
// every machine.
func (b *builder) sharedAccount(d detect.SharedAccount) string {
	generic := d.Generic
	if generic == nil {
		generic = detect.GenericNames()
	}
	list := []string{"''"}
	for _, name := range generic {
		list = append(list, b.text(strings.ToLower(name)))
	}
	ordered, backward := "ORDER BY recorded, "+b.dialect.Bytewise("id"), "ORDER BY recorded DESC, "+b.dialect.Bytewise("id")+" DESC"
	daily := "PARTITION BY actor, recorded - recorded % 86400000000, CASE WHEN recorded < 0 THEN 1 ELSE 0 END "
	account := "LOWER(RTRIM(actor, '0123456789-_'))"
	b.with("uses", "SELECT a.*, %s AS account, CASE WHEN session <> '' THEN CASE WHEN host <> '' THEN host ELSE addr END ELSE '' END AS machine FROM log a WHERE a.outcome = 'success' AND a.recorded IS NOT NULL AND a.actor <> ''", account)
	b.with("days", "%s", "SELECT a.*, ROW_NUMBER() OVER ("+daily+ordered+") AS head, ROW_NUMBER() OVER ("+daily+backward+") AS tail FROM uses a WHERE a.account <> '' AND a.account IN ("+strings.Join(list, ", ")+")")
	b.with("ranked", "%s", "SELECT a.*, ROW_NUMBER() OVER (PARTITION BY actor, session "+ordered+") AS head, ROW_NUMBER() OVER (PARTITION BY actor, session "+backward+") AS tail, ROW_NUMBER() OVER (PARTITION BY actor, session, machine "+ordered+") AS first_there, "+
		"MIN(recorded) OVER (PARTITION BY actor, session) AS begun, MAX(recorded) OVER (PARTITION BY actor, session) AS done, MIN(machine) OVER (PARTITION BY actor) AS least, MAX(machine) OVER (PARTITION BY actor) AS most FROM uses a WHERE machine <> ''")
	// In the order in which sessions begin, by identity of their first entries where they begin at once, a session runs
	// beside another where one before it is not done when it begins, or the next begins before it is done. Only its first entry stands for it.
	b.with("heads", "SELECT actor, session, begun, done, MAX(done) OVER (PARTITION BY actor ORDER BY begun, %[1]s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until, "+
		"LEAD(begun) OVER (PARTITION BY actor ORDER BY begun, %[1]s) AS next_begun FROM ranked WHERE head = 1 AND least <> most", b.dialect.Bytewise("id"))
	b.with("beside", "SELECT actor AS other_actor, session AS other_session FROM heads WHERE busy_until > begun OR next_begun < done")
	b.with("marks", "SELECT %s FROM days WHERE head = 1 OR tail = 1 UNION SELECT %s FROM ranked a JOIN beside h ON h.other_actor = a.actor AND h.other_session = a.session WHERE a.head = 1 OR a.tail = 1 OR a.first_there = 1", names(""), names("a."))
	return b.query("SELECT %s FROM marks m ORDER BY %s", names("m."), b.order("m."))
}
