//go:build !unix

package sigma_test

import "time"

// processorTime is what the process has used so far, which is not told here.
func processorTime() time.Duration { return 0 }
