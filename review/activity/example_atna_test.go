package activity_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// A relay left out two repetitions of a query and said so afterwards. They count, at the place where it said so.
func Example_atna() {
	query := `<AuditMessage><EventIdentification EventActionCode="E" EventDateTime="2026-03-01T09:00:00Z" EventOutcomeIndicator="0"><EventID csd-code="110112" codeSystemName="DCM"/></EventIdentification>` +
		`<ActiveParticipant UserID="u1" UserIsRequestor="true"/><ParticipantObjectIdentification ParticipantObjectID="p1^^^&amp;1.2.3&amp;ISO" ParticipantObjectTypeCodeRole="1"/></AuditMessage>`
	file := "<85>1 2026-03-01T09:00:00Z ehr-1 ehr - - - " + query + "\n<85>1 2026-03-01T09:00:05Z ehr-1 ehr - - - message repeated 2 times: [ " + query + "]\n"
	reader, err := activity.ReaderFor(activity.FormatATNA)
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range reader.Read(activity.Input{Source: "ehr", File: "atna.log", Content: strings.NewReader(file)}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Seq, event.Actor.ID, event.Action, event.Patients, "at", event.Raw.Offset)
	}
	// Output:
	// 1 u1 search [{urn:oid:1.2.3 p1}] at 0
	// 2 u1 search [{urn:oid:1.2.3 p1}] at 417
	// 3 u1 search [{urn:oid:1.2.3 p1}] at 417
}
