package risk_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// anyOf draws a member of an enumeration.
func anyOf[E any](values []E) *rapid.Generator[E] { return rapid.SampledFrom(values) }

// anyText draws plain text in several scripts, with the characters that JSON and HTML escape.
func anyText() *rapid.Generator[string] {
	return rapid.Map(rapid.StringOfN(rapid.SampledFrom([]rune("aZ9 é漢😀<&>\"'\\/\u2028\u0085-")), 0, 12, -1),
		func(s string) string { return "x" + s })
}

func anyInstant() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		return began.Add(-time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "microseconds")) * time.Microsecond)
	})
}

func anyDate() *rapid.Generator[hipaasmp.Date] {
	return rapid.Custom(func(t *rapid.T) hipaasmp.Date {
		return day("2020-01-01").AddDays(rapid.IntRange(0, 4000).Draw(t, "day"))
	})
}

func anyActor() *rapid.Generator[hipaasmp.Actor] {
	return rapid.SampledFrom([]hipaasmp.Actor{manager, official, analyst, {ID: "system:import", Role: hipaasmp.RoleSystem}})
}

func anyScore() *rapid.Generator[*risk.Score] {
	return rapid.Custom(func(t *rapid.T) *risk.Score {
		s, err := risk.NewScore(risk.SP80030(), risk.Judgment{
			Initiation: anyLevel().Draw(t, "initiation"), Adverse: anyLevel().Draw(t, "adverse"), Impact: anyLevel().Draw(t, "impact"),
		}, anyActor().Draw(t, "by"), anyInstant().Draw(t, "at"))
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "explained") {
			s.Rationale = anyText().Draw(t, "rationale")
		}
		return &s
	})
}

func anyAsset(id string) *rapid.Generator[risk.Asset] {
	return rapid.Custom(func(t *rapid.T) risk.Asset {
		a := risk.Asset{ID: id, Name: anyText().Draw(t, "name"), Class: anyOf(risk.AssetClass("").Values()).Draw(t, "class")}
		if rapid.Bool().Draw(t, "verbs") {
			a.Handles = rapid.SliceOfNDistinct(anyOf(risk.Handling("").Values()[:4]), 1, 4, rapid.ID[risk.Handling]).Draw(t, "handles")
		} else {
			a.Handles = []risk.Handling{anyOf(risk.Handling("").Values()).Draw(t, "handles")}
		}
		if a.Class != risk.AssetClassBusinessAssociate && rapid.Bool().Draw(t, "kind said") {
			a.Kind = anyOf(risk.EntryKind("").Values()).Draw(t, "kind")
		}
		if rapid.Bool().Draw(t, "dated") {
			a.InService = anyDate().Draw(t, "in service")
			a.Retired = a.InService.AddDays(rapid.IntRange(0, 900).Draw(t, "retired"))
		}
		if rapid.Bool().Draw(t, "vendor") {
			a.Vendor = &risk.Vendor{Name: anyText().Draw(t, "vendor"), Standing: anyOf(risk.VendorStanding("").Values()).Draw(t, "standing")}
			if rapid.Bool().Draw(t, "agreement") {
				a.Vendor.Agreement = &risk.Agreement{Signed: anyDate().Draw(t, "signed")}
				if rapid.Bool().Draw(t, "term") {
					a.Vendor.Agreement.Expires = a.Vendor.Agreement.Signed.AddDays(365)
				}
			}
			a.Location, a.Owner = anyText().Draw(t, "location"), "wf-002"
			a.Vendor.Holds = rapid.SliceOfN(anyText(), 0, 2).Draw(t, "holds")
			for i := range rapid.IntRange(0, 3).Draw(t, "subcontractors") {
				s := risk.Subcontractor{ID: fmt.Sprintf("s.%d", i), Name: anyText().Draw(t, "subcontractor")}
				if i > 0 && rapid.Bool().Draw(t, "of another") {
					s.Of = fmt.Sprintf("s.%d", i-1)
				}
				if rapid.Bool().Draw(t, "subcontract") {
					s.Agreement = &risk.Agreement{Signed: anyDate().Draw(t, "signed")}
				}
				a.Vendor.Subcontractors = append(a.Vendor.Subcontractors, s)
			}
			a.Vendor.NoSubcontractors = a.Vendor.Subcontractors == nil && rapid.Bool().Draw(t, "none below")
		}
		return a
	})
}

