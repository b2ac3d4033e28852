package activity

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// signInRow is a row of SigninLogs, AADNonInteractiveUserSignInLogs, AADServicePrincipalSignInLogs or
// AADManagedIdentitySignInLogs. The columns are those of the reference of Azure Monitor. What is no text may be written as
// one: the command line of Azure does so with all of them.
type signInRow struct {
	ID                   string         `json:"Id"`
	CreatedDateTime      string         `json:"CreatedDateTime"`
	TimeGenerated        string         `json:"TimeGenerated"`
	UserDisplayName      string         `json:"UserDisplayName"`
	UserPrincipalName    string         `json:"UserPrincipalName"`
	UserID               string         `json:"UserId"`
	ServicePrincipalID   string         `json:"ServicePrincipalId"`
	ServicePrincipalName string         `json:"ServicePrincipalName"`
	AppID                string         `json:"AppId"`
	AppDisplayName       string         `json:"AppDisplayName"`
	IPAddress            string         `json:"IPAddress"`
	ClientAppUsed        string         `json:"ClientAppUsed"`
	UserAgent            string         `json:"UserAgent"`
	CorrelationID        string         `json:"CorrelationId"`
	ResultType           jsontext.Value `json:"ResultType"`
	IsInteractive        jsontext.Value `json:"IsInteractive"`
	DeviceDetail         jsontext.Value `json:"DeviceDetail"`
	Category             string         `json:"Category"`
	Type                 string         `json:"Type"`
}

// is reports whether the record is such a row.
func (r *signInRow) is() bool {
	table := strings.ToLower(r.Type + r.Category)
	return r.ResultType != nil && (strings.Contains(table, "signinlogs") || r.Type == "" && r.UserPrincipalName != "" && r.AppID != "")
}

// signIn is the same in the members of Microsoft Graph.
func (r *signInRow) signIn() signIn {
	out := signIn{ID: r.ID, CreatedDateTime: r.CreatedDateTime, UserDisplayName: r.UserDisplayName, UserPrincipalName: r.UserPrincipalName, UserID: r.UserID,
		ServicePrincipalID: r.ServicePrincipalID, ServicePrincipalName: r.ServicePrincipalName, AppID: r.AppID, AppDisplayName: r.AppDisplayName,
		IPAddress: r.IPAddress, ClientAppUsed: r.ClientAppUsed, UserAgent: r.UserAgent, CorrelationID: r.CorrelationID}
	if out.CreatedDateTime == "" {
		out.CreatedDateTime = r.TimeGenerated
	}
	out.Status.ErrorCode = r.ResultType
	if strings.Contains(r.Category+r.Type, "NonInteractive") || strings.EqualFold(strings.Trim(string(r.IsInteractive), `"`), "false") {
		out.IsInteractive = new(bool)
	}
	if strings.Contains(r.Category+r.Type, "ServicePrincipal") || strings.Contains(r.Category+r.Type, "ManagedIdentity") {
		out.SignInEventTypes = []string{"servicePrincipal"}
	}
	device := r.DeviceDetail
	if device.Kind() == '"' {
		var text string
		if json.Unmarshal(device, &text) == nil {
			device = jsontext.Value(text)
		}
	}
	var detail struct {
		DisplayName string `json:"displayName"`
	}
	if device.Kind() == '{' && json.Unmarshal(device, &detail) == nil {
		out.DeviceDetail.DisplayName = detail.DisplayName
	}
	return out
}
