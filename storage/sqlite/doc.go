// Package sqlite keeps a store in one SQLite file, by modernc.org/sqlite: no cgo, no server.
//
// What was committed survives a power cut: write-ahead log, synchronous FULL, and full fsync where macOS has it.
// Writers begin with BEGIN IMMEDIATE, so several processes can use one file and none of them builds on what another
// has just replaced. The file must lie on a local disk, not on a network share: the write-ahead log needs shared memory.
//
// Inside the file, triggers refuse to change or remove what was written and to destroy content that is retained or
// held; insert guards close the way around them by INSERT OR REPLACE; the connections run in SQLite's defensive mode
// under an authorizer that allows nothing but reading and adding rows to the store's own tables. That stops mistakes
// and injected SQL. It does not stop another program that opens the file; the ledger above shows what such a program
// did.
//
// [OpenDB] keeps the same tables in a database that belongs to a product, and [Backend.Join] writes inside a transaction
// that the product began, among its own rows. Triggers and guards hold there too; what the authorizer and the defensive
// mode add does not, and Capabilities says so.
//
// After a disposal the freed bytes are overwritten and the log is folded into the file and cut, so that neither content
// nor key is left in the file, the log or a backup taken later; see [Backend.Scrub].
//
// A file holds at most 2,097,151 tenants, a tenant at most 4,095 kinds of documents and 2^41 entries, and a body has at most
// 16 MiB. What goes beyond is refused with driver.ErrUnsupported, or driver.ErrTooLarge for a body.
//
// Two of modernc's switches act on the whole process. Open sets them unless Options.KeepProcessSettings is true:
// OFDLocking, because without it any code that opens and closes the file, to hash it for example, drops SQLite's locks on it;
// and StrictPragmas. The locks on the file beside it whose name ends in -shm are of the old kind: leave that one closed.
//
// It serves 45 CFR 164.316(b)(1) and (b)(2)(i), the duties to keep records and to keep them six years, and what
// 164.310(d)(2)(i) asks when they are disposed of. It refuses a file of something else, a newer layout, a folder, a caller's
// database that may lose what it acknowledged, and whatever the comments of storage/driver refuse.
package sqlite
