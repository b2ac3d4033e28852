//go:build unix

package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
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
	most := float64(u.Maxrss) * unit / 1e6
	if own := highWater(); own > 0 {
		most = own
	}
	return seconds(u.Utime) + seconds(u.Stime), most
}

// highWater is the largest resident memory as Linux tells it of the program alone: what getrusage says begins with that of
// the process which started it. It is 0 elsewhere.
func highWater() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kibibytes float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kibibytes); n == 1 {
			return kibibytes * 1024 / 1e6
		}
	}
	return 0
}
