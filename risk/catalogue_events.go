package risk

import "fmt"

// eventCategory is a heading of table E-2 with its events. The first verified from the front and the last verified from
// the back were read in the draft of SP 800-66 Rev. 2; the others are recalled, and so are the numbers of events.
type eventCategory struct {
	title       string
	front, back int
	events      []string
}

func adversarialEvents() []EventEntry {
	var out []EventEntry
	for i, c := range adversarialCategories() {
		for j, title := range c.events {
			e := EventEntry{ID: fmt.Sprintf("E-2.%d.%d", i+1, j+1), Category: c.title, Title: title, Read: recalled("E-2")}
			if j < c.front || j >= len(c.events)-c.back {
				e.Read = readDraft66()
			}
			out = append(out, e)
		}
	}
	return out
}

func adversarialCategories() []eventCategory {
	return []eventCategory{
		{title: "Reconnoitre and gather information", front: 5, events: []string{
			"Scan the perimeter of the network",
			"Sniff networks that are exposed",
			"Find out about the organisation from open sources",
			"Reconnoitre or watch a chosen organisation",
			"Reconnoitre from inside by malware",
		}},
		{title: "Craft or create attack tools", events: []string{
			"Craft phishing",
			"Craft phishing aimed at chosen people",
			"Craft attacks on the technology that is in use",
			"Build a counterfeit website",
			"Forge certificates",
			"Put false front organisations into the supply chain",
		}},
		{title: "Deliver, insert or install malicious capabilities", events: []string{
			"Deliver known malware",
			"Deliver modified malware",
			"Deliver targeted malware",
			"Deliver malware on removable media",
			"Put untargeted malware into downloadable or commercial software",
			"Put targeted malware into systems",
			"Put specialised malware into systems by their configuration",
			"Put counterfeit hardware into the supply chain",
			"Put tampered components into critical systems",
			"Install general sniffers",
			"Install persistent, targeted sniffers",
			"Bring malicious scanning devices into facilities",
			"Place subverted people",
			"Place subverted people with privileges",
		}},
		{title: "Exploit and compromise", events: []string{
			"Use the physical access of staff",
			"Use systems that are open to the Internet without authorisation or by poor configuration",
			"Use split tunnelling",
			"Use the sharing of a system by several tenants",
			"Use known vulnerabilities of mobile systems",
			"Use recent vulnerabilities",
			"Use vulnerabilities of internal systems",
			"Use vulnerabilities that nobody else knows of",
			"Time an attack to the organisation's work",
			"Use incomplete deletion among several tenants",
			"Break the isolation between tenants",
			"Compromise critical systems by physical access",
			"Compromise devices outside and bring them back",
			"Compromise the software of critical systems",
			"Compromise systems in order to carry data out",
			"Compromise information that the work depends on",
			"Compromise design, manufacture or distribution",
		}},
		{title: "Conduct an attack", events: []string{
			"Intercept communications",
			"Jam wireless communications",
			"Attack over ports and protocols that are not authorised",
			"Attack over traffic that may cross the perimeter",
			"Deny service in a simple way",
			"Deny service from many places",
			"Deny service to a chosen target",
			"Attack facilities physically",
			"Attack the infrastructure behind facilities",
			"Attack facilities through the systems that control them",
			"Collect data left behind in the cloud",
			"Guess log-ins by brute force",
			"Attack anybody through vulnerabilities that nobody else knows of",
			"Hijack sessions from outside",
			"Hijack sessions from inside",
			"Stand between two parties from outside",
			"Stand between two parties from inside",
			"Manipulate people from outside",
			"Manipulate people from inside",
			"Attack personal devices of critical employees",
			"Attack through the supply chain",
		}},
		{title: "Achieve results", events: []string{
			"Obtain information by sniffing external networks",
			"Carry information out",
			"Degrade or deny chosen services",
			"Destroy critical components",
			"Damage the integrity of public systems",
			"Pollute critical data",
			"Inject false but believable data",
			"Have authorised users disclose information",
			"Spill information",
			"Intercept external wireless communications",
			"Obtain access without authorisation",
			"Obtain information from publicly accessible systems",
			"Steal when there is an opportunity",
		}},
		{title: "Maintain a presence", events: []string{
			"Hide what was done",
			"Adapt to being watched",
		}},
		{title: "Coordinate a campaign", back: 3, events: []string{
			"Coordinate an attack in several stages",
			"Coordinate internal and external attacks",
			"Coordinate attacks across organisations",
			"Spread from a presence that exists",
			"Adapt continuously",
			"Combine outside, insider and supply-chain attacks",
		}},
	}
}

// otherEvents is table E-3. The first eight were read in the draft of SP 800-66 Rev. 2.
func otherEvents() []EventEntry {
	const seen = 8
	var out []EventEntry
	for i, title := range []string{
		"Sensitive information is spilled",
		"Authorised users mishandle sensitive information",
		"Privileges are set wrongly",
		"Communications are contended for",
		"A display cannot be read",
		"Earthquake at the primary facility",
		"Fire at the primary facility",
		"Fire at the backup facility",
		"Flood at the primary facility",
		"Flood at the backup facility",
		"Hurricane at the primary facility",
		"Hurricane at the backup facility",
		"Resources run out",
		"Vulnerabilities come in with software products",
		"A disk fails",
		"Disks fail widely",
		"Windstorm or tornado at the primary facility",
		"Windstorm or tornado at the backup facility",
	} {
		e := EventEntry{ID: fmt.Sprintf("E-3.%d", i+1), Title: title, Read: recalled("E-3")}
		if i < seen {
			e.Read = readDraft66()
		}
		out = append(out, e)
	}
	return out
}
