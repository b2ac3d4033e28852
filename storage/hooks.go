package storage

import (
	"context"
	"fmt"
	"log/slog"
)

// committed logs a commit and tells the hooks. Nothing that happens here can undo it.
func (s *Store) committed(ctx context.Context, tx *Tx) {
	s.anchor(ctx, tx)
	log := s.opts.Logger
	debug, info := log.Enabled(ctx, slog.LevelDebug), log.Enabled(ctx, slog.LevelInfo)
	for i := range tx.entries {
		e := &tx.entries[i]
		level, wanted := slog.LevelDebug, debug
		if e.Op != OpPut {
			level, wanted = slog.LevelInfo, info
		}
		if !wanted {
			continue
		}
		log.Log(ctx, level, "storage: committed", "tenant", tx.tenant, "op", string(e.Op), "ref", e.Ref().String(), "seq", e.Seq, "actor", e.Actor.String())
	}
	if len(s.opts.After) == 0 {
		return
	}
	c := Commit{Tenant: tx.tenant, Entries: tx.entries, Checkpoint: Checkpoint{
		Origin: Origin(s.opts.Product, tx.tenant, tx.epoch), Size: tx.head.Size, Root: tx.head.Root, Note: tx.head.Note,
	}}
	for i, hook := range s.opts.After {
		if err := runHook(ctx, hook, c); err != nil {
			log.WarnContext(ctx, "storage: a hook failed; the commit stands", "tenant", tx.tenant, "hook", i, "size", c.Checkpoint.Size, "error", err)
		}
	}
}

func runHook(ctx context.Context, hook Hook, c Commit) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return hook(ctx, c)
}