// anyAssessment draws an assessment that holds together: every reference points somewhere and every rule is kept.
func anyAssessment() *rapid.Generator[risk.Assessment] {
	return rapid.Custom(func(t *rapid.T) risk.Assessment {
		s := risk.Assessment{Title: anyText().Draw(t, "title"), Scope: anyText().Draw(t, "scope")}
		n := rapid.IntRange(1, 4).Draw(t, "assets")
		used := map[risk.AssetClass]bool{}
		for i := range n {
			a := anyAsset(fmt.Sprintf("a.%d", i)).Draw(t, "asset")
			used[a.Class] = true
			s.Inventory.Assets = append(s.Inventory.Assets, a)
		}
		pick := func(label, prefix string, n int) string {
			return fmt.Sprintf("%s.%d", prefix, rapid.IntRange(0, n-1).Draw(t, label))
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "flows") {
			s.Inventory.Flows = append(s.Inventory.Flows, risk.Flow{ID: fmt.Sprintf("flow:%d", i), From: pick("from", "a", n), To: pick("to", "a", n),
				What: anyText().Draw(t, "what"), Encryption: anyOf(risk.Encryption("").Values()).Draw(t, "encryption")})
		}
		for _, c := range risk.AssetClass("").Values() {
			if !used[c] && rapid.Bool().Draw(t, "declared") {
				s.Inventory.DeclaredNone = append(s.Inventory.DeclaredNone, risk.ClassDeclaration{Class: c, Reason: anyText().Draw(t, "reason"),
					By: anyActor().Draw(t, "by"), At: anyInstant().Draw(t, "at")})
			}
		}
		threats, vulnerabilities, safeguards := rapid.IntRange(1, 3).Draw(t, "threats"), rapid.IntRange(1, 3).Draw(t, "vulnerabilities"), rapid.IntRange(1, 3).Draw(t, "safeguards")
		for i := range threats {
			s.Threats = append(s.Threats, risk.Threat{ID: fmt.Sprintf("t.%d", i), Source: anyOf(risk.ThreatSource("").Values()).Draw(t, "source"), Event: anyText().Draw(t, "event")})
		}
		events := risk.ThreatCatalogue{}.Events()
		for i, threat := range s.Threats {
			if e := anyOf(events).Draw(t, "catalogue event"); e.Adversarial() == (threat.Source == risk.ThreatSourceAdversarial) {
				s.Threats[i].CatalogueEvent, s.Threats[i].SourceEntry = e.ID, string(threat.Source)
			}
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "conditions") {
			s.Conditions = append(s.Conditions, risk.Condition{ID: fmt.Sprintf("c.%d", i), Title: anyText().Draw(t, "condition"),
				CatalogueEntry: anyOf(risk.ThreatCatalogue{}.Conditions()).Draw(t, "catalogue condition").ID, Pervasiveness: anyLevel().Draw(t, "pervasiveness")})
		}
		for i := range vulnerabilities {
			s.Vulnerabilities = append(s.Vulnerabilities, risk.Vulnerability{ID: fmt.Sprintf("v.%d", i), Title: anyText().Draw(t, "weakness"), Severity: anyLevel().Draw(t, "severity")})
		}
		for i := range safeguards {
			g := risk.Safeguard{ID: fmt.Sprintf("s.%d", i), Title: anyText().Draw(t, "measure"), Effectiveness: anyOf(risk.Effectiveness("").Values()).Draw(t, "verdict")}
			if g.Effectiveness != risk.EffectivenessNotAssessed {
				g.How = anyOf(risk.Method("").Values()).Draw(t, "how")
			}
			g.Citations = rapid.SliceOfN(rapid.SampledFrom([]hipaasmp.Citation{hipaasmp.CiteAccessControl, hipaasmp.CiteAuditControls}), 0, 2).Draw(t, "citations")
			s.Safeguards = append(s.Safeguards, g)
		}
		for i := range rapid.IntRange(1, 5).Draw(t, "findings") {
			x := risk.Finding{ID: fmt.Sprintf("f.%d", i), Title: anyText().Draw(t, "finding"), Assets: []string{pick("asset", "a", n)}, Threat: pick("threat", "t", threats),
				Confidentiality: true, Integrity: rapid.Bool().Draw(t, "integrity"), Availability: rapid.Bool().Draw(t, "availability")}
			if rapid.Bool().Draw(t, "weak") {
				x.Vulnerability = pick("vulnerability", "v", vulnerabilities)
			}
			if len(s.Conditions) > 0 && rapid.Bool().Draw(t, "predisposed") {
				x.Conditions = []string{pick("condition", "c", len(s.Conditions))}
			}
			if rapid.Bool().Draw(t, "guarded") {
				x.Safeguards = []string{pick("safeguard", "s", safeguards)}
			} else {
				x.NoSafeguards = rapid.Bool().Draw(t, "none")
			}
			score := func(label string) *risk.Score {
				if !rapid.Bool().Draw(t, label) {
					return nil
				}
				return anyScore().Draw(t, label)
			}
			x.Inherent, x.Current, x.Residual = score("inherent"), score("current"), score("residual")
			if x.ResidualLevel().Assessed() {
				x.Measures = []string{"item:1"}
				if !x.CurrentLevel().Assessed() {
					x.Residual = nil
				}
			}
			s.Findings = append(s.Findings, x)
		}
		return s
	})
}

