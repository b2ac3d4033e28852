package detect

import "github.com/hipaasmp/hipaasmp/review/activity"

// dcm is DICOM's code system, in which audit messages name security alerts (PS3.16 CID 403).
const dcm = "http://dicom.nema.org/resources/ontology/DCM"

// LogControlCalls returns the acts that end or narrow what is recorded: the API calls of the AWS services that keep or
// watch logs, and DICOM's alert that audit recording was stopped.
func LogControlCalls() []Call {
	aws := func(service, name, means string) Call {
		return Call{Act: activity.Act{System: service + ".amazonaws.com", Name: name}, Means: means}
	}
	return []Call{
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
	}
}

// PrivilegeCalls returns the acts that give rights or take them: IAM's, and DICOM's alerts that the security attributes
// of objects, roles or users were changed.
func PrivilegeCalls() []Call {
	iam := func(name, means string) Call {
		return Call{Act: activity.Act{System: "iam.amazonaws.com", Name: name}, Means: means}
	}
	return []Call{
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
	}
}
