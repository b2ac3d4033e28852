package risk

import "strings"

// sourceEntries is table D-2. The four types and the list of individuals were read in transcriptions that agree; what
// lies below the other types is recalled.
func sourceEntries() []SourceEntry {
	var out []SourceEntry
	add := func(source ThreatSource, path, title string) {
		e := SourceEntry{ID: string(source) + path, Source: source, Title: title, Read: recalled("D-2")}
		if path == "" || strings.HasPrefix(path, ".individual") {
			e.Read = readTypes()
		}
		out = append(out, e)
	}
	const adversarial, accidental, structural, environmental = ThreatSourceAdversarial, ThreatSourceAccidental, ThreatSourceStructural, ThreatSourceEnvironmental

	add(adversarial, "", "Somebody who means harm")
	add(adversarial, ".individual", "One person")
	add(adversarial, ".individual.outsider", "An outsider")
	add(adversarial, ".individual.insider", "An insider")
	add(adversarial, ".individual.trusted-insider", "A trusted insider")
	add(adversarial, ".individual.privileged-insider", "A privileged insider")
	add(adversarial, ".group", "A group")
	add(adversarial, ".group.ad-hoc", "A group formed for the occasion")
	add(adversarial, ".group.established", "An established group")
	add(adversarial, ".organization", "An organisation")
	add(adversarial, ".organization.competitor", "A competitor")
	add(adversarial, ".organization.supplier", "A supplier")
	add(adversarial, ".organization.partner", "A partner")
	add(adversarial, ".organization.customer", "A customer")
	add(adversarial, ".nation-state", "A state")

	add(accidental, "", "A mistake of somebody who means none")
	add(accidental, ".user", "A user")
	add(accidental, ".privileged-user", "A privileged user or administrator")

	add(structural, "", "Equipment, surroundings or software that fail")
	add(structural, ".it-equipment", "IT equipment")
	add(structural, ".it-equipment.storage", "Storage")
	add(structural, ".it-equipment.processing", "Processing")
	add(structural, ".it-equipment.communications", "Communications")
	add(structural, ".it-equipment.display", "Display")
	add(structural, ".it-equipment.sensor", "Sensor")
	add(structural, ".it-equipment.controller", "Controller")
	add(structural, ".environmental-controls", "Control of the surroundings")
	add(structural, ".environmental-controls.temperature-humidity", "Temperature or humidity")
	add(structural, ".environmental-controls.power-supply", "Power supply")
	add(structural, ".software", "Software")
	add(structural, ".software.operating-system", "Operating system")
	add(structural, ".software.networking", "Networking")
	add(structural, ".software.general-purpose", "General-purpose application")
	add(structural, ".software.mission-specific", "Application for a purpose of the entity's own")

	add(environmental, "", "Disasters and failures of what the entity depends on")
	add(environmental, ".disaster", "A natural or man-made disaster")
	add(environmental, ".disaster.fire", "Fire")
	add(environmental, ".disaster.flood", "Flood or tsunami")
	add(environmental, ".disaster.windstorm", "Windstorm or tornado")
	add(environmental, ".disaster.hurricane", "Hurricane")
	add(environmental, ".disaster.earthquake", "Earthquake")
	add(environmental, ".disaster.bombing", "Bombing")
	add(environmental, ".disaster.overrun", "Overrun")
	add(environmental, ".unusual-event", "An unusual natural event, for example sunspots")
	add(environmental, ".infrastructure", "Failure or outage of infrastructure")
	add(environmental, ".infrastructure.telecommunications", "Telecommunications")
	add(environmental, ".infrastructure.electrical-power", "Electrical power")
	return out
}
