package activity_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func TestATNASamplesOfDICOMAndEPR(t *testing.T) {
	t.Parallel()
	account := func(id string) activity.Actor { return activity.Actor{ID: id, Kind: activity.ActorAccount} }
	patient := func(oid, id string) []activity.Patient { return []activity.Patient{{System: "urn:oid:" + oid, ID: id}} }
	professional := activity.Actor{ID: "2000000090108", Kind: activity.ActorPerson, Display: "a name"}
	transfer := activity.Event{
		Actor:    activity.Actor{ID: "smitty@readingroom.hospital.org", AltID: "smith@nema", Kind: activity.ActorUnknown, Display: "Dr. Smith"},
		Patients: []activity.Patient{{ID: "ptid12345"}}, Action: activity.ActionCreate, Family: activity.FamilyEdit,
		Act: activity.Act{System: "DCM", Name: "110104"}, Object: activity.Object{Type: "110180", ID: "1.2.840.10008.2.3.4.5.6.7.78.8"},
		From: activity.Origin{Addr: "192.168.1.2"},
	}
	for name, want := range map[string]activity.Event{
		"dicom-ww1-2020c.xml": transfer,
		"dicom-ww1-2024e.xml": transfer, // the time has no zone, so it is no instant
		"epr-iti-18.xml": {
			Recorded: time.Date(2023, 9, 11, 12, 18, 27, 579e6, time.UTC),
			Actor:    activity.Actor{ID: "761337610410035724", Kind: activity.ActorPerson, Display: "a name"},
			Patients: patient("1.3.6.1.4.1.21367.2017.2.5.93", "d5e42fed-5962-4bb9-b8b6-5d9e8afb0f2a"),
			Action:   activity.ActionSearch, Family: activity.FamilySearch, Act: activity.Act{System: "IHE Transactions", Name: "ITI-18"},
			Object: activity.Object{Type: "ITI-18", ID: "urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3"},
			From:   activity.Origin{Addr: "81.223.215.43"}, Purpose: []string{"NORM"},
		},
		"epr-iti-41.xml": {
			Recorded: time.Date(2020, 11, 17, 17, 39, 39, 0, time.UTC), Actor: professional,
			Patients: patient("2.16.840.1.113883.3.37.4.1.1.2.1.1", "752343"),
			Action:   activity.ActionExport, Family: activity.FamilyPrintExport, Act: activity.Act{System: "IHE Transactions", Name: "ITI-41"},
			Object: activity.Object{Type: "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd", ID: "urn:uuid:6b948daf-ab4a-4d51-a1a4-e9f4b2e05ff7"},
			From:   activity.Origin{Host: "hcohcdemo01-app06-icwpxs01.net.swisscom-health.it"},
		},
		"epr-iti-43.xml": {
			Recorded: time.Date(2020, 6, 4, 10, 54, 39, 571e6, time.UTC), Actor: professional,
			Patients: patient("2.16.756.5.30.1.127.3.10.3", "761337615343338300"),
			Action:   activity.ActionCreate, Family: activity.FamilyEdit, Act: activity.Act{System: "IHE Transactions", Name: "ITI-43"},
			Object: activity.Object{Type: "9", ID: "2.16.756.5.30.1.194.130880.1591258526941"},
			From:   activity.Origin{Host: "hcohcdemo01-app06-icwpxs01.net.swisscom-health.it"}, Purpose: []string{"NORM"},
		},
		"epr-iti-44.xml": {
			Recorded: time.Date(2020, 9, 21, 13, 25, 53, 616e6, time.UTC),
			Actor:    activity.Actor{ID: "primary.system.ID", AltID: "primary.system.alt.ID", Kind: activity.ActorService},
			Patients: patient("2.16.756.5.30.1.174.1.9999.1", "11234"),
			Action:   activity.ActionCreate, Family: activity.FamilyEdit, Act: activity.Act{System: "IHE Transactions", Name: "ITI-44"},
			Object: activity.Object{Type: "ITI-44", ID: "urn:uuid:4d42d62d-30b7-4ad4-a9e2-c3f0dd1d50f9"},
			From:   activity.Origin{Host: "https://my_primary_system.com/"},
		},
		"epr-iti-45.xml": {
			Recorded: time.Date(2020, 9, 30, 19, 32, 55, 368e6, time.UTC), Actor: account("_SYSTEM"),
			Patients: patient("1.3.6.1.4.1.12559.11.25.1.19", "CHFACILITY22332"),
			Action:   activity.ActionSearch, Family: activity.FamilySearch, Act: activity.Act{System: "IHE Transactions", Name: "ITI-45"},
			Object: activity.Object{Type: "ITI-45", ID: "1^^^&BC322C7E-0353-11EB-9994-0242AC140002&ISO"},
			From:   activity.Origin{Host: "0045e6d09dd0"},
		},
		"epr-iti-47.xml": {
			Recorded: time.Date(2020, 9, 30, 19, 27, 29, 386e6, time.UTC), Actor: account("_SYSTEM"),
			Patients: patient("1.3.6.1.4.1.12559.11.20.1", "CHPAM34"),
			Action:   activity.ActionSearch, Family: activity.FamilySearch, Act: activity.Act{System: "IHE Transactions", Name: "ITI-47"},
			Object: activity.Object{Type: "ITI-47", ID: "1^^^&F9D62A4A-0352-11EB-A6E8-0242AC140002&ISO"},
			From:   activity.Origin{Host: "0045e6d09dd0"},
		},
	} {
		data := file(t, filepath.Join("testdata", "atna"), name)
		events, defects := readAll(t, activity.FormatATNA, data)
		require.Empty(t, defects, name)
		require.Len(t, events, 1, name)
		want.Source, want.Seq, want.Outcome, want.Code = "s1", 1, activity.OutcomeSuccess, "0"
		want.Raw = activity.Raw{File: "log", Length: int64(len(strings.TrimSpace(string(data))))}
		require.Equal(t, want, events[0], name)
		stamped, defects := readAll(t, activity.FormatATNA, append([]byte(syslogHead), data...))
		require.Empty(t, defects, name)
		want.Raw.Length += int64(len(syslogHead))
		if want.Recorded.IsZero() {
			want.Recorded = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		}
		require.Equal(t, want, stamped[0], "%s: the stamp of the message stands in for a time without a zone, and for no other", name)
	}
}

// message is an audit message with these participants.
func message(event, participants string) string {
	return `<AuditMessage><EventIdentification EventDateTime="2026-03-01T10:00:00Z" ` + event + `</EventIdentification>` + participants + `</AuditMessage>`
}

func TestATNAFindsThePersonBehindTheMachines(t *testing.T) {
	t.Parallel()
	const (
		event   = `EventActionCode="R" EventOutcomeIndicator="0"><EventID csd-code="110110"/>`
		source  = `<ActiveParticipant UserID="node-a" UserIsRequestor="true" NetworkAccessPointID="10.0.0.1"><RoleIDCode csd-code="110153"/></ActiveParticipant>`
		target  = `<ActiveParticipant UserID="node-b" UserIsRequestor="false" NetworkAccessPointID="10.0.0.2"><RoleIDCode csd-code="110152"/></ActiveParticipant>`
		human   = `<ActiveParticipant UserID="u1" UserIsRequestor="%s"><RoleIDCode csd-code="nurse" codeSystemName="local"/></ActiveParticipant>`
		subject = `<ActiveParticipant UserID="u2" UserName="alias&lt;u2@idp&gt;" UserIsRequestor="false"/>`
	)
	for name, c := range map[string]struct {
		participants string
		want         activity.Actor
		from         string
	}{
		"marked":                          {source + fmt.Sprintf(human, "true") + target, activity.Actor{ID: "u1", Kind: activity.ActorAccount}, "10.0.0.1"},
		"not marked, behind the machine":  {source + target + fmt.Sprintf(human, "false"), activity.Actor{ID: "u1", Kind: activity.ActorAccount}, "10.0.0.1"},
		"the subject of an assertion":     {source + target + subject, activity.Actor{ID: "u2", Kind: activity.ActorPerson, Display: "alias<u2@idp>"}, "10.0.0.1"},
		"the marked one of two":           {subject + fmt.Sprintf(human, "true"), activity.Actor{ID: "u1", Kind: activity.ActorAccount}, ""},
		"machines only":                   {source + target, activity.Actor{ID: "node-a", Kind: activity.ActorService}, "10.0.0.1"},
		"nobody asked":                    {target, activity.Actor{Kind: activity.ActorUnknown}, "10.0.0.2"},
		"marked as one guide prints it":   {strings.Replace(source, "UserIsRequestor", "UserIsRequest", 1), activity.Actor{ID: "node-a", Kind: activity.ActorService}, "10.0.0.1"},
		"an alternative identity only":    {`<ActiveParticipant UserID="" AlternativeUserID="x" UserIsRequestor="true"/>`, activity.Actor{ID: "x", Kind: activity.ActorUnknown}, ""},
		"two others that have an address": {fmt.Sprintf(human, "true") + target + strings.ReplaceAll(target, "10.0.0.2", "10.0.0.3"), activity.Actor{ID: "u1", Kind: activity.ActorAccount}, ""},
	} {
		events, defects := readAll(t, activity.FormatATNA, []byte(message(event, c.participants)))
		require.Empty(t, defects, name)
		require.Equal(t, c.want, events[0].Actor, name)
		require.Equal(t, activity.Origin{Addr: c.from}, events[0].From, name)
	}
}

