package detect_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// hospital is a month of a hospital for measurements.
func hospital(n int) []activity.Event {
	rng := rand.New(rand.NewPCG(1, 1))
	out := make([]activity.Event, n)
	for i := range out {
		user := rng.IntN(5000)
		out[i] = activity.Event{Source: "ehr", ID: fmt.Sprint(i), Recorded: start.Add(time.Duration(i) * 30 * oneDay / time.Duration(n)),
			Actor: activity.Actor{ID: fmt.Sprintf("u%05d", user)}, Action: activity.ActionRead, Family: activity.FamilyView, Outcome: activity.OutcomeSuccess,
			Patients: []activity.Patient{{ID: fmt.Sprintf("MRN%07d", (user*50+rng.IntN(400))%250_000)}}, From: activity.Origin{Addr: fmt.Sprintf("10.%d.%d.1", user%16, user%200)}, Session: fmt.Sprintf("%016x", uint64(user)<<32|uint64(i*720/n)), Raw: activity.Raw{File: "f", Offset: int64(i) * 300, Length: 300}}
		if i%30 == 0 {
			out[i].Action, out[i].Family, out[i].Patients = activity.ActionLogin, activity.FamilyLogin, nil
		}
	}
	return out
}

// BenchmarkDetectors measures what each detector costs alone, and all of them together, in processor time. Other work on
// the machine inflates times, so each is also told as a ratio to the SHA-256 of 300 bytes, the length of an entry, taken in
// the same round.
func BenchmarkDetectors(b *testing.B) {
	log := hospital(200_000)
	var people []detect.Person
	var relations []detect.Relation
	for i := range 5000 {
		people = append(people, detect.Person{ID: fmt.Sprintf("u%05d", i), Role: "nurse", Department: fmt.Sprint(i % 12), Patients: []activity.Patient{{ID: fmt.Sprintf("MRN%07d", i*7)}}, Shift: detect.Shift{Start: 0, Length: 1440}})
	}
	for _, e := range log {
		for _, p := range e.Patients {
			relations = append(relations, detect.Relation{Actor: e.Actor.ID, Patient: p})
		}
	}
	c := detect.Context{People: detect.NewRoster(people, nil, nil), Relations: detect.NewRelations(relations)}
	all := detect.All(c)
	for _, d := range all {
		b.Run(string(d.Describe().ID), func(b *testing.B) { measure(b, log, d) })
	}
	b.Run("none", func(b *testing.B) { measure(b, log) })
	b.Run("all", func(b *testing.B) { measure(b, log, all...) })
}

func measure(b *testing.B, log []activity.Event, detectors ...detect.Detector) {
	line := make([]byte, 300)
	var spent, yard time.Duration
	for b.Loop() {
		begun := processorTime()
		run := detect.Start(detectors...)
		for from := 0; from < len(log); from += 250 {
			run.AddAll(log[from : from+250])
		}
		added := processorTime()
		for i := range log {
			line[0] = byte(i)
			sha256.Sum256(line)
		}
		spent, yard = spent+added-begun, yard+processorTime()-added
	}
	n := float64(b.N) * float64(len(log))
	b.ReportMetric(float64(spent)/n, "cpu-ns/event")
	b.ReportMetric(float64(spent)/float64(max(yard, 1)), "x-sha256")
}
