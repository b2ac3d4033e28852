package storage

import (
	"context"
	"errors"

	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// RotateKey goes from one signing key to the next without a break: open the store with the new key as Options.Signer and
// the old one among Options.CoSigners, and call it once for each tenant. It appends an [Act] that names both keys, under a
// checkpoint that both have signed, so whoever knows the old key can follow. Until the overlap is over, leave the old key
// among the CoSigners: every checkpoint then carries both signatures, and verifiers that know either accept it.
//
// A ledger whose newest checkpoint no co-signer signed gives a [*LostKeyError]: where the old key is lost or may have
// been read by others, [Store.NewEpoch] is the way. One that the new key signed already gives [ErrConflict].
func (s *Store) RotateKey(ctx context.Context, tenant string, by hipaasmp.Actor, reason string) (e Entry, err error) {
	own, ok := s.opts.Signer.(interface{ VerifierKey() string })
	if !ok {
		return Entry{}, &OptionsError{"Signer", "does not tell its verifier key as text; use a Signer or an ExternalSigner of this package"}
	}
	err = s.Update(ctx, tenant, func(tx *Tx) error {
		if tx.old.Size == 0 {
			return &NotFoundError{Tenant: tenant, Ref: hipaasmp.Ref{Kind: KindAct, ID: actID(0)}}
		}
		if _, err := ParseCheckpoint(tx.old.Note, note.VerifierList(s.ownVerifier())); err == nil {
			return &ConflictError{Kind: string(KindAct), ID: actID(tx.old.Size), Have: tx.old.Size}
		}
		for _, co := range s.opts.CoSigners {
			old, ok := co.(interface {
				VerifierKey() string
				Verifier() note.Verifier
			})
			if !ok {
				continue
			}
			if _, err := ParseCheckpoint(tx.old.Note, note.VerifierList(old.Verifier())); err != nil {
				continue
			}
			tx.take = takeCoSigned
			e, err = tx.act(Act{Op: OpKeyRotated, OldKey: old.VerifierKey(), NewKey: own.VerifierKey()}, by, reason)
			return err
		}
		return s.keyTrouble(checkpointFault(tx.old.Note), tenant, tx.old)
	})
	return e, err
}

// checkpointFault is what is wrong with a checkpoint of which no known key is wanted.
func checkpointFault(msg []byte) error {
	_, err := ParseCheckpoint(msg, nil)
	return err
}

// ownVerifier is the public half of the Signer.
func (s *Store) ownVerifier() note.Verifier {
	v, err := s.verifiers.Verifier(s.opts.Signer.Name(), s.opts.Signer.KeyHash())
	if err != nil {
		return nil
	}
	return v
}

// coVerifiers are the public halves of the co-signers.
func (s *Store) coVerifiers() (note.Verifiers, error) {
	var out []note.Verifier
	for _, co := range s.opts.CoSigners {
		v, err := s.verifiers.Verifier(co.Name(), co.KeyHash())
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		return nil, errors.New("storage: there is no co-signer")
	}
	return note.VerifierList(out...), nil
}