func TestATNAOutcomesAndWords(t *testing.T) {
	t.Parallel()
	for event, want := range map[string]string{
		`EventActionCode="E" EventOutcomeIndicator="0"><EventID csd-code="110114"/><EventTypeCode csd-code="110122"/>`:                                   "login login success",
		`EventActionCode="E" EventOutcomeIndicator="4"><EventID code="110114"/><EventTypeCode code="110123"/>`:                                           "logout login failure",
		`EventActionCode="E" EventOutcomeIndicator="8"><EventID code="110113"/><EventTypeCode code="110127"/>`:                                           "override override failure",
		`EventActionCode="R" EventOutcomeIndicator="0"><EventID code="110110"/><PurposeOfUse csd-code="BTG"/>`:                                           "read override success",
		`EventActionCode="D" EventOutcomeIndicator="12"><EventID code="110110"/><EventOutcomeDescription>Access denied</EventOutcomeDescription>`:        "delete edit denied",
		`EventActionCode="" EventOutcomeIndicator="x"><EventID code="eventIDcode"/>`:                                                                     "unknown unknown unknown",
		`EventActionCode="R" EventOutcomeIndicator="0"><EventID code="110106"/>`:                                                                         "export print_export success",
		`EventActionCode="U" EventOutcomeIndicator="0"><EventID code="110113"/><EventTypeCode code="110137"/>`:                                           "update admin success",
		`EventActionCode="R" EventOutcomeIndicator="4"><EventID code="110110"/><EventOutcomeDescription>a &amp; not permitted</EventOutcomeDescription>`: "read view denied",
	} {
		events, defects := readAll(t, activity.FormatATNA, []byte(message(event, "")))
		require.Empty(t, defects, event)
		e := events[0]
		require.Equal(t, want, fmt.Sprint(e.Action, " ", e.Family, " ", e.Outcome), event)
	}
}

