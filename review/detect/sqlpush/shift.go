package sqlpush

import (
	"fmt"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

const microsOfDay = 24 * 60 * 60 * 1_000_000

// offset is the expression for what the clock of a zone is ahead of UTC at the time of an entry, in microseconds. A
// database need not know the zone: the changes of the period are told to it, or those up to the year 2100.
func (b *builder) offset(recorded string, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	at, until := b.table.From, b.table.Until
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	if until.IsZero() {
		until = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	var cases strings.Builder
	_, ahead := at.In(zone).Zone()
	for {
		_, next := at.In(zone).ZoneBounds()
		if next.IsZero() || !next.Before(until) {
			break
		}
		if !next.After(at) { // on the last day of some years after 2037 the bound is that of the year before
			next = at.Add(time.Hour)
		}
		if _, then := next.In(zone).Zone(); then != ahead {
			fmt.Fprintf(&cases, " WHEN %s < %s THEN %s", recorded, b.number(next.UnixMicro()), b.number(int64(ahead)*1_000_000))
			ahead = then
		}
		at = next
	}
	last := b.number(int64(ahead) * 1_000_000)
	if cases.Len() == 0 {
		return last
	}
	return "CASE" + cases.String() + " ELSE " + last + " END"
}

// rest is the rest of a division that is never less than 0.
func rest(expression string, divisor int64) string {
	return fmt.Sprintf("((%[1]s) %% %[2]d + %[2]d) %% %[2]d", expression, divisor)
}

// maxGrace is the longest grace that is rendered: a statement looks back one day for each.
const maxGrace = 72 * time.Hour

func (b *builder) afterHours(d detect.AfterHours, about detect.Description) (string, error) {
	p, err := tableOf[People](d.People, "people are")
	if err != nil {
		return "", err
	}
	grace, err := span(about, "grace")
	if err != nil {
		return "", err
	}
	if grace > int64(maxGrace/time.Microsecond) {
		return "", &RenderError{Why: fmt.Sprintf("its grace is longer than %s", maxGrace)}
	}
	grace -= grace % 60_000_000
	off := d.Calendar != nil
	if off {
		c, err := tableOf[Calendar](d.Calendar, "calendar is")
		if err != nil {
			return "", err
		}
		t := &described{b: b, clock: c.Clock, from: c.Name}
		b.with("holidays", "SELECT DISTINCT %s AS day, %s AS site FROM %s AS t", t.instant(c.Day), t.text(c.Site), t.name())
		if t.err != nil {
			return "", t.err
		}
	}
	if err := b.people(p); err != nil {
		return "", err
	}
	b.whom("acted", "log", "a.recorded IS NOT NULL AND a.action NOT IN ('login', 'logout')", true)
	b.with("walls", "SELECT a.*, a.recorded + %s AS wall FROM acted a WHERE %s", b.offset("a.recorded", d.Zone.Location), often("a.shift_minutes > 0"))
	// Minutes of the day, and days, in microseconds. What is looked at is the shift that began last before the minute, with
	// its grace; where shift and grace are longer than a day, also those of the days before.
	b.with("timed", "SELECT a.*, %s AS clock_time, a.wall - %s AS today FROM walls a", rest("a.wall - "+rest("a.wall", 60_000_000), microsOfDay), rest("a.wall", microsOfDay))
	b.with("into_shift", "SELECT a.*, a.clock_time - a.shift_start * 60000000 + %d AS ahead, a.shift_minutes * 60000000 + %d AS lasts FROM timed a", grace, 2*grace)
	b.with("begun", "SELECT a.*, %[1]s AS passed, a.today + a.ahead - %[1]s AS shift_day FROM into_shift a", rest("a.ahead", microsOfDay))
	days := int((microsOfDay+2*grace-1)/microsOfDay) + 1
	joins, free, within := "", "0", "1 = 0"
	for k := range days {
		day := fmt.Sprintf("(a.shift_day - %d)", int64(k)*microsOfDay)
		works := fmt.Sprintf("(%s)", weekdayIn(day, "a.shift_days"))
		if off {
			joins += fmt.Sprintf(" LEFT JOIN holidays h%[1]d ON h%[1]d.day = %[2]s AND h%[1]d.site = '' LEFT JOIN holidays s%[1]d ON s%[1]d.day = %[2]s AND s%[1]d.site = a.site", k, day)
			free += fmt.Sprintf(" + CASE WHEN COALESCE(h%[1]d.day, s%[1]d.day) IS NULL THEN 0 ELSE %[2]d END", k, int64(1)<<k)
			works += fmt.Sprintf(" AND COALESCE(h%[1]d.day, s%[1]d.day) IS NULL", k)
		}
		within += fmt.Sprintf(" OR (a.passed + %d < a.lasts AND (a.shift_days %% 128 = 0 OR %s))", int64(k)*microsOfDay, works)
	}
	b.with("outside", "SELECT a.*, %s AS off_days FROM begun a%s WHERE %s", free, joins, often("NOT ("+within+")"))
	return b.answer("outside", factPerson, factSite, factShiftStart, factShiftMinutes, factShiftDays, factShiftDay, factOff), nil
}

// weekdayIn is the condition that a day, in microseconds since 1970, is one of the days of a sum.
func weekdayIn(day, sum string) string {
	weekday := rest(day+fmt.Sprintf(" + %d", int64(4)*microsOfDay), 7*microsOfDay)
	cases := ""
	for d := range int64(7) {
		cases += fmt.Sprintf(" WHEN %d THEN %d", d*microsOfDay, 1<<d)
	}
	return fmt.Sprintf("(%s & CASE %s%s ELSE 0 END) > 0", sum, weekday, cases)
}
