//go:build unix && !linux

package pgtest

import "os/exec"

func dieWithParent(*exec.Cmd) {}
