//go:build unix

package activity_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// BenchmarkAgainstTheStandardLibrary reads a synthetic month, in turns with a loop over its lines that decodes the members
// of an event by encoding/json or encoding/xml and makes nothing of them. The figures are of processor time: "ratio" is
// that of the loop to ours.
//
//	go test -tags long -run - -bench AgainstTheStandardLibrary ./review/activity    # 100,000 events
func BenchmarkAgainstTheStandardLibrary(b *testing.B) {
	n := long.Count(20_000, 100_000)
	dir := generated(b, strconv.Itoa(n))
	for _, c := range []struct {
		format activity.Format
		file   string
		plain  func(line []byte) error
	}{
		{activity.FormatFHIR, "fhir.ndjson", func(line []byte) error { return json.Unmarshal(line, &plainAuditEvent{}) }},
		{activity.FormatATNA, "atna.log", func(line []byte) error {
			return xml.Unmarshal(line[bytes.IndexByte(line, '?'):][len(`?xml version="1.0" encoding="UTF-8"?>`):], &plainAuditMessage{})
		}},
	} {
		data := file(b, dir, c.file)
		b.Run(string(c.format), func(b *testing.B) {
			var ours, theirs float64
			for b.Loop() {
				before := processorTime(b)
				events := 0
				for _, err := range reader(b, c.format).Read(activity.Input{Content: bytes.NewReader(data)}) {
					require.NoError(b, err)
					events++
				}
				ours += processorTime(b) - before
				require.Equal(b, n, events)

				before = processorTime(b)
				lines := bufio.NewScanner(bytes.NewReader(data))
				for events = 0; lines.Scan(); events++ {
					require.NoError(b, c.plain(lines.Bytes()))
				}
				theirs += processorTime(b) - before
				require.Equal(b, n, events)
			}
			b.ReportMetric(theirs/ours, "ratio")
			b.ReportMetric(float64(n*b.N)/ours, "events/cpu-s")
		})
	}
}

func processorTime(b *testing.B) float64 {
	b.Helper()
	var use syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &use))
	return (time.Duration(use.Utime.Nano()) + time.Duration(use.Stime.Nano())).Seconds()
}

type plainConcept struct {
	System, Code string
	Coding       []plainConcept
}

type plainReference struct {
	Reference, Display string
	Identifier         struct{ System, Value string }
}

// plainAuditEvent has the members of R4 that an event is made of.
type plainAuditEvent struct {
	ResourceType, ID, Action, Recorded, Outcome, OutcomeDesc string
	Type                                                     plainConcept
	Subtype, PurposeOfEvent                                  []plainConcept
	Agent                                                    []struct {
		Type         plainConcept
		Role         []plainConcept
		Who          plainReference
		AltID, Name  string
		Requestor    bool
		PurposeOfUse []plainConcept
		Network      struct{ Address string }
	}
	Source struct{ Observer plainReference }
	Entity []struct {
		What       plainReference
		Type, Role plainConcept
		Query      string
	}
}

type plainCode struct {
	Code   string `xml:"csd-code,attr"`
	System string `xml:"codeSystemName,attr"`
}

// plainAuditMessage has the elements and attributes that an event is made of, in one of their spellings.
type plainAuditMessage struct {
	EventIdentification struct {
		EventActionCode         string `xml:",attr"`
		EventDateTime           string `xml:",attr"`
		EventOutcomeIndicator   string `xml:",attr"`
		EventID                 plainCode
		EventTypeCode           []plainCode
		PurposeOfUse            []plainCode
		EventOutcomeDescription string
	}
	ActiveParticipant []struct {
		UserID               string `xml:",attr"`
		AlternativeUserID    string `xml:",attr"`
		UserName             string `xml:",attr"`
		UserIsRequestor      bool   `xml:",attr"`
		NetworkAccessPointID string `xml:",attr"`
		RoleIDCode           []plainCode
	}
	ParticipantObjectIdentification []struct {
		ParticipantObjectID           string `xml:",attr"`
		ParticipantObjectTypeCode     string `xml:",attr"`
		ParticipantObjectTypeCodeRole string `xml:",attr"`
		ParticipantObjectIDTypeCode   plainCode
	}
}
