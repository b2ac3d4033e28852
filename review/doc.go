// Package review serves 45 CFR 164.308(a)(1)(ii)(D), information system activity review (Required): implement procedures
// to regularly review records of information system activity, such as audit logs, access reports, and security incident
// tracking reports. It also keeps the security incidents of 164.308(a)(6)(ii) and 164.304, to which reviews lead.
package review
