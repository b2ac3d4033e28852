package activity

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// lakeRow reads a row that CloudTrail Lake answered to a query that did not ask for eventJson: an array of objects of one
// member each, of which every value is a text. Columns are read by the names of the record's members, in whatever case, and
// the identity by the names that userIdentity.arn, userIdentity.principalid and AS user get. Structures, which the answer
// writes as texts from which they cannot be read back, are not read. What was not asked for is unknown: without errorCode
// nobody knows how a call ended, and of a log-in nobody knows it without the elements of the answer.
//
// A row is an event if it says which: by eventID, or by eventName and eventTime. A row of counts says neither.
func lakeRow(row []byte, e *Event) error {
	columns, ok := parts(row)
	if !ok {
		return unreadable{ReasonSyntax, "the row of the query is not JSON"}
	}
	cells := map[string]string{}
	for _, c := range columns {
		var cell map[string]jsontext.Value
		if err := json.Unmarshal(c.raw, &cell); err != nil {
			return err
		}
		for name, value := range cell {
			name = strings.ToLower(name)
			if _, again := cells[name]; again {
				return unreadable{ReasonDuplicateMember, "the row of the query names a column twice"}
			}
			var text string
			switch value.Kind() {
			case '"':
				if err := json.Unmarshal(value, &text); err != nil {
					return err
				}
			case 't', 'f', '0':
				text = string(value)
			}
			cells[name] = text
		}
	}
	if cells["eventid"] == "" && (cells["eventname"] == "" || cells["eventtime"] == "") {
		return notAnEvent("the row of the query has no column eventJson, and neither eventID nor eventName with eventTime; ask for eventJson")
	}
	r := trailRecord{EventID: cells["eventid"], EventSource: cells["eventsource"], EventName: cells["eventname"], EventType: cells["eventtype"], EventCategory: cells["eventcategory"],
		ManagementEvent: jsontext.Value(cells["managementevent"]), ReadOnly: jsontext.Value(cells["readonly"]), SourceIPAddress: cells["sourceipaddress"], UserAgent: cells["useragent"],
		ErrorCode: cells["errorcode"], ErrorMessage: cells["errormessage"]}
	r.EventTime = strings.Replace(cells["eventtime"], " ", "T", 1) // 2022-08-24 18:08:17.000, in UTC
	if r.EventTime != "" && instantOf(r.EventTime).IsZero() {
		r.EventTime += "Z"
	}
	r.UserIdentity = trailIdentity{ARN: cells["arn"], PrincipalID: cells["principalid"], UserName: cells["username"], AccessKeyID: cells["accesskeyid"], InvokedBy: cells["invokedby"]}
	if r.UserIdentity.ARN == "" {
		r.UserIdentity.ARN = cells["user"]
	}
	if r.UserIdentity.ARN != "" || r.UserIdentity.PrincipalID != "" {
		r.UserIdentity.Type = "unknown"
	}
	if err := r.event(e); err != nil {
		return err
	}
	if _, asked := cells["errorcode"]; r.ErrorCode == "" && (!asked || r.signIn()) {
		e.Outcome = OutcomeUnknown
	}
	if r.EventCategory == "" && flag(r.ManagementEvent) == "" && !r.signIn() {
		e.Family = FamilyUnknown
	}
	return nil
}
