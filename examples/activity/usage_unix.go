//go:build unix

package main

import (
	"runtime"
	"syscall"
)

// usage returns the processor seconds and the largest resident memory, in megabytes of a million bytes, of the process so far.
func usage() (cpu, maxRSS float64) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	unit := 1024.0 // bytes, but for darwin
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	return seconds(u.Utime) + seconds(u.Stime), float64(u.Maxrss) * unit / 1e6
}
