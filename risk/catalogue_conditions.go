package risk

// conditionEntries is table F-4, recalled throughout.
func conditionEntries() []ConditionEntry {
	var out []ConditionEntry
	for _, e := range [][2]string{
		{"information", "What the information is"},
		{"information.classified", "Classified information"},
		{"information.compartments", "Information in compartments"},
		{"information.controlled-unclassified", "Controlled unclassified information"},
		{"information.personal", "Information that identifies persons"},
		{"information.special-access", "Information of special access programmes"},
		{"information.agreement", "Information under an agreement, for example proprietary information"},
		{"technical", "How the technology is built"},
		{"technical.architectural", "How it is put together"},
		{"technical.architectural.standards", "Adherence to technical standards"},
		{"technical.architectural.products", "Use of particular products or product lines"},
		{"technical.architectural.collaboration", "Means for users to collaborate and share"},
		{"technical.architectural.common-controls", "Security functions left to common controls"},
		{"technical.functional", "How it is used"},
		{"technical.functional.networked", "Networked, for many users"},
		{"technical.functional.single-user", "For a single user"},
		{"technical.functional.stand-alone", "Stand-alone"},
		{"technical.functional.restricted", "Restricted in what it does"},
		{"operational", "How and where the work is done"},
		{"operational.mobility", "How far it moves"},
		{"operational.mobility.fixed", "At a fixed site"},
		{"operational.mobility.semi-mobile", "Semi-mobile, on land, at sea, in the air or in space"},
		{"operational.mobility.mobile", "Mobile, for example hand-held"},
		{"operational.population", "Who has physical or logical access"},
		{"operational.population.size", "How many they are"},
		{"operational.population.vetting", "How they are vetted"},
	} {
		out = append(out, ConditionEntry{ID: e[0], Title: e[1], Read: recalled("F-4")})
	}
	return out
}

// severities is table F-2.
func severities() []Meaning {
	return meanings([5]string{
		"The remedy is in place, was assessed and works.",
		"The remedy is in place and works somewhat.",
		"The remedy is in place in part.",
		"The remedy is planned; other controls compensate.",
		"There is no remedy in place or planned, or none can be found.",
	})
}

// pervasiveness is table F-5.
func pervasiveness() []Meaning {
	return meanings([5]string{
		"It applies to few missions, processes or systems.",
		"It applies to some missions, processes or systems.",
		"It applies to many missions, processes or systems.",
		"It applies to most missions, processes or systems.",
		"It applies to all missions, processes or systems.",
	})
}

func meanings(words [5]string) []Meaning {
	out := make([]Meaning, len(words))
	for i, l := range LevelNotAssessed.Values()[:len(words)] {
		out[i] = Meaning{Level: l, Means: words[i], Read: readSSVC()}
	}
	return out
}
