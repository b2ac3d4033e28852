package activity

import (
	"iter"
	"net/netip"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// cloudTrail reads AWS CloudTrail log files. The record is that of the CloudTrail user guide, "CloudTrail record
// contents" and "userIdentity element". What the guide does not say was learnt from real files: identities without a
// type, a sourceIPAddress that names a service or "AWS Internal", failures of log-in that have no errorCode.
//
// The same record is read where EventBridge delivers it, as the member detail of its event; where the command
// lookup-events prints it, as the text CloudTrailEvent; and where a query of CloudTrail Lake answers it, as the column
// eventJson or, as far as its columns go, as a row of them, see [lakeRow]. A digest file and an insight are refused by their names: the first lists files, and the second says that
// calls were unusual and not that somebody made one.
//
// When the log's keeper took a record in stands in the name of the file that CloudTrail delivered, to the minute (user
// guide, "CloudTrail log file name format"), and in no other place.
type cloudTrail struct{}

func (cloudTrail) Format() Format { return FormatCloudTrail }

func (cloudTrail) Version() int { return 3 }

func (cloudTrail) Read(in Input) iter.Seq2[Event, error] {
	delivered := trailDelivery(in.File)
	return records{container: "Records", also: []string{"Events", "QueryResultRows"}, unwrap: unwrapTrail, decode: func(record []byte, e *Event) error {
		e.Ingested = delivered
		return decodeTrail(record, e)
	}}.read(in)
}

// trailRecord holds the members that the event needs. A flag is kept raw because some exports write it as a text.
type trailRecord struct {
	EventVersion        string         `json:"eventVersion"`
	EventID             string         `json:"eventID"`
	EventTime           string         `json:"eventTime"`
	EventSource         string         `json:"eventSource"`
	EventName           string         `json:"eventName"`
	EventType           string         `json:"eventType"`
	EventCategory       string         `json:"eventCategory"`
	ManagementEvent     jsontext.Value `json:"managementEvent"`
	ReadOnly            jsontext.Value `json:"readOnly"`
	SourceIPAddress     string         `json:"sourceIPAddress"`
	UserAgent           string         `json:"userAgent"`
	ErrorCode           string         `json:"errorCode"`
	ErrorMessage        string         `json:"errorMessage"`
	RequestParameters   jsontext.Value `json:"requestParameters"`
	ResponseElements    jsontext.Value `json:"responseElements"`
	ServiceEventDetails jsontext.Value `json:"serviceEventDetails"`
	UserIdentity        trailIdentity  `json:"userIdentity"`
	Resources           []struct {
		ARN  string `json:"ARN"`
		Type string `json:"type"`
	} `json:"resources"`

	Printed       string `json:"CloudTrailEvent"` // the record as lookup-events prints it
	Answered      string `json:"eventJson"`       // the record as CloudTrail Lake answers it
	AnsweredLower string `json:"eventjson"`
	DigestEndTime string `json:"digestEndTime"` // of a digest file
}

type trailIdentity struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId"`
	ARN         string `json:"arn"`
	AccountID   string `json:"accountId"`
	AccessKeyID string `json:"accessKeyId"`
	UserName    string `json:"userName"`
	InvokedBy   string `json:"invokedBy"`
	OnBehalfOf  struct {
		UserID string `json:"userId"`
	} `json:"onBehalfOf"`
}

