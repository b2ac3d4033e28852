// Package num holds the elementary functions of the quantification. The standard library computes some of them in
// assembly on some machines, so that the last bit of a result would depend on the machine. These are written in plain Go
// with every product rounded before it is added, so no compiler may fuse the two: a fixed input gives the same bits on
// every port that rounds float64 as IEEE 754 says.
//
// Errors are a few units in the last place where nothing else is said. Arguments outside a function's domain give NaN;
// nothing panics.
package num
