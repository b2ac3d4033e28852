package inquiry

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// CalendarOptions say how an agenda becomes a calendar.
type CalendarOptions struct {
	// Stamp is when the calendar is made; a calendar program takes the entry with the later stamp. It must be given.
	Stamp time.Time
	// Origin tells the calendars of several entities apart, such as the origin of the ledger; empty is the identity of the
	// entity. The same origin and entry give the same UID.
	Origin string
}

// WriteICalendar writes the agenda as an iCalendar file (RFC 5545): one all-day event for each entry, on its day. A
// calendar program that subscribes to it, or reads it again, moves the events whose day has moved, because the UID of an
// entry is made from the origin and the entry's identity alone. The same agenda and options give the same bytes.
//
// Texts hold what the records hold: titles, and opaque identities of people. The error is a [*hipaasmp.ValidationError]
// where the stamp is missing or lies outside the years 1 to 9999, and otherwise the writer's.
func (a Agenda) WriteICalendar(w io.Writer, o CalendarOptions) error {
	stamp := hipaasmp.Instant(o.Stamp)
	if o.Stamp.IsZero() || stamp.Year() < 1 || stamp.Year() > 9999 {
		return hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{{Code: hipaasmp.FaultRequired, Pointer: "/stamp", Message: "is missing or beyond the calendar; say when the calendar is made"}})
	}
	if o.Origin == "" {
		o.Origin = a.Entity
	}
	var b strings.Builder
	line(&b, "BEGIN", "VCALENDAR")
	line(&b, "VERSION", "2.0")
	line(&b, "PRODID", "-//hipaasmp//evidence inquiry agenda//EN")
	line(&b, "CALSCALE", "GREGORIAN")
	if len(a.Entries) == 0 { // a calendar has at least one component
		for _, l := range [][2]string{{"BEGIN", "VTIMEZONE"}, {"TZID", "Etc/UTC"}, {"BEGIN", "STANDARD"}, {"DTSTART", "19700101T000000"},
			{"TZOFFSETFROM", "+0000"}, {"TZOFFSETTO", "+0000"}, {"END", "STANDARD"}, {"END", "VTIMEZONE"}} {
			line(&b, l[0], l[1])
		}
	}
	for _, e := range a.Entries {
		line(&b, "BEGIN", "VEVENT")
		line(&b, "UID", string(hipaasmp.DigestOf([]byte(o.Origin + "\x00" + e.ID)))[:40]+"@hipaasmp")
		line(&b, "DTSTAMP", stamp.UTC().Format("20060102T150405Z"))
		line(&b, "DTSTART;VALUE=DATE", strings.ReplaceAll(e.Due.String(), "-", ""))
		what := e.What
		if e.Overdue {
			what = "Overdue: " + what
		}
		line(&b, "SUMMARY", escape(what))
		line(&b, "DESCRIPTION", escape(e.describe()))
		line(&b, "CATEGORIES", escape(strings.ToUpper(string(e.Matter))))
		line(&b, "TRANSP", "TRANSPARENT")
		line(&b, "END", "VEVENT")
	}
	line(&b, "END", "VCALENDAR")
	_, err := io.WriteString(w, b.String())
	return err
}

// describe says what stands beside the day.
func (e AgendaEntry) describe() string {
	lines := []string{e.Basis, "45 CFR " + string(e.Citation)}
	if e.Owner != "" {
		lines = append(lines, "Answers for it: "+e.Owner)
	}
	for _, r := range e.Refs {
		lines = append(lines, r.String())
	}
	return strings.Join(lines, "\n")
}

// escape writes a text value: line ends as \n, no other control character, and what separates values escaped.
func escape(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// foldAt is the longest line in octets, its end not counted.
const foldAt = 75

// line writes a content line, folded so that no line is longer than 75 octets and no character is cut in two.
func line(b *strings.Builder, name, value string) {
	rest := fmt.Sprintf("%s:%s", name, value)
	room := foldAt
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		b.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], foldAt-1
	}
	b.WriteString(rest + "\r\n")
}
