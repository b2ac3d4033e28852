package hipaasmp

import (
	"context"
	"iter"
)

// Repository is all that a domain package asks of a store: one kind of document of one tenant. A
// storage.Collection satisfies it, and so does whatever a product already has.
type Repository[T Document] interface {
	// Get returns the newest version of the document. The error is the store's own "not found" where there is none.
	Get(ctx context.Context, id string) (T, error)
	// Put validates the document and adds it as a new version.
	Put(ctx context.Context, doc T) error
	// All yields the newest version of every document in order of identity. After an error it yields nothing more.
	All(ctx context.Context) iter.Seq2[T, error]
}
