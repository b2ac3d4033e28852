//go:build !full

package long

// Full reports whether the counts of a release were asked for: go test -tags full -timeout 0 ./storage/... .
const Full = false
