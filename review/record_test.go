package review_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

func TestACertifiedRecordSaysWhatWasReviewedByWhomAndInTime(t *testing.T) {
	t.Parallel()
	r := record(t)
	require.NoError(t, r.Validate())
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteActivityReview, hipaasmp.CiteLogInMonitoring, hipaasmp.CiteAuditControls, hipaasmp.CiteWrittenRecord}, r.Citations())
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: day("2026-04-08")}, r.RetentionBasis())
	require.Equal(t, review.Timeliness{Due: day("2026-04-14"), Until: day("2026-04-14"), Certified: day("2026-04-08")}, r.Timeliness)
	require.False(t, r.Timeliness.Late())
	require.Equal(t, arn, r.Exceptions[0].Actor, "the actor stays exactly as the log has it")
}

func TestLatenessIsMeasuredByTheProcedureWithItsGrace(t *testing.T) {
	t.Parallel()
	terms := terms()
	terms.Cadence.GraceDays = 3
	p, err := terms.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	for _, c := range []struct {
		certified string
		days      int
	}{{"2026-04-14", 0}, {"2026-04-17", 0}, {"2026-04-18", 4}, {"2026-05-14", 30}} {
		s, err := review.Open("s", clinic(), p, march(), reviewer, on("2026-04-01"))
		require.NoError(t, err)
		for _, id := range []string{"ehr-log", "ehr-access", "tickets"} {
			s, err = s.WithoutSource(id, review.GroundUnavailable, "Not delivered.")
			require.NoError(t, err)
		}
		r, err := s.Complete("r", reviewer, official, on(c.certified), may(), review.NoExceptions("Nothing could be had."), independence())
		require.NoError(t, err)
		require.Equal(t, c.days, r.Timeliness.DaysLate, c.certified)
		require.Equal(t, c.days > 0, r.Timeliness.Late(), c.certified)
	}
}

