// Package sigma reads Sigma rules, the language in which filters over logs of identity providers, clouds and hosts are
// shared (https://sigmahq.io), and matches them against events: one's own filters for the activity review of 45 CFR
// 164.308(a)(1)(ii)(D).
//
//	rule, err := sigma.Load("trail.yml", file)       // every fault with its line
//	detector, err := rule.Detector(sigma.CloudTrail()) // a detector like those of package detect
//
// # The subset
//
// A selection is a mapping of fields (all must match), a list of mappings (one must), or a list of keywords (one must stand
// in a value or in the name of a field). The modifiers are contains, startswith, endswith, all, re, cidr, fieldref, and
// base64offset followed by contains. The condition has and, or, not, brackets, "1 of x*", "all of x*", "1 of them" and "all
// of them". Everything else that Sigma knows is refused with its place: other modifiers, aggregations behind a bar,
// timeframes, correlations, filters of rules, placeholders, lists of conditions. So are YAML's anchors, aliases and merge
// keys, a key that stands twice, a selection that no condition uses, and a rule that is larger than a rule is.
//
// # What a match is
//
// Texts are compared without case (Unicode's simple folding). * stands for any characters, ? for one, a backslash before
// either or before a backslash takes the meaning away. A pattern of re is RE2, is searched anywhere in the value, and
// keeps its case; so does what base64offset looks for. Numbers and booleans are compared as the text that the log and the
// rule write. null means that the event has no such field, or that it is null. A field with several values matches if
// one of them does. An object of a JSON log stands for its own text and for every text within.
//
// # Cost
//
// [Compile] puts rules into one [Set]. Every rule waits at those of its literals that the fewest rules share, and all rules
// together at as few fields as that allows. An event costs one look at each of these fields, where length, first and last
// byte tell of most values that no rule waits for them, and then only the rules that a literal woke.
//
// Measured as processor time by
//
//	go test -run xxx -bench Sigma -count 6 ./review/detect/sigma
//
// over decoded events: eight rules cost 25 to 36 ns a rule and event on two quiet cores of a virtual machine, where the same
// eight in Go over the same maps took 70 to 91 ns. While others wore out the host's memory they cost 45 to 120 ns and the Go
// 150 to 210; the ratio is 0.22 to 0.57 in any round. The 157 shared rules four times over with distinct literals, 628 in
// all, cost 0.7 to 2.5 µs an event, or 1.8 µs from JSON. Most of either is the look-up of fields in the maps.
package sigma
