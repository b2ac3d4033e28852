package risk

import hipaasmp "github.com/hipaasmp/hipaasmp"

// The readings behind the catalogue. The publication was not at hand, only transcriptions of parts of it.

func reading(id, title, locator string, c hipaasmp.Confidence) hipaasmp.Source {
	return hipaasmp.Source{ID: id, Title: title, Locator: locator, Read: hipaasmp.Day(2026, 11, 22), Confidence: c}
}

// recalled marks an entry that no document was seen to state. Its day is the one on which it was written down.
func recalled(table string) hipaasmp.Source {
	return reading("SP800-30R1", "NIST SP 800-30 Rev. 1, table "+table+", from memory", "the document was not read", hipaasmp.ConfidenceRecalled)
}

// readDraft66 is the draft of SP 800-66 Rev. 2, whose appendix shows the first and the last rows of the tables of events.
func readDraft66() hipaasmp.Source {
	return reading("ISSUU", "NIST SP 800-66 Rev. 2, initial public draft (July 2022), pages 107 and 115", "page images on issuu.com", hipaasmp.ConfidenceOne)
}

// readSSVC is a transcription of the wording of the scales.
func readSSVC() hipaasmp.Source {
	return reading("SSVC", "CERTCC/SSVC, scales of NIST SP 800-30 Rev. 1", "github.com/CERTCC/SSVC, branch feature/809-nist-sp-800-30", hipaasmp.ConfidenceOne)
}

// readTypes is the top of the taxonomy and its list of individuals, which several transcriptions give alike.
func readTypes() hipaasmp.Source {
	return reading("D-2", "NIST SP 800-30 Rev. 1, table D-2, transcriptions that agree", "public repositories and policy templates", hipaasmp.ConfidenceTwo)
}