func TestCompleteRefusesWhatIsNotWhole(t *testing.T) {
	t.Parallel()
	type call struct {
		session   review.Session
		reviewer  hipaasmp.Actor
		certifier hipaasmp.Actor
		at        time.Time
		may       hipaasmp.Authority
		statement review.Statement
		check     review.Independence
	}
	for name, c := range map[string]struct {
		code    hipaasmp.FaultCode
		pointer string
		change  func(*call)
	}{
		"a source neither reviewed nor listed": {review.FaultUncovered, "/sources", func(c *call) {
			s := c.session
			s.Sources = s.Sources[:2]
			c.session = s
		}},
		"no exceptions where there is one": {review.FaultStatement, "/statement/result", func(c *call) { c.statement = review.NoExceptions("x") }},
		"exceptions where there are none": {review.FaultStatement, "/statement/result", func(c *call) {
			c.session = covered(t, march())
		}},
		"no words":            {hipaasmp.FaultRequired, "/statement/words", func(c *call) { c.statement.Words = "" }},
		"no statement at all": {hipaasmp.FaultEnum, "/statement/result", func(c *call) { c.statement = review.Statement{Words: "x"} }},
		"the reviewer certifies": {hipaasmp.FaultSegregation, "/certifier/id", func(c *call) {
			c.reviewer = hipaasmp.Actor{ID: official.ID, Role: hipaasmp.RoleSecurityOfficial}
		}},
		"a program certifies":                 {review.FaultProgram, "/certifier", func(c *call) { c.certifier = program }},
		"a program reviews":                   {review.FaultProgram, "/reviewer", func(c *call) { c.reviewer = program }},
		"a role that does not review":         {review.FaultRole, "/reviewer/role", func(c *call) { c.reviewer = technician }},
		"a role that does not certify":        {review.FaultRole, "/certifier/role", func(c *call) { c.certifier = member }},
		"no authority to ask":                 {hipaasmp.FaultAuthority, "/certifier", func(c *call) { c.may = nil }},
		"nobody appointed":                    {hipaasmp.FaultAuthority, "/certifier", func(c *call) { c.certifier.ID = "w-077" }},
		"before the period has ended":         {review.FaultNotEnded, "/at", func(c *call) { c.at = on("2026-03-31") }},
		"before an exception was disposed of": {hipaasmp.FaultOrder, "/exceptions/0/history/1/at", func(c *call) { c.at = on("2026-04-02") }},
		"before the session was opened":       {hipaasmp.FaultOrder, "/at", func(c *call) { c.at = day("2026-04-01").StartIn(chicago()) }},
		"a waiver decided afterwards":         {hipaasmp.FaultOrder, "/independence/waiver/on", func(c *call) { w := waiver(); w.On = day("2026-04-09"); c.check.Waiver = &w }},
		"a waiver by somebody without power":  {hipaasmp.FaultAuthority, "/independence/waiver/by", func(c *call) { w := waiver(); w.By = reviewer; c.check.Waiver = &w }},
		"a waiver by a program":               {review.FaultProgram, "/independence/waiver/by", func(c *call) { w := waiver(); w.By = program; c.check.Waiver = &w }},
		"a waiver without a reason":           {hipaasmp.FaultRequired, "/independence/waiver/reason", func(c *call) { w := waiver(); w.Reason = ""; c.check.Waiver = &w }},
		"a system administered by nobody":     {review.FaultIncomplete, "/independence/administrators/0/members", func(c *call) { c.check.Administrators[0] = review.Administration{System: "ehr"} }},
		"a system whose administration is double": {hipaasmp.FaultIdentity, "/independence/administrators/1", func(c *call) {
			c.check.Administrators[1] = c.check.Administrators[0]
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := call{explained(t), reviewer, official, on("2026-04-08"), may(), review.ExceptionsDisposed("I certify."), independence()}
			_, err := x.session.Complete("r", x.reviewer, x.certifier, x.at, x.may, x.statement, x.check)
			require.NoError(t, err)
			c.change(&x)
			_, err = x.session.Complete("r", x.reviewer, x.certifier, x.at, x.may, x.statement, x.check)
			requireFault(t, err, c.code, c.pointer)
		})
	}
}

// arnMember is the member behind the account of the exception.
const arnMember = "w-006"

func TestManagersAreThoseOfTheWorkforceList(t *testing.T) {
	t.Parallel()
	e := clinic()
	for i := range e.Workforce {
		if e.Workforce[i].ID == reviewer.ID {
			e.Workforce[i].Manager = manager.ID
		}
	}
	before := independence()
	i := before.WithManagers(e, reviewer, official, hipaasmp.Actor{ID: "w-404", Role: hipaasmp.RoleWorkforce})
	require.Equal(t, []review.Line{{Member: reviewer.ID, Manager: manager.ID}}, i.Lines, "the official reports to nobody, and who is not listed is left out")
	require.Empty(t, before.Lines)
	require.Equal(t, i, i.WithManagers(e, reviewer))
	i.Lines = append(i.Lines, i.Lines[0])
	_, err := explained(t).Complete("r", reviewer, official, on("2026-04-08"), may(), review.ExceptionsDisposed("I certify."), i)
	requireFault(t, err, hipaasmp.FaultIdentity, "/independence/lines/1")
	unrelated := independence()
	unrelated.Lines = []review.Line{{Member: technician.ID, Manager: arnMember}}
	unrelated.Accounts = append(unrelated.Accounts, review.Account{Member: arnMember, Actors: []string{arn}})
	_, err = explained(t).Complete("r", reviewer, official, on("2026-04-08"), may(), review.ExceptionsDisposed("I certify."), unrelated)
	require.NoError(t, err, "whose manager somebody else reports to does not matter")
}

