package sqlite_test

import (
	"os/signal"
	"syscall"
)

// limitFiles lets this process write no file longer than n bytes.
func limitFiles(n uint64) error {
	signal.Ignore(syscall.SIGXFSZ)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n})
}
