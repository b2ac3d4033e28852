package storage

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"time"

	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
)

// Options configures a [Store]. The zero value lacks one thing only: a Signer, or the plain word that there is none.
type Options struct {
	// Signer signs checkpoints. A [*Signer] of this package brings its own verifier; for another implementation, such
	// as a key in a KMS, give the verifier in Verifiers.
	Signer note.Signer
	// Unsigned says that checkpoints are not signed. Such a ledger shows mistakes and not malice: whoever can write
	// the file can compute all of it anew.
	Unsigned bool
	// CoSigners sign every checkpoint beside the Signer: the key before, while [Store.RotateKey] changes it, or a second
	// algorithm. Their verifiers are known as the Signer's is.
	CoSigners []note.Signer
	// Anchor keeps checkpoints elsewhere. With it, the first write to a tenant in this process, [Store.Checkpoint] and
	// [Store.VerifyTenant] compare the ledger with the newest of them; see [RolledBackError].
	Anchor Anchor
	// AnchorEvery is after how many entries a checkpoint is given to the Anchor. Default 256. The first of a ledger and
	// of an epoch always is.
	AnchorEvery uint64
	// Verifiers knows further keys: those that signed earlier epochs. They let a ledger be read and verified, and let
	// [Store.NewEpoch] take over from a lost key; nothing is ever written on top of their checkpoints otherwise.
	Verifiers note.Verifiers
	// Product begins the origin of every ledger, product/tenant/epoch: printable ASCII without space and plus. It must
	// never change for a store. Default: the Signer's name, or "hipaasmp" for an unsigned store.
	Product string
	// Actor is named in the ledger where a call names nobody with [By]. Default: the program itself, "system:store".
	Actor hipaasmp.Actor
	// Authority is asked whether the approver of a disposal may approve it; nil asks only for two different persons.
	Authority hipaasmp.Authority
	// Clock tells the time. Default time.Now.
	Clock func() time.Time
	// ClockStep is how far the clock may be ahead of a ledger's newest entry for a disposal; see [Witnessed]. Default 24
	// hours; negative for a program that watches its clock by itself.
	ClockStep time.Duration
	// HoldGrace is for how many days after the release of a hold nothing that it covered is disposed of. Default 30;
	// negative for none.
	HoldGrace int
	// Random gives salts. Default crypto/rand.
	Random io.Reader
	// Keys wraps the data keys under which content is sealed, AES-256-GCM with a key of its own for each version. Nil
	// keeps content in the clear, for a database that is encrypted by other means. Content that was kept in the clear
	// before stays so and stays readable.
	Keys KeyWrapper
	// Schedule holds the retention rules; the zero value is six years for every class.
	Schedule retention.Schedule
	// Upcasters bring documents of older schemas to the current shape when they are read.
	Upcasters []Upcaster
	// Logger gets one line for each commit at debug level and one for each hold, disposal, epoch and failed hook
	// above it; references and codes, never content. Default: none.
	Logger *slog.Logger
	// After is called after each commit, in order. A hook that fails or panics is logged and changes nothing.
	After []Hook
}

// Hook is told what was committed. It runs in the goroutine of the caller, after the transaction, so it may use the
// store again.
type Hook func(ctx context.Context, c Commit) error

// Commit is what one transaction added to a tenant's ledger.
type Commit struct {
	// Tenant is whose ledger grew.
	Tenant string
	// Entries are what was added, in ledger order.
	Entries []Entry
	// Checkpoint is the ledger's head afterwards.
	Checkpoint Checkpoint
}

// OptionsError says which option is missing or wrong.
type OptionsError struct {
	// Option names the field.
	Option string
	// Reason says what is wrong and what to do.
	Reason string
}

func (e *OptionsError) Error() string {
	return fmt.Sprintf("storage: option %s %s", e.Option, e.Reason)
}

func (o Options) withDefaults() (Options, error) {
	switch {
	case o.Signer == nil && !o.Unsigned:
		return o, &OptionsError{"Signer", "is missing; make one with NewSigner, load one with LoadSigner, or set Unsigned to do without"}
	case o.Signer != nil && o.Unsigned:
		return o, &OptionsError{"Unsigned", "is set although there is a Signer; choose one"}
	}
	if o.Unsigned && len(o.CoSigners) > 0 {
		return o, &OptionsError{"CoSigners", "are given although the store is unsigned; choose one"}
	}
	if o.AnchorEvery == 0 {
		o.AnchorEvery = 256
	}
	if o.Product == "" {
		o.Product = "hipaasmp"
		if o.Signer != nil {
			o.Product = o.Signer.Name()
		}
	}
	if !validProduct(o.Product) {
		return o, &OptionsError{"Product", "must be 1 to 128 characters of printable ASCII without space and plus"}
	}
	if o.Actor.IsZero() {
		o.Actor = hipaasmp.Actor{ID: "store", Role: hipaasmp.RoleSystem}
	}
	if !hipaasmp.ValidID(o.Actor.ID) || !hipaasmp.ValidRole(o.Actor.Role) {
		return o, &OptionsError{"Actor", "names nobody; give an opaque identity and a role"}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.ClockStep == 0 {
		o.ClockStep = 24 * time.Hour
	}
	if o.HoldGrace == 0 {
		o.HoldGrace = 30
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

// PutOption refines one write.
type PutOption func(*putOptions)

type putOptions struct {
	actor     hipaasmp.Actor
	reason    string
	version   uint64
	pinned    bool
	ifChanged bool
}

// By names who writes. Without it the store's own Actor stands in the ledger.
func By(actor hipaasmp.Actor) PutOption { return func(o *putOptions) { o.actor = actor } }

// Reason says why, in words without personal data. It is content: committed to by a digest and destroyed on disposal.
func Reason(text string) PutOption { return func(o *putOptions) { o.reason = text } }

// IfVersion lets the write happen only if the newest version is still n; 0 means that the document must not exist yet.
// Otherwise a [*ConflictError] says which version there is. Without it the write goes on top of whatever is newest.
func IfVersion(n uint64) PutOption {
	return func(o *putOptions) { o.version, o.pinned = n, true }
}

// IfChanged writes nothing when the newest version has the same canonical bytes: that entry is returned, marked
// Unchanged. This is how a program that runs again recognises what it wrote before.
func IfChanged() PutOption { return func(o *putOptions) { o.ifChanged = true } }