func TestTheRecordSaysHowLongTheLogsAreKept(t *testing.T) {
	t.Parallel()
	r := record(t)
	require.Equal(t, 6, r.Procedure.RawLogs.Years)
	require.Equal(t, day("2032-03-31"), r.Procedure.RawLogs.KeepThrough(r.Period.To))
	require.Equal(t, day("2025-03-01"), review.RawLogs{Years: 1}.KeepThrough(day("2024-02-29")), "a leap day rolls forward")

	// What was not recorded contradicts no file.
	records := review.Records{Procedures: []review.Procedure{procedure(t)}, Records: []review.Record{r}}
	require.Empty(t, gaps(t, records, march(), "2026-05-01", review.GapOtherTerms))
	records.Records[0].Procedure.RawLogs = nil
	require.Empty(t, gaps(t, records, march(), "2026-05-01", review.GapOtherTerms))
	records.Records[0].Procedure.RawLogs = &review.RawLogs{Years: 5, Authority: "x"}
	require.Len(t, gaps(t, records, march(), "2026-05-01", review.GapOtherTerms), 1)
}

func waiver() review.Waiver {
	return review.Waiver{
		Covers: review.Conflict("").Values(), Reason: "The practice has two people.", Instead: "An outside reviewer repeats one month a year.",
		By: manager, On: day("2026-01-10"),
	}
}

func TestNobodyReviewsThemselvesWithoutAWaiver(t *testing.T) {
	t.Parallel()
	self := hipaasmp.Actor{ID: official.ID, Role: hipaasmp.RoleSecurityOfficial}
	for name, c := range map[string]struct {
		kind     review.Conflict
		pointer  string
		reviewer hipaasmp.Actor
		change   func(*review.Independence)
	}{
		"the same person": {review.ConflictSamePerson, "/certifier/id", self, func(*review.Independence) {}},
		"the reviewer is the actor by an account": {review.ConflictSubject, "/exceptions/0/actor", reviewer, func(i *review.Independence) {
			i.Accounts[0].Actors = append(i.Accounts[0].Actors, arn)
		}},
		"the certifier is the actor by an account": {review.ConflictSubject, "/exceptions/0/actor", reviewer, func(i *review.Independence) {
			i.Accounts = append(i.Accounts, review.Account{Member: official.ID, Actors: []string{arn}})
		}},
		"the reviewer reports to the actor": {review.ConflictSuperior, "/exceptions/0/actor", reviewer, func(i *review.Independence) {
			i.Lines = []review.Line{{Member: reviewer.ID, Manager: "w-008"}}
			i.Accounts = append(i.Accounts, review.Account{Member: "w-008", Actors: []string{arn}})
		}},
		"the certifier reports to the actor": {review.ConflictSuperior, "/exceptions/0/actor", reviewer, func(i *review.Independence) {
			i.Lines = []review.Line{{Member: official.ID, Manager: arnMember}}
			i.Accounts = append(i.Accounts, review.Account{Member: arnMember, Actors: []string{arn}})
		}},
		"the reviewer alone administers a system": {review.ConflictAdministrator, "/independence/administrators/1", reviewer, func(i *review.Independence) {
			i.Administrators[1].Members = []string{reviewer.ID}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			complete := func(i review.Independence) error {
				_, err := explained(t).Complete("r", c.reviewer, official, on("2026-04-08"), may(), review.ExceptionsDisposed("I certify."), i)
				return err
			}
			i := independence()
			c.change(&i)
			requireFault(t, complete(i), hipaasmp.FaultSegregation, c.pointer)
			w := waiver()
			w.Covers = []review.Conflict{c.kind}
			i.Waiver = &w
			requireFault(t, complete(i), hipaasmp.FaultSegregation, "/independence/second")
			i.Second = second()
			require.NoError(t, complete(i))
			w.Covers = slices.DeleteFunc(review.Conflict("").Values(), func(k review.Conflict) bool { return k == c.kind })
			i.Waiver = &w
			requireFault(t, complete(i), hipaasmp.FaultSegregation, c.pointer)
		})
	}
}

