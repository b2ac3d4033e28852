package quant

import "sync"

// inParallel runs n jobs on at most the given number of goroutines. Which goroutine runs a job must not matter to it.
func inParallel(workers, n int, job func(i int)) {
	if workers <= 1 || n <= 1 {
		for i := range n {
			job(i)
		}
		return
	}
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(workers, n) {
		wg.Go(func() {
			for i := range next {
				job(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
