package evidence

import (
	"fmt"
	"io"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Part is a file that the caller adds to a package: a report, a table, a rendering of the records. It is listed in the
// manifest with its digest, and nothing in it is proved by the ledger.
type Part struct {
	// Name is the path in the package, for example "index.html" or "oscal/poam.json".
	Name string
	// MediaType is the type of the content, for example "text/html; charset=utf-8".
	MediaType string
	// Write writes the content. It is called once, and must write the same bytes for the same records.
	Write func(w io.Writer) error
}

// PartError says why a part cannot stand in a package.
type PartError struct {
	// Name is the part.
	Name string
	// Reason says what is wrong.
	Reason string
}

func (e *PartError) Error() string {
	return fmt.Sprintf("evidence: %s: part %q %s", FaultPart, clip(e.Name), e.Reason)
}

// checkParts refuses names that are unsafe, twins, or of files that this package writes.
func checkParts(parts []Part) error {
	names := newNameSet()
	for _, own := range []string{fileReadme, fileGaps, fileManifest, fileView} {
		names.add(own)
	}
	for _, p := range parts {
		why := badName(p.Name)
		if strings.Contains(p.Name, "%") {
			why = "has a percent sign, which stands for encoded identities"
		}
		lower := strings.ToLower(p.Name)
		for _, folder := range []string{folderLedger, folderRecords, folderKept, folderSchemas} {
			if strings.HasPrefix(lower+"/", folder) {
				why = "is in a folder that is for records and proofs"
			}
		}
		if why == "" {
			why = names.add(p.Name)
		}
		switch {
		case why != "":
		case !hipaasmp.ValidText(p.MediaType):
			why = "has no media type"
		case p.Write == nil:
			why = "has no content"
		}
		if why != "" {
			return &PartError{Name: p.Name, Reason: why}
		}
	}
	return nil
}
