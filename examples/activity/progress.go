package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// terminal reports whether a person looks at the file.
func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// progress draws a bar of the bytes read, a percent at a time.
type progress struct {
	out         io.Writer
	on          bool
	read, total int64
	shown       int64
}

// watch counts what is read of the files.
func (p *progress) watch(files []detect.File) []detect.File {
	if !p.on || p.total == 0 {
		return files
	}
	for i := range files {
		opener := files[i].Open
		files[i].Open = func() (io.ReadCloser, error) {
			f, err := opener()
			if err != nil {
				return nil, err
			}
			return &watched{f, p}, nil
		}
	}
	return files
}

type watched struct {
	io.ReadCloser
	bar *progress
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.ReadCloser.Read(b)
	w.bar.add(int64(n))
	return n, err
}

const barWidth = 40

func (p *progress) add(n int64) {
	p.read = min(p.read+n, p.total)
	if percent := p.read * 100 / p.total; percent > p.shown {
		p.shown = percent
		done := int(percent) * barWidth / 100
		fmt.Fprintf(p.out, "\r[%s%s] %3d %% of the bytes read", strings.Repeat("#", done), strings.Repeat(".", barWidth-done), percent)
	}
}

// clear takes the bar away.
func (p *progress) clear() {
	if p.shown > 0 {
		fmt.Fprint(p.out, "\r", strings.Repeat(" ", barWidth+30), "\r")
	}
}
