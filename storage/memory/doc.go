// Package memory keeps a store in memory: for tests, for programs that need no file, and as the model against which
// other drivers are compared. It holds to every sentence of storage/driver, snapshots and rollback included; what it
// does not claim is that anything is left when the program ends.
//
// It serves 45 CFR 164.316(b)(1) in tests and demonstrations alone: records that must be kept need a store that
// outlives the program. It refuses what every driver refuses, with the sentinels of storage/driver.
package memory
