package risk

// sp80030 is built once and never changed; its accessors give copies.
var sp80030 = newScale(ScaleTables{
	ID:     "nist-sp800-30r1/five-level/1",
	Levels: []Level{LevelVeryLow, LevelLow, LevelModerate, LevelHigh, LevelVeryHigh},
	// Table G-5: row is the likelihood of initiation or occurrence, column the likelihood of adverse impact.
	Likelihood: [][]Level{
		{LevelVeryLow, LevelVeryLow, LevelLow, LevelLow, LevelLow},
		{LevelVeryLow, LevelLow, LevelLow, LevelModerate, LevelModerate},
		{LevelLow, LevelLow, LevelModerate, LevelModerate, LevelHigh},
		{LevelLow, LevelModerate, LevelModerate, LevelHigh, LevelVeryHigh},
		{LevelLow, LevelModerate, LevelHigh, LevelVeryHigh, LevelVeryHigh},
	},
	// Table I-2: row is the overall likelihood, column the level of impact.
	Risk: [][]Level{
		{LevelVeryLow, LevelVeryLow, LevelVeryLow, LevelLow, LevelLow},
		{LevelVeryLow, LevelLow, LevelLow, LevelLow, LevelModerate},
		{LevelVeryLow, LevelLow, LevelModerate, LevelModerate, LevelHigh},
		{LevelVeryLow, LevelLow, LevelModerate, LevelHigh, LevelVeryHigh},
		{LevelVeryLow, LevelLow, LevelModerate, LevelHigh, LevelVeryHigh},
	},
	BinFrom: []int{0, 5, 21, 80, 96},
	BinTop:  100,
	Values:  []int{0, 2, 5, 8, 10},
}, "NIST SP 800-30 Rev. 1, tables G-5 and I-2 and the semi-quantitative values of tables D-3 to I-3; between the published whole numbers the bins are half-open")

// SP80030 returns the five-level scale of NIST SP 800-30 Rev. 1: table G-5 for the overall likelihood, table I-2 for
// the level of risk, the bins from 0 to 100 and the values from 0 to 10. NIST leaves an entity free to use another.
func SP80030() Scale { return sp80030 }
