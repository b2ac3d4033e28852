package activity

import (
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ocsf reads events of the Open Cybersecurity Schema Framework, versions 1.x, as JSON: one a line, an array, or one.
// Producers differ: some write the time in seconds or microseconds instead of milliseconds, some write "-" or null for
// what they do not know, and for a log-in the person may be the user while the actor is the machine. When the keeper took
// an event in is metadata.logged_time; processed_time is that of a step on the way and says nothing of the keeper.
type ocsf struct{}

func (ocsf) Format() Format { return FormatOCSF }

func (ocsf) Version() int { return 3 }

func (ocsf) Read(in Input) iter.Seq2[Event, error] {
	return records{decode: decodeOCSF}.read(in)
}

type ocsfUser struct {
	Name   string `json:"name"`
	UID    string `json:"uid"`
	UIDAlt string `json:"uid_alt"`
	UUID   string `json:"uuid"` // before 1.0
	Domain string `json:"domain"`
	Email  string `json:"email_addr"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

type ocsfPlace struct {
	IP       string `json:"ip"`
	Hostname string `json:"hostname"`
	Name     string `json:"name"`
}

type ocsfThing struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
	Name string `json:"name"`
	Path string `json:"path"`
}

// ocsfEvent holds the members that the event needs. All of them may be null.
type ocsfEvent struct {
	ClassUID     int            `json:"class_uid"`
	ClassName    string         `json:"class_name"`
	ActivityID   int            `json:"activity_id"`
	ActivityName string         `json:"activity_name"`
	TypeUID      int            `json:"type_uid"`
	Time         jsontext.Value `json:"time"`
	TimeDT       string         `json:"time_dt"`
	StatusID     int            `json:"status_id"`
	Status       string         `json:"status"`
	StatusCode   jsontext.Value `json:"status_code"`
	ActionID     int            `json:"action_id"`
	Metadata     struct {
		UID      string         `json:"uid"`
		Logged   jsontext.Value `json:"logged_time"`
		LoggedDT string         `json:"logged_time_dt"`
		Product  struct {
			Feature struct {
				Name string `json:"name"`
			} `json:"feature"`
		} `json:"product"`
	} `json:"metadata"`
	Actor struct {
		User      ocsfUser `json:"user"`
		InvokedBy string   `json:"invoked_by"`
		AppName   string   `json:"app_name"`
		Session   struct {
			UID string `json:"uid"`
		} `json:"session"`
	} `json:"actor"`
	User    ocsfUser `json:"user"`
	Session struct {
		UID string `json:"uid"`
	} `json:"session"`
	API struct {
		Operation string `json:"operation"`
		Service   struct {
			Name string `json:"name"`
		} `json:"service"`
		Response struct {
			Error string `json:"error"`
		} `json:"response"`
	} `json:"api"`
	SrcEndpoint ocsfPlace `json:"src_endpoint"`
	HTTPRequest struct {
		UserAgent string `json:"user_agent"`
	} `json:"http_request"`
	Resources   []ocsfThing `json:"resources"`
	File        ocsfThing   `json:"file"`
	WinResource ocsfThing   `json:"win_resource"`
	Table       ocsfThing   `json:"table"`
	Database    ocsfThing   `json:"database"`
}

func decodeOCSF(raw []byte, e *Event) error {
	var r ocsfEvent
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	if r.ClassUID == 0 && r.TypeUID == 0 {
		return notAnEvent("the record has neither class_uid nor type_uid")
	}
	if r.ClassUID == 0 { // the type is the class and the activity
		r.ClassUID, r.ActivityID = r.TypeUID/100, r.TypeUID%100
	}
	e.ID = r.Metadata.UID
	if e.Recorded = epochOf(string(r.Time)); e.Recorded.IsZero() {
		e.Recorded = instantOf(r.TimeDT)
	}
	if e.Ingested = epochOf(string(r.Metadata.Logged)); e.Ingested.IsZero() {
		e.Ingested = instantOf(r.Metadata.LoggedDT)
	}
	e.Actor = r.actor()
	if e.Session = ocsfKnown(r.Session.UID); e.Session == "" {
		e.Session = ocsfKnown(r.Actor.Session.UID)
	}
	if e.Act = (Act{System: r.API.Service.Name, Name: r.API.Operation}); e.Act.Name == "" {
		e.Act.Name = r.ActivityName
	}
	if e.Act.System == "" {
		e.Act.System = r.ClassName
	}
	e.Outcome, e.Code = r.outcome()
	e.Action = ocsfAction(r.ClassUID, r.ActivityID)
	e.Family = r.family(e.Action)
	e.Object = r.object()
	e.From = origin(ocsfKnown(r.SrcEndpoint.IP))
	for _, host := range []string{r.SrcEndpoint.Hostname, r.SrcEndpoint.Name} {
		if e.From.Host == "" {
			e.From.Host = ocsfKnown(host)
		}
	}
	e.From.App = ocsfKnown(r.HTTPRequest.UserAgent)
	return nil
}

// ocsfKnown is the text, or nothing where it is one of the words with which sources say that they do not know.
func ocsfKnown(text string) string {
	if text == "-" || text == "0x0" || strings.EqualFold(text, "NULL SID") || strings.EqualFold(text, "unknown") {
		return ""
	}
	return text
}

// actor is the user of a log-in, and otherwise the actor. An identity that is a number or an ARN goes before a name.
func (r *ocsfEvent) actor() Actor {
	u := r.Actor.User
	if logsIn := r.ClassUID == 3002; logsIn && (ocsfKnown(r.User.Name) != "" || ocsfKnown(r.User.UID) != "") {
		if r.User.UID == "" || r.User.UID != u.UID || r.User.Name != "" { // otherwise the actor says more of the same
			u = r.User
		}
	}
	a := Actor{Kind: ActorUnknown, Display: ocsfKnown(u.Name)}
	name := ocsfKnown(u.Name)
	if domain := ocsfKnown(u.Domain); name != "" && domain != "" {
		name = domain + `\` + name
	}
	for _, id := range []string{ocsfKnown(u.UID), ocsfKnown(u.UUID), ocsfKnown(u.UIDAlt), name, ocsfKnown(u.Email)} {
		switch {
		case id == "":
		case a.ID == "":
			a.ID = id
		case a.AltID == "" && id != a.ID:
			a.AltID = id
		}
	}
	switch {
	case a.ID != "" && (u.TypeID == 3 || strings.HasSuffix(name, "$")): // the system, or the account of a machine
		a.Kind = ActorService
	case a.ID != "":
		a.Kind = ActorAccount
	case r.Actor.InvokedBy != "":
		a = Actor{ID: r.Actor.InvokedBy, Kind: ActorService}
	case r.Actor.AppName != "":
		a = Actor{ID: r.Actor.AppName, Kind: ActorService}
	}
	return a
}

// outcome reads the status, and where that says nothing the decision and the error of an interface.
func (r *ocsfEvent) outcome() (Outcome, string) {
	code := r.API.Response.Error
	if code == "" {
		code = strings.Trim(string(r.StatusCode), `"`)
	}
	if code == "" || code == "null" {
		code = r.Status
	}
	switch {
	case r.ActionID == 2:
		return OutcomeDenied, code
	case r.API.Response.Error != "" && r.StatusID != 1:
		return trailError(code), code
	case r.StatusID == 1:
		return OutcomeSuccess, code
	case r.StatusID == 2:
		return OutcomeFailure, code
	}
	return OutcomeUnknown, code
}

// object is the first resource, or what the class is about.
func (r *ocsfEvent) object() Object {
	things := append([]ocsfThing{}, r.Resources...)
	for _, t := range append(things, r.File, r.WinResource, r.Table, r.Database) {
		id := t.UID
		if t.Path != "" {
			id = t.Path
		} else if t.Name != "" && (id == "" || strings.HasPrefix(id, "0x")) { // a handle names nothing
			id = t.Name
		}
		if id != "" {
			return Object{Type: t.Type, ID: id}
		}
	}
	if r.ClassUID == 3001 || r.ClassUID == 3005 || r.ClassUID == 3006 {
		for _, id := range []string{r.User.Name, r.User.UID} {
			if id = ocsfKnown(id); id != "" {
				return Object{Type: "user", ID: id}
			}
		}
	}
	return Object{}
}
