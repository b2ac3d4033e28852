package activity

import (
	"bytes"
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
)

// okta reads the System Log of Okta: LogEvent objects in an array, as its API gives them, or one a line; and the
// deliveries of event hooks, of which each holds events in data.events. Of a delivery only its events are entries. Okta
// says when an event was published and not when its log took it in; the time of a delivery is that of the delivery.
type okta struct{}

func (okta) Format() Format { return FormatOkta }

func (okta) Version() int { return 3 }

func (okta) Read(in Input) iter.Seq2[Event, error] {
	return records{several: oktaDelivery, decode: decodeOkta}.read(in)
}

// oktaDelivery cuts the events out of the delivery of an event hook.
func oktaDelivery(frame []byte) ([]placed, bool) {
	if !bytes.Contains(frame, []byte(oktaHook)) {
		return nil, false
	}
	if _, word := firstText(frame, "eventType"); word != oktaHook || memberTwice(frame, "eventType") {
		return nil, false
	}
	return parts(frame, "data", "events")
}

const oktaHook = "com.okta.event_hook"

type oktaParty struct {
	ID          string `json:"id"`
	Type        string `json:"type"`
	AlternateID string `json:"alternateId"`
	DisplayName string `json:"displayName"`
}

// oktaEvent holds the members that the event needs. All of them may be null.
type oktaEvent struct {
	UUID      string    `json:"uuid"`
	Published string    `json:"published"`
	EventType string    `json:"eventType"`
	Actor     oktaParty `json:"actor"`
	Client    struct {
		IPAddress string `json:"ipAddress"`
		UserAgent struct {
			Raw string `json:"rawUserAgent"`
		} `json:"userAgent"`
	} `json:"client"`
	Outcome struct {
		Result string `json:"result"`
		Reason string `json:"reason"`
	} `json:"outcome"`
	Target         []oktaParty `json:"target"`
	Authentication struct {
		Session string `json:"externalSessionId"`
	} `json:"authenticationContext"`
}

func decodeOkta(raw []byte, e *Event) error {
	var r oktaEvent
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	if r.EventType == oktaHook {
		return notAnEvent("the record is the delivery of an event hook and holds no data.events")
	}
	if r.EventType == "" || r.UUID == "" && r.Published == "" {
		return notAnEvent("the record has no eventType, or neither uuid nor published")
	}
	e.ID, e.Recorded, e.Session = r.UUID, instantOf(r.Published), oktaKnown(r.Authentication.Session)
	e.Actor = r.Actor.actor()
	e.Act = Act{System: "okta", Name: r.EventType}
	e.Outcome, e.Code = r.outcome(), r.Outcome.Result
	if word := r.Outcome.Reason; word != "" && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" {
		e.Code += ": " + word // a reason in words may name a person
	}
	e.Action, e.Family = oktaAction(r.EventType, e.Outcome)
	if len(r.Target) > 0 {
		e.Object = Object{Type: r.Target[0].Type, ID: r.Target[0].ID}
	}
	e.From = origin(r.Client.IPAddress)
	e.From.App = oktaKnown(r.Client.UserAgent.Raw)
	return nil
}

// oktaKnown is the text, or nothing where it is the word with which Okta says that it does not know.
func oktaKnown(text string) string {
	if strings.EqualFold(text, "unknown") {
		return ""
	}
	return text
}

// actor prefers the login, by which other systems know the user, over Okta's own number.
func (p oktaParty) actor() Actor {
	a := Actor{ID: oktaKnown(p.AlternateID), AltID: oktaKnown(p.ID), Kind: ActorUnknown, Display: p.DisplayName}
	if a.ID == "" {
		a.ID, a.AltID = a.AltID, ""
	}
	switch p.Type {
	case "User":
		a.Kind = ActorAccount
	case "SystemPrincipal", "PublicClientApp", "AppInstance", "AppGroup":
		a.Kind = ActorService
	}
	return a
}

// outcome reads the result. A limit of rate that was exceeded is no decision about rights. A challenge and a step that
// was skipped are neither success nor failure, and there is no other word for them.
func (r *oktaEvent) outcome() Outcome {
	switch r.Outcome.Result {
	case "SUCCESS", "ALLOW":
		return OutcomeSuccess
	case "DENY":
		if strings.Contains(r.EventType, "rate_limit") {
			return OutcomeThrottled
		}
		return OutcomeDenied
	case "FAILURE":
		return OutcomeFailure
	}
	return OutcomeUnknown
}

// oktaAction reads the type of the event. The end of a log-in is user.session.start; a step before it is a log-in only
// where it fails, so that a log-in is counted once.
func oktaAction(eventType string, outcome Outcome) (Action, Family) {
	area, rest, _ := strings.Cut(eventType, ".")
	switch {
	case eventType == "user.session.start":
		return ActionLogin, FamilyLogin
	case eventType == "user.session.end", eventType == "user.authentication.slo", strings.HasPrefix(eventType, "user.authentication.universal_logout"):
		return ActionLogout, FamilyLogin
	case eventType == "policy.evaluate_sign_on", strings.HasPrefix(eventType, "user.authentication."):
		if outcome == OutcomeFailure || outcome == OutcomeDenied {
			return ActionLogin, FamilyLogin
		}
		return ActionExecute, FamilyLogin
	case strings.Contains(eventType, "rate_limit"), strings.Contains(eventType, "concurrency"):
		return ActionUnknown, FamilyOther
	case eventType == "app.generic.unauth_app_access_attempt":
		return ActionExecute, FamilyOther
	}
	switch {
	case area == "user" && (strings.HasPrefix(rest, "lifecycle.") || strings.HasPrefix(rest, "account.") || strings.HasPrefix(rest, "mfa.")),
		area == "group", area == "application", area == "policy", area == "system", area == "zone", area == "iam", area == "security":
		return oktaVerb(eventType), FamilyAdmin
	}
	return ActionUnknown, FamilyUnknown
}

// oktaVerb reads the last words of the type that say what was done.
func oktaVerb(eventType string) Action {
	words := strings.Split(eventType, ".")
	for i := len(words) - 1; i > 0; i-- {
		switch word, _, _ := strings.Cut(words[i], "_"); word {
		case "create":
			return ActionCreate
		case "delete":
			return ActionDelete
		case "show", "read", "view":
			return ActionRead
		case "export", "download":
			return ActionExport
		case "update", "add", "remove", "activate", "deactivate", "reactivate", "suspend", "unsuspend", "lock", "unlock", "grant",
			"revoke", "enable", "disable", "reset", "change", "expire", "overwrite", "assign", "unassign", "provision",
			"deprovision", "approve", "restore":
			return ActionUpdate
		case "execute", "trigger", "evaluate", "evaluation", "enforce":
			return ActionExecute
		}
	}
	return ActionUnknown
}
