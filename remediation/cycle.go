package remediation

import (
	"fmt"
	"slices"
	"strings"
)

// CycleError says that things wait for each other in a circle, so that none of them can ever be begun.
type CycleError struct {
	// Of says what waits, for example "items".
	Of string
	// Path is the circle by identity: each entry waits for the next, and the last is the first again.
	Path []string
}

func (e *CycleError) Error() string {
	return fmt.Sprintf("remediation: %s wait for each other: %s; take one of the dependencies out", e.Of, e.route())
}

// route writes the circle as "A -> B -> A".
func (e *CycleError) route() string { return strings.Join(e.Path, " -> ") }

// cycle returns a circle among n things of which thing i waits for waits[i], its first entry again at its end, and nil
// where there is none. It begins with the least number, and the same graph gives the same circle.
func cycle(n int, waits [][]int) []int {
	const (
		unseen = iota
		open
		done
	)
	state := make([]int, n)
	next := make([]int, n) // the place in waits[i] to look at next
	for root := range n {
		path := []int{root}
		if state[root] != unseen {
			continue
		}
		state[root] = open
		for len(path) > 0 {
			i := path[len(path)-1]
			if next[i] == len(waits[i]) {
				state[i] = done
				path = path[:len(path)-1]
				continue
			}
			j := waits[i][next[i]]
			next[i]++
			switch state[j] {
			case unseen:
				state[j] = open
				path = append(path, j)
			case open:
				circle := slices.Clone(path[slices.Index(path, j):])
				least := slices.Index(circle, slices.Min(circle))
				circle = append(circle[least:len(circle):len(circle)], circle[:least]...)
				return append(circle, circle[0])
			}
		}
	}
	return nil
}

// inOrder returns the n things with everything a thing waits for before it, in the order of their numbers where that
// leaves a choice. The graph has no circle.
func inOrder(n int, waits [][]int) []int {
	seen := make([]bool, n)
	out := make([]int, 0, n)
	type frame struct{ i, next int }
	for root := range n {
		if seen[root] {
			continue
		}
		seen[root] = true
		stack := []frame{{i: root}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next == len(waits[top.i]) {
				out = append(out, top.i)
				stack = stack[:len(stack)-1]
				continue
			}
			j := waits[top.i][top.next]
			top.next++
			if !seen[j] {
				seen[j] = true
				stack = append(stack, frame{i: j})
			}
		}
	}
	return out
}
