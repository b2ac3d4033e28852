package detect

import (
	"sync"
	"sync/atomic"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// fan gives events to the detectors of a run from several goroutines. Every detector belongs to one of them and gets all
// events in the order of the log, so that its state is the same as with one. It ends with [fan.close].
type fan struct {
	run   *Run
	free  chan *batch
	lanes []chan *batch
	done  sync.WaitGroup
	cur   *batch
}

// batch is a stretch of the log.
type batch struct {
	source  string
	events  []activity.Event
	defects []activity.Defect
	files   []ScannedFile
	left    atomic.Int32 // the goroutines that have not had it
}

const (
	batchSize    = 256
	batchesAhead = 4
)

// newFan starts the goroutines. The reader of the log is one of the workers.
func newFan(run *Run, source string, workers int) *fan {
	workers = min(workers-1, len(run.partials))
	if workers < 1 {
		return nil
	}
	f := &fan{run: run, free: make(chan *batch, batchesAhead)}
	for range batchesAhead {
		f.free <- &batch{source: source, events: make([]activity.Event, 0, batchSize)}
	}
	for w := range workers {
		lane := make(chan *batch, batchesAhead)
		f.lanes = append(f.lanes, lane)
		var mine []Partial
		for i := w; i < len(run.partials); i += workers {
			mine = append(mine, run.partials[i])
		}
		f.done.Go(func() {
			desk := desk{few: len(mine) <= fewDetectors} // of this goroutine
			for b := range lane {
				b.give(mine, &desk)
				if b.left.Add(-1) == 0 {
					f.free <- b
				}
			}
		})
	}
	return f
}

func (b *batch) give(to []Partial, desk *desk) {
	met := desk.meetAll(b.events)
	for _, p := range to {
		add(p, met)
		if w, ok := p.(DefectWatcher); ok {
			for _, d := range b.defects {
				w.AddDefect(b.source, d)
			}
		}
		if w, ok := p.(FileWatcher); ok {
			for _, x := range b.files {
				w.AddFile(b.source, x)
			}
		}
	}
	desk.leave()
}

func (f *fan) room() *batch {
	if f.cur == nil {
		b := <-f.free
		clear(b.events)
		b.events, b.defects, b.files = b.events[:0], b.defects[:0], b.files[:0]
		f.cur = b
	}
	return f.cur
}

func (f *fan) add(e activity.Event) {
	b := f.room()
	if b.events = append(b.events, e); len(b.events) == batchSize {
		f.flush()
	}
}

func (f *fan) defect(d activity.Defect) {
	b := f.room()
	if b.defects = append(b.defects, d); len(b.defects) == batchSize {
		f.flush()
	}
}

func (f *fan) file(x ScannedFile) {
	b := f.room()
	b.files = append(b.files, x)
	f.flush()
}

func (f *fan) flush() {
	if f.cur == nil {
		return
	}
	b := f.cur
	f.cur = nil
	b.left.Store(int32(len(f.lanes)))
	for _, lane := range f.lanes {
		lane <- b
	}
}

// close gives what is left and waits for all goroutines.
func (f *fan) close() {
	f.flush()
	for _, lane := range f.lanes {
		close(lane)
	}
	f.done.Wait()
}
