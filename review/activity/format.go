package activity

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Format is a format of logs that this package reads.
type Format string

const (
	// FormatCloudTrail is AWS CloudTrail: {"Records": [...]}, or one record a line.
	FormatCloudTrail Format = "cloudtrail"
	// FormatFHIR is the FHIR AuditEvent in JSON, of any version this package knows by its shape.
	FormatFHIR Format = "fhir"
	// FormatCSV is a report in CSV. [ReaderFor] reads the columns of [PlainProfile]; for others see [ReaderWith].
	FormatCSV Format = "csv"
	// FormatNDJSON is a report of JSON objects, one a line. [ReaderFor] reads the members of [PlainProfile]; for others
	// see [ReaderWith].
	FormatNDJSON Format = "ndjson"
	// FormatATNA is the audit message of IHE ATNA and DICOM in XML, bare or in syslog messages of either framing.
	FormatATNA Format = "atna"
	// FormatAuditd is the log of the Linux audit daemon, raw or enriched.
	FormatAuditd Format = "auditd"
	// FormatWindows is the event log of Windows as XML or JSON, with the words of the Security log.
	FormatWindows Format = "windows"
	// FormatPgAudit is the log of a PostgreSQL server with pgAudit, as csvlog or jsonlog.
	FormatPgAudit Format = "pgaudit"
	// FormatOCSF is the Open Cybersecurity Schema Framework in JSON, versions 1.x.
	FormatOCSF Format = "ocsf"
	// FormatOkta is the System Log of Okta in JSON.
	FormatOkta Format = "okta"
	// FormatEntra is the sign-ins of Microsoft Entra ID in JSON, as Microsoft Graph or Azure Monitor gives them.
	FormatEntra Format = "entra"
)

// Values returns the members of the enumeration.
func (Format) Values() []Format {
	return []Format{FormatCloudTrail, FormatFHIR, FormatCSV, FormatNDJSON, FormatATNA,
		FormatAuditd, FormatWindows, FormatPgAudit, FormatOCSF, FormatOkta, FormatEntra}
}

// IsValid reports whether f is a member.
func (f Format) IsValid() bool { return slices.Contains(f.Values(), f) }

// TakesZone reports whether files of the format can have times without an offset that a zone makes instants: those of
// [FormatWindows], as NXLog writes them, those of [FormatATNA], and reports by a [Profile]. All others write the offset, or
// times in UTC.
func (f Format) TakesZone() bool {
	return f == FormatWindows || f == FormatATNA || f == FormatCSV || f == FormatNDJSON
}

// MarshalText refuses a value that is no member.
func (f Format) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("activity.Format", f, f.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (f *Format) UnmarshalText(text []byte) (err error) {
	*f, err = hipaasmp.ParseEnum("activity.Format", text, f.Values())
	return err
}

// ReaderFor returns the reader of a format; [ReaderWith] returns that of a report by a profile of one's own. The error is a [*hipaasmp.UnknownValueError] that lists the formats.
func ReaderFor(f Format) (Reader, error) {
	switch f {
	case FormatCloudTrail:
		return cloudTrail{}, nil
	case FormatFHIR:
		return fhir{}, nil
	case FormatATNA:
		return atna{}, nil
	case FormatAuditd:
		return auditd{}, nil
	case FormatWindows:
		return windows{}, nil
	case FormatPgAudit:
		return pgAudit{}, nil
	case FormatOCSF:
		return ocsf{}, nil
	case FormatOkta:
		return okta{}, nil
	case FormatEntra:
		return entra{}, nil
	case FormatCSV, FormatNDJSON:
		return ReaderWith(PlainProfile(f))
	}
	_, err := hipaasmp.ParseEnum("activity.Format", []byte(f), f.Values())
	return nil, err
}
