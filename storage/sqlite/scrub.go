package sqlite

import (
	"context"
	"strconv"
)

// Scrub takes what was disposed of out of the write-ahead log: the log is folded into the file and cut to nothing. The
// driver does it by itself after a disposal; where a reader still needed the log then, it tries again at the next commit
// and at Close. Call it after the commit of a caller's transaction in which something was disposed of. It reports
// whether the log is clean.
func (b *Backend) Scrub(ctx context.Context) (bool, error) {
	if err := b.enter(ctx); err != nil {
		return false, err
	}
	defer b.running.Done()
	c, err := b.take(ctx, b.writer)
	if err != nil {
		return false, err
	}
	if c == nil {
		if c, err = b.connect(ctx); err != nil {
			b.writer <- nil
			return false, err
		}
	}
	defer func() { b.putBack(b.writer, c) }()
	err = b.cutLog(context.WithoutCancel(ctx), c)
	return err == nil && !b.unclean.Load(), err
}

// cutLog folds the log into the file and cuts it. It waits for nobody: a reader that needs the log leaves it unclean.
func (b *Backend) cutLog(ctx context.Context, c *conn) error {
	b.unclean.Store(true)
	if !b.callers {
		defer func() { _ = b.pragma(ctx, c, "busy_timeout", b.opts.Patience.Milliseconds()) }()
		if err := b.pragma(ctx, c, "busy_timeout", 0); err != nil {
			return err
		}
	}
	var busy, log, folded int
	if err := c.ask(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &folded); err != nil {
		return fault("scrub", err)
	}
	b.unclean.Store(busy != 0)
	return nil
}

func (b *Backend) pragma(ctx context.Context, c *conn, name string, value int64) error {
	var now int64 // the pragma answers with a row
	return fault("scrub", c.ask(ctx, "PRAGMA "+name+" = "+strconv.FormatInt(value, 10)).Scan(&now))
}
