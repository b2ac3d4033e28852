package activity_test

import (
	"testing"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func TestCloudTrailSamples(t *testing.T) {
	t.Parallel()
	requireSamples(t, activity.FormatCloudTrail, "cloudtrail", []sample{
		{"guide-add-user-to-group.json", []activity.Event{
			{Recorded: at("2014-03-25T21:08:14Z"),
				Actor:  activity.Actor{ID: "arn:aws:iam::123456789012:user/user1", AltID: "EX_PRINCIPAL_ID", Kind: activity.ActorAccount, Display: "user1"},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "iam.amazonaws.com", Name: "AddUserToGroup"},
				Object: activity.Object{Type: "userName", ID: "user2"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Addr: "127.0.0.1", App: "AWSConsole"}, Session: "EXAMPLE_KEY_ID", Raw: activity.Raw{Offset: 21, Length: 820}},
		}},
		{"guide-create-user.json", []activity.Event{
			{Recorded: at("2014-03-24T21:11:59Z"),
				Actor:  activity.Actor{ID: "arn:aws:iam::123456789012:user/user1", AltID: "EX_PRINCIPAL_ID", Kind: activity.ActorAccount, Display: "user1"},
				Action: activity.ActionCreate, Family: activity.FamilyAdmin, Act: activity.Act{System: "iam.amazonaws.com", Name: "CreateUser"},
				Object: activity.Object{Type: "userName", ID: "user2"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Addr: "127.0.0.1", App: "aws-cli/1.3.2 Python/2.7.5 Windows/7"}, Session: "EXAMPLE_KEY_ID", Raw: activity.Raw{Offset: 21, Length: 874}},
		}},
		{"guide-lookup-events.json", []activity.Event{
			{ID: "0ebbaee4-6e67-431d-8225-ba0d81df5972", Recorded: at("2015-02-20T23:55:29Z"),
				Actor:  activity.Actor{ID: "arn:aws:iam::111122223333:root", AltID: "111122223333", Kind: activity.ActorAccount},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "signin.amazonaws.com", Name: "ConsoleLogin"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Addr: "203.0.113.4", App: "Mozilla/5.0"}, Raw: activity.Raw{Offset: 40, Length: 916}},
		}},
		{"guide-start-instances.json", []activity.Event{
			{Recorded: at("2014-03-06T21:22:54Z"),
				Actor:  activity.Actor{ID: "arn:aws:iam::123456789012:user/user1", AltID: "EX_PRINCIPAL_ID", Kind: activity.ActorAccount, Display: "user1"},
				Action: activity.ActionExecute, Family: activity.FamilyAdmin, Act: activity.Act{System: "ec2.amazonaws.com", Name: "StartInstances"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Addr: "192.0.2.176", App: "ec2-api-tools 1.6.12.2"}, Session: "EXAMPLE_KEY_ID", Raw: activity.Raw{Offset: 21, Length: 1110}},
		}},
		{"guide-update-trail.json", []activity.Event{
			{ID: "b7d4398e-b2f0-4faa-9c76-e2d316a8d67f", Recorded: at("2016-07-14T19:15:45Z"),
				Actor:  activity.Actor{ID: "arn:aws:iam::123456789012:user/user1", AltID: "EX_PRINCIPAL_ID", Kind: activity.ActorAccount, Display: "user1"},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "cloudtrail.amazonaws.com", Name: "UpdateTrail"},
				Object: activity.Object{Type: "name", ID: "myTrail2"}, Outcome: activity.OutcomeFailure, Code: "TrailNotFoundException",
				From: activity.Origin{Addr: "192.0.2.182", App: "aws-cli/1.10.32 Python/2.7.9 Windows/7 botocore/1.4.22"}, Session: "EXAMPLE_KEY_ID", Raw: activity.Raw{Offset: 21, Length: 985}},
		}},
		{"stepfunctions-eventbridge.json", []activity.Event{
			{ID: "cdc4b7ed-e171-4cef-975a-ad829d4123e8", Recorded: at("2018-09-12T00:25:10Z"),
				Actor:  activity.Actor{ID: "arn:aws:iam::123456789012:user/username", AltID: "AKIAIOSFODNN7EXAMPLE", Kind: activity.ActorAccount, Display: "username"},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "s3.amazonaws.com", Name: "PutObject"},
				Object: activity.Object{Type: "AWS::S3::Object", ID: "arn:aws:s3:::username-sfn-tutorial-2/test.png"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Addr: "203.0.113.34", App: "signin.amazonaws.com"}, Session: "AKIAI44QH8DHBEXAMPLE", Raw: activity.Raw{Offset: 257, Length: 1317}},
		}},
	})
}
