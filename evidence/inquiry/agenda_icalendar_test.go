package inquiry_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
)

var stamped = time.Date(2026, 7, 20, 14, 30, 0, 0, time.FixedZone("CDT", -5*3600))

// property is a line of a calendar as a reader of RFC 5545 takes it.
type property struct{ name, params, value string }

// readCalendar is a small reader of RFC 5545, written from the RFC alone: lines end with CRLF and have at most 75 octets, a
// line that begins with a blank continues the one before, and components nest.
func readCalendar(t require.TestingT, text string) (events []map[string]property) {
	require.True(t, utf8.ValidString(text))
	require.True(t, strings.HasSuffix(text, "\r\n"))
	var whole []string
	for _, l := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		require.LessOrEqual(t, len(l), 75, "3.1: lines of text SHOULD NOT be longer than 75 octets")
		require.True(t, utf8.ValidString(l), "no character is cut in two")
		require.NotContains(t, l, "\n")
		require.NotContains(t, l, "\r")
		if strings.HasPrefix(l, " ") {
			require.NotEmpty(t, whole)
			whole[len(whole)-1] += l[1:]
			continue
		}
		whole = append(whole, l)
	}
	var open []string
	var event map[string]property
	for _, l := range whole {
		head, value, ok := strings.Cut(l, ":")
		require.True(t, ok, l)
		name, params, _ := strings.Cut(head, ";")
		require.Regexp(t, `^[A-Z-]+$`, name)
		switch name {
		case "BEGIN":
			open = append(open, value)
			if value == "VEVENT" {
				event = map[string]property{}
			}
		case "END":
			require.Equal(t, open[len(open)-1], value)
			open = open[:len(open)-1]
			if value == "VEVENT" {
				events = append(events, event)
			}
		default:
			if len(open) == 2 && open[1] == "VEVENT" {
				require.NotContains(t, event, name, "once in an event")
				event[name] = property{name, params, value}
			}
		}
	}
	require.Empty(t, open)
	return events
}

// unescape reads a text value (3.3.11).
func unescape(t require.TestingT, s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
			require.Less(t, i, len(s))
			switch s[i] {
			case 'n', 'N':
				b.WriteByte('\n')
			case '\\', ';', ',':
				b.WriteByte(s[i])
			default:
				require.Fail(t, "no such escape", "%c", s[i])
			}
		case ';', ',':
			require.Fail(t, "a separator stands unescaped")
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func calendar(t require.TestingT, a inquiry.Agenda, o inquiry.CalendarOptions) string {
	var b bytes.Buffer
	require.NoError(t, a.WriteICalendar(&b, o))
	return b.String()
}

func TestTheCalendarHoldsTheAgenda(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	r.Items[0].Due = day("2026-07-01")
	r.Items[0].Title = "Restore; compare, \\ and sign\r\nBEGIN:VALARM — " + strings.Repeat("größer ", 20)
	a := r.Agenda(today, inquiry.AgendaOptions{})
	text := calendar(t, a, inquiry.CalendarOptions{Stamp: stamped})
	require.True(t, strings.HasPrefix(text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//hipaasmp//"))
	events := readCalendar(t, text)
	require.Len(t, events, len(a.Entries))
	uids := map[string]bool{}
	for i, e := range a.Entries {
		got := events[i]
		require.Equal(t, "20260720T193000Z", got["DTSTAMP"].value, "UTC")
		require.Equal(t, property{"DTSTART", "VALUE=DATE", strings.ReplaceAll(e.Due.String(), "-", "")}, got["DTSTART"])
		what := e.What
		if e.Overdue {
			what = "Overdue: " + what
		}
		require.Equal(t, strings.ReplaceAll(what, "\r\n", "\n"), unescape(t, got["SUMMARY"].value))
		require.Contains(t, unescape(t, got["DESCRIPTION"].value), e.Basis)
		require.Contains(t, unescape(t, got["DESCRIPTION"].value), "45 CFR "+string(e.Citation))
		require.Equal(t, strings.ToUpper(string(e.Matter)), got["CATEGORIES"].value)
		require.Regexp(t, `^[0-9a-f]{40}@hipaasmp$`, got["UID"].value)
		require.False(t, uids[got["UID"].value])
		uids[got["UID"].value] = true
	}
	require.Equal(t, text, calendar(t, a, inquiry.CalendarOptions{Stamp: stamped}), "the same bytes")
}

// A day that moves moves the entry, and another entity has entries of its own.
func TestTheIdentityOfAnEventStays(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	uid := func(o inquiry.CalendarOptions) string {
		for _, e := range readCalendar(t, calendar(t, r.Agenda(today, inquiry.AgendaOptions{}), o)) {
			if strings.Contains(e["DESCRIPTION"].value, "remediation.item/rm-1") {
				return e["UID"].value
			}
		}
		return ""
	}
	first := uid(inquiry.CalendarOptions{Stamp: stamped})
	require.NotEmpty(t, first)
	r.Items[0].Due, r.Items[0].Title = day("2026-11-30"), "Another title"
	require.Equal(t, first, uid(inquiry.CalendarOptions{Stamp: stamped.AddDate(0, 1, 0)}))
	require.NotEqual(t, first, uid(inquiry.CalendarOptions{Stamp: stamped, Origin: "product/other/1"}))
	r.Entity.ID = "other"
	require.NotEqual(t, first, uid(inquiry.CalendarOptions{Stamp: stamped}))
}

func TestAnyTextComesBackFromTheCalendar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\\;,:\n\r\"é€😀 \t")))).Draw(t, "text")
		a := inquiry.Agenda{Entity: "e", AsOf: day("2026-01-01"), Through: day("2027-01-01"), Entries: []inquiry.AgendaEntry{
			{ID: text, Matter: inquiry.MatterItem, Due: day("2026-02-28"), What: text, Basis: text, Owner: text, Citation: hipaasmp.CiteRiskManagement}}}
		events := readCalendar(t, calendar(t, a, inquiry.CalendarOptions{Stamp: stamped, Origin: text}))
		require.Len(t, events, 1)
		keep := func(s string) string {
			return strings.Map(func(r rune) rune {
				switch {
				case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
					return -1
				case r < ' ' || r >= 0x7f && r < 0xa0:
					return -1
				}
				return r
			}, s)
		}
		require.Equal(t, keep(text), keep(unescape(t, events[0]["SUMMARY"].value)), "all but line ends and control characters")
	})
}