func anyDraft(tb testing.TB) *rapid.Generator[risk.Draft] {
	return rapid.Custom(func(t *rapid.T) risk.Draft {
		if rapid.Bool().Draw(t, "carried") {
			d, err := risk.CarryForward(anyFirstAnalysis(tb).Draw(t, "last"), "draft", anyActor().Draw(t, "by"), approved)
			if err != nil {
				t.Fatal(err)
			}
			return settled(t, d, rapid.IntRange(0, len(d.Carried)).Draw(t, "settled"))
		}
		d, err := risk.NewDraft("draft", anyAssessment().Draw(t, "content"), anyActor().Draw(t, "by"), began)
		if err != nil {
			t.Fatal(err)
		}
		return d
	})
}

// settled settles the first n carried findings of a draft, each in one of the three ways.
func settled(t *rapid.T, d risk.Draft, n int) risk.Draft {
	for i, id := range d.Unconfirmed()[:n] {
		var err error
		switch way := rapid.IntRange(0, 2).Draw(t, "way"); {
		case way == 2 && i > 0: // one finding always stays
			d, err = d.Remove(id, anyText().Draw(t, "reason"), analyst, approved)
		case way == 1:
			x, _ := d.Finding(id)
			s := *anyScore().Draw(t, "again")
			s.At, x.Current, x.Residual, x.Measures = approved, &s, nil, nil
			d, err = d.Rescore(x, analyst, approved)
		default:
			d, err = d.Confirm(id, analyst, approved)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func anyFirstAnalysis(tb testing.TB) *rapid.Generator[risk.Analysis] {
	zone := chicago(tb)
	return rapid.Custom(func(t *rapid.T) risk.Analysis {
		d, err := risk.NewDraft("draft", anyAssessment().Draw(t, "content"), anyActor().Draw(t, "by"), began)
		if err != nil {
			t.Fatal(err)
		}
		a, err := d.Approve("first", manager, official, approved, zone, may(), anyOf(five).Draw(t, "acceptable"), risk.First(anyText().Draw(t, "explanation")))
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
}

// anyAnalysis draws a first or a second analysis, in effect or superseded.
func anyAnalysis(tb testing.TB) *rapid.Generator[risk.Analysis] {
	zone := chicago(tb)
	return rapid.Custom(func(t *rapid.T) risk.Analysis {
		a := anyFirstAnalysis(tb).Draw(t, "first")
		if rapid.Bool().Draw(t, "second") {
			d, err := risk.CarryForward(a, "draft-2", analyst, approved)
			if err != nil {
				t.Fatal(err)
			}
			d = settled(t, d, len(d.Carried))
			a, err = d.Approve("second", manager, official, approved.Add(time.Hour), zone, may(), anyOf(five).Draw(t, "acceptable"), risk.After(a.DocumentRef()))
			if err != nil {
				t.Fatal(err)
			}
		}
		if rapid.Bool().Draw(t, "superseded") {
			var err error
			if a, err = a.Supersede(hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "next"}, a.Approval.On.AddDays(rapid.IntRange(0, 900).Draw(t, "days"))); err != nil {
				t.Fatal(err)
			}
		}
		return a
	})
}