func TestATNADamageIsCountedAndReadingGoesOn(t *testing.T) {
	t.Parallel()
	a, b := syslogHead+auditMessage1, syslogHead+auditMessage2
	counted := func(message string) string { return fmt.Sprint(len(message), " ", message) }
	half := a[:len(a)/2]
	for name, c := range map[string]struct {
		file   string
		reason activity.Reason
		bytes  string
	}{
		"half a line":                   {a + "\n" + half + "\n" + b + "\n", activity.ReasonSyntax, half},
		"half a line, bare":             {auditMessage1 + "\n" + auditMessage1[:300] + "\n" + auditMessage2 + "\n", activity.ReasonSyntax, auditMessage1[:300]},
		"a line of words":               {a + "\nhello\n" + b, activity.ReasonSyntax, "hello"},
		"a line of numbers":             {a + "\n2026-03-01 hello\n" + b, activity.ReasonSyntax, "2026-03-01 hello"},
		"another message":               {a + "\n<34>1 2026-03-01T09:00:00Z h su - ID47 - 'su root' failed\n" + b, activity.ReasonNotAnEvent, "<34>1 2026-03-01T09:00:00Z h su - ID47 - 'su root' failed"},
		"another message, counted":      {counted(a) + counted("<34>1 - h su - - - words") + counted(b), activity.ReasonNotAnEvent, counted("<34>1 - h su - - - words")},
		"another document":              {a + "\n<hello/>\n" + b, activity.ReasonNotAnEvent, "<hello/>"},
		"cut at the end":                {a + "\n" + b + "\n" + half, activity.ReasonTruncated, half},
		"cut at the end, counted":       {counted(a) + counted(b) + counted(a)[:100], activity.ReasonTruncated, counted(a)[:100]},
		"a wrong count":                 {counted(a) + "\n" + "7 " + a + "\n" + counted(b), activity.ReasonSyntax, "7 " + a},
		"a document type":               {a + "\n<!DOCTYPE x [<!ENTITY a \"b\">]>\n" + b, activity.ReasonSyntax, "<!DOCTYPE x [<!ENTITY a \"b\">]>"},
		"an attribute twice":            {a + "\n<AuditMessage a=\"1\" a=\"2\"/>\n" + b, activity.ReasonDuplicateMember, "<AuditMessage a=\"1\" a=\"2\"/>"},
		"not UTF-8":                     {a + "\n<AuditMessage a=\"\xff\"/>\n" + b, activity.ReasonEncoding, "<AuditMessage a=\"\xff\"/>"},
		"crossed tags":                  {a + "\n<AuditMessage><a><b></a></b></AuditMessage>\n" + b, activity.ReasonSyntax, "<AuditMessage><a><b></a></b></AuditMessage>"},
		"nested deep":                   {a + "\n<AuditMessage>" + strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200) + "</AuditMessage>\n" + b, activity.ReasonTooDeep, "<AuditMessage>" + strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200) + "</AuditMessage>"},
		"a message without an event":    {a + "\n<AuditMessage/>\n" + b, activity.ReasonNotAnEvent, "<AuditMessage/>"},
		"broken off over several lines": {a + "\n<AuditMessage>\n <a>\n <b x=\"\n" + b, activity.ReasonSyntax, "<AuditMessage>\n <a>\n <b x=\""},
	} {
		events, defects := readAll(t, activity.FormatATNA, []byte(c.file))
		require.Len(t, events, 2, name)
		require.Len(t, defects, 1, name)
		d := defects[0]
		require.Equal(t, c.bytes, c.file[d.Raw.Offset:d.Raw.Offset+d.Raw.Length], name)
		require.Equal(t, c.reason, d.Reason, name)
	}
}

// A message that is cut in its text must not take those behind it along.
func TestAMessageCutInItsTextLosesOnlyItself(t *testing.T) {
	t.Parallel()
	const message = `<AuditMessage><EventIdentification EventActionCode="R" EventDateTime="2026-03-01T09:00:00Z" EventOutcomeIndicator="0"><EventID csd-code="110110" codeSystemName="DCM"/><EventOutcomeDescription>said in
<b>words</b></EventOutcomeDescription></EventIdentification><ActiveParticipant UserID="u1" UserIsRequestor="true"/></AuditMessage>`
	whole := message + "\n"
	for _, at := range []string{"said", "said in\n<b>wor", "</EventIdentification>", "</AuditMessage>"} {
		cut := message[:strings.Index(message, at)] + "\n"
		data := whole + cut + whole + cut + cut + whole
		for _, prefix := range []string{"", "a:"} {
			text := strings.ReplaceAll(strings.ReplaceAll(data, "<AuditMessage", "<"+prefix+"AuditMessage"), "</AuditMessage", "</"+prefix+"AuditMessage")
			events, defects := readAll(t, activity.FormatATNA, []byte(text))
			require.Len(t, events, 3, "%q", at)
			require.Len(t, defects, 3, "%q", at)
			for _, d := range defects {
				require.Equal(t, activity.ReasonSyntax, d.Reason)
			}
		}
	}
}
