package storagetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func holdChecks() []check {
	return []check{
		{"a hold covers what its scope names and no more", func(t *testing.T, s *suite) {
			b := s.backend(t)
			holds := []driver.Hold{
				{Matter: "all"},
				{Matter: "kind", Scope: []driver.Scope{{Kind: "k.a"}}},
				{Matter: "one", Scope: []driver.Scope{{Kind: "k.a", ID: "x"}}},
				{Matter: "some", Scope: []driver.Scope{{Kind: "k.a", ID: "x"}, {Kind: "k.a", ID: "y"}, {Kind: "k.b"}}},
			}
			update(t, b, "t", func(tx driver.Tx) error {
				for i := len(holds) - 1; i >= 0; i-- {
					if err := tx.PlaceHold(holds[i]); err != nil {
						return err
					}
				}
				return put(tx, d("x"))
			})
			view(t, b, "t", func(r driver.Reader) {
				for _, x := range []struct {
					kind, id string
					want     []string
				}{
					{"k.a", "x", []string{"all", "kind", "one", "some"}},
					{"k.a", "y", []string{"all", "kind", "some"}},
					{"k.a", "z", []string{"all", "kind"}},
					{"k.a", "X", []string{"all", "kind"}},
					{"k.b", "x", []string{"all", "some"}},
					{"k.c", "x", []string{"all"}},
				} {
					held, err := r.Holds(x.kind, x.id)
					require.NoError(t, err)
					var got []string
					for _, h := range held {
						got = append(got, h.Matter)
						require.False(t, h.Released)
					}
					require.Equal(t, x.want, got, x)
				}
				held, err := r.Holds("", "")
				require.NoError(t, err)
				require.Len(t, held, len(holds))
				for i, h := range held {
					require.Equal(t, holds[i].Matter, h.Matter)
					require.ElementsMatch(t, holds[i].Scope, h.Scope)
				}
			})
		}},
		{"a hold is placed once and released once and stays on file", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return tx.PlaceHold(driver.Hold{Matter: "m", Released: true}) })
			refused(t, b, "t", driver.ErrConflict, func(tx driver.Tx) error { return tx.PlaceHold(driver.Hold{Matter: "m"}) })
			refused(t, b, "t", driver.ErrNotFound, func(tx driver.Tx) error { return tx.ReleaseHold("M") })
			view(t, b, "t", func(r driver.Reader) {
				held, err := r.Holds("k.a", "x")
				require.NoError(t, err)
				require.Equal(t, []driver.Hold{{Matter: "m"}}, held)
			})
			update(t, b, "t", func(tx driver.Tx) error { return tx.ReleaseHold("m") })
			refused(t, b, "t", driver.ErrNotFound, func(tx driver.Tx) error { return tx.ReleaseHold("m") })
			refused(t, b, "t", driver.ErrConflict, func(tx driver.Tx) error { return tx.PlaceHold(driver.Hold{Matter: "m"}) })
			view(t, b, "t", func(r driver.Reader) {
				held, err := r.Holds("k.a", "x")
				require.NoError(t, err)
				require.Empty(t, held)
				held, err = r.Holds("", "")
				require.NoError(t, err)
				require.Equal(t, []driver.Hold{{Matter: "m", Released: true}}, held)
			})
		}},
		{"a retention floor only rises", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").keeping("2020-01-01")) })
			extend := func(id, through string) func(driver.Tx) error {
				return func(tx driver.Tx) error {
					return tx.ExtendRetention("test.thing", id, dayOf(through))
				}
			}
			update(t, b, "t", extend("a", "2025-06-01"))
			update(t, b, "t", extend("a", "2025-06-01"))
			refused(t, b, "t", driver.ErrShortened, extend("a", "2025-05-31"))
			update(t, b, "t", extend("a", "2025-12-31"))
			refused(t, b, "t", driver.ErrShortened, extend("a", "2025-06-01"))
			refused(t, b, "t", driver.ErrNotFound, extend("b", "2050-01-01"))
			dispose := func(on string) func(driver.Tx) error {
				return func(tx driver.Tx) error { return tx.Dispose("test.thing", "a", dayOf(on)) }
			}
			refused(t, b, "t", driver.ErrRetained, dispose("2025-12-31"))
			update(t, b, "t", dispose("2026-01-01"))
		}},
	}
}
