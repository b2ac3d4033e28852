// Package memory keeps a store in memory: for tests, for programs that need no file, and as the model against which
// other drivers are compared. It holds to every sentence of storage/driver, snapshots and rollback included; what it
// does not claim is that anything is left when the program ends.
package memory
