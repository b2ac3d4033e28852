package driver

// Expecter is what a [Tx] may be, where each [Reader.Get] is a round trip to a server. Package storage uses it where it
// finds it; a driver without it does the same work one document at a time.
type Expecter interface {
	// Expect says which documents the transaction is about to ask for by Get with version 0, or to append to, so that the
	// driver may look all of them up at once. It changes no answer of any method. The list may name a document twice and
	// documents that do not exist.
	Expect(documents []Scope) error
}
