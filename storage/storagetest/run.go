package storagetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Option refines a run of the suite.
type Option func(*suite)

// Again tells how to open the data of a backend once more. first may be open still, as a second process would find it, or
// closed. A driver that claims Persistent or MultiProcess must give it.
func Again(again func(t *testing.T, first driver.Backend) driver.Backend) Option {
	return func(s *suite) { s.again = again }
}

// Join tells how to begin a transaction of the caller's on the database of a backend and join it. end commits or rolls
// back. A driver that claims Joins must give it.
func Join(join func(t *testing.T, b driver.Backend) (joined driver.Joined, end func(commit bool) error)) Option {
	return func(s *suite) { s.join = join }
}

// Tamper tells how to change and remove rows past the driver, as somebody would who reaches the database and cannot change its
// schema: by the ways around a guard too. A refusal is not an error. A driver that claims EnforcesWORM or GuardsRows must
// give it; where neither is claimed, it must get through.
func Tamper(tamper func(t *testing.T, b driver.Backend)) Option {
	return func(s *suite) { s.tamper = tamper }
}

// Scripts sets the number of random scripts and their length. Default 64 scripts of 50 steps.
func Scripts(count, steps int) Option {
	return func(s *suite) { s.scripts, s.steps = count, steps }
}

// Histories sets how many histories of concurrent callers are checked and of how many calls each. Default 2 of 200.
func Histories(count, calls int) Option {
	return func(s *suite) { s.histories, s.calls = count, calls }
}

// Seed sets the seed of the first script; the others follow it. Default 1.
func Seed(seed uint64) Option { return func(s *suite) { s.seed = seed } }

type suite struct {
	open    func(t *testing.T) driver.Backend
	again   func(t *testing.T, first driver.Backend) driver.Backend
	join    func(t *testing.T, b driver.Backend) (driver.Joined, func(commit bool) error)
	tamper  func(t *testing.T, b driver.Backend)
	scripts int
	steps   int
	seed    uint64

	histories int
	calls     int
}

// check is one sentence of the contract.
type check struct {
	says string
	run  func(t *testing.T, s *suite)
}

// Run tests a driver. open returns an empty backend of its own for each subtest; the suite closes it.
func Run(t *testing.T, open func(t *testing.T) driver.Backend, opts ...Option) {
	t.Helper()
	s := &suite{open: open, scripts: 64, steps: 50, histories: 2, calls: 200, seed: 1}
	for _, o := range opts {
		o(s)
	}
	for _, group := range []struct {
		name   string
		checks []check
	}{
		{"versions", versionChecks()},
		{"bytes", byteChecks()},
		{"reading", readingChecks()},
		{"ledger", ledgerChecks()},
		{"transactions", transactionChecks()},
		{"tenants", tenantChecks()},
		{"holds", holdChecks()},
		{"disposal", disposalChecks()},
		{"sealing", sealingChecks()},
		{"joining", joiningChecks()},
		{"capabilities", capabilityChecks()},
		{"store", storeChecks()},
		{"sweeps", sweepChecks()},
		{"bad input", badInputChecks()},
		{"scripts", scriptChecks()},
		{"histories", historyChecks()},
	} {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range group.checks {
				t.Run(c.says, func(t *testing.T) {
					t.Parallel()
					c.run(t, s)
				})
			}
		})
	}
}

// backend opens an empty backend that is closed with the test.
func (s *suite) backend(t *testing.T) driver.Backend {
	t.Helper()
	b := s.open(t)
	require.NotNil(t, b, "open returned no backend")
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func update(t *testing.T, b driver.Backend, tenant string, fn func(driver.Tx) error) {
	t.Helper()
	require.NoError(t, b.Update(context.Background(), tenant, fn))
}

func view(t *testing.T, b driver.Backend, tenant string, fn func(r driver.Reader)) {
	t.Helper()
	require.NoError(t, b.View(context.Background(), tenant, func(r driver.Reader) error {
		fn(r)
		return nil
	}))
}

// refused runs fn in a transaction, wants it refused with the sentinel, and wants the text to be fit for a user.
func refused(t *testing.T, b driver.Backend, tenant string, want error, fn func(driver.Tx) error) error {
	t.Helper()
	err := b.Update(context.Background(), tenant, fn)
	require.ErrorIs(t, err, want)
	ForUsers(t, err)
	return err
}
