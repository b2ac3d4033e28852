package inquiry

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

type codes = []hipaasmp.GapCode

// letter never changes while a program runs. The wording follows the rows of the OCR audit protocol that the catalogue
// carries.
var letter = []request{
	{
		Request: Request{ID: "INQ-01", Citation: hipaasmp.CiteSecurityManagementProcess,
			Asks:   "Documentation of security violations and of what was done about them, or a statement that there was none.",
			AtHand: "The policies and procedures on security violations.",
			Codes:  codes{GapIncidentWithoutCase, review.GapIncidentOpen, review.GapTickets, sanction.GapNotRecorded}},
		find:    violations,
		nothing: "Neither a security incident, nor a sanction case, nor a statement that there was no occasion for one is on file.",
		closes:  "File what happened and what was done, or have somebody with knowledge attest that nothing came to notice.",
	},
	{
		Request: Request{ID: "INQ-02", Citation: hipaasmp.CiteRiskAnalysis,
			Asks:  "The policies and procedures on risk analysis: purpose and scope, roles, involvement of management, frequency of review.",
			Codes: codes{risk.GapNoProcedure, risk.GapProcedureScope, risk.GapProcedureRoles, risk.GapProcedureManagement, risk.GapProcedureReview}},
		find:    riskProcedure,
		nothing: "No policy and procedure on risk analysis is in effect.",
		closes:  "Write the procedure, or record the one that there is, and have it approved.",
	},
	{
		Request: Request{ID: "INQ-03", Citation: hipaasmp.CiteRiskAnalysis,
			Asks: "The current written risk analysis.",
			Codes: codes{risk.GapNoAnalysis, risk.GapStale, risk.GapAssetWithoutFinding, risk.GapClassNotConsidered, risk.GapDataCollection,
				risk.GapThreatWithoutVulnerability, risk.GapVulnerabilityAlone, risk.GapSafeguardsNotAssessed, risk.GapNoLikelihood, risk.GapNoImpact,
				risk.GapNotScored, risk.GapNotDocumented, risk.GapScopeNotDefined, risk.GapNoAgreement, risk.GapSubcontractor, GapUnknownSystem}},
		find:    currentAnalysis,
		nothing: "No risk analysis is in effect.",
		closes:  "Conduct a risk analysis and have it approved.",
	},
	{
		Request: Request{ID: "INQ-04", Citation: hipaasmp.CiteRiskAnalysis,
			Asks:  "The risk analysis immediately before it, or the explanation why there is none.",
			Codes: codes{risk.GapNoPredecessor}},
		find: precedingAnalysis, because: codes{risk.GapNoAnalysis},
		nothing: "No earlier risk analysis is on file.",
		closes:  "File the earlier analysis, or explain in the current one why there is none.",
	},
	{
		Request: Request{ID: "INQ-05", Citation: hipaasmp.CiteRiskManagement,
			Asks:   "The acceptable level of risk, approved by management, and the plan that treats each risk above it.",
			AtHand: "The policies and procedures on risk management: how risk is managed, how often ongoing risks are reviewed, who does what.",
			Codes:  codes{risk.GapAcceptableLevel, remediation.GapNoPlan, remediation.GapUntreated, remediation.GapAcceptanceExpired}},
		find: approvedPlan, because: codes{risk.GapNoAnalysis},
		nothing: "No approved risk management plan is in effect.",
		closes:  "Build the plan from the analysis and have management approve it.",
	},
	{
		Request: Request{ID: "INQ-06", Citation: hipaasmp.CiteRiskManagement,
			Asks:  "Evidence of measures implemented, or in process, as a result of the analysis.",
			Codes: codes{remediation.GapOverdue, remediation.GapNotVerified, remediation.GapDependency, GapNotCompleted}},
		find: measures, because: codes{risk.GapNoAnalysis, remediation.GapNoPlan},
		nothing: "No measure is on file, neither completed nor in process, and no risk was accepted.",
		closes:  "Propose the measures that the analysis calls for and carry them out.",
	},
	{
		Request: Request{ID: "INQ-07", Citation: hipaasmp.CiteSanctionPolicy,
			Asks:  "The sanction policy in effect, known to the workforce.",
			Codes: codes{sanction.GapNoPolicy, sanction.GapUngoverned, sanction.GapSeveralPolicies, sanction.GapUnacknowledged, sanction.GapUntrained, sanction.GapNotReviewed}},
		find:    sanctionPolicy,
		nothing: "No sanction policy is in effect.",
		closes:  "Approve a policy and put it in effect.",
	},
	{
		Request: Request{ID: "INQ-08", Citation: hipaasmp.CiteSanctionPolicy,
			Asks: "The sanctions applied, with steps, time, reason and outcome, or a statement that there was no occasion.",
			Codes: codes{sanction.GapNeverApplied, sanction.GapOverLimit, sanction.GapNotNotified, sanction.GapNotRecorded, sanction.GapUneven,
				sanction.GapContradicted, sanction.GapOtherTerms, sanction.GapTrainingNotGiven, GapIncidentWithoutCase}},
		find: sanctionsApplied, because: codes{sanction.GapNoPolicy},
		nothing: "Neither the final record of a sanction case nor a statement that there was no occasion for one is on file.",
		closes:  "Close the cases, or have somebody with knowledge attest that there were none, and on what basis.",
	},
	{
		Request: Request{ID: "INQ-09", Citation: hipaasmp.CiteActivityReview,
			Asks:  "The procedure for regular review of records of system activity.",
			Codes: codes{review.GapNoProcedure, review.GapUngoverned, review.GapKindNotCovered, review.GapProcedureNotReviewed, GapSystemInNoReview}},
		find:    reviewProcedure,
		nothing: "No procedure for reviewing records of activity is in effect.",
		closes:  "Approve a procedure and put it in effect.",
	},
	{
		Request: Request{ID: "INQ-10", Citation: hipaasmp.CiteActivityReview,
			Asks: "Evidence that audit logs, access reports and incident reports were reviewed in time, and certified by appropriate personnel.",
			Codes: codes{review.GapNotReviewed, review.GapOpenTooLong, review.GapDefects, review.GapLate, review.GapIndependence, review.GapOtherTerms,
				review.GapDetectors, review.GapUnavailable, review.GapWaived, review.GapSample, review.GapProfile, review.GapKindNotReviewed,
				review.GapUnproved, review.GapProgram, review.GapRule, review.GapRepeated, review.GapOpenItem, review.GapFindings,
				review.GapCalendar, review.GapContext, review.GapPlanned, review.GapBreach, review.GapElsewhere, review.GapDropped, GapNothingKept}},
		find: certifiedReviews, because: codes{review.GapNoProcedure},
		nothing: "No certified review of activity is on file.",
		closes:  "Review the records of a period and have the review certified.",
	},
	{
		Request: Request{ID: "INQ-11", Citation: hipaasmp.CiteActivityReview,
			Asks:   "Evidence that the systems can log, and that logging is turned on.",
			AtHand: "The configuration of the systems that shows it.",
			Codes:  codes{review.GapCapability, review.GapFamily, review.GapHours}},
		find: canLog, because: codes{review.GapNoProcedure, review.GapNotReviewed, GapNothingKept},
		nothing: "No certified review on file says of a source that it was recording.",
		closes:  "Check that recording is on, keep the proof, and state it in the next review.",
	},
	{
		Request: Request{ID: "INQ-12", Citation: hipaasmp.CiteAssignedSecurityResponsibility,
			Asks:   "The named security official.",
			AtHand: "The job description."},
		find:    securityOfficial,
		nothing: "Nobody is appointed security official.",
		closes:  "Appoint a person and enter the appointment in the entity's profile.",
	},
	{
		Request: Request{ID: "INQ-13", Citation: hipaasmp.CiteDocumentation,
			Asks:   "The policies and procedures, and the written record of actions, activities and assessments.",
			AtHand: "The policies and procedures on keeping policies and procedures.",
			Codes:  codes{sanction.GapNotRecorded, GapNotCompleted, review.GapIncidentOpen}},
		find:    written,
		nothing: "No record is on file but the entity's own profile.",
		closes:  "File the records as they come about.",
	},
	{
		Request: Request{ID: "INQ-14", Citation: hipaasmp.CiteTimeLimit,
			Asks:   "Evidence that policies, actions, activities and assessments are kept six years.",
			AtHand: "The policies and procedures on retention.",
			Codes: codes{GapDestroyedEarly, GapNotOnFile, GapNothingKept, review.GapRawLogs, review.GapShortRawLogs, review.GapHorizon, review.GapFetch,
				retention.GapReviewOverdue, retention.GapNotDisposed, retention.GapNoCertificate}},
		find:    kept,
		nothing: "No record is on file whose retention could be shown.",
		closes:  "File the records as they come about and keep them.",
	},
	{
		Request: Request{ID: "INQ-15", Citation: hipaasmp.CiteAvailability,
			Asks:   "Evidence that the documentation is available to those who have to follow it.",
			AtHand: "The policies and procedures on availability.",
			Codes:  codes{sanction.GapUnacknowledged}},
		find: available, because: codes{sanction.GapNoPolicy},
		nothing: "No acknowledgement of a policy and no training on one is on file.",
		closes:  "Have the workforce acknowledge the policies, and record it.",
	},
	{
		Request: Request{ID: "INQ-16", Citation: hipaasmp.CiteUpdates,
			Asks:   "Evidence that the documentation is reviewed periodically and updated as needed.",
			AtHand: "The policies and procedures on periodic review.",
			Codes:  codes{risk.GapStale, sanction.GapNotReviewed, review.GapProcedureNotReviewed}},
		find:    reviewedPeriodically,
		nothing: "No policy, procedure or risk analysis on file was reviewed or brought up to date.",
		closes:  "Review the documents and record the result.",
	},
}
