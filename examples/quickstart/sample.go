package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/quant"
	"github.com/hipaasmp/hipaasmp/sanction"
	"github.com/hipaasmp/hipaasmp/storage"
)

// sampleStart is the first of the month that the sample clinic reviews first, unless -as-of says another day.
var sampleStart = hipaasmp.Day(2026, 9, 1)

// createdBefore is how many months before that month the clinic's profile begins; the month is found again by it.
const createdBefore = 80

// sample is the clinic with everything that it had before its first review.
type sample struct {
	calendar calendar
	entity   hipaasmp.Entity
	policy   sanction.Policy
	analysis risk.Analysis
	amounts  quant.Appraisal
	// documents are what is stored, in the order in which they came about.
	documents []hipaasmp.Document
}

// newSample builds the clinic around the month that is reviewed first.
func newSample(first hipaasmp.Date) (sample, error) {
	zone, err := time.LoadLocation(sampleZone)
	if err != nil {
		return sample{}, err
	}
	s := sample{calendar: calendar{zone: zone, first: first}}
	c := s.calendar
	s.entity = sampleEntity(c)
	before, now, err := sampleAnalyses(c, s.entity)
	if err != nil {
		return s, err
	}
	s.analysis = now
	if s.amounts, err = sampleAmounts(c); err != nil {
		return s, err
	}
	if s.policy, err = samplePolicy(c, s.entity); err != nil {
		return s, err
	}
	acks, err := sampleAcknowledgements(c, s.entity, s.policy)
	if err != nil {
		return s, err
	}
	remedies, err := sampleRemedies(c, s.entity, before, now)
	if err != nil {
		return s, err
	}
	k, outcome, err := sampleCase(c, s.entity, s.policy)
	if err != nil {
		return s, err
	}
	how, err := sampleRiskProcedure(c, s.entity)
	if err != nil {
		return s, err
	}
	procedure, err := sampleProcedure(c, s.entity)
	if err != nil {
		return s, err
	}
	incident, closed, err := sampleIncident(c, s.entity)
	if err != nil {
		return s, err
	}
	s.documents = []hipaasmp.Document{s.entity, s.policy, how, procedure, before, now}
	for _, a := range acks {
		s.documents = append(s.documents, a)
	}
	for _, i := range remedies.items {
		s.documents = append(s.documents, i)
	}
	for _, d := range remedies.completions {
		s.documents = append(s.documents, d)
	}
	s.documents = append(s.documents, remedies.plan, incident, closed, k, outcome)
	return s, nil
}

// storedStart returns the first of the month that an earlier run reviewed first, or the zero date where there was no
// earlier run.
func storedStart(ctx context.Context, s *storage.Store) (hipaasmp.Date, error) {
	e, _, err := storage.Get[hipaasmp.Entity](ctx, s, tenant, hipaasmp.Ref{Kind: hipaasmp.KindEntity, ID: tenant})
	if errors.Is(err, storage.ErrNotFound) {
		return hipaasmp.Date{}, nil
	}
	if err != nil {
		return hipaasmp.Date{}, fmt.Errorf("reading the clinic back: %w", err)
	}
	return e.Created.AddMonths(createdBefore), nil
}
