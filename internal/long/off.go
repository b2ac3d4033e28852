//go:build !long && !full

// Package long says whether the tests run with their long counts: go test -tags long ./... . Without the tag every
// property is still tested, with fewer draws, so that a newcomer's first run ends soon.
package long

// On reports whether the long counts were asked for.
const On = false
