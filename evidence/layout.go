package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The files and folders that every package has, or that only this package may write.
const (
	fileReadme      = "README.txt"
	fileGaps        = "gaps.json"
	fileCheckpoint  = "ledger/checkpoint"
	fileConsistency = "ledger/consistency.jsonl"
	fileEntries     = "ledger/entries.jsonl"
	folderLedger    = "ledger/"
	folderRecords   = "records/"
	folderSchemas   = "schemas/"
	folderKept      = "retention/"
	fileKept        = "retention/records.jsonl"
	fileRules       = "retention/rules.json"
	fileManifest    = "manifest.json"
)

const (
	mediaJSON  = "application/json"
	mediaLines = "application/jsonl"
	mediaText  = "text/plain; charset=utf-8"
)

// recordFile returns where a version of a document stands in a package: records/<kind>/<id>/<version>.json. What file
// systems would bend in an identity, capitals among it, is percent-encoded.
func recordFile(ref hipaasmp.Ref) string {
	return folderRecords + segment(string(ref.Kind)) + "/" + segment(ref.ID) + "/" + strconv.FormatUint(ref.Version, 10) + ".json"
}

// segment writes an identity as one step of a path that is the same everywhere.
func segment(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		plain := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' && i > 0 && i < len(s)-1
		if !plain || i == 0 && isDevice(s) {
			const digits = "0123456789ABCDEF"
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	if b.Len() > longestSegment {
		sum := sha256.Sum256([]byte(s))
		return "%sha256-" + hex.EncodeToString(sum[:])
	}
	return b.String()
}

// schemaFile returns where the schema of a kind stands in a package.
func schemaFile(kind hipaasmp.Kind) string {
	return folderSchemas + "v1/" + segment(string(kind)) + ".json"
}

// clip keeps hostile input from filling a message.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
