package driver

// Disposable returns the newest version of a document that has content to destroy and stands under no hold. Without content
// it is [ErrNotFound], and under a hold [ErrHeld]. Whether its term is over is for [Tx.Dispose] to decide, which every driver
// begins with this.
func Disposable(r Reader, kind, id string) (Row, error) {
	newest, err := r.Get(kind, id, 0)
	switch {
	case err != nil:
		return Row{}, err
	case newest.Body == nil:
		return Row{}, ErrNotFound
	}
	held, err := r.Holds(kind, id)
	switch {
	case err != nil:
		return Row{}, err
	case len(held) > 0:
		return Row{}, ErrHeld
	}
	return newest, nil
}