// An administrator may review a source, but not alone: other administrators and a vendor beside do not make it a review by
// somebody else.
func TestAnAdministratorIsNotTheOnlyReviewerOfASource(t *testing.T) {
	t.Parallel()
	for name, who := range map[string]review.Administration{
		"the only administrator":                {System: "helpdesk", Members: []string{reviewer.ID}},
		"an administrator beside another":       {System: "helpdesk", Members: []string{technician.ID, reviewer.ID}},
		"an administrator with a vendor beside": {System: "helpdesk", Members: []string{reviewer.ID}, Outside: "The vendor"},
	} {
		i := independence()
		i.Administrators[1] = who
		complete := func(beside ...hipaasmp.Actor) error {
			s := explained(t)
			s.Sources[2].Reviewers = beside
			_, err := s.Complete("r", reviewer, official, on("2026-04-08"), may(), review.ExceptionsDisposed("I certify."), i)
			return err
		}
		requireFault(t, complete(), hipaasmp.FaultSegregation, "/independence/administrators/1")
		if slices.Contains(who.Members, technician.ID) {
			requireFault(t, complete(technician), hipaasmp.FaultSegregation, "/independence/administrators/1")
		}
		requireFault(t, complete(program, member), review.FaultProgram, "/sources/2/reviewers/0")
		requireFault(t, complete(member, member), hipaasmp.FaultIdentity, "/sources/2/reviewers/1")
		require.NoError(t, complete(member), name)
	}
}

func TestACorrectionIsANewRecord(t *testing.T) {
	t.Parallel()
	wrong := record(t)
	before := wrong
	anew := explained(t)
	r, err := anew.Correct("r-march-2", wrong, "The export lacked the last day.", reviewer, official, on("2026-04-20"), may(), review.ExceptionsDisposed("I certify anew."), independence())
	require.NoError(t, err)
	require.Equal(t, before, wrong)
	require.Equal(t, wrong.DocumentRef(), *r.Supersedes)
	require.True(t, r.Timeliness.Late(), "a correction is measured by its own day")

	try := func(s review.Session, id, why, at string) error {
		_, err := s.Correct(id, wrong, why, reviewer, official, on(at), may(), review.ExceptionsDisposed("x"), independence())
		return err
	}
	requireFault(t, try(anew, "r-march-2", "", "2026-04-20"), review.FaultStatement, "/correction")
	requireFault(t, try(anew, "r-march", "x", "2026-04-20"), hipaasmp.FaultDangling, "/supersedes")
	requireFault(t, try(anew, "r-march-2", "x", "2026-04-07"), hipaasmp.FaultOrder, "/at")
	requireFault(t, try(covered(t, month("2026-02-01")), "r-march-2", "x", "2026-04-20"), hipaasmp.FaultDangling, "/period")
	r.Correction = ""
	requireFault(t, r.Validate(), review.FaultStatement, "/correction")
	r.Supersedes.Kind = review.KindSession
	requireFault(t, r.Validate(), hipaasmp.FaultDangling, "/supersedes/kind")
}

func TestAForgedRecordIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code  hipaasmp.FaultCode
		forge func(*review.Record)
	}{
		"an exception reopened":        {review.FaultUndisposed, func(r *review.Record) { r.Exceptions[0].State = review.ExceptionTriaged }},
		"an exception removed":         {review.FaultStatement, func(r *review.Record) { r.Exceptions = nil }},
		"a source removed":             {review.FaultUncovered, func(r *review.Record) { r.Sources = r.Sources[:2] }},
		"a source from elsewhere":      {review.FaultNotSource, func(r *review.Record) { r.Sources[2].Source = "pacs" }},
		"a source twice":               {hipaasmp.FaultIdentity, func(r *review.Record) { r.Sources[2].Source = "ehr-access" }},
		"a kinder due day":             {review.FaultTimeliness, func(r *review.Record) { r.Timeliness.Due = day("2026-05-14") }},
		"another day of certification": {review.FaultTimeliness, func(r *review.Record) { r.Timeliness.Certified = day("2026-04-07") }},
		"events added":                 {review.FaultCounts, func(r *review.Record) { r.Sources[0].Events++ }},
		"denials hidden":               {review.FaultCounts, func(r *review.Record) { r.Sources[0].Denials = 0 }},
		"defects hidden":               {review.FaultCounts, func(r *review.Record) { r.Sources[0].Defects = nil }},
		"duplicates hidden":            {review.FaultCounts, func(r *review.Record) { r.Sources[0].Files[0].Duplicates = 1 }},
		"more unresolved than events":  {review.FaultCounts, func(r *review.Record) { r.Sources[0].UnresolvedActors = 11 }},
		"more named than counted": {review.FaultCounts, func(r *review.Record) {
			r.Exceptions[0].Count = 1
			r.Exceptions[0].Events = append(r.Exceptions[0].Events, r.Exceptions[0].Events[0])
		}},
		"an outcome twice":             {hipaasmp.FaultIdentity, func(r *review.Record) { r.Sources[0].Outcomes[1].Outcome = r.Sources[0].Outcomes[0].Outcome }},
		"enabled, checked never":       {review.FaultCapability, func(r *review.Record) { r.Sources[0].Capability.Checked = hipaasmp.Date{} }},
		"unknown, yet checked":         {review.FaultCapability, func(r *review.Record) { r.Sources[0].Capability.State = review.CapabilityUnknown }},
		"a gap of another month":       {review.FaultCapability, func(r *review.Record) { r.Sources[0].Capability.Gaps = []hipaasmp.Period{month("2026-05-01")} }},
		"a procedure of another year":  {review.FaultNotInForce, func(r *review.Record) { r.Procedure.Effective = hipaasmp.Period{From: day("2026-04-01")} }},
		"a procedure of another kind":  {hipaasmp.FaultDangling, func(r *review.Record) { r.Procedure.Procedure.Kind = review.KindRecord }},
		"a session of another kind":    {hipaasmp.FaultDangling, func(r *review.Record) { r.Session.Kind = review.KindRecord }},
		"an open period":               {review.FaultNotEnded, func(r *review.Record) { r.Period.To = hipaasmp.Date{} }},
		"a period that runs backwards": {hipaasmp.FaultOrder, func(r *review.Record) { r.Period.To = day("2026-02-01") }},
		"a zone that is none":          {hipaasmp.FaultZone, func(r *review.Record) { r.Zone = "America/Nowhere" }},
		"a local zone":                 {hipaasmp.FaultZone, func(r *review.Record) { r.Zone = "Local" }},
		"an exception of nowhere":      {hipaasmp.FaultDangling, func(r *review.Record) { r.Exceptions[0].Source = "pacs" }},
		"last before first":            {hipaasmp.FaultOrder, func(r *review.Record) { r.Sources[0].Last = r.Sources[0].First.Add(-time.Hour) }},
		"a certificate of no role":     {review.FaultRole, func(r *review.Record) { r.Procedure.Certifiers = []hipaasmp.Role{hipaasmp.RoleManagement} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := record(t)
			require.NoError(t, r.Validate())
			c.forge(&r)
			requireFault(t, r.Validate(), c.code)
		})
	}
}

func TestCloseTakesTheRecordOfThisSessionOnly(t *testing.T) {
	t.Parallel()
	_, other := quiet(t, month("2026-02-01"), "2026-03-05")
	_, err := explained(t).Close(other)
	requireFault(t, err, hipaasmp.FaultDangling, "/record")
	broken := record(t)
	broken.Statement.Words = ""
	_, err = explained(t).Close(broken)
	requireFault(t, err, hipaasmp.FaultRequired)
}
