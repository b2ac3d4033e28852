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
// # What is known beside the log
//
// Who an actor is, who a patient is and what ties the two stands in tables of the same database: [People], [Patients],
// [Relations], [Watch], [Needs] and [Calendar] describe them, and stand where a detector takes what package detect reads
// from CSV. The database looks up by key, and sends with each entry what it found, so that the detector judges and gives
// its reasons without a table in memory:
//
//	staff := sqlpush.People{Name: "hr.staff", User: "staff_id", Surname: "surname_key"}
//	query, err := sqlpush.Render(sqlpush.DuckDB(), table, detect.SameSurname{People: staff, Patients: register})
//
// # What is rendered
//
//	R1   OwnRecord           the accesses to the actor's own record
//	R2   Household           those within a household, or among relatives
//	R3   SameSurname         those to a patient of the actor's rare surname
//	R4   Coworker            those to a member of the workforce
//	R5   Neighbour           those within a street, or nearby
//	R6   WatchedRecord       those to a record on the list
//	R7   BreakGlass          the entries under emergency access
//	R8   TerminatedUser      the acts after an end, by a list of [Endings] or by [People]
//	R9   Dormant             the days of actors who paused
//	R10  FailedLogins        the failures that belong to a burst or a spray
//	R11  LoginAfterFailures  the log-ins after a burst, and the bursts of their users and places
//	R12  BulkExport          the prints and exports
//	R13  RoleWithoutNeed     the acts that no cell of the matrix allows
//	R14  NoRelation          the accesses that no row of a table of [Relations] explains
//	R15  LongAgo             those to the records of patients who died or were last seen long ago
//	R16  AfterHours          the acts outside the shift; changes of the clock are told to the database
//	R17  TwoPlaces           the ends of what accounts with several origins did there
//	R18  SharedAccount       the days of generic accounts, and sessions side by side
//	R19  Fishing             the searches, and one opening a minute that follows one
//	R20  LogControl          the acts of the list
//	     Denials             the denials of actors with enough of them
//
// # What is not
//
// Of an account that the log knows at one origin only R17 sends nothing: the state of another log, in which it was elsewhere,
// has nothing to clash with. Where accounts are to be compared across logs, put the logs under one view.
//
// The states of S1 to S4 are the sets of all patients that all actors touched: nearly every entry would
// come back. C1 to C6 watch the log as it was delivered, file by file, which a table no longer shows. These, and detectors of
// one's own, are refused with a [RenderError]; run them over a reader.
//
// # What it relies on
//
// Every row is one entry and has an identity; rows that share one are one delivery told several times, of which the
// earliest counts. Names of tables and columns are plain identifiers, everything else about them is refused; values go as
// parameters. Times are compared in microseconds. A row without a time takes no part in what is defined over time. Tables that
// are looked up by key are joined by equality, so that the work grows with the log and not with its square; the tests hold
// that by the work that the databases themselves count. PostgreSQL guesses how many entries an expression holds for, and
// compares all with all where it guesses few. SET LOCAL enable_nestloop = off in the transaction of a review keeps it from
// that on any tables, and SET LOCAL jit = off from compiling long statements for short logs.
package sqlpush
