// Package activity reads records of information system activity, the audit logs that 45 CFR 164.308(a)(1)(ii)(D) wants
// reviewed and 164.312(b) wants recorded, into one [Event] model.
//
// A [Reader] streams a file of one [Format] and yields every entry once. What it cannot read it yields as a [*Defect]
// with the place and the reason, and goes on: a line is counted as an event or as a defect, never lost. [Tally] does the
// counting. Every event carries the place of its bytes in the file ([Raw]), so that a finding can be checked again
// against the log years later: those bytes alone, given to the same reader, give the same event.
//
//	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
//	var tally activity.Tally
//	for event, err := range reader.Read(activity.Input{File: name, Content: file}) {
//		if err := tally.Count(event, err); err != nil {
//			return err // the file itself could not be read
//		}
//		…
//	}
//
// The formats so far:
//
//   - CloudTrail: files of {"Records": [...]}, one file or many behind each other, one record a line, events of EventBridge,
//     and what lookup-events and queries of CloudTrail Lake answer. A row of a query that did not ask for eventJson is
//     found again by its place, and is read again only within its answer.
//   - FHIR AuditEvent of DSTU2, R3, R4, R5 and the R6 ballots, told apart by their shape: one resource, one a line, an array, or a Bundle.
//   - Audit messages of IHE ATNA and DICOM in XML: bare, or in syslog messages that end with a line end or stand behind
//     the number of their bytes, with the header of RFC 5424, of RFC 3164, or what a syslog daemon leaves of them in a
//     file. A message that a relay folded ("message repeated 3 times") is as many events at one place.
//   - The log of the Linux audit daemon, raw or enriched, also behind the heads of syslog messages, and what the kernel
//     printed where no daemon was; an event is put together from its records. Where those of several events lie between each other, the bytes of an event hold some of the
//     others', too.
//   - The event log of Windows as XML, or as JSON of evtx_dump, Winlogbeat or NXLog, with the words of its Security log.
//   - The log of a PostgreSQL server with pgAudit, as csvlog or jsonlog.
//   - Events of the Open Cybersecurity Schema Framework 1.x in JSON.
//   - The System Log of Okta and the deliveries of its event hooks, in JSON.
//   - The sign-ins of Microsoft Entra ID in JSON, as Microsoft Graph, a storage account, an event hub or a Log Analytics
//     workspace has them.
//   - Reports in CSV or JSON, described by a [Profile] that is versioned and kept with the review. [ReaderWith] gives their
//     reader. It is how one adds a format of one's own; what no profile can describe is read by a [Reader] of one's own,
//     whose Format is the nearest of these.
//
// Files may be compressed with gzip or zstd, which are recognised by their first bytes. Memory is bounded whatever the file
// holds: a record longer than [Input.MaxRecord] is passed over and counted, and a stream that would look back on more than
// 32 MiB is refused. Time is bounded, too: a compressed file of which more than 200 times its length comes out, beyond the
// first 256 MiB, is read no further, and a defect says so. Files are read as UTF-8, with or without a byte order mark, with
// either line ending. A file in UTF-16, as PowerShell writes it, is read as well: it is known by its byte order mark or, without
// one, by its first two characters, and the places of its events and defects are those of its own bytes. What is in another
// encoding is a defect, line by line.
//
// A [Directory] resolves the identities of a log into those that the entity knows its workforce and its patients by, with
// dates. What it cannot resolve stays as it is and is counted.
//
// Times without a zone are unknown, unless somebody who knows the machine names it ([Input.Zone], [InZone]), and a reader
// says which was named ([AssumedZone]); a year that is not there stays so. An entry that was delivered twice is known by the identity that its source gave it ([Seen]); for
// formats that give none, [Input.Identify] takes a digest of the entry where that is sound.
//
// What it does not guess: an unknown time, actor, patient, outcome or action stays unknown and is counted as such. A
// display name is kept beside an actor for a person who looks at the event at once; it is never an identity and never
// written to JSON. A record with a member named twice is a defect, because readers disagree about which of two wins.
package activity
