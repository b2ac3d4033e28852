package review_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// spotless is a year that has no hole: a procedure with everything stated, and the certified review of March.
func spotless(t require.TestingT, terms ...func(*review.Terms)) review.Records {
	p := with(t, func(x *review.Terms) {
		x.Sources[0].Expected = review.AlwaysOn()
		for _, f := range terms {
			f(x)
		}
	})
	return on1(p, marchOf(t, p))
}

// marchOf is the certified review of March by the procedure, with what it asks for.
func marchOf(t require.TestingT, p review.Procedure) review.Record {
	s, err := review.Open("s-march", clinic(), p, march(), reviewer, on("2026-04-01"))
	require.NoError(t, err)
	for _, source := range p.Sources {
		r := manual(source.ID, march())
		if source.ID == "ehr-log" {
			r = log(march())
			r.Defects, r.Files[0].Defects, r.Detectors[0].Findings = nil, 0, 0
			r.Hours = review.CountHours(source, march(), chicago(), everyHour(march(), 40))
		}
		s, err = s.WithSource(r)
		require.NoError(t, err)
	}
	return certify(t, s, "2026-04-08")
}

// hole is one thing that section by section can be missing in the record of a review.
type hole struct {
	name string
	code hipaasmp.GapCode
	make func(t require.TestingT) review.Records
}

// of changes the review of the log in the record of March.
func of(change func(*review.SourceReview)) func(require.TestingT) review.Records {
	return func(t require.TestingT) review.Records {
		r := spotless(t)
		change(&r.Records[0].Sources[0])
		return r
	}
}

// recorded changes the record of March.
func recorded(change func(*review.Record)) func(require.TestingT) review.Records {
	return func(t require.TestingT) review.Records {
		r := spotless(t)
		change(&r.Records[0])
		return r
	}
}

// stated changes what the procedure says.
func stated(change func(*review.Terms)) func(require.TestingT) review.Records {
	return func(t require.TestingT) review.Records { return spotless(t, change) }
}

// leftOut leaves the log out of the review on the ground.
func leftOut(ground review.Ground) func(require.TestingT) review.Records {
	return recorded(func(x *review.Record) {
		x.Sources = x.Sources[1:]
		x.NotReviewed = []review.NotReviewed{{Source: "ehr-log", Ground: ground, Reason: "As decided."}}
	})
}

// told has the exception of March explained as it is given.
func toldAs(change func(*review.Exception)) func(*review.Record) {
	return func(x *review.Record) {
		e := exception("x-1")
		e.State = review.ExceptionExplained
		e.Disposition = &review.Disposition{Signature: review.Signature{By: reviewer, At: on("2026-04-05")}, Explanation: review.ExplanationMaintenance, Words: "Planned."}
		change(&e)
		x.Exceptions = []review.Exception{e}
	}
}

