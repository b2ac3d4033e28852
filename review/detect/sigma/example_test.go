package sigma_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect/sigma"
)

func ExampleLoad() {
	_, err := sigma.Load("mine.yml", strings.NewReader(`title: Mine
id: 5f7f4e1c-0003-4000-8000-000000000001
logsource: {product: aws}
detection:
  s:
    eventName|cased: StopLogging
    sourceIPAddress|cidr: 10.0.0.0/64
  condition: s
`))
	var refused *sigma.LoadError
	if errors.As(err, &refused) {
		for _, f := range refused.Faults {
			fmt.Printf("%d:%d %s\n", f.Line, f.Column, f.Kind)
		}
	}
	// Output:
	// 6:5 unsupported
	// 7:27 pattern
}

func ExampleRule_Detector() {
	rule, err := sigma.Load("export.yml", strings.NewReader(`title: Export to removable media
id: 5f7f4e1c-0003-4000-8000-000000000002
level: high
logsource: {product: hipaasmp, service: activity}
detection:
  out:
    action: [export, print]
    object|startswith: '/media/'
  backup:
    actor: svc-backup
  condition: out and not backup
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	detector, err := rule.Detector(sigma.EventFields())
	if err != nil {
		fmt.Println(err)
		return
	}
	state := detector.New()
	state.Add(activity.Event{ID: "1", Actor: activity.Actor{ID: "u7"}, Action: activity.ActionExport, Object: activity.Object{ID: "/media/stick/list.csv"}})
	state.Add(activity.Event{ID: "2", Actor: activity.Actor{ID: "svc-backup"}, Action: activity.ActionExport, Object: activity.Object{ID: "/media/tape/1"}})
	for _, f := range state.Findings() {
		fmt.Println(f.Severity, f.Actor)
		for _, reason := range f.Reasons {
			fmt.Println("-", reason)
		}
	}
	// Output:
	// high u7
	// - Export to removable media: 1 event of u7
	// - action is "export"
	// - object begins with "/media/"
	// - the exception "backup" does not apply
}

func ExampleMatcher_MatchJSON() {
	rule, err := sigma.Load("trail.yml", strings.NewReader(`title: Trail stopped
id: 5f7f4e1c-0003-4000-8000-000000000003
logsource: {product: aws, service: cloudtrail}
detection:
  s:
    eventSource: cloudtrail.amazonaws.com
    eventName: [StopLogging, DeleteTrail]
  condition: s
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	set, err := sigma.Compile(rule)
	if err != nil {
		fmt.Println(err)
		return
	}
	matcher := set.Matcher()
	met, err := matcher.MatchJSON([]byte(`{"eventSource": "cloudtrail.amazonaws.com", "eventName": "StopLogging"}`))
	fmt.Println(len(met), err)
	fmt.Println(matcher.Explain(met[0]))
	// Output:
	// 1 <nil>
	// [eventSource is "cloudtrail.amazonaws.com" eventName is "StopLogging"]
}
