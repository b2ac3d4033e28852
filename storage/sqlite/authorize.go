package sqlite

import sqlite3 "modernc.org/sqlite"

// The tables that rows may be added to, changed in and removed from. The triggers decide which rows.
var (
	mayInsert = map[string]bool{
		"smp_tenant": true, "smp_kind": true, "smp_entry": true, "smp_key": true, "smp_tile": true, "smp_node": true, "smp_form": true,
		"smp_hold": true, "smp_hold_scope": true, "smp_retention_floor": true, "smp_disposal": true,
	}
	mayUpdate = map[string]bool{"smp_entry": true, "smp_hold": true, "smp_retention_floor": true}
	mayDelete = map[string]bool{"smp_key": true}
	// mayCall are the functions that the store's SQL and its triggers use.
	mayCall = map[string]bool{"coalesce": true, "max": true, "count": true, "length": true, "strftime": true}
	// mayAsk are pragmas that only answer.
	mayAsk = map[string]bool{"user_version": true, "integrity_check": true, "quick_check": true}
)

// authorize allows reading and adding rows to the store's tables, and nothing else: no change of the schema, no other
// database, no pragma that sets something, no virtual table.
func authorize(action sqlite3.AuthorizerActionCode, arg1, arg2, database, _ string) sqlite3.AuthorizerReturnCode {
	ok := false
	switch action {
	case sqlite3.AuthSelect, sqlite3.AuthTransaction, sqlite3.AuthRecursive:
		ok = true
	case sqlite3.AuthRead:
		ok = database == "main" || database == ""
	case sqlite3.AuthInsert:
		ok = database == "main" && mayInsert[arg1]
	case sqlite3.AuthUpdate:
		ok = database == "main" && mayUpdate[arg1]
	case sqlite3.AuthDelete:
		ok = database == "main" && mayDelete[arg1]
	case sqlite3.AuthFunction:
		ok = mayCall[arg2]
	case sqlite3.AuthPragma:
		ok = mayAsk[arg1] && arg2 == "" || arg1 == "wal_checkpoint" && arg2 == "TRUNCATE" || arg1 == "busy_timeout"
	}
	if ok {
		return sqlite3.AuthorizerOK
	}
	return sqlite3.AuthorizerDeny
}
