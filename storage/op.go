package storage

import hipaasmp "github.com/hipaasmp/hipaasmp"

// Op says what a ledger entry records.
type Op string

const (
	// OpPut added a version of a document.
	OpPut Op = "put"
	// OpHoldPlaced placed a hold; the content is a [HoldDocument].
	OpHoldPlaced Op = "hold_placed"
	// OpHoldReleased released a hold; the content is a [HoldDocument].
	OpHoldReleased Op = "hold_released"
	// OpRetentionExtended lengthened the retention of a document; the content is an [Extension].
	OpRetentionExtended Op = "retention_extended"
	// OpDisposed destroyed the content of a document; the content is a [Certificate].
	OpDisposed Op = "disposed"
	// OpEpochStarted began a signing epoch; the content is an [EpochStart].
	OpEpochStarted Op = "epoch_started"
	// OpRestored began a signing epoch on a backup that was restored; the content is an [EpochStart].
	OpRestored Op = "restored"
	// OpKeyRotated changed the signing key; the content is an [Act], and both keys signed the checkpoint.
	OpKeyRotated Op = "key_rotated"
	// OpRekeyed wrapped the data keys anew; the content is an [Act].
	OpRekeyed Op = "rekeyed"
	// OpMigrated brought the layout of the database forward; the content is an [Act].
	OpMigrated Op = "migrated"
	// OpMoved brought the ledger here from another store; the content is an [Act].
	OpMoved Op = "moved"
	// OpBackedUp made a copy of the database; the content is an [Act].
	OpBackedUp Op = "backed_up"
	// OpClockJumped recorded that the clock went ahead since the entry before; the content is a [ClockMark].
	OpClockJumped Op = "clock_jumped"
	// OpClockConfirmed recorded that the clock was found right; the content is a [ClockMark].
	OpClockConfirmed Op = "clock_confirmed"
	// OpOffBoarded ended a tenant's ledger; the content is an [OffBoarding]. Nothing follows it.
	OpOffBoarded Op = "off_boarded"
)

// Values returns the members of the enumeration.
func (Op) Values() []Op {
	return []Op{
		OpPut, OpHoldPlaced, OpHoldReleased, OpRetentionExtended, OpDisposed, OpEpochStarted,
		OpRestored, OpKeyRotated, OpRekeyed, OpMigrated, OpMoved, OpBackedUp,
		OpClockJumped, OpClockConfirmed, OpOffBoarded,
	}
}

// IsValid reports whether o is a member.
func (o Op) IsValid() bool {
	_, err := hipaasmp.ParseEnum("storage.Op", []byte(o), o.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (o Op) MarshalText() ([]byte, error) { return hipaasmp.FormatEnum("storage.Op", o, o.Values()) }

// UnmarshalText refuses a text that is no member, the empty one included.
func (o *Op) UnmarshalText(text []byte) (err error) {
	*o, err = hipaasmp.ParseEnum("storage.Op", text, o.Values())
	return err
}
