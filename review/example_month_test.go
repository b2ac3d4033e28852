package review_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// A month from the file to the certified record, with everything in the order in which it has to come: the sample is planned
// before the log is read, the scan has the bounds of the session, a budget says what people are shown, the sample is drawn
// from the same file, and a conflict that cannot be avoided is waived with somebody from outside beside the certifier. A
// mistake that is found later is corrected by a record that supersedes the first.
func Example_month() {
	record, err := reviewMarch()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("shown:", len(record.Exceptions), "of", record.Sources[0].Detectors[0].Findings, "findings,", record.Sources[0].Detectors[0].Budget.Waiting, "waiting")
	fmt.Println("outside of March:", record.Sources[0].Outside, "of", record.Sources[0].Events, "events")
	r := record.Samples[0].Result
	fmt.Println("sample:", r.Conclusion, "with", r.Sampled, "looked at, at most", r.AtMost, "deviate")
	fmt.Println("waived:", record.Independence.Waiver.Covers)
	fmt.Println("kept through", record.KeepThrough)
	// Output:
	// shown: 2 of 3 findings, 1 waiting
	// outside of March: 1 of 5 events
	// sample: within with 5 looked at, at most 0 deviate
	// waived: [administrator_reviews]
	// kept through 2032-04-08
}

// reviewMarch reviews the trail of March.
func reviewMarch() (review.Record, error) {
	entity, ctx := clinic(), context.Background()
	rev := hipaasmp.Actor{ID: "w-003", Role: hipaasmp.RoleReviewer}
	officer := hipaasmp.Actor{ID: "w-001", Role: hipaasmp.RoleSecurityOfficial}
	april := func(day int) time.Time { return time.Date(2026, 4, day, 15, 0, 0, 0, time.UTC) }

	procedure, detectors, err := trailProcedure()
	if err != nil {
		return review.Record{}, err
	}
	session, err := review.Open("review-2026-03", entity, procedure, hipaasmp.Month(hipaasmp.Day(2026, 3, 1)), rev, april(1))
	if err != nil {
		return review.Record{}, err
	}

	// Planned before the log is read. Take the nonce from NewNonce(rand.Reader), and keep it until the draw.
	nonce := bytes.Repeat([]byte{7}, 32)
	rule, err := review.Discovery("0.95", "0.05")
	if err != nil {
		return review.Record{}, err
	}
	session, err = session.PlanSample(rev, april(1), review.SamplePlan{ID: "sample-1", Source: "trail", Deviation: "No change order covers the call.",
		Rule: rule, Commitment: review.Commitment(nonce)})
	if err != nil {
		return review.Record{}, err
	}

	// One pass: digests, counts, findings. Without the bounds of the session nobody would know what lies outside of March.
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	if err != nil {
		return review.Record{}, err
	}
	source := detect.Source{ID: "trail", Reader: reader, Files: []detect.File{detect.FileFrom("march.json", strings.NewReader(calls))}}
	source.From, source.Until = session.Bounds()
	scanned, err := detect.Scan(ctx, source, detectors...)
	if err != nil {
		return review.Record{}, err
	}
	spent := detect.Budget{Alerts: 2, Random: 50, Seed: nonce}.Spend(scanned.Findings())
	read, exceptions := review.FromSpending(source, scanned, spent)
	read.Program = "my-product 4.2"
	read.Read = review.ReadBetween(april(1).Add(time.Minute), april(1).Add(2*time.Minute))
	read.Capability = review.Capability{State: review.CapabilityEnabled, Checked: hipaasmp.Day(2026, 4, 1),
		Gaps: []hipaasmp.Period{{From: hipaasmp.Day(2026, 3, 11), To: hipaasmp.Day(2026, 3, 20)}}} // logging was off for ten days
	if session, err = session.WithSource(read, exceptions...); err != nil {
		return review.Record{}, err
	}

	// Each exception becomes explained, inconclusive or an incident.
	for i, x := range session.Exceptions {
		if session, err = session.Triage(x.ID, rev, april(2), ""); err != nil {
			return review.Record{}, err
		}
		if i == 0 {
			session, err = session.Escalate(x.ID, rev, april(3), "Nobody had planned it.", hipaasmp.Ref{Kind: review.KindIncident, ID: "incident-7"}, hipaasmp.Ref{Kind: "sanction.case", ID: "case-3"})
		} else {
			session, err = session.Explain(x.ID, rev, april(3), review.ExplanationMaintenance, "Change order 12.")
		}
		if err != nil {
			return review.Record{}, err
		}
	}

	// Drawn from the same files, read once more; anybody who has them and the nonce draws the same entries.
	seed, err := session.SampleSeed("sample-1", nonce)
	if err != nil {
		return review.Record{}, err
	}
	size, err := rule.SizeOf(read.Events)
	if err != nil {
		return review.Record{}, err
	}
	draw, err := review.DrawFrom(ctx, source, read.Files, seed, int(size), nil)
	if err != nil {
		return review.Record{}, err
	}
	if session, err = session.DrawSample("sample-1", rev, april(4), nonce, draw); err != nil {
		return review.Record{}, err
	}
	for i := range draw.Items() {
		if session, err = session.Examine("sample-1", rev, april(5), review.Examined{Item: i + 1, Result: review.ItemConforms, Words: "Change order seen."}); err != nil {
			return review.Record{}, err
		}
	}
	if session, err = session.ConcludeSample("sample-1", rev, april(5)); err != nil {
		return review.Record{}, err
	}

	// The reviewer administers the cloud account, and the clinic has nobody else.
	return session.Complete("record-2026-03", rev, officer, april(8), entity.Authority(), review.ExceptionsDisposed("I certify the review of March."), review.Independence{
		Administrators: []review.Administration{{System: "cloud", Members: []string{rev.ID}}},
		Waiver: &review.Waiver{Covers: []review.Conflict{review.ConflictAdministrator}, Reason: "Nobody else knows the account.", Instead: "A firm goes through each review.",
			By: hipaasmp.Actor{ID: "w-002", Role: hipaasmp.RoleManagement}, On: hipaasmp.Day(2026, 4, 1)},
		Second: &review.SecondSigner{Signature: review.Signature{By: hipaasmp.Actor{ID: "firm-1", Role: hipaasmp.RoleReviewer}, At: april(7)}, Outside: "A firm of auditors", Words: "I saw the exceptions and the sample."},
	})
}

