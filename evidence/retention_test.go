package evidence

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// TestReplayedTermsAreTheStores draws histories of a record and asks the store and the replay from the package, which
// share no code but the schedule.
func TestReplayedTermsAreTheStores(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	signer := newSigner(t, "key")
	day := rapid.Custom(func(t *rapid.T) hipaasmp.Date {
		return date("2015-01-01").AddDays(rapid.IntRange(0, 4000).Draw(t, "day"))
	})
	rapid.Check(t, func(t *rapid.T) {
		for range long.Count(1, 10) {
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			schedule := retention.Schedule{}
			if rapid.Bool().Draw(t, "overlay") {
				schedule.Overlays = []retention.Rule{{ID: "state", Title: "State law", Start: rapid.SampledFrom(retention.Start("").Values()).Draw(t, "start"), Years: rapid.IntRange(1, 12).Draw(t, "years"), Authority: "state"}}
				if rapid.Bool().Draw(t, "event") {
					schedule.Overlays[0].Event = day.Draw(t, "event day")
				}
			}
			if rapid.Bool().Draw(t, "raw log") {
				raw := retention.RawLogPolicy(rapid.IntRange(1, 9).Draw(t, "raw years"), "policy")
				schedule.RawLog = &raw
			}
			s, err := storage.New(memory.New(), storage.Options{Signer: signer, Random: &stream{seed: "salt"}, Schedule: schedule,
				Clock: func() time.Time { now = now.Add(17 * time.Hour); return now }})
			require.NoError(t, err)
			ref := hipaasmp.Ref{Kind: "test.policy", ID: "p"}
			for range rapid.IntRange(1, 4).Draw(t, "versions") {
				p := newPolicy("p", day.Draw(t, "created").String())
				p.Basis.Class = rapid.SampledFrom(hipaasmp.RetentionClass("").Values()).Draw(t, "class")
				for range rapid.IntRange(0, 2).Draw(t, "periods") {
					period := hipaasmp.Period{From: day.Draw(t, "from")}
					if rapid.IntRange(0, 3).Draw(t, "closed") > 0 {
						period.To = period.From.AddDays(rapid.IntRange(0, 900).Draw(t, "days"))
					}
					p.Basis.InEffect = append(p.Basis.InEffect, period)
				}
				_, err := s.Put(ctx, tenant, p)
				require.NoError(t, err)
			}
			if rapid.Bool().Draw(t, "extended") {
				_, err := s.Extend(ctx, tenant, ref, day.Draw(t, "through").AddYears(9), official(), "")
				require.NoError(t, err)
			}
			want, err := s.Term(ctx, tenant, ref)
			require.NoError(t, err)

			p, err := newPlan(ctx, s, tenant, Options{Period: hipaasmp.Period{From: date("2026-01-01")}, AsOf: date("2026-02-01"), Made: now, Signer: signer})
			require.NoError(t, err)
			got, err := p.replay.kept(s.Schedule(), ref, p.replay.documents[ref].floor, nil)
			require.NoError(t, err)
			require.Empty(t, got.differs(Kept{Ref: got.Ref, Term: want, Extended: got.Extended}), "store: %+v\nreplay: %+v", want, got.Term)
		}
	})
}

func TestScheduleOfTheStoreIsInThePackage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt")
	h.open(h.signer, "salt", storage.Options{Schedule: retention.Schedule{Overlays: []retention.Rule{
		{ID: "contract", Title: "Ten years", Start: retention.StartCreation, Years: 10, Authority: "contract 7"},
	}}})
	h.put(newPolicy("p1", "2020-01-01"))
	pkg := h.write(h.options())
	r, err := verify(pkg, VerifyOptions{}, h.signer.VerifierKey())
	require.NoError(t, err, "%s", r)
	require.Contains(t, string(contents(t, pkg)[fileKept]), `"keep_through":"2030-01-01"`)
	require.Contains(t, string(contents(t, pkg)[fileRules]), "contract 7")
}

func TestALedgerWithAHoleIsNotReplayed(t *testing.T) {
	t.Parallel()
	r := newReplay()
	e := storage.Envelope{Kind: "test.policy", ID: "p", Version: 2}
	require.ErrorContains(t, r.entry(e, StateIncluded, hipaasmp.Date{}, nil), "version 2 of test.policy/p where version 1 is next")
	e.Version, e.Op = 1, storage.OpHoldPlaced
	require.ErrorContains(t, r.entry(e, StateIncluded, hipaasmp.Date{}, []byte("{}")), "no hold")
	e.ID, e.Op = "q", storage.OpRetentionExtended
	require.ErrorContains(t, r.entry(e, StateIncluded, hipaasmp.Date{}, []byte("{}")), "no extension")
}

func TestManyDocumentsAreStreamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt")
	n := long.Count(300, 5000)
	require.NoError(t, h.store.Update(context.Background(), tenant, func(tx *storage.Tx) error {
		for i := range n {
			if _, err := tx.Put(newPolicy(fmt.Sprintf("p%d", i), "2020-01-01")); err != nil {
				return err
			}
		}
		return nil
	}))
	pkg := h.write(h.options())
	r, err := verify(pkg, VerifyOptions{}, h.signer.VerifierKey())
	require.NoError(t, err)
	require.Equal(t, uint64(n), r.At(LevelRetention).Checked)
	_, err = verify(pkg, VerifyOptions{Limits: Limits{Entries: n - 1}}, h.signer.VerifierKey())
	requireFinding(t, err, LevelLeaves, FaultLine, "raise Limits.Entries")
	_, err = verify(pkg, VerifyOptions{Limits: Limits{Manifest: 100}}, h.signer.VerifierKey())
	requireFinding(t, err, LevelArchive, FaultLimit, "the limit is 100")
}
