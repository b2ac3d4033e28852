package review_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// roundTrip asks that a document is read back as it was written, value and bytes.
func roundTrip[T hipaasmp.Document](t require.TestingT, doc T) {
	require.NoError(t, doc.Validate())
	b, err := canon.Marshal(doc)
	require.NoError(t, err)
	var back T
	require.NoError(t, strictjson.Decode(b, &back))
	require.Equal(t, doc, back)
	again, err := canon.Marshal(back)
	require.NoError(t, err)
	require.Equal(t, string(b), string(again))
	_, err = hipaasmp.Decode[T](b)
	require.NoError(t, err)
}

var (
	drawID   = rapid.StringMatching(`[a-zA-Z0-9][a-zA-Z0-9._:-]{0,20}`)
	drawText = rapid.StringMatching(`[A-Za-z<>&"\\é€𝄞][A-Za-z ,.é€𝄞\n\t/~"']{0,40}`)
)

func drawProof(t *rapid.T) *hipaasmp.Artifact {
	if rapid.Bool().Draw(t, "no proof") {
		return nil
	}
	a := proof()
	a.Name, a.Size = drawText.Draw(t, "name"), rapid.Int64Range(0, 1<<53-1).Draw(t, "size")
	return &a
}

func drawTerms(t *rapid.T) review.Terms {
	x := terms()
	x.Title, x.Purpose, x.Documentation = drawText.Draw(t, "title"), drawText.Draw(t, "purpose"), drawText.Draw(t, "doc")
	x.Cadence = review.Cadence{Unit: rapid.SampledFrom(review.Unit("").Values()).Draw(t, "unit"), Every: rapid.IntRange(1, 60).Draw(t, "every"),
		DueDays: rapid.IntRange(0, 366).Draw(t, "due"), GraceDays: rapid.IntRange(0, 366).Draw(t, "grace")}
	if rapid.Bool().Draw(t, "business") {
		x.Cadence.Business = review.MondayToFriday(day("2027-12-31"), review.FederalHolidays(2026, 2027)...)
		round := review.DefaultRound()
		round.ID, round.Cadence.Unit = drawID.Draw(t, "round"), rapid.SampledFrom(review.Unit("").Values()).Draw(t, "round unit")
		x.Rounds = []review.Round{round}
	}
	x.RawLogs = review.RawLogs{Years: rapid.IntRange(0, 100).Draw(t, "years"), Authority: drawText.Draw(t, "authority")}
	for i := range x.Sources {
		s := &x.Sources[i]
		s.Name = drawText.Draw(t, "source name")
		s.HorizonDays = rapid.IntRange(0, 400).Draw(t, "horizon")
		if rapid.Bool().Draw(t, "archived") {
			s.Archive = drawText.Draw(t, "archive")
		}
		if rapid.Bool().Draw(t, "dated") {
			s.InUse = hipaasmp.Period{From: day("2020-01-01").AddDays(rapid.IntRange(0, 1000).Draw(t, "from"))}
			s.InUseProof = drawProof(t)
		}
	}
	if rapid.Bool().Draw(t, "no detectors") {
		x.Detectors = nil
	}
	return x
}

func drawProcedure(t *rapid.T) review.Procedure {
	i := issue(drawID.Draw(t, "id"), drawText.Draw(t, "version"), "2026-01-01")
	if rapid.Bool().Draw(t, "replaces") {
		i.Replaces = hipaasmp.Ref{Kind: review.KindProcedure, ID: "the-one-before-all-the-others", Version: rapid.Uint64Range(0, 9).Draw(t, "v")}
	}
	p, err := drawTerms(t).Approve(i, manager, day("2025-12-15"), func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil })
	require.NoError(t, err)
	if rapid.Bool().Draw(t, "reviewed") {
		p, err = p.Review(official, day("2026-01-01").AddDays(rapid.IntRange(0, 900).Draw(t, "day")), drawText.Draw(t, "result"))
		require.NoError(t, err)
	}
	if rapid.Bool().Draw(t, "superseded") {
		p, err = p.Supersede(day("2026-04-01").AddDays(rapid.IntRange(0, 900).Draw(t, "life")))
		require.NoError(t, err)
	}
	return p
}