const calls = `{"Records":[
{"eventID":"0","eventTime":"2026-02-28T12:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"DescribeTrails","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/wf-7"}},
{"eventID":"1","eventTime":"2026-03-05T12:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","requestParameters":{"name":"trail"},"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/wf-7"}},
{"eventID":"2","eventTime":"2026-03-10T12:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","requestParameters":{"name":"trail"},"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/wf-7"}},
{"eventID":"3","eventTime":"2026-03-20T12:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","requestParameters":{"name":"trail"},"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/wf-8"}},
{"eventID":"4","eventTime":"2026-03-21T12:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"DescribeTrails","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/wf-8"}}]}`

// A correction is a new record. It keeps what the first had sent on as an incident; one that loses it is a gap.
func ExampleSession_Correct() {
	wrong, err := reviewMarch()
	if err != nil {
		fmt.Println(err)
		return
	}
	rev, officer := wrong.Reviewer, wrong.Certifier
	may := func(day int) time.Time { return time.Date(2026, 5, day, 15, 0, 0, 0, time.UTC) }
	procedure, _, err := trailProcedure()
	if err != nil {
		fmt.Println(err)
		return
	}
	again, err := review.Open("review-2026-03-again", clinic(), procedure, wrong.Period, rev, may(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	read := wrong.Sources[0]
	read.Notes = "Read again with the file of the second region." // and with its counts and digests
	if again, err = again.WithSource(read); err != nil {
		fmt.Println(err)
		return
	}
	independence := wrong.Independence
	independence.Second = &review.SecondSigner{Signature: review.Signature{By: wrong.Independence.Second.By, At: may(3)}, Outside: "A firm of auditors", Words: "I saw the second region."}
	record, err := again.Correct("record-2026-03-2", wrong, "The file of the second region was missing.", rev, officer, may(4), clinic().Authority(),
		review.NoExceptions("I certify the corrected review of March."), independence)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.DocumentRef(), "supersedes", record.Supersedes)
	records := review.Records{Procedures: []review.Procedure{procedure}, Records: []review.Record{wrong, record}}
	for _, g := range hipaasmp.FindGaps(hipaasmp.Day(2026, 5, 10), records.GapChecks(wrong.Period)...) {
		if g.Code == review.GapDropped {
			fmt.Println(g.Missing)
		}
	}
	// Output:
	// review.record/record-2026-03-2 supersedes review.record/record-2026-03
	// review.record/record-2026-03-2 corrects the review of 2026-03-01 to 2026-03-31 and no longer has as incidents 1 of the exceptions that had become one.
}

// trailProcedure is a procedure over one source. The same list of detectors goes to the procedure and to every scan.
func trailProcedure() (review.Procedure, []detect.Detector, error) {
	detectors := []detect.Detector{detect.LogControl{}, review.HourWatch{}}
	terms := review.DefaultTerms()
	terms.Rounds = nil
	terms.Detectors = review.DetectorSet(detectors...)
	terms.Sources = []review.Source{{ID: "trail", Name: "Cloud audit log", System: "cloud", Records: review.RecordAuditLog, Format: activity.FormatCloudTrail,
		Families: []activity.Family{activity.FamilyAdmin}, HorizonDays: 90}}
	procedure, err := terms.Approve(review.Issue{ID: "review-procedure", Version: "2026-1", Effective: hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1)}},
		hipaasmp.Actor{ID: "w-002", Role: hipaasmp.RoleManagement}, hipaasmp.Day(2025, 12, 15), clinic().Authority())
	return procedure, detectors, err
}
