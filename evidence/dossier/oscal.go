package dossier

import (
	"errors"
	"io"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
	"github.com/hipaasmp/hipaasmp/risk"
)

const mediaJSON = "application/json"

// oscalParts renders the catalogue of the rule in force on the day and, where there is an analysis and an item to plan,
// the plan of action and milestones, with the records in it so that a reader of OSCAL can check it against them.
// A plan that cannot be rendered for want of an item leaves no file: the gaps say what is missing.
func oscalParts(r inquiry.Records, opts Options) ([]evidence.Part, error) {
	if opts.AsOf.IsZero() || opts.Made.IsZero() {
		return nil, nil // evidence.Write says which option is missing
	}
	edition, err := hipaasmp.Catalogue{}.At(opts.AsOf)
	if err != nil {
		return nil, err
	}
	catalog, err := oscal.NewCatalog(edition, opts.Made)
	if err != nil {
		return nil, err
	}
	parts := []evidence.Part{{Name: "oscal/catalog.json", MediaType: mediaJSON, Write: func(w io.Writer) error { return catalog.Write(w) }}}
	analysis, ok := risk.InEffect(r.Analyses, opts.AsOf)
	if !ok {
		return parts, nil
	}
	plan, err := oscal.NewPOAM(oscal.Source{
		Entity: r.Entity, Analysis: analysis, Items: r.Items, Acceptances: r.Acceptances,
		AsOf: opts.AsOf, Made: opts.Made, Attach: opts.Withhold == nil,
	})
	var empty *oscal.EmptyPlanError
	if errors.As(err, &empty) {
		return parts, nil
	}
	if err != nil {
		return nil, err
	}
	return append(parts, evidence.Part{Name: "oscal/poam.json", MediaType: mediaJSON, Write: plan.Write}), nil
}
