package sqlite

import (
	"database/sql"
	"errors"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// A kind has a number, so that its name is not written with every entry and again in the index. The number holds the
// tenant: tenant << 12 | a number from 1.
const (
	kindShift = 12
	kindMask  = 1<<kindShift - 1
)

type kindKey struct {
	tenant int64
	name   string
}

// kindNumber returns the number of a kind, 0 where the tenant has none of that name.
func (r *reader) kindNumber(name string) (number int64, err error) {
	k := kindKey{r.tenant, name}
	if number = r.numbers[k]; number != 0 {
		return number, nil
	}
	if !r.joined {
		if number = r.b.kindOf(k); number != 0 {
			return number, nil
		}
	}
	err = r.row(`SELECT id FROM smp_kind WHERE tenant = ?1 AND name = ?2`, r.tenant, name).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fault("read", err)
	}
	r.found(k, number)
	return number, nil
}

// found remembers the number of a kind as long as this reader lives; who ends a transaction tells the others.
func (r *reader) found(k kindKey, number int64) {
	if r.numbers == nil {
		r.numbers = map[kindKey]int64{}
	}
	r.numbers[k] = number
}

// kindName returns the name of the kind with a number.
func (r *reader) kindName(number int64) (string, error) {
	if number == r.lastKind && number != 0 {
		return r.lastName, nil
	}
	name, ok := "", false
	if !r.joined {
		name, ok = r.b.nameOf(number)
	}
	if !ok {
		err := r.row(`SELECT name FROM smp_kind WHERE id = ?1`, number).Scan(&name)
		if errors.Is(err, sql.ErrNoRows) {
			return "", driver.ErrCorrupt
		}
		if err != nil {
			return "", fault("read", err)
		}
		r.found(kindKey{r.tenant, name}, number)
	}
	r.lastKind, r.lastName = number, name
	return name, nil
}

// kindsFrom returns the names of the tenant's kinds from the given one on, in byte order.
func (r *reader) kindsFrom(name string) ([]string, error) {
	rows, err := r.query(`SELECT name FROM smp_kind WHERE tenant = ?1 AND name >= ?2 ORDER BY name`, r.tenant, name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fault("read", err)
		}
		out = append(out, name)
	}
	return out, fault("read", rows.Err())
}

// kind returns the number of a kind and gives it one if it has none.
func (t *tx) kind(name string) (int64, error) {
	number, err := t.kindNumber(name)
	if err != nil || number != 0 {
		return number, err
	}
	if err := t.row(`SELECT 1 + coalesce(max(id), ?1 << 12) FROM smp_kind WHERE tenant = ?1`, t.tenant).Scan(&number); err != nil {
		return 0, fault("write", err)
	}
	if number&kindMask == 0 {
		return 0, &driver.Error{Kind: driver.ErrUnsupported, Op: "a tenant has at most 4,095 kinds"}
	}
	if _, err := t.exec(`INSERT INTO smp_kind (id, tenant, name) VALUES (?1, ?2, ?3)`, number, t.tenant, name); err != nil {
		return 0, err
	}
	t.found(kindKey{t.tenant, name}, number)
	return number, nil
}
