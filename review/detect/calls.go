package detect

import (
	"slices"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// dcm is DICOM's code system, in which audit messages name security alerts (PS3.16 CID 403).
const dcm = "http://dicom.nema.org/resources/ontology/DCM"

// LogControlCalls returns the acts that end or narrow what is recorded: the API calls of the AWS services that keep or
// watch logs, what Windows, Linux, PostgreSQL and Okta say of their own logs, the diagnostic settings by which Entra and
// Azure deliver theirs, and DICOM's alert that audit recording was stopped.
func LogControlCalls() []Call {
	aws := func(service, name, means string) Call {
		return Call{Act: activity.Act{System: service + ".amazonaws.com", Name: name}, Means: means}
	}
	return slices.Concat(windowsCalls(), auditdCalls(), pgauditCalls(), oktaCalls(), azureCalls(), []Call{
		aws("cloudtrail", "StopLogging", "stops a trail from recording"),
		aws("cloudtrail", "DeleteTrail", "deletes a trail"),
		aws("cloudtrail", "UpdateTrail", "changes what a trail records or where it is kept"),
		aws("cloudtrail", "PutEventSelectors", "changes which events a trail records"),
		aws("cloudtrail", "DeleteEventDataStore", "deletes a store of recorded events"),
		aws("cloudtrail", "StopEventDataStoreIngestion", "stops a store from taking events"),
		aws("config", "StopConfigurationRecorder", "stops the recording of configuration"),
		aws("config", "DeleteConfigurationRecorder", "deletes the recorder of configuration"),
		aws("config", "DeleteDeliveryChannel", "ends the delivery of configuration records"),
		aws("ec2", "DeleteFlowLogs", "deletes the record of network flows"),
		aws("guardduty", "DeleteDetector", "turns threat detection off"),
		aws("guardduty", "DeletePublishingDestination", "ends the delivery of threat findings"),
		aws("macie2", "DisableMacie", "turns the watch over sensitive data off"),
		aws("organizations", "LeaveOrganization", "takes the account out of the organization and of its trail"),
		aws("route53", "DeleteQueryLoggingConfig", "ends the record of name queries"),
		aws("route53resolver", "DeleteResolverQueryLogConfig", "ends the record of name queries"),
		aws("route53resolver", "DisassociateResolverQueryLogConfig", "takes a network out of the record of name queries"),
		aws("securityhub", "DisableSecurityHub", "turns the collection of security findings off"),
		aws("wafv2", "DeleteLoggingConfiguration", "ends the record of web requests"),
		{Act: activity.Act{System: dcm, Name: "110133"}, Means: "stops audit recording"},
	})
}

// windowsCalls are events of Windows by their numbers. Security auditing, Microsoft Learn: 1100 "The event logging service
// has shut down", which every orderly shutdown of the machine also writes, 1102 "The audit log was cleared", 4719 "System
// audit policy was changed" (windows-itpro-docs, threat-protection/auditing, event-1100, -1102 and -4719); 104 is what the
// same provider writes to the System log when another log is cleared (its manifest: "The %3 log file was cleared").
func windowsCalls() []Call {
	const log, security = "Microsoft-Windows-Eventlog", "Microsoft-Windows-Security-Auditing"
	call := func(provider, number, means string) Call {
		return Call{Act: activity.Act{System: provider, Name: number}, Means: means}
	}
	return []Call{
		call(log, "1100", "says that the recording of events was shut down"),
		call(log, "1102", "says that the security log was cleared"),
		call(log, "104", "says that a log was cleared"),
		call(security, "4719", "says that the audit policy was changed"),
	}
}

// auditdCalls are records of Linux's audit system. Red Hat Enterprise Linux Security Guide, B.2 "Audit Record Types":
// DAEMON_END is written when the daemon is stopped, DAEMON_ABORT when it stops for an error, CONFIG_CHANGE when the
// configuration of auditing changes; audit_enabled=0 is auditing switched off (auditctl(8), -e), and op=remove_rule, which
// the reader gives as a deletion, is one rule taken out (auditctl(8), -d and -D).
func auditdCalls() []Call {
	call := func(record, object, means string) Call {
		return Call{Act: activity.Act{System: "auditd", Name: record}, Object: object, Means: means}
	}
	return []Call{
		call("CONFIG_CHANGE", "audit_enabled=0", "switches auditing off"),
		{Act: activity.Act{System: "auditd", Name: "CONFIG_CHANGE"}, Action: activity.ActionDelete, Means: "takes out a rule of what is audited"},
		call("DAEMON_END", "", "says that the audit daemon was stopped"),
		call("DAEMON_ABORT", "", "says that the audit daemon stopped for an error"),
	}
}

// pgauditCalls are statements by the class and the command that pgAudit gives them (its documentation, "Format"), to the
// settings that say what PostgreSQL records: those of pgAudit itself ("Settings"), and of the server's log (PostgreSQL
// documentation, 20.8 "Error Reporting and Logging" and 20.11 "Client Connection Defaults", shared_preload_libraries).
func pgauditCalls() []Call {
	var out []Call
	for _, act := range []string{"DDL ALTER SYSTEM", "DDL ALTER DATABASE", "ROLE ALTER ROLE", "MISC SET", "MISC_SET SET", "MISC RESET", "MISC_SET RESET"} {
		for _, setting := range []string{"pgaudit.*", "log_destination", "logging_collector", "log_statement", "log_connections", "shared_preload_libraries"} {
			out = append(out, Call{Act: activity.Act{System: "pgaudit", Name: act}, Object: setting, Means: "changes what the database records"})
		}
		if !strings.HasPrefix(act, "MISC") { // of a session it is what pools of connections do
			out = append(out, Call{Act: activity.Act{System: "pgaudit", Name: act}, Object: "all", Means: "resets all settings, those of what the database records among them"})
		}
	}
	return out
}

// azureCalls are operations in the activity log of Azure, where a change of the diagnostic settings of Entra
// (microsoft.aadiam) and of other resources (microsoft.insights) is told: the types of resource are those of Microsoft's
// template reference, and write and delete are how Azure names what is done to any. A mapping profile reads that log, with
// its operationName as the act. It is written in capitals in some records.
func azureCalls() []Call {
	call := func(name, means string) Call { return Call{Act: activity.Act{Name: name}, AnyCase: true, Means: means} }
	return []Call{
		call("microsoft.aadiam/diagnosticSettings/delete", "ends a delivery of the logs of Entra"),
		call("microsoft.aadiam/diagnosticSettings/write", "changes which logs of Entra are delivered and where"),
		call("microsoft.insights/diagnosticSettings/delete", "ends a delivery of the logs of a resource"),
		call("microsoft.insights/diagnosticSettings/write", "changes which logs of a resource are delivered and where"),
	}
}

// oktaCalls are event types of Okta's system log (Okta developer documentation, "Event types", log streams).
func oktaCalls() []Call {
	call := func(end, means string) Call {
		return Call{Act: activity.Act{System: "okta", Name: "system.log_stream.lifecycle." + end}, Means: means}
	}
	return []Call{
		call("deactivate", "ends the delivery of the system log"),
		call("delete", "deletes a delivery of the system log"),
		call("update", "changes a delivery of the system log"),
	}
}

// PrivilegeCalls returns the acts that give rights or take them: IAM's, those of Windows, Linux, PostgreSQL, Okta and
// Azure, and DICOM's alerts that the security attributes of objects, roles or users were changed.
func PrivilegeCalls() []Call {
	iam := func(name, means string) Call {
		return Call{Act: activity.Act{System: "iam.amazonaws.com", Name: name}, Means: means}
	}
	out := slices.Concat(grantCalls(), []Call{
		iam("AddUserToGroup", "gives a user the rights of a group"),
		iam("AttachGroupPolicy", "gives rights to a group"),
		iam("AttachRolePolicy", "gives rights to a role"),
		iam("AttachUserPolicy", "gives rights to a user"),
		iam("CreateAccessKey", "makes a credential"),
		iam("CreateLoginProfile", "gives a user a password"),
		iam("CreatePolicyVersion", "changes what a policy allows"),
		iam("CreateUser", "makes a user"),
		iam("DeactivateMFADevice", "takes a second factor away"),
		iam("DeleteAccountPasswordPolicy", "ends the rules for passwords"),
		iam("PutGroupPolicy", "gives rights to a group"),
		iam("PutRolePolicy", "gives rights to a role"),
		iam("PutUserPolicy", "gives rights to a user"),
		iam("SetDefaultPolicyVersion", "changes what a policy allows"),
		iam("UpdateAssumeRolePolicy", "changes who may take a role"),
		iam("UpdateLoginProfile", "changes a user's password"),
		{Act: activity.Act{System: dcm, Name: "110129"}, Means: "changes the security configuration"},
		{Act: activity.Act{System: dcm, Name: "110135"}, Means: "changes the security attributes of an object"},
		{Act: activity.Act{System: dcm, Name: "110136"}, Means: "changes security roles"},
		{Act: activity.Act{System: dcm, Name: "110137"}, Means: "changes the security attributes of a user"},
	})
	for i := range out {
		out[i].Rights = true
	}
	return out
}

// grantCalls are by the words of each source. Windows: "A user right was assigned" (4704) and removed (4705), "System
// security access was granted to an account" (4717) and removed (4718), a member added to and removed from a security-enabled
// global (4728, 4729), local (4732, 4733) and universal group (4756, 4757), all of Microsoft's documentation of security
// auditing. Linux: roles of SELinux (Red Hat Enterprise Linux Security Guide, B.2). PostgreSQL: the class ROLE of pgAudit.
// Okta: its catalogue of event types. Azure: role assignments of the provider Microsoft.Authorization.
func grantCalls() []Call {
	call := func(system, name, means string) Call {
		return Call{Act: activity.Act{System: system, Name: name}, Means: means}
	}
	const windows = "Microsoft-Windows-Security-Auditing"
	azure := func(name, means string) Call { return Call{Act: activity.Act{Name: name}, AnyCase: true, Means: means} }
	return []Call{
		call(windows, "4704", "says that a user right was assigned"),
		call(windows, "4705", "says that a user right was removed"),
		call(windows, "4717", "says that an account was granted access to the system"),
		call(windows, "4718", "says that access to the system was taken from an account"),
		call(windows, "4728", "says that a member was added to a global security group"),
		call(windows, "4729", "says that a member was removed from a global security group"),
		call(windows, "4732", "says that a member was added to a local security group"),
		call(windows, "4733", "says that a member was removed from a local security group"),
		call(windows, "4756", "says that a member was added to a universal security group"),
		call(windows, "4757", "says that a member was removed from a universal security group"),
		call("auditd", "ROLE_ASSIGN", "gives a role to a user"),
		call("auditd", "ROLE_REMOVE", "takes a role from a user"),
		call("pgaudit", "ROLE GRANT", "gives rights in the database"),
		call("pgaudit", "ROLE REVOKE", "takes rights in the database"),
		call("pgaudit", "ROLE CREATE ROLE", "makes a role in the database"),
		call("pgaudit", "ROLE ALTER ROLE", "changes a role in the database"),
		call("pgaudit", "ROLE DROP ROLE", "takes a role out of the database"),
		call("okta", "user.account.privilege.grant", "gives an administrator's rights to a user"),
		call("okta", "user.account.privilege.revoke", "takes an administrator's rights from a user"),
		call("okta", "group.privilege.grant", "gives an administrator's rights to a group"),
		call("okta", "group.privilege.revoke", "takes an administrator's rights from a group"),
		azure("Microsoft.Authorization/roleAssignments/write", "gives a role on a resource"),
		azure("Microsoft.Authorization/roleAssignments/delete", "takes a role on a resource"),
	}
}