func TestACalendarNeedsItsStamp(t *testing.T) {
	t.Parallel()
	var invalid *hipaasmp.ValidationError
	for _, at := range []time.Time{{}, time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)} {
		require.ErrorAs(t, inquiry.Agenda{}.WriteICalendar(io.Discard, inquiry.CalendarOptions{Stamp: at}), &invalid)
	}
	empty := calendar(t, inquiry.Agenda{}, inquiry.CalendarOptions{Stamp: stamped})
	require.Empty(t, readCalendar(t, empty), "nothing due is a calendar without events")
	require.Contains(t, empty, "BEGIN:VTIMEZONE", "3.6: and yet a component must be there")
	full := errors.New("full")
	require.ErrorIs(t, inquiry.Agenda{}.WriteICalendar(refuses{full}, inquiry.CalendarOptions{Stamp: stamped}), full)
}

type refuses struct{ err error }

func (r refuses) Write([]byte) (int, error) { return 0, r.err }

// What falls due, for a person to read and for a calendar to show.
func ExampleRecords_Agenda() {
	r := inquiry.Records{Entity: hipaasmp.Entity{Zone: "America/Chicago"}}
	r.Entity.ID = "lakeside"
	a := r.Agenda(hipaasmp.Day(2026, 7, 20), inquiry.AgendaOptions{})
	fmt.Println(a.AsOf, a.Through, len(a.Entries))
	// Output: 2026-07-20 2027-07-20 0
}

// An agenda as an iCalendar file.
func ExampleAgenda_WriteICalendar() {
	a := inquiry.Agenda{Entity: "lakeside", Entries: []inquiry.AgendaEntry{{
		ID: "item/rm-1", Matter: inquiry.MatterItem, Due: hipaasmp.Day(2026, 10, 31), What: "Have in place: a test of the restores",
		Basis: "Due date of item rm-1.", Owner: "wf-104", Citation: hipaasmp.CiteRiskManagement,
	}}}
	var b bytes.Buffer
	if err := a.WriteICalendar(&b, inquiry.CalendarOptions{Stamp: time.Date(2026, 7, 20, 14, 0, 0, 0, time.UTC)}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(strings.ReplaceAll(b.String(), "\r\n", "\n"))
	// Output:
	// BEGIN:VCALENDAR
	// VERSION:2.0
	// PRODID:-//hipaasmp//evidence inquiry agenda//EN
	// CALSCALE:GREGORIAN
	// BEGIN:VEVENT
	// UID:2fb02f2c24c97faa51e28160ad40c822cee6fb8d@hipaasmp
	// DTSTAMP:20260720T140000Z
	// DTSTART;VALUE=DATE:20261031
	// SUMMARY:Have in place: a test of the restores
	// DESCRIPTION:Due date of item rm-1.\n45 CFR 164.308(a)(1)(ii)(B)\nAnswers fo
	//  r it: wf-104
	// CATEGORIES:ITEM
	// TRANSP:TRANSPARENT
	// END:VEVENT
	// END:VCALENDAR
}
