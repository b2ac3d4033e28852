package sqlpush

import (
	"fmt"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// The statements on log-ins carry each entry along and add columns to it by window functions. They never look up an entry
// among others: where a database misjudges how many there are, as it does behind expressions, such a look-up costs the
// square of them, and an attacker makes as many failures as he likes.

// place is where a log-in came from, as the detectors see it.
const place = "CASE WHEN addr <> '' THEN addr ELSE host END"

// logins adds the named query "attempts": attempts to log in, with their place and with bad = 1 for those that failed.
func (b *builder) logins(outcomes ...activity.Outcome) {
	var list []string
	for _, o := range outcomes {
		list = append(list, "'"+string(o)+"'")
	}
	b.marks("attempt_marks", "log", fmt.Sprintf("action = '%s' AND recorded IS NOT NULL AND outcome IN (%s)", activity.ActionLogin, strings.Join(list, ", ")))
	b.with("attempts", "SELECT m.*, %s AS place, CASE WHEN outcome = '%s' THEN 0 ELSE 1 END AS bad FROM attempt_marks m", place, activity.OutcomeSuccess)
}

// keys are what bursts are sought by.
func keys() []string { return []string{"actor", "place"} }

// bursts adds the named query "burst": the attempts with two columns for each key. key_point is 1 for a failure whose
// (k-1)th earlier one of the same key is at most the window old, and key_member for the failures of the windows that end
// in one.
func (b *builder) bursts(k, window int64) {
	points, members := "", ""
	for _, key := range keys() {
		ordered := fmt.Sprintf("PARTITION BY bad, %s ORDER BY recorded, %s", key, b.dialect.Bytewise("id"))
		points += fmt.Sprintf(", CASE WHEN bad = 1 AND %[1]s <> '' AND recorded - LAG(recorded, %[2]d) OVER (%[3]s) <= %[4]s THEN 1 ELSE 0 END AS %[1]s_point",
			key, k-1, ordered, b.number(window))
		members += fmt.Sprintf(", MAX(%[1]s_point) OVER (%[2]s ROWS BETWEEN CURRENT ROW AND %[3]d FOLLOWING) AS %[1]s_member", key, ordered, k-1)
	}
	b.with("points", "SELECT a.*%s FROM attempts a", points)
	b.with("burst", "SELECT p.*%s FROM points p", members)
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
	b.logins(activity.OutcomeFailure, activity.OutcomeDenied)
	b.bursts(k, window)
	b.sprays(users, window)
	return b.query("SELECT %s FROM sprays m WHERE m.id <> '' AND (m.actor_member = 1 OR m.place_member = 1 OR m.crowd <= m.moment + %s) ORDER BY %s",
		names("m."), b.number(window), b.order("m.")), nil
}

// sprays adds the named query "sprays": the failures of "burst" with crowd, the first moment not before theirs at which
// so many users had failed from their place within the window.
//
// A user is at a place from each failure on for the window, or until the next failure of the same user there takes over.
// The sum of those who came less those who went is the number of users at every moment. Those who went are rows without
// an identity.
func (b *builder) sprays(users, window int64) {
	b.with("stays", "SELECT place, recorded, LEAD(recorded) OVER (PARTITION BY place, actor ORDER BY recorded, %s) AS next_one FROM burst WHERE place <> '' AND actor <> ''", b.dialect.Bytewise("id"))
	var gone []string
	for _, c := range Column("").Values() {
		if c == ColumnRecorded {
			gone = append(gone, "CAST(NULL AS BIGINT)")
		} else {
			gone = append(gone, "''")
		}
	}
	b.with("steps", "SELECT %s, place, actor_member, place_member, recorded AS moment, CASE WHEN actor <> '' THEN 1 ELSE 0 END AS step FROM burst "+
		"UNION ALL SELECT %s, place, 0, 0, CASE WHEN next_one <= recorded + %s THEN next_one ELSE recorded + %s + 1 END, -1 FROM stays",
		names(""), strings.Join(gone, ", "), b.number(window), b.number(window))
	b.with("present", "SELECT s.*, SUM(step) OVER (PARTITION BY place ORDER BY moment) AS users FROM steps s")
	b.with("sprays", "SELECT p.*, MIN(CASE WHEN id <> '' AND place <> '' AND users >= %s THEN moment END) OVER (PARTITION BY place ORDER BY moment DESC) AS crowd FROM present p", b.number(users))
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
	// An entry may have been delivered as failed and as successful; it is one, the earlier, before the two are told apart.
	b.logins(activity.OutcomeFailure, activity.OutcomeDenied, activity.OutcomeSuccess)
	b.bursts(k, window)
	last, after, followed := "", "", ""
	var told []string
	for _, key := range keys() {
		last += fmt.Sprintf(", MAX(CASE WHEN %[1]s_point = 1 THEN recorded END) OVER (PARTITION BY %[1]s ORDER BY recorded) AS %[1]s_last", key)
		after += fmt.Sprintf(", CASE WHEN bad = 0 AND %[1]s <> '' AND recorded <= %[1]s_last + %[2]s THEN 1 ELSE 0 END AS %[1]s_after", key, b.number(within))
		followed += fmt.Sprintf(", MAX(%[1]s_after) OVER (PARTITION BY %[1]s) AS %[1]s_followed", key)
		told = append(told, fmt.Sprintf("m.%[1]s_after = 1 OR (m.%[1]s_member = 1 AND m.%[1]s_followed = 1)", key))
	}
	b.with("last_points", "SELECT b.*%s FROM burst b", last)
	b.with("later", "SELECT l.*%s FROM last_points l", after)
	b.with("followed", "SELECT f.*%s FROM later f", followed)
	return b.query("SELECT %s FROM followed m WHERE %s ORDER BY %s", names("m."), strings.Join(told, " OR "), b.order("m.")), nil
}
