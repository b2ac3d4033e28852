package storage

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindAct is the kind of [Act].
const KindAct hipaasmp.Kind = "storage.act"

// Act records what was done to a tenant's ledger or content as a whole. Which of the further members it has follows from
// Op; the others are absent.
type Act struct {
	hipaasmp.Header
	// Op says what was done: rekeyed, key_rotated, migrated, moved or backed_up.
	Op Op `json:"op" validate:"enum"`
	// Size is the number of entries that the ledger had before this one.
	Size uint64 `json:"size" validate:"min=1,max=9007199254740991"`
	// Versions is how many versions' data keys were wrapped anew; of a rekeying.
	Versions uint64 `json:"versions,omitempty" validate:"max=9007199254740991"`
	// OldKey and NewKey are the verifier keys, "name+hash+data", before and after; of a key rotation.
	OldKey string `json:"old_key,omitempty" validate:"omitempty,text"`
	NewKey string `json:"new_key,omitempty" validate:"omitempty,text"`
	// FromLayout and ToLayout are the numbers of the database's layout before and after; of a migration.
	FromLayout uint64 `json:"from_layout,omitempty" validate:"max=1000000"`
	ToLayout   uint64 `json:"to_layout,omitempty" validate:"max=1000000"`
	// Previous is the newest checkpoint before, as it was signed; of a move from another store.
	Previous string `json:"previous,omitempty" validate:"omitempty,text"`
	// Backup is the copy that was made; of a backup.
	Backup *BackupCopy `json:"backup,omitempty"`
}

// BackupCopy is a copy of the database that exists somewhere until it lapses. Content that is disposed of in the store
// stays in the copies that are older.
type BackupCopy struct {
	// Name says which copy it is, without personal data: the name of a tape or an object.
	Name string `json:"name" validate:"required,text"`
	// Taken is when it was made.
	Taken time.Time `json:"taken" validate:"instant"`
	// Lapses is the last day on which it exists.
	Lapses hipaasmp.Date `json:"lapses" validate:"required"`
}

// Validate returns every fault of the document.
func (x Act) Validate() error {
	return validate.Check(x, KindAct, x.Schema, func(f *validate.Faults) {
		if want := actID(x.Size); x.ID != want && x.ID != "" {
			f.Add(FaultDerivedID, "/id", "is not %q, the identity of the act at its place in the ledger", want)
		}
		member := func(name string, given bool, ops ...Op) {
			belongs := false
			for _, op := range ops {
				belongs = belongs || x.Op == op
			}
			switch {
			case belongs && !given:
				f.Add(FaultAct, "/"+name, "is missing; an act of this kind has it")
			case !belongs && given:
				f.Add(FaultAct, "/"+name, "is given; an act of this kind has none, so leave it out")
			}
		}
		if x.Op.IsValid() {
			switch x.Op {
			case OpRekeyed, OpKeyRotated, OpMigrated, OpMoved, OpBackedUp:
			default:
				f.Add(FaultAct, "/op", "is recorded by a document of its own; use rekeyed, key_rotated, migrated, moved or backed_up")
				return
			}
			if x.Op != OpRekeyed {
				member("versions", x.Versions != 0)
			}
			member("old_key", x.OldKey != "", OpKeyRotated)
			member("new_key", x.NewKey != "", OpKeyRotated)
			member("from_layout", x.FromLayout != 0, OpMigrated)
			member("to_layout", x.ToLayout != 0, OpMigrated)
			member("previous", x.Previous != "", OpMoved)
			member("backup", x.Backup != nil, OpBackedUp)
		}
		for _, k := range []struct{ name, key string }{{"old_key", x.OldKey}, {"new_key", x.NewKey}} {
			if _, err := note.NewVerifier(strings.TrimSpace(k.key)); k.key != "" && err != nil {
				f.Add(FaultAct, "/"+k.name, "is no verifier key; give name+hash+data")
			}
		}
		if x.ToLayout < x.FromLayout && x.ToLayout != 0 {
			f.Add(FaultAct, "/to_layout", "is before the layout that it came from; layouts only go forward")
		}
	})
}

func actID(size uint64) string { return "act-" + strconv.FormatUint(size, 10) }

// act records an act as the next entry.
func (tx *Tx) act(x Act, by hipaasmp.Actor, reason string) (Entry, error) {
	x.Header, x.Size = hipaasmp.NewHeader(KindAct, actID(tx.edge.size)), tx.edge.size
	p, err := tx.store.prepareAny(x, []PutOption{By(by), Reason(reason)})
	if err != nil {
		return Entry{}, err
	}
	return tx.append(x.Op, p, Entry{})
}
