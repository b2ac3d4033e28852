//go:build !race

package long

// Race reports whether the race detector watches, under which a program takes ten times as long.
const Race = false
