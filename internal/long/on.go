//go:build long || full

package long

// On reports whether the long counts were asked for.
const On = true
