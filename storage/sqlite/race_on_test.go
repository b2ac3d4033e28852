//go:build race

package sqlite_test

// raceDetector says that the race detector slows everything down.
const raceDetector = true
