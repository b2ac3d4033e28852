package sanction_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/sanction"
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

func drawDate(t *rapid.T, label string) hipaasmp.Date {
	return day("2026-01-01").AddDays(rapid.IntRange(0, 4000).Draw(t, label))
}

func drawArtifacts(t *rapid.T) []hipaasmp.Artifact {
	var out []hipaasmp.Artifact
	for range rapid.IntRange(0, 2).Draw(t, "artifacts") {
		a := proof()
		a.Name = drawText.Draw(t, "name")
		a.Size = rapid.Int64Range(0, 1<<53-1).Draw(t, "size")
		if rapid.Bool().Draw(t, "custody") {
			a.Custody = []hipaasmp.Custody{{By: official, At: at(rapid.IntRange(-1000, 1000).Draw(t, "hour")), Action: drawText.Draw(t, "action")}}
		}
		out = append(out, a)
	}
	return out
}

func drawPolicy(t *rapid.T) sanction.Policy {
	terms := sanction.DefaultTerms()
	terms.Title, terms.Purpose = drawText.Draw(t, "title"), drawText.Draw(t, "purpose")
	for i := range terms.Procedure {
		terms.Procedure[i].Days = rapid.IntRange(0, 3650).Draw(t, "days")
	}
	if rapid.Bool().Draw(t, "no factors") {
		terms.Factors = nil
	}
	terms.Separation = sanction.Separation{Reporter: rapid.Bool().Draw(t, "r"), Investigator: rapid.Bool().Draw(t, "i"), Appeal: rapid.Bool().Draw(t, "a")}
	i := sanction.Issue{ID: drawID.Draw(t, "id"), EntityType: rapid.SampledFrom(hipaasmp.EntityType("").Values()).Draw(t, "entity"), Version: drawText.Draw(t, "version")}
	on := drawDate(t, "on")
	i.Effective.From = on.AddDays(rapid.IntRange(0, 60).Draw(t, "notice"))
	if rapid.Bool().Draw(t, "replaces") {
		i.Replaces = hipaasmp.Ref{Kind: sanction.KindPolicy, ID: "the-one-before-all-others", Version: rapid.Uint64Range(0, 9).Draw(t, "v")}
	}
	p, err := terms.Approve(i, manager, on, func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil })
	require.NoError(t, err)
	if rapid.Bool().Draw(t, "reviewed") {
		p, err = p.Review(official, on.AddDays(90), drawText.Draw(t, "result"))
		require.NoError(t, err)
	}
	if rapid.Bool().Draw(t, "superseded") {
		p, err = p.Supersede(i.Effective.From.AddDays(rapid.IntRange(0, 900).Draw(t, "life")))
		require.NoError(t, err)
	}
	return p
}

func TestEveryDocumentIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		roundTrip(t, drawPolicy(t))
		c := randomCase(t)
		roundTrip(t, c)
		if o, err := c.Outcome(); err == nil {
			roundTrip(t, o)
		}
		roundTrip(t, sanction.Acknowledgement{
			Header: hipaasmp.NewHeader(sanction.KindAcknowledgement, drawID.Draw(t, "id")), Policy: hipaasmp.Ref{Kind: sanction.KindPolicy, ID: drawID.Draw(t, "policy")},
			Version: drawText.Draw(t, "version"), Member: drawID.Draw(t, "member"), On: drawDate(t, "on"),
			Form: rapid.SampledFrom(sanction.Form("").Values()).Draw(t, "form"), Evidence: drawArtifacts(t),
		})
		tr := sanction.Training{
			Header: hipaasmp.NewHeader(sanction.KindTraining, drawID.Draw(t, "id")), Member: member.ID, Topic: drawText.Draw(t, "topic"),
			Provision: hipaasmp.CiteSecurityReminders, On: drawDate(t, "on"), Evidence: drawArtifacts(t),
		}
		if rapid.Bool().Draw(t, "linked") {
			linked, err := tr.About(drawPolicy(t)).For(c)
			require.NoError(t, err)
			tr = linked
		}
		roundTrip(t, tr)
		roundTrip(t, attested(t, drawID.Draw(t, "id"), "2026-01-01", drawDate(t, "to").String()))
	})
}

