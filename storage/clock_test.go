package storage_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the vectors must not depend on the machine

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

// In each zone a record is not disposable at the last instant of its last day and is at the first instant after it, also
// where that day begins at one o'clock, does not exist, or is the 29th of February.
func TestNoZoneDisposesEarly(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		about, zone, created string
		last, first          string // the last instant kept and the first disposable, in UTC
	}{
		{"Havana skips midnight", "America/Havana", "2026-03-13", "2032-03-14T04:59:59.999999Z", "2032-03-14T05:00:00Z"},
		{"São Paulo skipped midnight", "America/Sao_Paulo", "2012-11-03", "2018-11-04T02:59:59.999999Z", "2018-11-04T03:00:00Z"},
		{"Cairo skips midnight", "Africa/Cairo", "2026-04-29", "2032-04-29T21:59:59.999999Z", "2032-04-29T22:00:00Z"},
		{"Apia skipped a whole day", "Pacific/Apia", "2005-12-29", "2011-12-30T09:59:59.999999Z", "2011-12-30T10:00:00Z"},
		{"leap day", "America/Chicago", "2024-02-29", "2030-03-02T05:59:59.999999Z", "2030-03-02T06:00:00Z"},
		{"no zone is the latest", "", "2026-03-13", "2032-03-14T11:59:59.999999Z", "2032-03-14T12:00:00Z"},
	} {
		t.Run(x.about, func(t *testing.T) {
			t.Parallel()
			s, c := newStore(t)
			c.now = at(x.created + "T23:00:00Z").Add(24 * time.Hour)
			_, err := s.Put(ctx, "clinic", newProcedure("p", "T", x.created))
			require.NoError(t, err)
			var opts []storage.DisposeOption
			if x.zone != "" {
				zone, err := time.LoadLocation(x.zone)
				require.NoError(t, err)
				opts = append(opts, storage.In(zone))
			}
			c.now = at(x.last)
			_, err = destroy(s, "clinic", disposition("p"), opts...)
			require.ErrorIs(t, err, retention.ErrRetained, "one microsecond too early")
			c.now = at(x.first)
			_, err = destroy(s, "clinic", disposition("p"), opts...)
			require.NoError(t, err)
		})
	}
}

func TestAClockThatIsOffRefusesDisposal(t *testing.T) {
	t.Parallel()
	careful := func(o *storage.Options) { o.ClockStep = 0 } // the default
	s, c := newStore(t, careful)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	written := c.now
	var ce *storage.ClockError
	for _, x := range []struct {
		about     string
		now       time.Duration
		witnessed time.Duration
		none      bool
		ahead     bool
		refused   bool
	}{
		{"a microsecond back", -time.Microsecond, 0, true, false, true},
		{"a year back", -365 * 24 * time.Hour, 0, true, false, true},
		{"a year back, with a witness", -365 * 24 * time.Hour, -365 * 24 * time.Hour, false, false, true},
		{"a day and a microsecond ahead", 24*time.Hour + time.Microsecond, 0, true, true, true},
		{"twenty years ahead", 20 * 365 * 24 * time.Hour, 0, true, true, true},
		{"twenty years ahead of the witness", 20 * 365 * 24 * time.Hour, time.Hour, false, true, true},
		{"a witness far ahead", 30 * 24 * time.Hour, 90 * 24 * time.Hour, false, true, true},
		{"a month later, as the witness says", 30 * 24 * time.Hour, 30*24*time.Hour - time.Minute, false, false, false},
	} {
		c.now = written.Add(x.now)
		var opts []storage.DisposeOption
		if !x.none {
			opts = append(opts, storage.Witnessed(written.Add(x.witnessed)))
		}
		_, err := destroy(s, "clinic", disposition("p"), opts...)
		if !x.refused {
			require.NoError(t, err, x.about)
			continue
		}
		require.ErrorAs(t, err, &ce, x.about)
		require.Equal(t, x.ahead, ce.Ahead, x.about)
	}
}

