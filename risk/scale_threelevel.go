package risk

// threeLevel is the part of tables G-5 and I-2 that the levels low, moderate and high span. Both parts are closed: they
// give no other level.
var threeLevel = newScale(ScaleTables{
	ID:     "entity-choice/sp800-66r2-style/three-level/1",
	Levels: []Level{LevelLow, LevelModerate, LevelHigh},
	Likelihood: [][]Level{
		{LevelLow, LevelLow, LevelModerate},
		{LevelLow, LevelModerate, LevelModerate},
		{LevelModerate, LevelModerate, LevelHigh},
	},
	Risk: [][]Level{
		{LevelLow, LevelLow, LevelLow},
		{LevelLow, LevelModerate, LevelModerate},
		{LevelLow, LevelModerate, LevelHigh},
	},
	BinFrom: []int{0, 21, 80},
	BinTop:  100,
	Values:  []int{2, 5, 8},
}, "The entity's choice: SP 800-66 Rev. 2 leaves an entity free to use another scale (draft of July 2022, page 27). "+
	"The tables are the rows and columns low, moderate and high of tables G-5 and I-2 of SP 800-30 Rev. 1; that reduction is this module's, "+
	"and no publication of NIST was seen to print it")

// ThreeLevel returns a scale of three levels, low, moderate and high, in the style of NIST SP 800-66 Rev. 2. It is a
// choice of the entity and no table of NIST's: the publication lets an entity use another scale than the five levels,
// and the tables here are those five reduced to three; see [Scale.Source]. Its scores do not compare with those of
// [SP80030] without a [Conversion].
func ThreeLevel() Scale { return threeLevel }
