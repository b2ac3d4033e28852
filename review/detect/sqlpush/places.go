package sqlpush

import (
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// twoPlaces adds the search for accounts at two places at once. Where an origin lies, and how far places are apart, is no
// question for a database: the longest prefix of an address, and a great circle. Both are asked in the process of what
// comes back: of every account with several origins, the first and the last entry of every origin in every stretch of time
// as long as the shortest way. Two entries of one stretch are nearer to each other than that, so that a stay goes from the
// same first entry to the same last one without those between. The days of the zone are those of what comes back, so that
// a statement is the same for every zone and the database need know none.
func (b *builder) twoPlaces(d detect.TwoPlaces, about detect.Description) (string, error) {
	if d.Places == nil {
		return "", &RenderError{Why: "it knows no places; give those that detect.ReadPlaces reads"}
	}
	site, err := span(about, "site")
	if err != nil {
		return "", err
	}
	stretch := max(site, 1)
	b.with("stood", "SELECT a.*, a.recorded - %s AS stretch FROM log a WHERE a.outcome IN ('success', 'unknown') AND a.recorded IS NOT NULL AND a.actor <> '' AND (a.host <> '' OR a.addr <> '')", rest("a.recorded", stretch))
	of, id := "PARTITION BY actor, host, addr, stretch ORDER BY recorded", b.dialect.Bytewise("id")
	b.with("ranked", "SELECT a.*, ROW_NUMBER() OVER (%[1]s, %[2]s) AS head, ROW_NUMBER() OVER (%[1]s DESC, %[2]s DESC) AS tail, MIN(host) OVER (PARTITION BY actor) AS least_host, MAX(host) OVER (PARTITION BY actor) AS most_host, "+
		"MIN(addr) OVER (PARTITION BY actor) AS least_addr, MAX(addr) OVER (PARTITION BY actor) AS most_addr FROM stood a", of, id)
	return b.query("SELECT %s FROM ranked m WHERE (m.head = 1 OR m.tail = 1) AND (m.least_host <> m.most_host OR m.least_addr <> m.most_addr) ORDER BY %s", names("m."), b.order("m.")), nil
}