func TestAReleasedHoldLeavesAGrace(t *testing.T) {
	t.Parallel()
	s, c := newStore(t, func(o *storage.Options) { o.HoldGrace = 0 }) // the default of 30 days
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	_, err = s.Put(ctx, "clinic", newProcedure("q", "T", "2018-01-01"))
	require.NoError(t, err)
	for _, h := range []retention.Hold{holdOn("m-1", refP), holdOn("m-2", refP)} {
		_, err = s.PlaceHold(ctx, "clinic", h)
		require.NoError(t, err)
	}
	_, err = s.ReleaseHold(ctx, "clinic", "m-1", manager, "closed")
	require.NoError(t, err)
	c.now = at("2026-02-20T12:00:00Z")
	_, err = s.ReleaseHold(ctx, "clinic", "m-2", manager, "closed")
	require.NoError(t, err)
	_, err = destroy(s, "clinic", disposition("q"))
	require.NoError(t, err, "what no hold covered has no grace")
	c.now = at("2026-03-23T11:59:59Z") // still the 22nd in UTC-12
	var re *retention.RetainedError
	_, err = destroy(s, "clinic", disposition("p"))
	require.ErrorAs(t, err, &re)
	require.Equal(t, "hold-grace", re.Rule)
	require.Equal(t, hipaasmp.Day(2026, 3, 22), re.Until, "the last release counts")
	c.now = at("2026-03-23T12:00:00Z")
	_, err = destroy(s, "clinic", disposition("p"))
	require.NoError(t, err)
}

// A hold by query covers what it finds, also what is written later, and nothing else.
func TestHoldsByQuery(t *testing.T) {
	t.Parallel()
	day := civil.Date
	for name, x := range map[string]struct {
		query retention.HoldQuery
		held  []string
	}{
		"by kind":           {retention.HoldQuery{Kinds: []hipaasmp.Kind{KindProcedure}}, []string{"a-1", "a-2", "b-1"}},
		"by another kind":   {retention.HoldQuery{Kinds: []hipaasmp.Kind{KindDraft}}, nil},
		"by prefix":         {retention.HoldQuery{IDPrefix: "a-"}, []string{"a-1", "a-2"}},
		"by creation":       {retention.HoldQuery{CreatedFrom: day("2018-06-01"), CreatedThrough: day("2018-12-31")}, []string{"a-2", "b-1"}},
		"created, and name": {retention.HoldQuery{IDPrefix: "a-", CreatedFrom: day("2018-06-01")}, []string{"a-2"}},
		"by recording":      {retention.HoldQuery{RecordedFrom: day("2026-02-05")}, []string{"b-1"}},
		"recorded before":   {retention.HoldQuery{RecordedThrough: day("2026-02-04")}, []string{"a-1", "a-2"}},
		"recorded long ago": {retention.HoldQuery{RecordedThrough: day("2025-01-01")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newStore(t)
			put := func(id, created string) {
				_, err := s.Put(ctx, "clinic", newProcedure(id, "T", created))
				require.NoError(t, err)
			}
			put("a-1", "2018-01-01")
			h := holdOn("m")
			h.Query = &x.query
			_, err := s.PlaceHold(ctx, "clinic", h)
			require.NoError(t, err)
			put("a-2", "2018-06-01")
			c.now = at("2026-02-10T09:00:00Z")
			put("b-1", "2018-12-31")
			var held []string
			for _, id := range []string{"a-1", "a-2", "b-1"} {
				_, err := destroy(s, "clinic", disposition(id))
				var he *retention.HeldError
				if err != nil {
					require.ErrorAs(t, err, &he)
					require.Equal(t, []string{"m"}, he.Matters)
					held = append(held, id)
				}
			}
			require.Equal(t, x.held, held)
			_, err = s.ReleaseHold(ctx, "clinic", "m", manager, "closed")
			require.NoError(t, err)
			for _, id := range held {
				_, err := destroy(s, "clinic", disposition(id))
				require.NoError(t, err)
			}
		})
	}
	s, _ := newStore(t)
	for _, q := range []retention.HoldQuery{{}, {CreatedFrom: day("2020-01-02"), CreatedThrough: day("2020-01-01")}, {Kinds: []hipaasmp.Kind{"Not A Kind"}}, {IDPrefix: "a\x00"}} {
		h := holdOn("m")
		h.Query = &q
		_, err := s.PlaceHold(ctx, "clinic", h)
		var ve *hipaasmp.ValidationError
		require.ErrorAs(t, err, &ve)
	}
}
