package sqlite_test

import "github.com/hipaasmp/hipaasmp/internal/long"

// drill returns the count of a drill. The race detector makes SQLite ten times slower and finds nothing more in the
// hundredth repetition, so under it the counts stay short.
func drill(few, many int) int {
	if raceDetector {
		return few
	}
	return long.Count(few, many)
}