var holes = []hole{
	// The procedure: policy and version, cadence, roles, scope.
	{"no procedure at all", review.GapNoProcedure, func(t require.TestingT) review.Records { return review.Records{} }},
	{"the version that was followed is not on file", review.GapOtherTerms, recorded(func(x *review.Record) { x.Procedure.Version = "draft" })},
	{"days without any version", review.GapUngoverned, func(t require.TestingT) review.Records {
		r := spotless(t)
		r.Procedures[0].Effective.From = day("2026-03-10")
		return r
	}},
	{"the procedure was not reviewed", review.GapProcedureNotReviewed, stated(func(x *review.Terms) { x.Limits.ReviewMonths = 1 })},
	{"a kind of record without a source", review.GapKindNotCovered, stated(func(x *review.Terms) { x.Sources = x.Sources[:2] })},
	{"a period whose procedure lacked a kind of record", review.GapKindNotReviewed, func(t require.TestingT) review.Records {
		r := spotless(t, func(x *review.Terms) { x.Sources = x.Sources[:2] })
		now := with(t, func(x *review.Terms) { x.Sources[0].Expected = review.AlwaysOn() })
		now.ID, now.Effective.From = "review-2026-2", day("2026-04-01")
		r.Procedures[0].Effective.To = day("2026-03-31")
		r.Procedures = append(r.Procedures, now)
		return r
	}},
	// The source: horizon, raw logs, schedule, profile.
	{"it is not known until when the log can be fetched", review.GapHorizon, stated(func(x *review.Terms) { x.Sources[0].HorizonDays, x.Sources[0].Archive = 0, "" })},
	{"the source drops the log before the policy does", review.GapRawLogs, stated(func(x *review.Terms) { x.Sources[0].Archive = "" })},
	{"raw logs are kept for less than six years", review.GapShortRawLogs, stated(func(x *review.Terms) { x.RawLogs.Years = 5 })},
	{"nobody said in which hours the log records", review.GapHours, stated(func(x *review.Terms) { x.Sources[0].Expected = nil })},
	{"the report was read by another profile", review.GapProfile, recorded(func(x *review.Record) {
		x.Sources[0].Profile = nil
		x.Procedure.Sources[0].Profile = &review.ProfileRef{ID: "report", Version: 2, Digest: hipaasmp.DigestOf([]byte("2"))}
	})},
	// The cell of a month: missing, late, partial, not expected, waived, unknown.
	{"no review", review.GapNotReviewed, func(t require.TestingT) review.Records {
		r := spotless(t)
		r.Records = nil
		return r
	}},
	{"a late review", review.GapLate, recorded(func(x *review.Record) { x.Timeliness.Certified, x.Timeliness.DaysLate = day("2026-04-15"), 1 })},
	{"too few hours", review.GapHours, of(func(s *review.SourceReview) { s.Hours.Observed -= 100 })},
	{"hours that nobody counted", review.GapHours, of(func(s *review.SourceReview) { s.Hours = nil })},
	{"a kind of activity without an event", review.GapFamily, of(func(s *review.SourceReview) { s.Families = s.Families[:1] })},
	{"events that nobody counted by kind", review.GapFamily, of(func(s *review.SourceReview) { s.Families = nil })},
	{"failures that nobody saw", review.GapFamily, func(t require.TestingT) review.Records {
		r := spotless(t, func(x *review.Terms) { x.Sources[0].Families = append(x.Sources[0].Families, activity.FamilyFailed) })
		s := &r.Records[0].Sources[0]
		s.Denials, s.Outcomes = 0, []review.OutcomeCount{{Outcome: activity.OutcomeSuccess, Count: s.Events}}
		return r
	}},
	{"left out without proof that it was empty", review.GapUnproved, leftOut(review.GroundNotExpected)},
	{"waived", review.GapWaived, leftOut(review.GroundWaived)},
	{"not to be had", review.GapUnavailable, leftOut(review.GroundUnavailable)},
	// Capability: unknown, disabled, off for a time.
	{"nobody checked", review.GapCapability, of(func(s *review.SourceReview) { s.Capability = review.Capability{State: review.CapabilityUnknown} })},
	{"found off", review.GapCapability, of(func(s *review.SourceReview) { s.Capability.State = review.CapabilityDisabled })},
	{"off from one day to another", review.GapCapability, of(func(s *review.SourceReview) {
		s.Capability.Gaps = []hipaasmp.Period{{From: day("2026-03-03"), To: day("2026-03-04")}}
	})},
	{"a kind of activity that is not recorded", review.GapCapability, of(func(s *review.SourceReview) {
		s.Capability.Families = []review.FamilyCapability{{Family: activity.FamilyView, State: review.CapabilityDisabled, Checked: day("2026-04-01")}}
	})},
	{"a kind of activity that nobody checked", review.GapCapability, of(func(s *review.SourceReview) {
		s.Capability.Families = []review.FamilyCapability{{Family: activity.FamilyView, State: review.CapabilityUnknown}}
	})},
	// What was read, and by what.
	{"too much could not be read", review.GapDefects, of(func(s *review.SourceReview) {
		s.Defects = []review.DefectCount{{Reason: activity.ReasonSyntax, Count: 5}}
	})},
	{"a detector that was not run", review.GapDetectors, of(func(s *review.SourceReview) { s.Detectors = nil })},
	{"a detector that was set otherwise", review.GapDetectors, of(func(s *review.SourceReview) {
		s.Detectors = []review.DetectorRun{{Detector: detect.IDLogControl, Version: 2, Parameters: []detect.Parameter{{Name: "calls", Value: "none"}}}}
	})},
	{"findings that nobody made exceptions", review.GapFindings, of(func(s *review.SourceReview) {
		s.Detectors = []review.DetectorRun{{Detector: detect.IDLogControl, Version: 2, Findings: 2}}
	})},
	{"the files of another month", review.GapElsewhere, of(func(s *review.SourceReview) {
		s.First, s.Last, s.Outside = on("2026-02-01"), on("2026-02-27"), s.Events
		s.Files[0].First, s.Files[0].Last = s.First, s.Last
	})},
	{"the program is not named", review.GapProgram, of(func(s *review.SourceReview) { s.Program = "" })},
	{"it is not known who supplied a table", review.GapContext, of(func(s *review.SourceReview) {
		s.Context = []review.ContextTable{{Use: review.ContextDirectory, Name: "directory", SHA256: hipaasmp.DigestOf([]byte("d"))}}
	})},
	{"a table that is not listed", review.GapContext, func(t require.TestingT) review.Records {
		x := string(hipaasmp.DigestOf([]byte("people")))
		r := spotless(t, func(t *review.Terms) { t.Detectors[0].Parameters = []detect.Parameter{{Name: "people", Value: x}} })
		return r
	}},
	{"a sample of a source of which nobody noted when it was read", review.GapPlanned, recorded(func(x *review.Record) {
		x.Samples = []review.Sample{concluded(printed{}, 0, 0).Samples[0]}
	})},
	{"a log that was read before the procedure was approved", review.GapPlanned, of(func(s *review.SourceReview) {
		s.Read = review.ReadBetween(on("2025-12-01"), on("2025-12-01"))
	})},
	{"a period that nobody fetched, and the day is near", review.GapFetch, func(t require.TestingT) review.Records {
		r := spotless(t, func(x *review.Terms) { x.Sources[1].HorizonDays = 60 })
		r.Records = nil
		return r
	}},
	{"a period that nobody fetched, and the day has passed", review.GapFetch, func(t require.TestingT) review.Records {
		r := spotless(t, func(x *review.Terms) { x.Sources[1].HorizonDays = 40 })
		r.Records = nil
		return r
	}},
	{"business days without holidays to count by", review.GapCalendar, stated(func(x *review.Terms) {
		x.Cadence.Business = review.MondayToFriday(day("2026-04-30"), day("2026-04-03"))
	})},
	{"a round that nobody held", review.GapNotReviewed, func(t require.TestingT) review.Records {
		r := spotless(t, func(x *review.Terms) { x.Rounds = []review.Round{review.DefaultRound()} })
		r.Records[0].Sources[0].Detectors[0].Version = 9
		return r
	}},
	{"a round that was held late, with the month", review.GapLate, stated(func(x *review.Terms) { x.Rounds = []review.Round{review.DefaultRound()} })},
	{"a source out of use, and nothing shows it", review.GapUnproved, stated(func(x *review.Terms) { x.Sources[1].InUse = hipaasmp.Period{From: day("2026-03-02")} })},
	// Tickets.
	{"tickets without figures", review.GapTickets, recorded(func(x *review.Record) { x.Sources[2].Tracking = nil })},
	{"a ticket that is too old", review.GapTickets, recorded(func(x *review.Record) {
		x.Sources[2].Tracking.Open = []review.OpenTicket{{ID: "T-1", State: review.TicketOpen, Opened: day("2025-12-01"), Days: 121}}
	})},
	{"a ticket closed without an outcome", review.GapTickets, recorded(func(x *review.Record) {
		x.Sources[2].Tracking.Outcomes = []review.TicketOutcomeCount{{Outcome: review.TicketPending, Count: 3}}
	})},
	{"a ticket in an unknown state", review.GapTickets, recorded(func(x *review.Record) {
		x.Sources[2].Tracking.States = []review.TicketStateCount{{State: review.TicketUnknown, Count: 3}}
	})},
	// What came to notice.
	{"a session that stays open", review.GapOpenTooLong, func(t require.TestingT) review.Records {
		r := spotless(t, func(x *review.Terms) { x.Limits.SessionDays = 10 })
		s := covered(t, month("2026-02-01"))
		s.Procedure = r.Procedures[0].Extract()
		r.Sessions = []review.Session{s}
		return r
	}},
	{"an exception without a disposition", review.GapOpenTooLong, func(t require.TestingT) review.Records {
		r := spotless(t, func(x *review.Terms) { x.Limits.ExceptionDays, x.Limits.SessionDays = 10, 0 })
		s := covered(t, march(), exception("x-1"))
		s.ID, s.Procedure = "s-other", r.Procedures[0].Extract()
		r.Sessions = []review.Session{s}
		return r
	}},
	{"a sample that does not show it", review.GapSample, recorded(func(x *review.Record) {
		x.Samples = []review.Sample{concluded(printed{}, 3, 1).Samples[0]}
	})},
	{"explained by a rule without an approver", review.GapRule, recorded(toldAs(func(e *review.Exception) {
		e.Disposition.Rule = &hipaasmp.Ref{Kind: review.KindExplanationRule, ID: "nobody"}
	}))},
	{"explained by a rule outside of its days", review.GapRule, func(t require.TestingT) review.Records {
		rule := approvedRule(t)
		rule.Valid.To, rule.Approval.On = day("2026-03-04"), day("2026-03-01")
		ref := rule.DocumentRef()
		r := recorded(toldAs(func(e *review.Exception) { e.Disposition.Rule = &ref }))(t)
		r.Rules = []review.ExplanationRule{rule}
		return r
	}},
	{"explained again by hand", review.GapRepeated, func(t require.TestingT) review.Records {
		r := recorded(toldAs(func(*review.Exception) {}))(t)
		again := r.Records[0]
		again.ID = "r-again" // a second review of the month
		r.Records = append(r.Records, again)
		return r
	}},
	{"an incident about patients that nobody assessed for a breach", review.GapBreach, recorded(func(x *review.Record) {
		e := exception("x-1")
		e.State, e.PatientCount = review.ExceptionIncident, 2
		e.Disposition = &review.Disposition{Signature: review.Signature{By: reviewer, At: on("2026-04-05")}, Words: "An incident.", Refs: []hipaasmp.Ref{{Kind: "sanction.case", ID: "c-1"}}}
		x.Exceptions = []review.Exception{e}
	})},
	{"a correction that leaves out an incident", review.GapDropped, func(t require.TestingT) review.Records {
		r := spotless(t)
		corrects(&r, review.ExceptionIncident)
		return r
	}},
	{"an incident without its outcome", review.GapIncidentOpen, func(t require.TestingT) review.Records {
		r := spotless(t, func(x *review.Terms) { x.Limits.IncidentDays = 10 })
		r.Incidents = []review.Incident{incident(t)}
		return r
	}},
	// What earlier reviews left open.
	{"an open item that nobody carried", review.GapOpenItem, func(t require.TestingT) review.Records {
		r := recorded(func(x *review.Record) { x.OpenItems = []review.OpenItem{item("clock")} })(t)
		next := covered(t, month("2026-04-01"))
		next.Opened.At = on("2026-04-12")
		r.Sessions = []review.Session{next}
		return r
	}},
	{"an open item past its day", review.GapOpenItem, recorded(func(x *review.Record) {
		x.OpenItems = []review.OpenItem{item("clock")}
		x.OpenItems[0].Due = day("2026-04-10")
	})},
	// Who reviewed and certified.
	{"it is not said who administers", review.GapIndependence, recorded(func(x *review.Record) { x.Independence.Administrators = nil })},
	{"a conflict that was waived, with a signer from outside", review.GapIndependence, recorded(func(x *review.Record) {
		w := waiver()
		x.Reviewer.ID, x.Independence.Waiver, x.Independence.Second = official.ID, &w, second()
	})},
	{"a conflict that was waived, and nobody from outside", review.GapIndependence, recorded(func(x *review.Record) {
		w := waiver()
		x.Reviewer.ID, x.Independence.Waiver = official.ID, &w
	})},
}