func decodeTrail(raw []byte, e *Event) error {
	var r trailRecord
	if raw[0] == '[' {
		return lakeRow(raw, e)
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	if text := r.Printed + r.Answered + r.AnsweredLower; text != "" {
		e.Record, r = []byte(text), trailRecord{}
		if err := json.Unmarshal(e.Record, &r); err != nil {
			return err
		}
	}
	return r.event(e)
}

// event fills the event.
func (r *trailRecord) event(e *Event) error {
	switch {
	case r.DigestEndTime != "":
		return notAnEvent("the record is a digest file, which lists log files; read those")
	case r.EventType == "AwsCloudTrailInsight", r.EventCategory == "Insight":
		return notAnEvent("the record is an insight, which says that calls were unusual; look at it beside the log")
	case r.EventID == "" && r.EventName == "":
		return notAnEvent("the record has neither eventID nor eventName")
	}
	e.ID = r.EventID
	if at, err := time.Parse(time.RFC3339, r.EventTime); err == nil {
		e.Recorded = at.UTC()
	}
	e.Actor = r.UserIdentity.actor()
	e.Session = r.UserIdentity.AccessKeyID
	e.Act = Act{System: r.EventSource, Name: r.EventName}
	e.Action = r.action()
	e.Family = r.family(e.Action)
	e.Object = r.object()
	e.Outcome = r.outcome()
	e.Code = r.ErrorCode
	e.From = Origin{App: r.UserAgent}
	if addr, err := netip.ParseAddr(r.SourceIPAddress); err == nil {
		e.From.Addr = addr.String()
	} else {
		e.From.Host = r.SourceIPAddress
	}
	return nil
}

// actor prefers the ARN, which names the identity with its session, over the principal.
func (i *trailIdentity) actor() Actor {
	a := Actor{Kind: ActorAccount, Display: i.UserName}
	switch i.Type {
	case "AWSService":
		a.Kind = ActorService
	case "":
		a.Kind = ActorUnknown
		if i.InvokedBy != "" {
			a.Kind = ActorService
		}
	}
	ids := []string{i.ARN, i.OnBehalfOf.UserID, i.PrincipalID}
	if a.Kind == ActorService {
		ids = append(ids, i.InvokedBy)
	}
	if i.Type == "AWSAccount" {
		ids = append(ids, i.AccountID)
	}
	for _, id := range ids {
		switch {
		case id == "":
		case a.ID == "":
			a.ID = id
		case a.AltID == "" && id != a.ID:
			a.AltID = id
		}
	}
	return a
}

// signIn reports whether the record is one of the sign-in service.
func (r *trailRecord) signIn() bool {
	return r.EventSource == "signin.amazonaws.com" || strings.EqualFold(r.EventType, "AwsConsoleSignIn")
}

// result is what the sign-in service says of the outcome, which stands in the elements and not in errorCode.
func (r *trailRecord) result() string {
	if !r.signIn() {
		return ""
	}
	for _, v := range []jsontext.Value{r.ResponseElements, r.ServiceEventDetails} {
		if _, word := firstText(v, r.EventName, "ConsoleLogin"); word != "" {
			return word
		}
	}
	return ""
}

func (r *trailRecord) outcome() Outcome {
	switch {
	case r.ErrorCode != "":
		return trailError(r.ErrorCode)
	case r.result() == "Failure", r.ErrorMessage != "":
		return OutcomeFailure
	}
	return OutcomeSuccess
}

// action reads the verb. One step of a log-in is a log-in only where it fails: after the last step that succeeds, the
// service records UserAuthentication or ConsoleLogin.
func (r *trailRecord) action() Action {
	if r.signIn() {
		switch r.EventName {
		case "ConsoleLogin", "UserAuthentication":
			return ActionLogin
		case "CredentialVerification", "CheckMfa":
			if r.outcome() != OutcomeSuccess {
				return ActionLogin
			}
		case "Logout":
			return ActionLogout
		}
		return ActionExecute
	}
	return trailAction(r.EventName, flag(r.ReadOnly))
}

// family keeps the management of the account apart from access to data. Describing a database is not reading it.
func (r *trailRecord) family(a Action) Family {
	switch {
	case r.signIn():
		return FamilyLogin
	case r.EventCategory == "Data", r.EventCategory == "NetworkActivity",
		r.EventCategory == "" && flag(r.ManagementEvent) == "false":
		return familyOf(a)
	}
	return FamilyAdmin
}

// object is the first resource, or the parameter that names what the call is about.
func (r *trailRecord) object() Object {
	if len(r.Resources) > 0 && r.Resources[0].ARN != "" {
		return Object{Type: r.Resources[0].Type, ID: r.Resources[0].ARN}
	}
	name, id := firstText(r.RequestParameters, "trailName", "bucketName", "roleName", "userName", "groupName", "instanceId",
		"functionName", "tableName", "secretId", "detectorId", "name", "arn", "policyArn", "keyId", "id")
	switch {
	case name == "bucketName":
		if _, key := firstText(r.RequestParameters, "key"); key != "" {
			id += "/" + key
		}
	case id == "" && r.EventName == "DeleteFlowLogs":
		name, id = "flowLogId", flowLog(r.RequestParameters)
	}
	if id == "" {
		return Object{}
	}
	return Object{Type: name, ID: id}
}

// flowLog reads the one nested parameter that a reviewer needs: EC2 wraps its requests.
func flowLog(parameters jsontext.Value) string {
	var p struct {
		Request struct {
			ID struct {
				Content string `json:"content"`
			} `json:"FlowLogId"`
		} `json:"DeleteFlowLogsRequest"`
	}
	if len(parameters) == 0 || json.Unmarshal(parameters, &p) != nil {
		return ""
	}
	return p.Request.ID.Content
}

// flag returns "true", "false" or "" of a member that is a boolean, or a boolean written as a text.
func flag(v jsontext.Value) string {
	switch s := strings.Trim(string(v), `"`); s {
	case "true", "false":
		return s
	}
	return ""
}
