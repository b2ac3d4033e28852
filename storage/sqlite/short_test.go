//go:build !long

package sqlite_test

// long is set by the build tag of that name: the counts of a release instead of those of every day.
const long = false
