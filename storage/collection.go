package storage

import (
	"context"
	"iter"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Get returns a document as a T: the newest version, or the one that ref names, with its entry. See [Decode].
func Get[T hipaasmp.Document](ctx context.Context, s *Store, tenant string, ref hipaasmp.Ref) (T, Entry, error) {
	var none T
	e, err := s.Get(ctx, tenant, ref)
	if err != nil {
		return none, Entry{}, err
	}
	doc, err := Decode[T](e)
	return doc, e, err
}

// Put adds a T as a new version. It is [Store.Put] with the type written down.
func Put[T hipaasmp.Document](ctx context.Context, s *Store, tenant string, doc T, opts ...PutOption) (Entry, error) {
	return s.Put(ctx, tenant, doc, opts...)
}

// List yields the documents of [Store.List] as T. The query must name the kind.
func List[T hipaasmp.Document](ctx context.Context, s *Store, tenant string, q Query) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for e, err := range s.List(ctx, tenant, q) {
			var doc T
			if err == nil {
				doc, err = Decode[T](e)
			}
			if err != nil {
				yield(none, err)
				return
			}
			if !yield(doc, nil) {
				return
			}
		}
	}
}

// Collection is one kind of document of one tenant. It is what the domain packages ask for: a [hipaasmp.Repository].
type Collection[T hipaasmp.Document] struct {
	store  *Store
	tenant string
	kind   hipaasmp.Kind
	opts   []PutOption
}

var _ hipaasmp.Repository[hipaasmp.Document] = Collection[hipaasmp.Document]{}

// NewCollection returns the documents of a kind as T. The options are those of every Put, for example [By].
func NewCollection[T hipaasmp.Document](s *Store, tenant string, kind hipaasmp.Kind, opts ...PutOption) Collection[T] {
	return Collection[T]{store: s, tenant: tenant, kind: kind, opts: opts}
}

// Get returns the newest version of the document. Where there is none the error is [*NotFoundError].
func (c Collection[T]) Get(ctx context.Context, id string) (T, error) {
	doc, _, err := Get[T](ctx, c.store, c.tenant, hipaasmp.Ref{Kind: c.kind, ID: id})
	return doc, err
}

// Put validates the document and adds it as a new version. A document of another kind is refused.
func (c Collection[T]) Put(ctx context.Context, doc T) error {
	if ref := doc.DocumentRef(); ref.Kind != c.kind {
		return hipaasmp.Invalid(ref, []hipaasmp.Fault{{Code: hipaasmp.FaultSchema, Pointer: "/schema", Message: "is of another kind than the collection, which holds " + string(c.kind)}})
	}
	_, err := c.store.Put(ctx, c.tenant, doc, c.opts...)
	return err
}

// All yields the newest version of every document in order of identity. After an error it yields nothing more.
func (c Collection[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return List[T](ctx, c.store, c.tenant, Query{Kind: c.kind})
}
