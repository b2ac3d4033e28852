package detect_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// kind is what a case proves of a detector.
type kind string

const (
	planted       kind = "planted positive"
	nearest       kind = "nearest negative"
	within        kind = "edge, on the side that is found"
	beyond        kind = "edge, on the side that is not"
	falsePositive kind = "false positive of the table"
)

// proof is one case: a log, a detector, and what is to be found.
type proof struct {
	id   detect.ID
	kind kind
	of   string // the parameter whose edge it is
	name string // the rule that it proves
	by   detect.Detector
	log  reviewed
	is   []claim
}

// reviewed is what a detector can look at.
type reviewed interface {
	find(d detect.Detector) []detect.Finding
}

// claim says what is wrong with findings, or nothing.
type claim func(fs []detect.Finding) string

// found claims so many findings.
func found(n int) claim {
	return func(fs []detect.Finding) string {
		if len(fs) == n {
			return ""
		}
		return fmt.Sprintf("%d findings, not %d", len(fs), n)
	}
}

// atMost claims no more findings than that.
func atMost(n int) claim {
	return func(fs []detect.Finding) string {
		if len(fs) <= n && len(fs) > 0 {
			return ""
		}
		return fmt.Sprintf("%d findings, not 1 to %d", len(fs), n)
	}
}

// every claims a severity of every finding, of which there is one at least.
func every(s detect.Severity) claim {
	return func(fs []detect.Finding) string {
		for _, f := range fs {
			if f.Severity != s {
				return fmt.Sprintf("%s, not %s: %v", f.Severity, s, f.Reasons)
			}
		}
		return atMost(len(fs))(fs)
	}
}

// ranked claims that so many findings have a severity.
func ranked(n int, s detect.Severity) claim {
	return func(fs []detect.Finding) string {
		if got := len(slices.DeleteFunc(slices.Clone(fs), func(f detect.Finding) bool { return f.Severity != s })); got != n {
			return fmt.Sprintf("%d findings are %s, not %d", got, s, n)
		}
		return ""
	}
}

// says claims that a reason of some finding has the words, and silent that none has.
func says(words string) claim {
	return func(fs []detect.Finding) string {
		for _, f := range fs {
			if strings.Contains(strings.Join(f.Reasons, "; "), words) {
				return ""
			}
		}
		return fmt.Sprintf("no finding says %q", words)
	}
}

func silent(words string) claim {
	return func(fs []detect.Finding) string {
		if says(words)(fs) == "" {
			return fmt.Sprintf("a finding says %q", words)
		}
		return ""
	}
}

// who claims the actors of the findings.
func who(want ...string) claim {
	return func(fs []detect.Finding) string {
		got := actors(fs)
		slices.Sort(got)
		if slices.Equal(got, want) {
			return ""
		}
		return fmt.Sprintf("found %v, not %v", got, want)
	}
}

// spent claims how many alerts a budget makes of the findings, and how many of them are drawn at random.
func spent(b detect.Budget, alerts, drawn int) claim {
	return func(fs []detect.Finding) string {
		s := b.Spend(fs)
		n := 0
		for _, a := range s.Alerts {
			if a.Pick == detect.PickRandom {
				n++
			}
		}
		if len(s.Alerts) == alerts && n == drawn && len(fs) > 0 {
			return ""
		}
		return fmt.Sprintf("of %d findings %d are alerts, %d drawn", len(fs), len(s.Alerts), n)
	}
}

// cases collects the proofs of one detector.
type cases struct {
	id  detect.ID
	all *[]proof
}

func (c cases) add(k kind, of, name string, by detect.Detector, l reviewed, is []claim) {
	*c.all = append(*c.all, proof{c.id, k, of, name, by, l, is})
}

func (c cases) planted(name string, by detect.Detector, l reviewed, is ...claim) {
	c.add(planted, "", name, by, l, is)
}
func (c cases) nearest(name string, by detect.Detector, l reviewed, is ...claim) {
	c.add(nearest, "", name, by, l, is)
}
func (c cases) falsePositive(name string, by detect.Detector, l reviewed, is ...claim) {
	c.add(falsePositive, "", name, by, l, is)
}

// within and beyond are the two sides of the edge of a parameter.
func (c cases) within(of, name string, by detect.Detector, l reviewed, is ...claim) {
	c.add(within, of, name, by, l, is)
}
func (c cases) beyond(of, name string, by detect.Detector, l reviewed, is ...claim) {
	c.add(beyond, of, name, by, l, is)
}

// tied proves the edges of the time in which a relation explains: an hour of relation from the start on, and an access to
// which the log puts everything that the detector looks for.
func (c cases) tied(user, patient string, by func(detect.Tie) detect.Detector, l func(after time.Duration) reviewed) {
	c.tiedBy([]string{user}, patient, by, l)
}

