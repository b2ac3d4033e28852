// Package driver is the contract between package storage and the databases under it. It is the only interface that a
// vendor writes: validation, canonical bytes, the ledger's hashes, signatures, retention rules, paging and hooks live
// once, above it. Application code uses package storage.
//
// A driver keeps four things for each tenant, in one place and under one transaction:
//
//   - rows, which are only ever added: one for each version of each document and one for each other act that the
//     ledger records;
//   - the nodes of the tenant's Merkle tree, which are only ever added;
//   - the head of the ledger, which only ever grows, and every signed checkpoint it had;
//   - holds and retention floors, which stop [Tx.Dispose], the one method that removes anything: it destroys the
//     content of rows and leaves the rows.
//
// Every sentence in the comments of [Backend], [Reader] and [Tx] is a promise that storagetest.Run checks. A driver
// that passes is a driver that storage can stand on. The folder examples/ehrstore has one of under 600 lines, over a vendor's
// own tables.
//
// What holds for all methods:
//
//   - Tenants, kinds and ids are compared byte by byte. They are case-sensitive, no collation folds them, and nothing
//     that belongs to one tenant is reachable through another.
//   - Bytes come back as they were given: a body, an envelope and a checkpoint are opaque to the driver. What a
//     caller passes in may be changed by the caller afterwards; what a driver returns belongs to the caller.
//   - Instants are UTC in microseconds and come back exactly.
//   - Errors match one of the sentinels of this package by errors.Is, and their text holds no SQL and no words of the
//     database's own: it may be shown to a user.
//   - A method that returns an error returns zero values beside it, and a refusal, such as a conflict, leaves the
//     transaction as it was or ends it: package storage does not go on after one.
//   - A context that ends while a method waits ends the wait, and the error matches the context's.
//
// What stands on a driver serves 45 CFR 164.316(b)(1) and (b)(2)(i): records are kept as they were written, for six years.
// A driver computes nothing, and refuses only what these comments say, each time with a sentinel of this package.
package driver
