package hipaasmp

import (
	"fmt"
	"strconv"
	"strings"
)

// Kind names a type of document: the package and the noun, for example "risk.analysis".
type Kind string

// schemaBase is the stem of every schema identifier. The segment after it is the major version of the shape.
const schemaBase = "https://github.com/hipaasmp/hipaasmp/schemas/"

// SchemaID returns the JSON Schema $id of the kind in the given major version of its shape. The identifier is a name,
// not an address: nothing of this module ever fetches it.
func SchemaID(kind Kind, major int) string {
	return schemaBase + "v" + strconv.Itoa(major) + "/" + string(kind) + ".json"
}

// ParseSchemaID takes a schema identifier apart. It refuses what [SchemaID] cannot have written.
func ParseSchemaID(id string) (Kind, int, error) {
	rest, ok := strings.CutPrefix(id, schemaBase+"v")
	v, file, found := strings.Cut(rest, "/")
	name, isJSON := strings.CutSuffix(file, ".json")
	major, err := strconv.Atoi(v)
	if !ok || !found || !isJSON || name == "" || err != nil || strconv.Itoa(major) != v {
		return "", 0, &FormatError{Type: "schema identifier", Value: id, Want: schemaBase + "v<major>/<kind>.json"}
	}
	return Kind(name), major, nil
}

// Ref points to a document, or with a version to one version of it. It holds no personal data and may be logged.
type Ref struct {
	// Kind is the type of the document.
	Kind Kind `json:"kind" validate:"required,kind"`
	// ID is its identity within the tenant and the kind.
	ID string `json:"id" validate:"required,docid"`
	// Version is the version meant, from 1; absent means the newest.
	Version uint64 `json:"version,omitempty" validate:"max=9007199254740991"`
}

// String returns kind/id, and kind/id@version where a version is meant.
func (r Ref) String() string {
	if r.Version == 0 {
		return string(r.Kind) + "/" + r.ID
	}
	return fmt.Sprintf("%s/%s@%d", r.Kind, r.ID, r.Version)
}

// Brief returns String as a message may show it: a reference that somebody made up, with control characters or of any
// length, is quoted and cut short.
func (r Ref) Brief() string {
	s := r.String()
	if len(s) <= 256 && ValidText(s) {
		return s
	}
	return strconv.Quote(clip(s))
}

// IsZero reports whether r points nowhere.
func (r Ref) IsZero() bool { return r == Ref{} }

// Newest returns r without its version.
func (r Ref) Newest() Ref { r.Version = 0; return r }

// ValidID reports whether s can be the identity of a document or of an entry in one: 1 to 128 of the characters
// A-Z a-z 0-9 . _ : - beginning with a letter or digit. Identities are opaque and compared byte by byte; they never
// hold the name of a patient or of a person.
func ValidID(s string) bool {
	if len(s) == 0 || len(s) > 128 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case i > 0 && strings.IndexByte("._:-", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// ValidKind reports whether k is written as a kind is: two to four lower-case words of letters, digits and
// underscores, joined by dots, 64 characters at most.
func ValidKind(k Kind) bool {
	words := strings.Split(string(k), ".")
	if len(k) > 64 || len(words) < 2 || len(words) > 4 {
		return false
	}
	for _, w := range words {
		if w == "" || w[0] < 'a' || w[0] > 'z' {
			return false
		}
		for i := range len(w) {
			if c := w[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
				return false
			}
		}
	}
	return true
}
