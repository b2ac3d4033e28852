package detect

// pages is a list that grows without being moved: a slice that is full is copied to a larger one, and for that time takes
// more than twice what it holds. The zero value is ready.
type pages[V any] struct {
	list [][]V
	n    int
}

const (
	pageBits = 12
	pageSize = 1 << pageBits // values
)

func (p *pages[V]) len() int { return p.n }

// at returns the value of a number, which holds until another is added.
func (p *pages[V]) at(n uint32) *V { return &p.list[n>>pageBits][n&(pageSize-1)] }

// add takes one value more. A first page begins small.
func (p *pages[V]) add(v V) {
	last := len(p.list) - 1
	if p.n&(pageSize-1) == 0 {
		room := 0
		if last >= 0 {
			room = pageSize
		}
		p.list = append(p.list, make([]V, 0, room))
		last++
	}
	p.list[last] = append(p.list[last], v)
	p.n++
}

// any reports whether one of the values is so.
func (p *pages[V]) any(is func(*V) bool) bool {
	for _, page := range p.list {
		for i := range page {
			if is(&page[i]) {
				return true
			}
		}
	}
	return false
}
