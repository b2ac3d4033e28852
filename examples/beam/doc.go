// Command beam hosts the detectors of package detect in Apache Beam: 45 CFR 164.308(a)(1)(ii)(D) for logs that already
// live where a Beam runner does.
//
//	cd examples/beam
//	go run . -format fhir -detectors R8,R10,R14 [-users users.csv] [-relations treat.csv] -out findings.json FILE...
//
// The tables have the columns of [detect.ReadRoster] and [detect.ReadRelations].
//
// A state of a detector is built by adding events and merging states, in any order and grouping, and is written to bytes
// and read again. That is what Beam asks of a CombineFn, so [Combine] is little more than the four names. One element of
// the pipeline is one file, which [Read] reads where it lies, so that a finding names the bytes of its events as a review
// on one machine does; the states of the files are merged by the runner. The findings, and the bytes of the state, are the
// same as those of one process over the same files. The test of this module holds that on the prism runner.
//
// # What it costs
//
// This module is nested and has a go.mod of its own, because Beam brings 72 modules into a program and 346 into the graph of
// modules. Measured on two cores that others used too: vetting, building and testing from an empty cache took 3 min 40 s of
// processor time, and the program has 91 MB, against 13 MB of examples/activity. Counting 200,000 lines by user and hour in
// Beam on one machine took 5 times the processor time and 25 times the memory of one goroutine that read the same lines.
//
// # When not to use it
//
// One core reads the month of a large academic centre in half a minute, so one entity needs package detect alone. Several
// tenants are several processes. A log in a database is better asked where it is: package review/detect/sqlpush renders
// detectors as SQL. Beam is for those who operate it already and whose logs are too large for one machine's disk.
//
// Prism, the runner that is started where no other is named, is a single process that keeps everything in memory: it is
// for tests. Runners on Flink, Spark or Dataflow need a job service and worker containers; the tables of context must
// then lie where every worker can read them.
//
// # What it leaves out
//
// Detectors that look at the bytes of entries, at digests of files or at the places that could not be read (Sigma rules,
// C3, C5 and C6) need more than events and are refused. Places that could not be read are counted by the
// metric "defects" of the pipeline. An entry without an identity that stands in two files is counted twice, as it is in
// one process.
package main