func (c cases) tiedBy(users []string, patient string, by func(detect.Tie) detect.Detector, l func(after time.Duration) reviewed) {
	var list []detect.Relation
	for _, u := range users {
		list = append(list, detect.Relation{Actor: u, Patient: activity.Patient{ID: patient}, Kind: "order", From: start, Until: start.Add(time.Hour)})
	}
	d := by(detect.Tie{Relations: detect.NewRelations(list)})
	c.within("back", "a relation that ended thirty days before", d, l(time.Hour+30*oneDay))
	c.beyond("back", "a relation that ended a microsecond less before", d, l(time.Hour+30*oneDay-time.Microsecond))
	c.within("forward", "a relation that begins a microsecond more than seven days after", d, l(-7*oneDay-time.Microsecond))
	c.beyond("forward", "a relation that begins seven days after", d, l(-7*oneDay))
}

// proofs are all of them.
func proofs(t testing.TB) []proof {
	var all []proof
	for id, of := range map[detect.ID]func(testing.TB, cases){
		"R1": ownRecordCases, "R2": householdCases, "R3": surnameCases, "R4": coworkerCases, "R5": neighbourCases,
		"R6": watchedCases, "R7": breakGlassCases, "R8": terminatedCases, "R9": dormantCases, "R10": failedLoginCases,
		"R11": afterFailuresCases, "R12": bulkCases, "R13": roleNeedCases, "R14": noRelationCases, "R15": longAgoCases,
		"R16": afterHoursCases, "R17": twoPlacesCases, "R18": sharedAccountCases, "R19": fishingCases, "R20": logControlCases,
		"S1": userVolumeCases, "S2": peerVolumeCases, "S3": patientSurgeCases, "S4": noveltyCases,
		"C1": silentSourceCases, "C2": sequenceGapCases, "C3": clockFaultCases, "C4": volumeDropCases, "C5": shapeDriftCases, "C6": digestCases,
	} {
		of(t, cases{id, &all})
	}
	return all
}

// Every case is what its name says, and every finding says what it is of and why.
func TestEveryDetectorDoesWhatTheTableSays(t *testing.T) {
	t.Parallel()
	for _, p := range proofs(t) {
		t.Run(fmt.Sprintf("%s/%s/%s/%s", p.id, p.kind, p.of, p.name), func(t *testing.T) {
			t.Parallel()
			desc := p.by.Describe()
			require.Equal(t, p.id, desc.ID)
			got := p.log.find(p.by)
			is := p.is
			if len(is) == 0 {
				is = []claim{map[kind]claim{planted: found(1), within: found(1), nearest: found(0), beyond: found(0), falsePositive: found(0)}[p.kind]}
			}
			for _, claim := range is {
				require.Empty(t, claim(got), "%v", got)
			}
			for _, f := range got {
				requireSound(t, f)
				require.Equal(t, desc.ID, f.Detector)
				require.Equal(t, desc.Version, f.Version)
				for _, r := range f.Reasons {
					require.GreaterOrEqual(t, len(strings.Fields(r)), 2, "%q is no reason in words", r)
				}
			}
		})
	}
}

// isContext reports whether a parameter is a table of context: a digest, or the name of a version of one.
func isContext(p detect.Parameter) bool {
	return hipaasmp.Digest(p.Value).IsValid() || p.Name == "matrix version"
}

// A detector without one of the four kinds of case, or with a parameter of which an edge is not tried on both sides, is
// a fault, and so is a case of a parameter that the detector does not have.
func TestEveryDetectorHasItsFourKindsOfCase(t *testing.T) {
	t.Parallel()
	k := known(t)
	k.Encounters = detect.NewEncounters(nil)
	have := map[string]int{}
	for _, p := range proofs(t) {
		have[fmt.Sprint(p.id, " ", p.kind, " ", p.of)]++
		name := fmt.Sprint("named ", p.id, p.kind, p.of, p.name)
		have[name]++
		require.Equal(t, 1, have[name], "two cases have one name: %s", name)
	}
	seen := 0
	for _, d := range detect.All(k) {
		desc := d.Describe()
		if desc.ID == detect.IDDenials {
			continue // it is of no section of the table
		}
		seen++
		for _, kind := range []kind{planted, nearest, falsePositive} {
			require.Positive(t, have[fmt.Sprint(desc.ID, " ", kind, " ")], "%s has no case of the kind %q", desc.ID, kind)
		}
		for _, p := range desc.Parameters {
			for _, side := range []kind{within, beyond} {
				key := fmt.Sprint(desc.ID, " ", side, " ", p.Name)
				require.True(t, isContext(p) || have[key] > 0, "%s: the edge of %q is not tried: %s", desc.ID, p.Name, side)
				delete(have, key)
			}
		}
		for key := range have {
			require.False(t, strings.HasPrefix(key, string(desc.ID)+" edge"), "%s is of no parameter", key)
		}
	}
	require.Equal(t, 30, seen)
}

