// Package storagetest is the contract of storage/driver as tests. A driver's own test calls [Run] with a function that
// opens an empty backend; every sentence of the contract is a subtest that carries its words as a name.
//
//	func TestContract(t *testing.T) {
//		storagetest.Run(t, func(t *testing.T) driver.Backend {
//			b, err := mydriver.Open(t.TempDir())
//			if err != nil {
//				t.Fatal(err)
//			}
//			return b
//		}, storagetest.Again(reopen))
//	}
//
// Nothing is skipped: what a driver does not claim in its Capabilities must be refused, and that is tested instead. At
// the end random scripts run against the driver and storage/memory side by side and must give the same results and the
// same errors; a failing script prints its seed. The suite needs no clock and no network and runs its subtests in parallel.
package storagetest
