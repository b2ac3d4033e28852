package activity

import (
	"strings"
	"unicode"
)

// trailError sorts CloudTrail's error codes, which are the services' own. A denial is a decision about rights; being
// told to slow down is not; everything else, such as "not found" or "not subscribed", is a failure.
func trailError(code string) Outcome {
	word := strings.TrimPrefix(strings.TrimPrefix(code, "Client."), "Server.")
	word = strings.TrimSuffix(strings.TrimSuffix(word, "Exception"), "Error")
	switch word {
	case "AccessDenied", "UnauthorizedOperation", "UnauthorizedAccess", "Unauthorized", "NotAuthorized", "Authorization",
		"Forbidden", "AuthFailure":
		return OutcomeDenied
	case "Throttling", "Throttled", "RequestThrottled", "EC2Throttled", "RequestLimitExceeded", "TooManyRequests",
		"BandwidthLimitExceeded", "ProvisionedThroughputExceeded", "SlowDown", "PriorRequestNotComplete":
		return OutcomeThrottled
	}
	return OutcomeFailure
}

// trailAction reads the verb with which the name of a call begins. What has an unknown verb is read-only or unknown.
func trailAction(name, readOnly string) Action {
	a := verbAction(verb(strings.TrimPrefix(name, "Batch")))
	if readOnly == "true" && a != ActionSearch && a != ActionExport {
		return ActionRead
	}
	return a
}

func verbAction(v string) Action {
	switch v {
	case "Create", "Run", "Allocate", "Register", "Import", "Upload", "Copy", "Issue", "Publish", "Request":
		return ActionCreate
	case "Get", "Describe", "List", "Head", "Check", "Test", "Validate", "View", "Decrypt":
		return ActionRead
	case "Query", "Scan", "Search", "Lookup", "Select", "Filter":
		return ActionSearch
	case "Export", "Download":
		return ActionExport
	case "Put", "Update", "Modify", "Set", "Attach", "Detach", "Add", "Remove", "Associate", "Disassociate", "Authorize",
		"Revoke", "Enable", "Disable", "Tag", "Untag", "Change", "Replace", "Reset", "Restore", "Rotate", "Write":
		return ActionUpdate
	case "Delete", "Terminate", "Deregister", "Release", "Purge":
		return ActionDelete
	case "Start", "Stop", "Reboot", "Invoke", "Send", "Execute", "Assume", "Accept", "Reject", "Cancel", "Leave", "Switch":
		return ActionExecute
	}
	return ActionUnknown
}

// verb is the first word of a name in camel case.
func verb(name string) string {
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			return name[:i]
		}
	}
	return name
}