// Whatever a review can lack is a gap with a code of its own, and a review that lacks nothing has none. What cannot be
// certified at all, such as a review without a certifier or with an exception that nobody disposed of, is refused before.
func TestEveryHoleOfAReviewIsAGap(t *testing.T) {
	t.Parallel()
	found := func(r review.Records) (out []hipaasmp.GapCode) {
		for _, g := range hipaasmp.FindGaps(day("2026-04-20"), r.GapChecks(march())...) {
			if !slices.Contains(out, g.Code) {
				out = append(out, g.Code)
			}
		}
		return out
	}
	require.Empty(t, found(spotless(t)), "a review without a hole")
	require.NoError(t, spotless(t).Records[0].Validate())
	// One hole cannot but open another: what the record names differs from the procedure on file.
	along := map[string][]hipaasmp.GapCode{
		"the report was read by another profile":               {review.GapOtherTerms},
		"a period that nobody fetched, and the day is near":    {review.GapNotReviewed, review.GapRawLogs},
		"a period that nobody fetched, and the day has passed": {review.GapNotReviewed, review.GapRawLogs},
		"a sample that does not show it":                       {review.GapPlanned}, // it is of a source that nobody noted the reading of
		"a round that nobody held":                             {review.GapDetectors},
	}
	seen := map[hipaasmp.GapCode]bool{}
	for _, h := range holes {
		got := found(h.make(t))
		require.Contains(t, got, h.code, h.name)
		want := append([]hipaasmp.GapCode{h.code}, along[h.name]...)
		require.ElementsMatch(t, want, got, h.name)
		seen[h.code] = true
	}
	for _, c := range (review.Records{}).GapChecks(hipaasmp.Period{}) {
		require.True(t, seen[c.Code], "%s stands for no hole", c.Code)
	}
}