// zero is one of each document, empty.
func zero() []hipaasmp.Document {
	return []hipaasmp.Document{sanction.Policy{}, sanction.Case{}, sanction.Outcome{}, sanction.Acknowledgement{}, sanction.Training{}, sanction.Attestation{}}
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
	var c sanction.Case
	require.Empty(t, c.Deadlines())
	require.False(t, c.OpenOn(day("2026-01-01")))
	for _, e := range sanction.Event("").Values() {
		_, err := step(c, e, 1, sanction.Ruling{})
		require.Error(t, err, e)
	}
	require.Empty(t, sanction.Consistency([]sanction.Case{{}}, []sanction.Outcome{{}}).Groups)
	hipaasmp.FindGaps(hipaasmp.Date{}, sanction.Records{Policies: []sanction.Policy{{}}, Cases: []sanction.Case{{}}, Outcomes: []sanction.Outcome{{}},
		Acknowledgements: []sanction.Acknowledgement{{}}, Attestations: []sanction.Attestation{{}}, Workforce: []hipaasmp.WorkforceMember{{}}}.GapChecks(hipaasmp.Period{})...)
	_, err := sanction.NewCase("", hipaasmp.Entity{}, sanction.Policy{}, sanction.Subject{}, sanction.Report{})
	require.Error(t, err)
	_, err = sanction.Terms{}.Approve(sanction.Issue{}, hipaasmp.Actor{}, hipaasmp.Date{}, nil)
	require.Error(t, err)
}

func TestAZoneThatIsNotInTheDatabaseIsAFault(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"America/Nowhere", "Local", "../etc/passwd"} {
		c, o := closed(t)
		c.Zone, o.Zone = zone, zone
		requireFault(t, c.Validate(), hipaasmp.FaultZone)
		requireFault(t, o.Validate(), hipaasmp.FaultZone)
		d := determined(t)
		d.Zone = zone
		_, err := d.Decide(manager, at(60), may(), warning)
		requireFault(t, err, hipaasmp.FaultZone)
	}
}

func TestFaultCodesAreListedOnceWithMeaningAndRemedy(t *testing.T) {
	t.Parallel()
	seen := map[hipaasmp.FaultCode]bool{}
	for i, d := range sanction.FaultDefs() {
		require.Equal(t, hipaasmp.FaultCode(fmt.Sprintf("SMP-SAN-%02d", i+1)), d.Code)
		require.False(t, seen[d.Code])
		seen[d.Code] = true
		require.Equal(t, hipaasmp.FaultRule, d.Kind)
		require.NotEmpty(t, d.Meaning)
		require.NotEmpty(t, d.Remedy)
		require.True(t, d.Citation == "" || d.Citation.IsValid(), d.Citation)
	}
}

func TestGapChecksHaveCodesCitationsAndQuestions(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`^GAP-SAN-\d\d$`)
	seen := map[hipaasmp.GapCode]bool{}
	for _, c := range (sanction.Records{EntityType: hipaasmp.EntityCoveredEntity}).GapChecks(hipaasmp.Period{}) {
		require.Regexp(t, code, c.Code)
		require.False(t, seen[c.Code])
		seen[c.Code] = true
		require.True(t, c.Citation.IsValid())
		require.NotEmpty(t, c.Asks)
	}
}

// enum is what every enumeration of the package offers.
type enum interface {
	IsValid() bool
	MarshalText() ([]byte, error)
}

func checkEnum[E interface {
	enum
	~string
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
	checkEnum[sanction.State](t)
	checkEnum[sanction.Event](t)
	checkEnum[sanction.Effect](t)
	checkEnum[sanction.Stage](t)
	checkEnum[sanction.Protection](t)
	checkEnum[sanction.Disposition](t)
	checkEnum[sanction.AppealResult](t)
	checkEnum[sanction.Ground](t)
	checkEnum[sanction.Result](t)
	checkEnum[sanction.Part](t)
	checkEnum[sanction.Form](t)
	checkEnum[sanction.Inconsistency](t)
}

// FuzzRead gives arbitrary bytes to the readers of every document: nothing panics, and what is read is written back the same.
func FuzzRead(f *testing.F) {
	c, o := closed(f)
	tr, err := sanction.NewTraining("t-1", member.ID, "Access", hipaasmp.CiteAwarenessTraining, day("2026-03-20"))
	require.NoError(f, err)
	for _, d := range append(zero(), policy(f), c, o, ack(f, "w-009", "2026-01-10"), tr, attested(f, "a", "2026-01-01", "2026-03-31")) {
		// Marshal of a zero document fails where an enumeration is empty; its seed is then the empty object.
		b, err := canon.Marshal(d)
		if err != nil {
			b = []byte(`{}`)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read[sanction.Policy](t, data)
		read[sanction.Case](t, data)
		read[sanction.Outcome](t, data)
		read[sanction.Acknowledgement](t, data)
		read[sanction.Training](t, data)
		read[sanction.Attestation](t, data)
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
