package sqlpush

import (
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// dormant adds the search for pauses: of actors who have one, the first and the last success of every day. What lies
// between them on a day says nothing of a pause of a day or more; without the days between two pauses the detector would
// take them for a third.
func (b *builder) dormant(about detect.Description) (string, error) {
	days, err := whole(about, "days")
	if err != nil {
		return "", err
	}
	const day = 24 * 60 * 60 * 1_000_000
	ordered := "ORDER BY recorded, " + b.dialect.Bytewise("id")
	backward := "ORDER BY recorded DESC, " + b.dialect.Bytewise("id") + " DESC"
	daily := "PARTITION BY actor, recorded - recorded % " + b.number(day) + ", CASE WHEN recorded < 0 THEN 1 ELSE 0 END "
	again := "PARTITION BY actor, recorded - recorded % " + b.number(day) + ", CASE WHEN recorded < 0 THEN 1 ELSE 0 END "
	b.with("acts", "%s",
		"SELECT a.*, CASE WHEN recorded - LAG(recorded) OVER (PARTITION BY actor "+ordered+") >= "+b.number(days*day)+
			" THEN 1 ELSE 0 END AS late FROM log a WHERE outcome = 'success' AND recorded IS NOT NULL AND actor <> ''")
	b.with("sleepers", "%s", "SELECT a.*, MAX(late) OVER (PARTITION BY actor) AS slept, ROW_NUMBER() OVER ("+daily+ordered+") AS head, ROW_NUMBER() OVER ("+again+backward+") AS tail FROM acts a")
	return b.query("SELECT %s FROM sleepers m WHERE slept = 1 AND (head = 1 OR tail = 1) ORDER BY %s", names("m."), b.order("m.")), nil
}
