// Package pgtest gives tests a real PostgreSQL server. It starts the one that is installed, by its own initdb and
// postgres, in a folder of its own that goes with the test: reached by a Unix socket there and by no network, never as
// root, with fsync on, so that what a test sees committed is committed. A server that the environment variable
// HIPAASMP_TEST_POSTGRES names, as a connection string of a role that may create databases, is used instead. Where
// there is neither, tests are skipped with a word that says what is missing.
//
// Only tests import it.
package pgtest
