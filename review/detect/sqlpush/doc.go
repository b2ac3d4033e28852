// Package sqlpush runs detectors where the logs are: it renders what a detector of package detect looks for as one SQL
// statement, so that a database with billions of accesses sends back only the few that matter (45 CFR
// 164.308(a)(1)(ii)(D)).
//
// A statement is a sieve, and the detector stays the judge. [Render] writes it for a [Table], which says what the columns of
// one's own log mean, in a [Dialect]. [Collect] makes events of the rows and gives them to the detector, so that the
// findings have the same identities, reasons and severities as those over the whole log, and its state merges with the
// states of other sources:
//
//	query, err := sqlpush.Render(sqlpush.PostgreSQL(), table, detect.FailedLogins{})
//	rows, err := db.QueryContext(ctx, query.Text, query.Args...)
//	state, err := sqlpush.Collect(query, rows)
//	findings := state.Findings()
//
// The package opens no connection. Anything that goes through rows as database/sql and pgx do will do.
//
// Dialects are shipped for the databases that the tests run: PostgreSQL, SQLite and DuckDB. A dialect of one's own is an
// implementation of [Dialect].
//
// # What is rendered
//
//	R7   BreakGlass          the entries under emergency access
//	R8   TerminatedUser      the acts after an end, by a list of [Endings]
//	R9   Dormant             the days of actors who paused
//	R10  FailedLogins        the failures that belong to a burst or a spray
//	R11  LoginAfterFailures  the log-ins after a burst, and the bursts of their users and places
//	R12  BulkExport          the prints and exports
//	R14  NoRelation          the accesses that no row of a table of [Relations] explains
//	R20  LogControl          the acts of the list
//	     Denials             the denials of actors with enough of them
//
// Other detectors are refused with a [RenderError].
//
// # What it relies on
//
// Every row is one entry and has an identity; rows that share one are one delivery told several times, of which the
// earliest counts. Names of tables and columns are plain identifiers, everything else about them is refused; values go as
// parameters. Times are compared in microseconds. A row without a time takes no part in what is defined over time.
package sqlpush
