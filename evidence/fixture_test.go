package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// stream is a source of bytes that is the same each time.
type stream struct {
	seed string
	n    uint64
	rest []byte
}

func (s *stream) Read(p []byte) (int, error) {
	for i := range p {
		if len(s.rest) == 0 {
			sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(s.seed), s.n))
			s.rest, s.n = sum[:], s.n+1
		}
		p[i], s.rest = s.rest[0], s.rest[1:]
	}
	return len(p), nil
}

// draft is a document that is not final; its kind has no schema in this module, as a vendor's own has none.
type draft struct {
	hipaasmp.Header
	Text string `json:"text" validate:"required,text"`
}

func (d draft) Validate() error { return validate.Check(d, "test.draft", d.Schema, nil) }

// policy is a record whose retention the test chooses.
type policy struct {
	hipaasmp.Header
	Text  string                  `json:"text" validate:"required,text"`
	Basis hipaasmp.RetentionBasis `json:"basis"`
}

func (p policy) Validate() error { return validate.Check(p, "test.policy", p.Schema, nil) }

func (policy) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteSanctionPolicy, hipaasmp.CiteDocumentation}
}

func (p policy) RetentionBasis() hipaasmp.RetentionBasis { return p.Basis }

var _ hipaasmp.Record = policy{}

const tenant = "lakeside"

// house is a store with a signer and a clock of its own.
type house struct {
	t       testing.TB
	backend *memory.Backend
	store   *storage.Store
	signer  *storage.Signer
	now     time.Time
}

func newSigner(t testing.TB, seed string) *storage.Signer {
	t.Helper()
	s, err := storage.NewSigner(&stream{seed: seed}, "clinic.example/hipaasmp")
	require.NoError(t, err)
	return s
}

func newHouse(t testing.TB, seed string) *house {
	t.Helper()
	h := &house{t: t, backend: memory.New(), signer: newSigner(t, "key"), now: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)}
	h.open(h.signer, seed, storage.Options{})
	return h
}

func (h *house) open(signer *storage.Signer, seed string, o storage.Options) {
	h.t.Helper()
	o.Signer, o.Random, o.Clock = signer, &stream{seed: seed}, func() time.Time { h.now = h.now.Add(time.Minute); return h.now }
	o.ClockStep, o.HoldGrace = -1, -1 // the house lives through years in minutes
	s, err := storage.New(h.backend, o)
	require.NoError(h.t, err)
	h.store, h.signer = s, signer
}

func (h *house) put(doc hipaasmp.Document, opts ...storage.PutOption) storage.Entry {
	h.t.Helper()
	e, err := h.store.Put(context.Background(), tenant, doc, opts...)
	require.NoError(h.t, err)
	return e
}

func date(s string) hipaasmp.Date { return civil.Date(s) }

func official() hipaasmp.Actor {
	return hipaasmp.Actor{ID: "wf-001", Role: hipaasmp.RoleSecurityOfficial}
}

func manager() hipaasmp.Actor { return hipaasmp.Actor{ID: "wf-002", Role: hipaasmp.RoleManagement} }

func clinic() hipaasmp.Entity {
	return hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "Lakeside:Clinic"), Name: "Lakeside Family Clinic",
		Type: hipaasmp.EntityCoveredEntity, Size: hipaasmp.EntitySmall, Zone: "America/Chicago",
		Created: date("2024-03-01"), InEffect: hipaasmp.Period{From: date("2024-03-01")},
		Workforce:    []hipaasmp.WorkforceMember{{ID: "wf-001", Category: hipaasmp.WorkforceEmployee, Member: hipaasmp.Period{From: date("2019-05-06")}}},
		Appointments: []hipaasmp.Appointment{{Role: hipaasmp.RoleSecurityOfficial, Member: "wf-001", Term: hipaasmp.Period{From: date("2024-03-01")}}},
	}
}

func newPolicy(id string, created string, inEffect ...hipaasmp.Period) policy {
	return policy{Header: hipaasmp.NewHeader("test.policy", id), Text: "Text of " + id,
		Basis: hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date(created), InEffect: inEffect}}
}

func newDraft(id, text string) draft {
	return draft{Header: hipaasmp.NewHeader("test.draft", id), Text: text}
}

// furnish fills the ledger with one of everything: versions, drafts, a hold placed and one released, an extension, a
// reason, a disposal with its certificate, and another tenant that must never show.
func (h *house) furnish() *house {
	h.t.Helper()
	ctx := context.Background()
	h.put(clinic(), storage.By(official()))
	h.put(newDraft("d1", "first words"), storage.Reason("began the analysis"))
	h.put(newPolicy("p1", "2018-01-02", hipaasmp.Period{From: date("2018-01-02")}), storage.By(official()))
	h.put(newPolicy("P1", "2017-03-04"), storage.By(official()))
	_, err := h.store.Put(ctx, "other-tenant", newDraft("secret-of-the-other", "nobody else sees this"))
	require.NoError(h.t, err)
	h.put(newDraft("d1", "second words"))
	h.put(newPolicy("p1", "2018-01-02", hipaasmp.Period{From: date("2018-01-02"), To: date("2025-12-31")}), storage.Reason("superseded"))
	for _, matter := range []string{"ocr-24-0017", "litigation:7"} {
		_, err = h.store.PlaceHold(ctx, tenant, retention.Hold{Matter: matter, Reason: "Asked to preserve", Kinds: []hipaasmp.Kind{"test.policy"}, PlacedBy: official()})
		require.NoError(h.t, err)
	}
	_, err = h.store.ReleaseHold(ctx, tenant, "litigation:7", official(), "settled")
	require.NoError(h.t, err)
	_, err = h.store.Extend(ctx, tenant, hipaasmp.Ref{Kind: "test.policy", ID: "p1"}, date("2040-06-30"), official(), "contract")
	require.NoError(h.t, err)
	_, err = h.store.ReleaseHold(ctx, tenant, "ocr-24-0017", official(), "closed")
	require.NoError(h.t, err)
	require.NoError(h.t, destroy(h, "P1"))
	_, err = h.store.PlaceHold(ctx, tenant, retention.Hold{Matter: "audit-2", Reason: "Audit", Refs: []hipaasmp.Ref{{Kind: "test.policy", ID: "p1"}}, PlacedBy: official()})
	require.NoError(h.t, err)
	return h
}

func (h *house) options() Options {
	return Options{
		Period: hipaasmp.Period{From: date("2026-01-01"), To: date("2026-01-31")}, AsOf: date("2026-02-02"),
		Made: time.Date(2026, 2, 2, 15, 0, 0, 0, time.UTC), Signer: h.signer,
		Gaps: []hipaasmp.Gap{{Code: "GAP-RISK-01", Citation: hipaasmp.CiteRiskAnalysis, Missing: "There is no risk analysis.", Closes: "Approve one."}},
		Parts: []Part{
			{Name: "index.html", MediaType: "text/html; charset=utf-8", Write: verbatim([]byte("<!doctype html><title>Report</title>"))},
			{Name: "oscal/poam.json", MediaType: "application/json", Write: verbatim([]byte("{}"))},
		},
	}
}

func (h *house) write(o Options) []byte {
	h.t.Helper()
	var b bytes.Buffer
	_, err := Write(context.Background(), &b, h.store, tenant, o)
	require.NoError(h.t, err)
	return b.Bytes()
}

func verify(pkg []byte, o VerifyOptions, keys ...string) (Report, error) {
	return Verify(context.Background(), bytes.NewReader(pkg), int64(len(pkg)), keys, o)
}

// contents unpacks a package.
func contents(t testing.TB, pkg []byte) map[string][]byte {
	t.Helper()
	a, err := openArchive(bytes.NewReader(pkg), int64(len(pkg)), Limits{}.withDefaults())
	require.NoError(t, err)
	out := map[string][]byte{}
	for _, f := range a.files {
		data, err := a.bytes(f.name, 1<<30)
		require.NoError(t, err)
		out[f.name] = data
	}
	return out
}

func manifestOf(t testing.TB, files map[string][]byte) statement {
	t.Helper()
	var e dsse
	require.NoError(t, json.Unmarshal(files[fileManifest], &e))
	payload, err := base64.StdEncoding.DecodeString(e.Payload)
	require.NoError(t, err)
	s, why := parseStatement(payload)
	require.Empty(t, why)
	return s
}

// pack writes files as a package. With a signer the manifest is made to fit them and signed anew, as an insider with
// the key could; change may then alter the statement.
func pack(t testing.TB, files map[string][]byte, signer *storage.Signer, change func(*statement)) []byte {
	t.Helper()
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(n string) bool { return n == fileManifest })
	if signer != nil {
		s := manifestOf(t, files)
		index := map[string]*annotation{}
		for _, x := range s.Subject {
			index[x.Name] = x.Annotations
		}
		s.Subject = nil
		for _, n := range names {
			sum := sha256.Sum256(files[n])
			s.Subject = append(s.Subject, subject{Name: n, Digest: digestSet{hipaasmp.Digest(hex.EncodeToString(sum[:]))}, MediaType: "x/y", Annotations: index[n]})
		}
		if change != nil {
			change(&s)
		}
		sealed, err := seal(s, signer)
		require.NoError(t, err)
		files = maps.Clone(files)
		files[fileManifest] = sealed
	}
	var b bytes.Buffer
	a, err := newArchiveWriter(&b)
	require.NoError(t, err)
	for _, n := range append(names, fileManifest) {
		if data, ok := files[n]; ok {
			_, err := a.file(n, func(w io.Writer) error { _, err := w.Write(data); return err })
			require.NoError(t, err)
		}
	}
	require.NoError(t, a.close())
	return b.Bytes()
}
