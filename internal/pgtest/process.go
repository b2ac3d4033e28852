package pgtest

import (
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a program that runs.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
}

// spawn starts a program that ends with this one, where the system can see to that.
func spawn(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel looks at the thread that started the program, so that thread stays until the program ends.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(p.done)
		}
	}()
	return p, <-started
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// stop ends the server and what it started, at once: its data are no longer wanted.
func (p *process) stop() {
	if err := p.cmd.Process.Signal(syscall.SIGQUIT); err == nil {
		select {
		case <-p.done:
			return
		case <-time.After(patience):
		}
	}
	p.kill()
}