// drawSession is a session over March with drawn contents, whose exceptions have been walked at random.
func drawSession(t *rapid.T) review.Session {
	s, err := review.Open(drawID.Draw(t, "id"), clinic(), drawProcedure(t), march(), reviewer, on("2026-04-01"))
	require.NoError(t, err)
	r := log(march())
	r.Method = rapid.SampledFrom([]review.Method{review.MethodAutomated, review.MethodManual}).Draw(t, "method")
	if r.Outside = rapid.Int64Range(0, r.Events).Draw(t, "outside"); r.Outside > 0 {
		r.Last = on("2026-05-01")
	}
	if rapid.Bool().Draw(t, "notes") {
		r.Notes = drawText.Draw(t, "note")
	}
	r.Capability = review.Capability{State: rapid.SampledFrom(review.CapabilityState("").Values()).Draw(t, "state"), Proof: drawProof(t)}
	if r.Capability.State != review.CapabilityUnknown {
		r.Capability.Checked = day("2026-04-01")
	}
	if rapid.Bool().Draw(t, "gap") {
		r.Capability.Gaps = []hipaasmp.Period{{From: day("2026-03-10"), To: day("2026-03-12")}}
	}
	if rapid.Bool().Draw(t, "read") {
		r.Read = review.ReadBetween(on("2026-04-01"), on("2026-04-01").Add(time.Duration(rapid.IntRange(0, 1<<30).Draw(t, "for"))))
		r.Reviewers = []hipaasmp.Actor{{ID: drawID.Draw(t, "beside"), Role: hipaasmp.RoleReviewer}}
		r.Context = []review.ContextTable{{Use: rapid.SampledFrom(review.ContextUse("").Values()).Draw(t, "use"), Name: drawText.Draw(t, "table"), SHA256: hipaasmp.DigestOf([]byte("t")),
			Supplied: drawText.Draw(t, "from"), On: day("2026-04-01")}}
	}
	actor := rapid.StringMatching(`([a-zA-Z0-9:/@._é-]{1,40})?`).Draw(t, "actor")
	x := finding("x-1", actor)
	x.Severity = rapid.SampledFrom(detect.Severity("").Values()).Draw(t, "severity")
	for i := range rapid.IntRange(0, 3).Draw(t, "patients") {
		x.Patients, x.PatientCount = append(x.Patients, hipaasmp.DigestOf([]byte{byte(i)})), int64(i)+rapid.Int64Range(1, 1000).Draw(t, "more")
	}
	x.Reasons = rapid.SliceOfN(drawText, 1, 3).Draw(t, "reasons")
	s, err = s.WithSource(r, review.NewException("ehr-log", x))
	require.NoError(t, err)
	for _, id := range []string{"ehr-access", "tickets"} {
		switch rapid.SampledFrom([]string{"reviewed", "left out", "missing"}).Draw(t, id) {
		case "reviewed":
			s, err = s.WithSource(manual(id, march()))
		case "left out":
			var proofs []hipaasmp.Artifact
			if p := drawProof(t); p != nil {
				proofs = append(proofs, *p)
			}
			s, err = s.WithoutSource(id, rapid.SampledFrom(review.Ground("").Values()).Draw(t, "ground"), drawText.Draw(t, "reason"), proofs...)
		}
		require.NoError(t, err)
	}
	for range rapid.IntRange(0, 6).Draw(t, "steps") {
		e, _ := s.Exception("x-1")
		s, err = stepException(s, rapid.SampledFrom(review.ExceptionMachine.Allowed(e.State)).Draw(t, "event"), on("2026-04-02"))
		require.NoError(t, err)
	}
	return s
}

func TestEveryDocumentIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		roundTrip(t, drawProcedure(t))
		s := drawSession(t)
		roundTrip(t, s)
		whole := len(s.Missing()) == 0 && len(s.Undisposed()) == 0
		i := independence()
		if rapid.Bool().Draw(t, "waived") {
			w := waiver()
			i.Waiver = &w
		}
		certified := day("2026-04-08").AddDays(rapid.IntRange(0, 400).Draw(t, "later")).String()
		r, err := s.Complete(drawID.Draw(t, "record"), reviewer, official, on(certified), may(), review.ExceptionsDisposed(drawText.Draw(t, "words")), i)
		require.Equal(t, whole, err == nil, "%v", err)
		if whole {
			roundTrip(t, r)
			closed, err := s.Close(r)
			require.NoError(t, err)
			roundTrip(t, closed)
		}
		inc := randomIncident(t)
		roundTrip(t, inc)
		if r, err := inc.IncidentRecord(); err == nil {
			roundTrip(t, r)
		}
	})
}

// zero is one of each document, empty.
func zero() []hipaasmp.Document {
	return []hipaasmp.Document{review.Procedure{}, review.Session{}, review.Record{}, review.Incident{}, review.IncidentRecord{}, review.ExplanationRule{}}
}

func TestZeroValuesAreRefusedWithoutPanic(t *testing.T) {
	t.Parallel()
	for _, d := range zero() {
		require.Error(t, d.Validate(), "%T", d)
		if r, ok := d.(hipaasmp.Record); ok {
			r.Citations()
			r.RetentionBasis()
		}
	}
	half := review.Record{Content: review.Content{Exceptions: []review.Exception{{}}, Sources: []review.SourceReview{{}}, NotReviewed: []review.NotReviewed{{}}}, Independence: review.Independence{Waiver: &review.Waiver{}, Accounts: []review.Account{{}}, Administrators: []review.Administration{{}}}}
	require.Error(t, half.Validate())
	require.Error(t, review.Session{Content: half.Content}.Validate())
	require.Error(t, review.Incident{Handling: review.Handling{Ending: &review.Ending{}, Containment: &review.Response{}, Responses: []review.Response{{}}}}.Validate())
	_, err := review.Open("", hipaasmp.Entity{}, review.Procedure{}, hipaasmp.Period{}, hipaasmp.Actor{}, on("2026-01-01"))
	require.Error(t, err)
	_, err = review.Terms{}.Approve(review.Issue{}, hipaasmp.Actor{}, hipaasmp.Date{}, nil)
	require.Error(t, err)
	_, err = review.Session{}.Complete("", hipaasmp.Actor{}, hipaasmp.Actor{}, on("2026-01-01"), nil, review.Statement{}, review.Independence{})
	require.Error(t, err)
	_, err = review.Session{}.Close(review.Record{})
	require.Error(t, err)
	r := review.Records{Procedures: []review.Procedure{{}}, Sessions: []review.Session{{}}, Records: []review.Record{half}, Incidents: []review.Incident{{}}, IncidentRecords: []review.IncidentRecord{{}}}
	for _, asOf := range []hipaasmp.Date{{}, day("2026-01-01")} {
		hipaasmp.FindGaps(asOf, r.GapChecks(hipaasmp.Period{})...)
		hipaasmp.FindGaps(asOf, review.Records{}.GapChecks(hipaasmp.Period{})...)
		require.Empty(t, review.Records{}.Coverage(hipaasmp.Period{}, asOf).Cells)
		r.Coverage(month("2026-01-01"), asOf)
		r.Raised(asOf)
	}
	require.Zero(t, review.Cadence{}.Period(day("2026-01-01")))
}

func TestFaultCodesAreListedOnceWithMeaningAndRemedy(t *testing.T) {
	t.Parallel()
	for i, d := range review.FaultDefs() {
		require.Equal(t, hipaasmp.FaultCode(fmt.Sprintf("SMP-REV-%02d", i+1)), d.Code)
		require.Equal(t, hipaasmp.FaultRule, d.Kind)
		require.NotEmpty(t, d.Meaning)
		require.NotEmpty(t, d.Remedy)
		require.True(t, d.Citation == "" || d.Citation.IsValid(), d.Citation)
	}
}

func TestGapChecksHaveCodesCitationsAndQuestions(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`^GAP-REV-\d\d$`)
	seen := map[hipaasmp.GapCode]bool{}
	for _, c := range (review.Records{}).GapChecks(hipaasmp.Period{}) {
		require.Regexp(t, code, c.Code)
		require.False(t, seen[c.Code], c.Code)
		seen[c.Code] = true
		require.True(t, c.Citation.IsValid())
		require.NotEmpty(t, c.Asks)
	}
	require.Len(t, seen, 37)
}

func checkEnum[E interface {
	~string
	IsValid() bool
	MarshalText() ([]byte, error)
	Values() []E
}](t *testing.T) {
	t.Helper()
	var none E
	require.False(t, none.IsValid())
	_, err := none.MarshalText()
	require.Error(t, err)
	typ := reflect.TypeFor[E]()
	for _, bad := range []string{`""`, `"unheard_of"`, `" "`} {
		require.Error(t, json.Unmarshal([]byte(bad), reflect.New(typ).Interface()), typ)
	}
	require.NotEmpty(t, none.Values())
	for _, v := range none.Values() {
		require.True(t, v.IsValid())
		b, err := json.Marshal(v)
		require.NoError(t, err)
		back := reflect.New(typ)
		require.NoError(t, json.Unmarshal(b, back.Interface()))
		require.Equal(t, v, back.Elem().Interface())
	}
}

func TestEnumerationsRefuseUnknownAndEmpty(t *testing.T) {
	t.Parallel()
	checkEnum[review.TicketState](t)
	checkEnum[review.Weekday](t)
	checkEnum[review.ContextUse](t)
	checkEnum[review.Absence](t)
	checkEnum[review.TicketOutcome](t)
	checkEnum[review.TicketField](t)
	checkEnum[review.ItemResult](t)
	checkEnum[review.SampleConclusion](t)
	checkEnum[review.Unit](t)
	checkEnum[review.RecordKind](t)
	checkEnum[review.Method](t)
	checkEnum[review.CapabilityState](t)
	checkEnum[review.Ground](t)
	checkEnum[review.State](t)
	checkEnum[review.Event](t)
	checkEnum[review.ExceptionState](t)
	checkEnum[review.ExceptionEvent](t)
	checkEnum[review.Explanation](t)
	checkEnum[review.Conflict](t)
	checkEnum[review.Result](t)
	checkEnum[review.IncidentState](t)
	checkEnum[review.IncidentEvent](t)
	checkEnum[review.Act](t)
	checkEnum[review.Success](t)
	checkEnum[review.Harm](t)
	checkEnum[review.Status](t)
}

func TestEveryKindOfRecordHasWordsOfTheRule(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{review.RecordKind("").Words(): true}
	for _, k := range review.RecordKind("").Values() {
		require.False(t, seen[k.Words()], k)
		seen[k.Words()] = true
	}
}

// FuzzRead gives arbitrary bytes to the readers of every document: nothing panics, and what is read is written back the same.
func FuzzRead(f *testing.F) {
	i, r := ended(f)
	for _, d := range append(zero(), procedure(f), explained(f), record(f), concluded(f, 1, 1), approvedRule(f), leaving(f), i, r) {
		b, err := canon.Marshal(d)
		if err != nil {
			b = []byte(`{}`) // a zero document has an empty enumeration, which is not written
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read[review.Procedure](t, data)
		read[review.Session](t, data)
		read[review.Record](t, data)
		read[review.Incident](t, data)
		read[review.IncidentRecord](t, data)
		read[review.ExplanationRule](t, data)
	})
}

func read[T hipaasmp.Document](t *testing.T, data []byte) {
	// A lax reader lets through what Validate must then cope with.
	var lax T
	if json.Unmarshal(data, &lax) == nil {
		_ = lax.Validate()
	}
	doc, err := hipaasmp.Decode[T](data)
	if err != nil {
		return
	}
	roundTrip(t, doc)
}
