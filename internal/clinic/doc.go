// Package clinic is a made-up clinic whose records are all in order: on [Today] no question of this module finds
// anything missing. Tests start from it and take something away.
//
// It serves no provision by itself. It is built with the constructors of the domains, so that it cannot say what they
// refuse, and it is the same each time.
package clinic
