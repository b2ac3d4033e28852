package sqlpush

import (
	"fmt"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// place is where a log-in came from, as the detectors see it.
const place = "CASE WHEN addr <> '' THEN addr ELSE host END"

// bursts adds, for a key of the failures in "failed", the named queries key_points (failures whose (k-1)th earlier one of
// the same key is at most the window old) and key_members (the failures of the windows that end in one).
func (b *builder) bursts(key string, k int64, window string) {
	ordered := fmt.Sprintf("PARTITION BY %s ORDER BY recorded, %s", key, b.dialect.Bytewise("id"))
	b.with(key+"_full", "SELECT id, recorded, %[1]s, CASE WHEN recorded - LAG(recorded, %[2]d) OVER (%[3]s) <= %[4]s THEN 1 ELSE 0 END AS full_here FROM failed WHERE %[1]s <> ''",
		key, k-1, ordered, window)
	b.with(key+"_points", "SELECT id, recorded, %s FROM %s_full WHERE full_here = 1", key, key)
	b.with(key+"_members", "SELECT id, %[1]s FROM (SELECT id, %[1]s, MAX(full_here) OVER (%[2]s ROWS BETWEEN CURRENT ROW AND %[3]d FOLLOWING) AS member FROM %[1]s_full) AS w WHERE member = 1",
		key, ordered, k-1)
}

// logins adds a named query of attempts to log in, with their place.
func (b *builder) logins(name, condition string) {
	b.marks(name+"_marks", "log", condition)
	b.with(name, "SELECT %s, %s AS place FROM %s_marks", names(""), place, name)
}

func (b *builder) failedLogins(about detect.Description) (string, error) {
	k, err := whole(about, "failures")
	if err != nil {
		return "", err
	}
	window, err := span(about, "window")
	if err != nil {
		return "", err
	}
	users, err := whole(about, "users")
	if err != nil {
		return "", err
	}
	b.logins("failed", attempts(activity.OutcomeFailure, activity.OutcomeDenied))
	b.bursts("actor", k, b.number(window))
	b.bursts("place", k, b.number(window))
	// A spray ends at a failure before which, within the window, so many users failed from the place. Only places from
	// which so many ever failed are looked at one failure against the others.
	b.with("crowded", "SELECT place FROM failed WHERE place <> '' AND actor <> '' GROUP BY place HAVING COUNT(DISTINCT actor) >= %s", b.number(users))
	b.with("spray_points", "SELECT m.place, m.recorded FROM failed m JOIN failed x ON x.place = m.place AND x.recorded <= m.recorded AND x.recorded >= m.recorded - %s AND x.actor <> '' WHERE m.place IN (SELECT place FROM crowded) GROUP BY m.id, m.place, m.recorded HAVING COUNT(DISTINCT x.actor) >= %s",
		b.number(window), b.number(users))
	b.with("spray_members", "SELECT f.id FROM failed f JOIN spray_points p ON p.place = f.place AND f.recorded <= p.recorded AND f.recorded >= p.recorded - %s", b.number(window))
	b.with("told", "SELECT id FROM actor_members UNION SELECT id FROM place_members UNION SELECT id FROM spray_members")
	return b.query("SELECT %s FROM failed m WHERE m.id IN (SELECT id FROM told) ORDER BY %s", names("m."), b.order("m.")), nil
}

func (b *builder) afterFailures(about detect.Description) (string, error) {
	k, err := whole(about, "failures")
	if err != nil {
		return "", err
	}
	window, err := span(about, "window")
	if err != nil {
		return "", err
	}
	within, err := span(about, "within")
	if err != nil {
		return "", err
	}
	// One entry may be told as failed and as successful; it is one, the earlier, before the two are told apart.
	b.logins("attempts", attempts(activity.OutcomeFailure, activity.OutcomeDenied, activity.OutcomeSuccess))
	b.with("failed", "SELECT * FROM attempts WHERE outcome <> 'success'")
	b.with("succeeded", "SELECT * FROM attempts WHERE outcome = 'success'")
	told := ""
	for _, key := range []string{"actor", "place"} {
		b.bursts(key, k, b.number(window))
		b.with(key+"_after", "SELECT s.id, s.%[1]s FROM succeeded s JOIN %[1]s_points p ON p.%[1]s = s.%[1]s AND s.recorded >= p.recorded AND s.recorded <= p.recorded + %[2]s", key, b.number(within))
		if told != "" {
			told += " UNION "
		}
		told += fmt.Sprintf("SELECT id FROM %[1]s_after UNION SELECT id FROM %[1]s_members WHERE %[1]s IN (SELECT %[1]s FROM %[1]s_after)", key)
	}
	b.with("told", "%s", told)
	return b.query("SELECT %s FROM attempts m WHERE m.id IN (SELECT id FROM told) ORDER BY %s", names("m."), b.order("m.")), nil
}
