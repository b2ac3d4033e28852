//go:build long

package sqlite_test

const long = true
