// Package postgres keeps a store in one schema of a PostgreSQL database, by pgx.
//
// # What it relies on
//
// Tables, primary keys and unique keys over TEXT with COLLATE "C", BIGINT and BYTEA; SELECT ... FOR UPDATE on one row;
// INSERT ... ON CONFLICT DO NOTHING; unnest of arrays; window sums; COPY in the binary format, unless Options.NoCopy;
// and that a transaction that commits is atomic and durable. Only Join needs more: savepoints and lock_timeout. It relies
// on no trigger, sequence, advisory lock, foreign key, temporary table, jsonb, session setting or clock of the database,
// so it runs on what speaks PostgreSQL's protocol with that much of its SQL. Bodies, envelopes and checkpoints are BYTEA
// and come back as they were given. Only PostgreSQL itself is tested. Behind a pooler in transaction mode, put
// default_query_exec_mode=exec into the connection string.
//
// # Writers
//
// Each tenant has one row in the table head. A transaction that writes locks that row first and moves it on at the end
// by compare-and-swap on the length of the ledger, so the writers of one tenant go one after the other, across processes
// too, and those of different tenants do not meet. A serialisation failure (40001), a deadlock (40P01) and a connection
// that is lost before the commit run the closure again, until Options.Patience is over.
//
// A commit that is not answered, that is answered with 40003 or with class 08, or that is answered with a warning, gives
// driver.ErrOutcomeUnknown: read back before writing again. The warning is what PostgreSQL says, together with "COMMIT",
// when somebody ended the wait for a synchronous standby, by pg_cancel_backend for example: the record is on this server
// and may not be on the standby.
//
// # Failover
//
// A commit that was acknowledged survives the loss of the primary only with synchronous replication:
// synchronous_commit at on (its default) or above, and synchronous_standby_names naming a standby. Asynchronous
// replication loses what the standby had not received; the ledger then shows to whoever holds a later checkpoint that
// the end is missing.
//
// # Roles
//
// Whoever owns the tables can change anything, so a product should not write as the owner. The owner opens the store
// once, which makes the layout, and runs the statements of [Roles.Grants]. The writer may then add rows, and move
// heads on, and nothing else; the disposer may remove content as well. A store that the writer opened refuses
// Dispose with driver.ErrImmutable; open a second one as the disposer for that. Capabilities.EnforcesWORM says whether
// the role that the store was opened with is bound like this. The owner of the server is bound by nothing: the ledger
// shows what was done.
//
// # Disposal
//
// Dispose deletes rows of the tables content and content_key. VACUUM frees their space, and their bytes stay in the files
// until the space is used again; VACUUM FULL of the two tables, once no older snapshot is open, writes them anew without.
// The bytes are also in the write-ahead log, its archive, standbys and backups until those lapse: give each a day on
// which it ends. Where bodies are sealed, only their wrapped keys are of use to anybody who finds them.
//
// # Backups
//
// Use pg_dump, pg_basebackup or the provider's snapshots; Backup gives driver.ErrUnsupported. After a restore that is
// older than the last checkpoint that left the building, begin a new epoch; see storage.Store.NewEpoch.
//
// # What it serves and refuses
//
// It serves 45 CFR 164.316(b)(1) and (b)(2)(i), the duties to keep records and to keep them six years, and what
// 164.310(d)(2)(i) asks when they are disposed of. It refuses a newer layout than it knows, one that is not its own or has
// been changed, a database that is not UTF-8, and whatever the comments of storage/driver refuse; no message of an error
// holds SQL, a connection string or text of the driver below.
package postgres
