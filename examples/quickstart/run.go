package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// The files of the folder that -dir names.
const (
	fileStore    = "hipaasmp.db"
	fileSigner   = "signer.key"
	fileVerifier = "verifier.key"
	filePackage  = "package.zip"
)

// run is the whole month: open the store, file what the clinic has, review the month, write the package, verify it.
func run(ctx context.Context, out io.Writer, s settings) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("-dir: %w", plain(err))
	}
	backend, err := sqlite.Open(ctx, filepath.Join(s.dir, fileStore), nil)
	if err != nil {
		return err
	}
	defer backend.Close()
	signer, err := storage.OpenSigner(ctx, backend, filepath.Join(s.dir, fileSigner), "hipaasmp-quickstart", rand.Reader)
	if err != nil {
		return err
	}
	clock := &storyClock{}
	store, err := storage.New(backend, storage.Options{Signer: signer, Clock: clock.now})
	if err != nil {
		return err
	}

	t := telling{p: printer{w: out}, dir: s.dir}
	clinic, err := setScene(ctx, store, s, &t)
	if err != nil {
		return err
	}
	clock.set(t.asOf.StartIn(clinic.calendar.zone).Add(17 * time.Hour))
	if err := file(ctx, store, clinic, s, &t); err != nil {
		return err
	}
	if err := hand(ctx, store, signer, clinic, clock.now(), &t); err != nil {
		return err
	}
	t.tell(clinic)
	return t.p.err
}

// setScene decides which month it is. The first run begins the story; later ones take it up where it stands.
func setScene(ctx context.Context, store *storage.Store, s settings, t *telling) (sample, error) {
	first, err := storedStart(ctx, store)
	if err != nil {
		return sample{}, err
	}
	t.asOf = s.asOf
	switch {
	case first.IsZero() && t.asOf.IsZero():
		first = sampleStart
		t.asOf = reviewDay(first)
	case first.IsZero():
		first = hipaasmp.Month(t.asOf).From.AddMonths(-1)
	case t.asOf.IsZero():
		last := first
		for r, err := range storage.List[review.Record](ctx, store, tenant, storage.Query{Kind: review.KindRecord}) {
			if err != nil {
				return sample{}, err
			}
			if r.Period.From.After(last) {
				last = r.Period.From
			}
		}
		t.asOf = reviewDay(last.AddMonths(1))
	}
	t.month = hipaasmp.Month(t.asOf).From.AddMonths(-1)
	if t.month.Before(first) {
		return sample{}, fmt.Errorf("-as-of %s: the story in %s begins with the review of %s; use a day after that month, or another -dir", t.asOf, t.dir, first.String()[:7])
	}
	return newSample(first)
}

// reviewDay is the day on which the sample's questions about a month are asked: the fifth of the next.
func reviewDay(month hipaasmp.Date) hipaasmp.Date { return month.AddMonths(1).AddDays(4) }

// file stores what the clinic has and reviews the month, in one transaction: all of it is kept, or none.
func file(ctx context.Context, store *storage.Store, clinic sample, s settings, t *telling) error {
	at := func(days, hour int) time.Time {
		return t.month.AddMonths(1).AddDays(days - 1).StartIn(clinic.calendar.zone).Add(time.Duration(hour) * time.Hour)
	}
	procedure, err := sampleProcedure(clinic.calendar, clinic.entity)
	if err != nil {
		return err
	}
	month, err := reviewMonth(ctx, clinic, procedure, t.month, at)
	if err != nil {
		return err
	}
	documents := append(clinic.documents, month.session, month.record)
	if s.log != "" {
		o, err := reviewOwn(ctx, clinic, s.log, s.format, t.asOf, at(4, 9))
		if err != nil {
			return err
		}
		t.own = &o
		documents = append(documents, o.procedure, o.session)
	}
	return store.Update(ctx, tenant, func(tx *storage.Tx) error {
		t.added, t.known = 0, 0
		for _, d := range documents {
			switch _, err := tx.Get(d.DocumentRef()); {
			case err == nil:
				t.known++
				continue
			case !errors.Is(err, storage.ErrNotFound):
				return err
			}
			if _, err := tx.Put(d, storage.By(official)); err != nil {
				return err
			}
			t.added++
		}
		return nextSteps(tx, clinic, t)
	})
}

// nextSteps carries the measure for the audit trail through to its completion in the month after the first.
func nextSteps(tx *storage.Tx, clinic sample, t *telling) error {
	if !t.month.After(clinic.calendar.first) {
		return nil
	}
	e, err := tx.Get(hipaasmp.Ref{Kind: remediation.KindItem, ID: itemLogs})
	if err != nil {
		return err
	}
	item, err := storage.Decode[remediation.Item](e)
	if err != nil || item.State != remediation.StateInProgress {
		return err
	}
	c := clinic.calendar
	proof := hipaasmp.Artifact{Name: "denied-delete-trail.json", MediaType: "application/json", Size: 1874, SHA256: hipaasmp.DigestOf([]byte("denied delete trail, sample clinic"))}
	residual, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelModerate, Adverse: risk.LevelVeryLow, Impact: risk.LevelHigh}, manager, c.at(1, 21, 10))
	if err != nil {
		return err
	}
	owner := hipaasmp.Actor{ID: item.Owner, Role: hipaasmp.RoleWorkforce}
	if item, err = item.Implement(owner, c.at(1, 20, 15), "A deny rule above the account refuses every change of the trail; a second trail records in another account."); err != nil {
		return err
	}
	if item, err = item.Verify(manager, c.at(1, 21, 11), c.zone, clinic.entity.Authority(), residual, proof); err != nil {
		return err
	}
	item, done, err := item.Close("rc-03", official, c.at(1, 22, 9), c.zone)
	if err != nil {
		return err
	}
	for _, d := range []hipaasmp.Document{item, done} {
		if _, err := tx.Put(d, storage.By(official)); err != nil {
			return err
		}
		t.added++
	}
	return nil
}

// hand writes the package beside the old one, verifies it as the recipient would, and only then puts it in its place.
func hand(ctx context.Context, store *storage.Store, signer *storage.Signer, clinic sample, now time.Time, t *telling) error {
	if err := os.WriteFile(filepath.Join(t.dir, fileVerifier), []byte(signer.VerifierKey()+"\n"), 0o644); err != nil {
		return fmt.Errorf("%w", plain(err))
	}
	path := filepath.Join(t.dir, filePackage)
	since, err := earlierCheckpoints(ctx, path, signer.VerifierKey())
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(t.dir, filePackage+".*")
	if err != nil {
		return fmt.Errorf("%w", plain(err))
	}
	defer os.Remove(f.Name())
	defer f.Close()
	t.summary, err = dossier.Write(ctx, f, store, tenant, dossier.Options{
		Period: hipaasmp.Period{From: t.asOf.AddYears(-1).AddDays(1), To: t.asOf}, AsOf: t.asOf, Made: now, Signer: signer, Since: since, Cadence: reviewEvery,
		Quantified: &clinic.amounts,
	})
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if t.verified, err = evidence.Verify(ctx, f, info.Size(), []string{signer.VerifierKey()}, evidence.VerifyOptions{Since: since}); err != nil {
		return err
	}
	t.size, t.since = info.Size(), len(since)
	if err := f.Sync(); err != nil {
		return fmt.Errorf("%w", plain(err))
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("%w", plain(err))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("%w", plain(err))
	}
	return os.Chmod(path, 0o644)
}
