package hipaasmp

// The functions below are the notation in which the catalogue's data files are written. They fill what the kind of a
// paragraph decides; within fills what a whole subpart has in common.

const (
	part102      = "45 CFR Part 102"
	part160A     = "45 CFR Part 160 Subpart A"
	part160C     = "45 CFR Part 160 Subpart C"
	part160D     = "45 CFR Part 160 Subpart D"
	part160E     = "45 CFR Part 160 Subpart E"
	part164A     = "45 CFR Part 164 Subpart A"
	part164C     = "45 CFR Part 164 Subpart C"
	part164D     = "45 CFR Part 164 Subpart D"
	part164E     = "45 CFR Part 164 Subpart E"
	statuteTitle = "42 U.S.C."
)

// inForceProvisions returns the catalogue of the edition in force, in the order of the law.
func inForceProvisions() []Provision {
	var all []Provision
	for _, group := range [][]Provision{
		enforcementProvisions(), designationProvisions(), generalProvisions(), administrativeProvisions(),
		physicalProvisions(), technicalProvisions(), organizationalProvisions(), documentationProvisions(),
		breachProvisions(), privacyProvisions(), statuteProvisions(),
	} {
		all = append(all, group...)
	}
	return all
}

// within fills the subpart, the edition and what is empty of the source, the binding and the parent.
func within(subpart string, binds Binding, source Source, provisions ...Provision) []Provision {
	for i := range provisions {
		p := &provisions[i]
		p.Subpart, p.Edition = subpart, EditionInForce
		if p.Parent == "" {
			p.Parent = p.Citation.Enclosing()
		}
		if p.Binds == "" {
			p.Binds = binds
		}
		if p.Source.ID == "" {
			p.Source = source
		}
	}
	return provisions
}

func section(c Citation, title, summary string) Provision {
	return Provision{Citation: c, Kind: ProvisionSection, Designation: DesignationNotApplicable, Title: title, Summary: summary,
		Source: sourceREG13()}
}

// heading is a paragraph that only holds others together. It was read in one source.
func heading(c Citation, title string) Provision {
	return Provision{Citation: c, Kind: ProvisionParagraph, Designation: DesignationNotApplicable, Title: title, Source: sourceREG13()}
}

func paragraph(c Citation, title, summary string) Provision {
	return Provision{Citation: c, Kind: ProvisionParagraph, Designation: DesignationNotApplicable, Title: title, Summary: summary}
}

func enforcement(c Citation, title, summary string) Provision {
	return Provision{Citation: c, Kind: ProvisionEnforcement, Designation: DesignationNotApplicable, Title: title, Summary: summary}
}

// standard is a standard whose specifications carry the designation.
func standard(c Citation, title, summary string) Provision {
	return Provision{Citation: c, Kind: ProvisionStandard, Designation: DesignationNotApplicable, Title: title, Summary: summary}
}

// standardAlone is a standard without a specification.
func standardAlone(c Citation, title, summary string) Provision {
	return Provision{Citation: c, Kind: ProvisionStandard, Designation: DesignationStandard, Title: title, Summary: summary}
}

func required(of, c Citation, title, summary string) Provision {
	return Provision{Citation: c, Parent: of, Kind: ProvisionSpecification, Designation: DesignationRequired, Title: title, Summary: summary}
}

func addressable(of, c Citation, title, summary string) Provision {
	return Provision{Citation: c, Parent: of, Kind: ProvisionSpecification, Designation: DesignationAddressable, Title: title, Summary: summary}
}

// quoting adds the words of the regulation.
func (p Provision) quoting(text string) Provision { p.Text = text; return p }

// binding overrides whom the group binds.
func (p Provision) binding(b Binding) Provision { p.Binds = b; return p }

// from overrides the source of the group.
func (p Provision) from(s Source) Provision { p.Source = s; return p }

// furtherOf marks a further paragraph of a standard that another paragraph opens.
func (p Provision) furtherOf(c Citation) Provision { p.SameStandard = c; p.Parent = c; return p }
