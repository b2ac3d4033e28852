package activity

import (
	"bytes"
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// entra reads the sign-ins of Microsoft Entra ID: the signIn objects of Microsoft Graph, in the answer of the API, in an
// array or one a line; and the same objects in the envelope that Azure Monitor writes, in which they are the member
// properties: one a line, as in a storage account, or in the member records of a message, as in an event hub. Several
// messages may stand in an array or one a line.
//
// The rows of the tables of a Log Analytics workspace are read where they are objects: SigninLogs and those beside it, of
// which the columns have names of their own.
//
// When an event hub took a message in is known where Stream Analytics wrote the file, which adds EventEnqueuedUtcTime to
// every record; and in a Log Analytics workspace, which calls it _TimeReceived.
type entra struct{}

func (entra) Format() Format { return FormatEntra }

func (entra) Version() int { return 3 }

func (entra) Read(in Input) iter.Seq2[Event, error] {
	return records{container: "value", also: []string{"records"}, several: entraMessage, decode: decodeEntra}.read(in)
}

// entraMessage cuts the records out of a message that lies in an array. One that lies at the top was cut before.
func entraMessage(frame []byte) ([]placed, bool) {
	if !bytes.Contains(frame, []byte(`"records"`)) {
		return nil, false
	}
	return parts(frame, "records")
}

// signIn holds the members that the event needs. All of them may be null.
type signIn struct {
	ID                   string   `json:"id"`
	CreatedDateTime      string   `json:"createdDateTime"`
	UserDisplayName      string   `json:"userDisplayName"`
	UserPrincipalName    string   `json:"userPrincipalName"`
	UserID               string   `json:"userId"`
	ServicePrincipalID   string   `json:"servicePrincipalId"`
	ServicePrincipalName string   `json:"servicePrincipalName"`
	SignInEventTypes     []string `json:"signInEventTypes"`
	AppID                string   `json:"appId"`
	AppDisplayName       string   `json:"appDisplayName"`
	IPAddress            string   `json:"ipAddress"`
	ClientAppUsed        string   `json:"clientAppUsed"`
	UserAgent            string   `json:"userAgent"`
	CorrelationID        string   `json:"correlationId"`
	IsInteractive        *bool    `json:"isInteractive"`
	Status               struct {
		ErrorCode jsontext.Value `json:"errorCode"`
	} `json:"status"`
	DeviceDetail struct {
		DisplayName string `json:"displayName"`
	} `json:"deviceDetail"`

	// The envelope of Azure Monitor.
	Category   string         `json:"category"`
	Properties *signIn        `json:"properties"`
	Records    jsontext.Value `json:"records"`
	Enqueued   string         `json:"EventEnqueuedUtcTime"`
	Received   string         `json:"_TimeReceived"`

	signInRow
}

func decodeEntra(raw []byte, e *Event) error {
	var r signIn
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	if r.Records != nil {
		return notAnEvent("the records of the message are not in an array")
	}
	if e.Ingested = instantOf(r.Enqueued); e.Ingested.IsZero() {
		e.Ingested = instantOf(r.Received)
	}
	if r.Properties != nil {
		if !strings.Contains(r.Category, "SignIn") { // once that was the whole word
			return notAnEvent("the category of the record is not that of sign-ins")
		}
		r = *r.Properties
	}
	if r.CreatedDateTime == "" && r.signInRow.is() {
		r = r.signInRow.signIn()
	}
	if r.CreatedDateTime == "" || r.Status.ErrorCode == nil && r.AppID == "" {
		return notAnEvent("the record has no createdDateTime, or neither status nor appId")
	}
	e.ID, e.Recorded, e.Session = r.ID, instantOf(r.CreatedDateTime), r.CorrelationID
	e.Actor = r.actor()
	e.Act = Act{System: "entra", Name: "Sign-in activity"}
	e.Action, e.Family = ActionLogin, FamilyLogin
	if r.IsInteractive != nil && !*r.IsInteractive && e.Actor.Kind != ActorService {
		e.Action = ActionExecute // a client renewed a token; nobody gave credentials
	}
	e.Code = strings.Trim(string(r.Status.ErrorCode), `"`)
	if e.Code == "null" {
		e.Code = ""
	}
	e.Outcome = entraOutcome(e.Code)
	if r.AppDisplayName != "" || r.AppID != "" {
		e.Object = Object{Type: "application", ID: r.AppID}
		if r.AppDisplayName != "" {
			e.Object.ID = r.AppDisplayName
		}
	}
	e.From = origin(r.IPAddress)
	if e.From.Host == "" {
		e.From.Host = r.DeviceDetail.DisplayName
	}
	if e.From.App = r.UserAgent; e.From.App == "" {
		e.From.App = r.ClientAppUsed
	}
	return nil
}

// actor prefers the login, by which other systems know the user, over the directory's own number.
func (r *signIn) actor() Actor {
	a := Actor{ID: r.UserPrincipalName, AltID: r.UserID, Kind: ActorAccount, Display: r.UserDisplayName}
	if a.ID == "" {
		a.ID, a.AltID = a.AltID, ""
	}
	if a.ID == "" {
		a = Actor{ID: r.ServicePrincipalID, Kind: ActorService, Display: r.ServicePrincipalName}
	}
	for _, kind := range r.SignInEventTypes {
		if kind == "servicePrincipal" || kind == "managedIdentity" {
			a.Kind = ActorService
		}
	}
	if a.ID == "" {
		a.Kind = ActorUnknown
	}
	return a
}

// entraOutcome sorts the error codes of the service, which are listed in "Microsoft Entra authentication and
// authorization error codes". An interrupt asks for a further step and is neither success nor failure. A denial is a
// decision about rights, such as a policy of conditional access or an assignment that is missing.
func entraOutcome(code string) Outcome {
	switch code {
	case "":
		return OutcomeUnknown
	case "0":
		return OutcomeSuccess
	case "16000", "16001", "50058", "50072", "50074", "50076", "50079", "50097", "50125", "50127", "50129", "50140", "50158",
		"50168", "50199", "51005", "65001":
		return OutcomeUnknown
	case "50002", "50005", "50020", "50105", "50131", "53000", "53001", "53002", "53003", "53004", "53010", "53011", "500021",
		"500022", "500212", "500213", "530034", "530035":
		return OutcomeDenied
	case "50088", "50166", "50196":
		return OutcomeThrottled
	}
	return OutcomeFailure
}
