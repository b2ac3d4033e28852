package detect

// fileParts divides the files of a log into parts of equal size, a power of two of bytes, so that there are no more parts
// with entries than most: few entries have parts of their own, and many share one with their neighbours. How large parts
// are is a function of where the entries lie, in whatever order and grouping they come.
type fileParts struct {
	most  int
	shift uint // a part has 1<<shift bytes
	n     int  // how many have entries
}

// largestPart is the shift from which on parts are not made larger: one holds a file.
const largestPart = 62

// of returns the number of the part in which an entry begins.
func (p *fileParts) of(offset int64) int64 { return offset >> p.shift }

// full reports whether parts have to become larger.
func (p *fileParts) full() bool { return p.n > p.most && p.shift < largestPart }

// grow makes the parts of all files 1<<by times as large.
func (p *fileParts) grow(files map[clockKey]*fileTimes, by uint) {
	p.shift += by
	p.n = 0
	for _, x := range files {
		parts := make(map[int64]*era, len(x.Parts)/2+1)
		for n, e := range x.Parts {
			if had := parts[n>>by]; had != nil {
				had.take(e)
			} else {
				parts[n>>by] = e
			}
		}
		x.Parts, x.inPart = parts, nil
		p.n += len(parts)
	}
}

// settle makes parts larger until there are few enough.
func (p *fileParts) settle(files map[clockKey]*fileTimes) {
	for p.full() {
		p.grow(files, 1)
	}
}
