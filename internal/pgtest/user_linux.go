package pgtest

import (
	"os/exec"
	"syscall"
)

// dieWithParent ends a program when the one that started it ends, however that happens.
func dieWithParent(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT }
