package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

// TestAnInsiderWithTheKeyIsCaught changes a package and signs the manifest anew, as the sender could: only what the
// ledger proves is left to catch it.
func TestAnInsiderWithTheKeyIsCaught(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	first, err := h.store.Checkpoint(context.Background(), tenant)
	require.NoError(t, err)
	h.put(newDraft("d2", "more"))
	o := h.options()
	o.Since = [][]byte{first.Note}
	o.Exhibits, err = Cite(clinic())
	require.NoError(t, err)
	whole := contents(t, h.write(o))
	policyFile, draftFile := "records/test.policy/p1/2.json", "records/test.draft/d1/2.json"

	replace := func(file, old, new string) func(map[string][]byte) {
		return func(files map[string][]byte) {
			require.Contains(t, string(files[file]), old)
			files[file] = []byte(strings.Replace(string(files[file]), old, new, 1))
		}
	}
	line := func(n int, edit func(l *entryLine) bool) func(map[string][]byte) {
		return func(files map[string][]byte) { files[fileEntries] = editLine(t, files[fileEntries], n, edit) }
	}
	drop := func(names ...string) func(map[string][]byte) {
		return func(files map[string][]byte) {
			for _, n := range names {
				require.Contains(t, files, n)
				delete(files, n)
			}
		}
	}
	for _, c := range []struct {
		rule  string
		edit  func(files map[string][]byte)
		sign  func(*statement)
		level Level
		code  hipaasmp.FaultCode
		says  string
	}{
		{"a word in a record", replace(policyFile, "Text of p1", "Text of p2"), nil, LevelLeaves, FaultContent, "does not match the digest"},
		{"another record in its place", func(f map[string][]byte) { f[policyFile] = f["records/test.policy/p1/1.json"] }, nil, LevelLeaves, FaultContent, policyFile},
		{"white space in a record", replace(policyFile, `{"basis"`, `{ "basis"`), nil, LevelShape, FaultRecord, "not canonical"},
		{"a member twice", replace(draftFile, `{"id":"d1"`, `{"id":"d1","id":"d1"`), nil, LevelShape, FaultRecord, "not canonical"},
		{"a record of another identity", replace(draftFile, `"id":"d1"`, `"id":"d7"`), nil, LevelShape, FaultRecord, "is not the document"},
		{"a record out of shape", replace("records/hipaasmp.entity/%4Cakeside%3A%43linic/1.json", `"size":"small"`, `"size":"tiny"`), nil, LevelShape, FaultShape, "SMP-SHAPE-02"},
		{"a list of gaps out of shape", replace(fileGaps, `"closes":"Approve one."`, `"closes":" "`), nil, LevelShape, FaultShape, fileGaps},
		{"gaps of another day", replace(fileGaps, `"as_of":"2026-02-02"`, `"as_of":"2026-02-03"`), nil, LevelShape, FaultIndex, "2026-02-03"},
		{"a reason", line(1, func(l *entryLine) bool { l.Reason = "began something else"; return true }), nil, LevelLeaves, FaultContent, "reason"},
		{"a reason less", line(1, func(l *entryLine) bool { l.Reason = ""; return true }), nil, LevelLeaves, FaultContent, "reason"},
		{"another salt", line(0, func(l *entryLine) bool { l.Salt = strings.Repeat("0", 64); return true }), nil, LevelLeaves, FaultContent, "digest"},
		{"no salt", line(0, func(l *entryLine) bool { l.Salt = ""; return true }), nil, LevelLeaves, FaultLine, "salt"},
		{"another file", line(0, func(l *entryLine) bool { l.File = policyFile; return true }), nil, LevelLeaves, FaultLine, "names the file"},
		{"an envelope with another actor", line(0, func(l *entryLine) bool {
			l.Envelope = bytes.Replace(l.Envelope, []byte("wf-001"), []byte("wf-009"), 1)
			return true
		}), nil, LevelInclusion, FaultInclusion, "not proved"},
		{"an envelope that is none", line(0, func(l *entryLine) bool { l.Envelope = []byte(`{"v":1}`); return true }), nil, LevelLeaves, FaultLine, "not an envelope"},
		{"an envelope of another tenant", line(0, func(l *entryLine) bool {
			l.Envelope = bytes.Replace(l.Envelope, []byte(`"tenant":"lakeside"`), []byte(`"tenant":"elsewhere"`), 1)
			return true
		}), nil, LevelLeaves, FaultLine, "tenant elsewhere"},
		{"a proof less a hash", line(2, func(l *entryLine) bool { l.Proof = l.Proof[1:]; return true }), nil, LevelInclusion, FaultInclusion, "not proved"},
		{"an entry that is left out", line(3, func(l *entryLine) bool { return false }), nil, LevelLeaves, FaultIndex, "counts"},
		{"an entry and its record that are left out", func(f map[string][]byte) {
			line(4, func(*entryLine) bool { return false })(f)
			delete(f, draftFile)
		}, func(s *statement) { s.Predicate.Entries.Included--; s.Predicate.Complete = true }, LevelArchive, FaultManifest, "claims all"},
		{"an entry that is left out without the claim", func(f map[string][]byte) {
			line(4, func(*entryLine) bool { return false })(f)
			delete(f, draftFile)
		}, func(s *statement) { s.Predicate.Entries.Included--; s.Predicate.Complete = false }, "", "", ""},
		{"an entry that is listed twice in another's stead", func(f map[string][]byte) {
			lines := bytes.SplitAfter(f[fileEntries], []byte("\n"))
			f[fileEntries] = bytes.Join(append(lines[:4:4], append([][]byte{lines[3]}, lines[5:]...)...), nil)
		}, nil, LevelLeaves, FaultLine, "out of order"},
		{"content that is hidden as withheld", func(f map[string][]byte) {
			line(4, func(l *entryLine) bool { *l = entryLine{Content: StateWithheld, Envelope: l.Envelope}; return true })(f)
			delete(f, draftFile)
		}, func(s *statement) {
			s.Predicate.Entries.Included--
			s.Predicate.Entries.Withheld++
			s.Predicate.Contents = NewestVersion
		}, LevelCompleteness, FaultCompleteness, "newest version of test.draft/d1 is withheld"},
		{"content that is hidden as destroyed", func(f map[string][]byte) {
			line(4, func(l *entryLine) bool { *l = entryLine{Content: StateDisposed, Envelope: l.Envelope}; return true })(f)
			delete(f, draftFile)
		}, func(s *statement) { s.Predicate.Entries.Included--; s.Predicate.Entries.Disposed++ }, LevelCompleteness, FaultCompleteness, "no certificate of disposal"},
		{"destroyed content that is called withheld", func(f map[string][]byte) {
			line(3, func(l *entryLine) bool {
				require.Equal(t, StateDisposed, l.Content)
				l.Content = StateWithheld
				return true
			})(f)
		}, func(s *statement) {
			s.Predicate.Entries.Disposed--
			s.Predicate.Entries.Withheld++
			s.Predicate.Contents = SelectedVersions
		}, LevelCompleteness, FaultCompleteness, "a certificate says that it was destroyed"},
		{"content with a withheld entry", line(3, func(l *entryLine) bool { l.Reason = "why"; return true }), nil, LevelLeaves, FaultLine, "says is disposed"},
		{"a document that no entry names", func(f map[string][]byte) { f["records/test.draft/d8/1.json"] = f[draftFile] }, nil, LevelLeaves, FaultIndex, "has 18 documents"},
		{"a document that is gone", drop(draftFile), nil, LevelLeaves, FaultArchive, "is missing"},
		{"a draft that is called final", nil, func(s *statement) {
			for _, x := range s.Subject {
				if x.Name == draftFile {
					x.Annotations.Final = true
				}
			}
		}, LevelLeaves, FaultIndex, "final: false"},
		{"an index that leaves one out", nil, func(s *statement) {
			for i := range s.Subject {
				if s.Subject[i].Name == draftFile {
					s.Subject[i].Annotations = nil
				}
			}
		}, LevelLeaves, FaultIndex, "not in the manifest's index"},
		{"an index that has one too many", nil, func(s *statement) { s.Subject[0].Annotations = &annotation{} }, LevelLeaves, FaultIndex, "no ledger entry names it"},
		{"a draft as an exhibit", nil, func(s *statement) {
			s.Predicate.Exhibits[0].Ref = hipaasmp.Ref{Kind: "test.draft", ID: "d1", Version: 2}
		}, LevelLeaves, FaultIndex, "no final document"},
		{"counts", nil, func(s *statement) { s.Predicate.Entries.Included--; s.Predicate.Entries.Disposed++ }, LevelLeaves, FaultIndex, "counts"},
		{"an older checkpoint", func(f map[string][]byte) { f[fileCheckpoint] = first.Note }, nil, LevelInclusion, FaultCheckpoint, "not the one that the manifest names"},
		{"an older checkpoint that the manifest names", func(f map[string][]byte) { f[fileCheckpoint] = first.Note }, func(s *statement) {
			s.Predicate.Ledger = Head{Origin: first.Origin, Size: first.Size, Root: hexRoot(first)}
			s.Predicate.Complete = false
		}, LevelInclusion, FaultInclusion, "not proved"},
		{"a checkpoint that is none", func(f map[string][]byte) { f[fileCheckpoint] = []byte("hello\n") }, nil, LevelInclusion, FaultCheckpoint, "not a signed note"},
		{"no checkpoint", drop(fileCheckpoint), nil, LevelArchive, FaultArchive, "is missing"},
		{"no ledger part", drop(fileEntries), nil, LevelArchive, FaultArchive, "is missing"},
		{"no readme", drop(fileReadme), nil, LevelArchive, FaultArchive, "is missing"},
		{"no terms", drop(fileKept), nil, LevelArchive, FaultArchive, "is missing"},
		{"an earlier checkpoint of another ledger", func(f map[string][]byte) {
			c, err := h.store.Checkpoint(context.Background(), "other-tenant")
			require.NoError(t, err)
			f[fileConsistency] = jsonLine(t, consistencyLine{Checkpoint: string(c.Note)})
		}, nil, LevelConsistency, FaultConsistency, "another ledger"},
		{"an earlier checkpoint without its proof", func(f map[string][]byte) {
			f[fileConsistency] = jsonLine(t, consistencyLine{Checkpoint: string(first.Note)})
		}, nil, LevelConsistency, FaultConsistency, "does not hold"},
		{"an earlier checkpoint with another root", func(f map[string][]byte) {
			forged := sign(t, h.signer, storage.FormatCheckpoint(first.Origin, 3, first.Root))
			f[fileConsistency] = jsonLine(t, consistencyLine{Checkpoint: forged})
		}, nil, LevelConsistency, FaultConsistency, "another root at 3 entries"},
		{"an earlier checkpoint that is newer", func(f map[string][]byte) {
			forged := sign(t, h.signer, storage.FormatCheckpoint(first.Origin, 300, first.Root))
			f[fileConsistency] = jsonLine(t, consistencyLine{Checkpoint: forged})
		}, nil, LevelConsistency, FaultConsistency, "newer than the package"},
		{"a consistency part that is none", func(f map[string][]byte) { f[fileConsistency] = []byte("{}") }, nil, LevelConsistency, FaultLine, "has no end"},
		{"a shorter term", replace(fileKept, `"keep_through":"2040-06-30"`, `"keep_through":"2030-06-30"`), nil, LevelRetention, FaultRetention, "last day"},
		{"an earlier disposal", replace(fileKept, `"first_disposal":"2040-07-01"`, `"first_disposal":"2026-07-01"`), nil, LevelRetention, FaultRetention, "first day of disposal"},
		{"an extension less", replace(fileKept, `"extended":"2040-06-30",`, ``), nil, LevelRetention, FaultRetention, "extension"},
		{"a hold less on a record", replace(fileKept, `"matters":["audit-2"],`, ``), nil, LevelRetention, FaultRetention, "holds"},
		{"another rule", replace(fileRules, `"schedule":{}`, `"schedule":{"overlays":[{"authority":"x","id":"x","start":"creation","title":"x","years":9}]}`), nil, LevelRetention, FaultRetention, "rule"},
		{"a record that is not told of", func(f map[string][]byte) {
			f[fileKept] = f[fileKept][bytes.IndexByte(f[fileKept], '\n')+1:]
		}, nil, LevelRetention, FaultRetention, "is not listed"},
		{"a term of nothing", func(f map[string][]byte) {
			f[fileKept] = append(f[fileKept], bytes.Replace(f[fileKept][bytes.LastIndex(f[fileKept][:len(f[fileKept])-1], []byte("\n"))+1:], []byte(`"id":"p1"`), []byte(`"id":"p3"`), 1)...)
		}, nil, LevelRetention, FaultRetention, "no record whose content exists"},
		{"a hold that was never released", replace(fileRules, `"released_at"`, `"xeleased_at"`), nil, LevelRetention, FaultRetention, "cannot be read"},
		{"a hold less", func(f map[string][]byte) {
			var r map[string]any
			require.NoError(t, json.Unmarshal(f[fileRules], &r))
			r["holds"] = r["holds"].([]any)[1:]
			data, err := json.Marshal(r)
			require.NoError(t, err)
			f[fileRules] = data
		}, nil, LevelRetention, FaultHold, "not those of the ledger"},
		{"rules of another day", replace(fileRules, `"as_of":"2026-02-02"`, `"as_of":"2026-02-01"`), nil, LevelRetention, FaultRetention, "is told for"},
		{"another statement type", nil, func(s *statement) { s.Type = "https://in-toto.io/Statement/v2" }, LevelArchive, FaultManifest, "in-toto Statement v1"},
		{"a package made before what it holds", nil, func(s *statement) { s.Predicate.Made = time.Date(2026, 1, 5, 9, 3, 30, 0, time.UTC) }, LevelLeaves, FaultLine, "one of the clocks was wrong"},
		{"a newer format", nil, func(s *statement) { s.PredicateType = hipaasmp.SchemaID(KindManifest, 2) }, LevelArchive, FaultManifest, "cannot read"},
		{"a manifest out of shape", nil, func(s *statement) { s.Predicate.Tenant = "a b" }, LevelArchive, FaultManifest, "SMP-SHAPE-03"},
		{"a manifest of another tenant", nil, func(s *statement) { s.Predicate.Tenant = "elsewhere" }, LevelLeaves, FaultLine, "tenant lakeside"},
		{"a list out of order", nil, func(s *statement) { slices.Reverse(s.Subject) }, LevelArchive, FaultManifest, "in order"},
		{"a list with a file that is not there", nil, func(s *statement) {
			s.Subject = append(s.Subject, subject{Name: "zzz", Digest: digestSet{hipaasmp.DigestOf(nil)}, MediaType: "x"})
		}, LevelArchive, FaultDigest, "is not in the archive"},
		{"a list without one of the files", nil, func(s *statement) { s.Subject = s.Subject[1:] }, LevelArchive, FaultDigest, "is not listed"},
		{"a list without a digest", nil, func(s *statement) { s.Subject[0].Digest.SHA256 = "" }, LevelArchive, FaultManifest, "without a digest"},
		{"another digest", nil, func(s *statement) { s.Subject[0].Digest.SHA256 = hipaasmp.DigestOf(nil) }, LevelArchive, FaultDigest, "the manifest lists"},
		{"nothing", nil, nil, "", "", ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			files := maps.Clone(whole)
			if c.edit != nil {
				c.edit(files)
			}
			pkg := pack(t, files, h.signer, c.sign)
			r, err := verify(pkg, VerifyOptions{Since: [][]byte{first.Note}}, h.signer.VerifierKey())
			if c.level == "" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			require.False(t, r.Passed())
			require.Equal(t, OutcomeFailed, r.At(c.level).Outcome, "%s", r)
			found := ""
			for _, f := range r.At(c.level).Findings {
				if f.Code == c.code {
					found += f.Error() + "\n"
				}
			}
			require.Contains(t, found, c.says, "%s", r)
		})
	}
}

func hexRoot(c storage.Checkpoint) hipaasmp.Digest {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for _, x := range c.Root {
		b.WriteByte(digits[x>>4])
		b.WriteByte(digits[x&15])
	}
	return hipaasmp.Digest(b.String())
}

func sign(t testing.TB, signer note.Signer, text string) string {
	t.Helper()
	msg, err := note.Sign(&note.Note{Text: text}, signer)
	require.NoError(t, err)
	return string(msg)
}

func jsonLine(t testing.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, writeLine(&b, v))
	return b.Bytes()
}

// editLine changes line n of the ledger part, or removes it.
func editLine(t testing.TB, data []byte, n int, edit func(*entryLine) bool) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, eachLine(bytes.NewReader(data), func(i int, l entryLine) error {
		if i-1 == n && !edit(&l) {
			return nil
		}
		return writeLine(&out, l)
	}))
	return out.Bytes()
}
