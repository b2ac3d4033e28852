package activity

import (
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// instantOf reads a time of RFC 3339, or returns the zero time. A time without a zone is no instant.
func instantOf(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return hipaasmp.Instant(at)
}

// epochOf reads a number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by its size: of
// the years from 1973 to 5138 no two mean the same number. Anything else is the zero time.
func epochOf(number string) time.Time {
	whole, _, _ := strings.Cut(number, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}
	case n < 1e11:
		return time.Unix(n, 0).UTC()
	case n < 1e14:
		return time.UnixMilli(n).UTC()
	case n < 1e17:
		return time.UnixMicro(n).UTC()
	}
	return hipaasmp.Instant(time.Unix(0, n))
}
