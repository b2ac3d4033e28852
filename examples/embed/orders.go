package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/storage"
)

// order is a row of the product's table.
type order struct {
	ID       int64
	Item     string
	Title    string
	Assigned string
	State    string
	Hours    float64
}

// errNoOrder says that there is no such order, or that it is not in the state that the step needs.
var errNoOrder = errors.New("there is no such order in that state; reload the page")

// startOrder and finishOrder move an order and its risk measure together.
func (p *product) startOrder(ctx context.Context, id int64, who hipaasmp.Actor) error {
	return p.move(ctx, id, "open", "running", nil, who, func(i remediation.Item) (remediation.Item, error) {
		return i.Start(who, p.now())
	})
}

func (p *product) finishOrder(ctx context.Context, id int64, who hipaasmp.Actor, hours float64, what string) error {
	return p.move(ctx, id, "running", "done", &hours, who, func(i remediation.Item) (remediation.Item, error) {
		return i.Implement(who, p.now(), what)
	})
}

// move is the whole point of the example: the SDK's document is written first and the product's row after it, in one
// transaction. Whatever refuses, the state machine of the measure or a constraint of the product's table, undoes both.
func (p *product) move(ctx context.Context, id int64, from, to string, hours *float64, who hipaasmp.Actor, step func(remediation.Item) (remediation.Item, error)) error {
	return p.together(ctx, func(tx *sql.Tx, joint *storage.Joint) error {
		var item string
		err := tx.QueryRowContext(ctx, `SELECT item FROM work_orders WHERE id = ? AND state = ?`, id, from).Scan(&item)
		if errors.Is(err, sql.ErrNoRows) {
			return errNoOrder
		}
		if err != nil {
			return err
		}
		entry, err := joint.Get(ctx, tenant, hipaasmp.Ref{Kind: remediation.KindItem, ID: item})
		if err != nil {
			return err
		}
		measure, err := storage.Decode[remediation.Item](entry)
		if err != nil {
			return err
		}
		if measure, err = step(measure); err != nil {
			return err
		}
		if _, err := joint.Put(ctx, tenant, measure, storage.By(who), storage.IfVersion(entry.Version)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE work_orders SET state = ?, hours = coalesce(?, hours) WHERE id = ?`, to, hours, id); err != nil {
			return fmt.Errorf("the product refuses the order: %w", err)
		}
		return nil
	})
}

// orders lists the product's own rows.
func (p *product) orders(ctx context.Context) ([]order, error) {
	rows, err := p.db.QueryContext(ctx, `SELECT id, item, title, assigned, state, coalesce(hours, 0) FROM work_orders ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []order
	for rows.Next() {
		var o order
		if err := rows.Scan(&o.ID, &o.Item, &o.Title, &o.Assigned, &o.State, &o.Hours); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}