// What a review records of a detector is there and is fit for a record, and the defaults are those of the table.
func TestEveryDetectorSaysWhatItIs(t *testing.T) {
	t.Parallel()
	defaults := map[detect.ID]string{
		"R1": "permitted none, severity low", "R2": "window 0s", "R3": "rare 0.001", "R4": "exempt occupational health", "R5": "metres 402, dense 100", "R6": "surges in the list, least 10, history 5 days, quantile 0.99",
		"R7": "around 24h0m0s, per month 5", "R8": "grace 0s", "R9": "days 90", "R10": "failures 5, window 10m0s, users 10", "R11": "failures 5, window 10m0s, within 30m0s", "R12": "least 50, quantile 0.99, roles all",
		"R13": "matrix version none", "R14": "", "R15": "days 180, exempt billing, him, quality", "R16": "grace 1h0m0s", "R17": "site 5m0s, country 1h0m0s, speed 900 km/h", "R19": "searches 15, opened 20 %, window 15m0s, quantile 0.99",
		"S1": "p 0.001, floor 20, days 56, history 5", "S2": "z 3.5, peers 5, floor 20, newcomer 30 days", "S3": "p 0.0001, floor 10", "S4": "p 0.0001, floor 10, history 10 days",
		"C1": "floor 1h0m0s, quantile 0.999, from none, until none", "C2": "reorder 24h0m0s, numbers by source, restarts auditd DAEMON_START, auditd SYSTEM_BOOT, chain none", "C3": "ahead 5m0s, lag 24h0m0s, back 2s, parts 16384, zone UTC",
		"C4": "p 0.0001, days 8, history 3", "C5": "drift 0.001, p 0.0001", "C6": "",
	}
	common := map[string]string{"back": "30 days", "forward": "7 days", "zone": "UTC", "limit": "none, exact"}
	for _, c := range []detect.Context{{}, known(t)} {
		for _, d := range detect.All(c) {
			desc := d.Describe()
			require.NotEmpty(t, desc.ID)
			require.Positive(t, desc.Version, desc.ID)
			require.GreaterOrEqual(t, len(strings.Fields(desc.Title)), 2, desc.ID)
			require.True(t, hipaasmp.ValidText(desc.Title), desc.ID)
			require.True(t, hipaasmp.ValidText(desc.FalsePositives), desc.ID)
			require.GreaterOrEqual(t, len(strings.Fields(desc.FalsePositives)), 4, "%s says what else looks the same", desc.ID)
			require.True(t, strings.HasSuffix(desc.FalsePositives, "."), desc.ID)
			require.NotEmpty(t, desc.Citations, desc.ID)
			names := map[string]bool{}
			var settings []string
			for _, p := range desc.Parameters {
				require.NotEmpty(t, p.Name, desc.ID)
				require.False(t, names[p.Name], "%s has two parameters %s", desc.ID, p.Name)
				names[p.Name] = true
				require.True(t, hipaasmp.ValidText(p.Value), "%s %s", desc.ID, p.Name)
				require.LessOrEqual(t, len(p.Value), 8000, "%s %s", desc.ID, p.Name)
				if want, ok := common[p.Name]; ok && desc.ID != detect.IDClockFault { // whose back is another thing
					require.Equal(t, want, p.Value, desc.ID)
				} else if !isContext(p) && !slices.Contains([]string{"people", "patients", "family", "relations", "watch", "encounters", "workforce", "leaves", "matrix", "calendar", "places", "digests"}, p.Name) || p.Name == "matrix version" {
					settings = append(settings, p.Name+" "+p.Value)
				}
			}
			want, ok := defaults[desc.ID]
			if desc.ID == "R13" && c.Needs != nil {
				want = "matrix version 2026-1"
			}
			require.True(t, !ok || want == strings.Join(settings, ", "), "%s: %q, not %q", desc.ID, settings, want)
			require.True(t, ok || slices.Contains([]detect.ID{"R18", "R20", "denials"}, desc.ID), "%s has no defaults here", desc.ID)
		}
	}
}

// read is a log as a source wrote it.
type read struct {
	format activity.Format
	text   string
}

func (r read) find(d detect.Detector) []detect.Finding {
	reader, err := activity.ReaderFor(r.format)
	if err != nil {
		panic(err)
	}
	p := d.New()
	for e, err := range reader.Read(activity.Input{Source: "s", File: "f", Content: strings.NewReader(r.text)}) {
		if err != nil {
			panic(err)
		}
		p.Add(e)
	}
	return p.Findings()
}

// delivered is a log with what is known of its file.
type delivered struct {
	*entries
	file detect.ScannedFile
}

func (l delivered) find(d detect.Detector) []detect.Finding {
	run := detect.Start(d)
	run.AddAll(l.events)
	run.AddFile("s", l.file)
	return run.Findings()
}

// content is a file that is read and whose digest is taken.
type content struct{ name, text string }

func (c content) find(d detect.Detector) []detect.Finding {
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	if err != nil {
		panic(err)
	}
	file := detect.File{Name: c.name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(c.text)), nil }}
	got, err := detect.Scan(context.Background(), detect.Source{ID: "s", Reader: reader, Files: []detect.File{file}}, d)
	if err != nil {
		panic(err)
	}
	return got.Findings()
}
