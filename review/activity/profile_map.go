package activity

import (
	"slices"
	"strconv"
	"time"
)

// mapping is a profile made ready for reading.
type mapping struct {
	profile  Profile
	fields   []int // for each column, the position of its field in a row's values
	wanted   []int // the columns that fill something
	used     []int // the positions that columns fill, or defaults
	defaults [fieldCount]string
	blanks   [fieldCount]string            // what the defaults mean
	words    [fieldCount]map[string]string // of fields with a vocabulary: every word that means a member, and which
	layouts  []string
	needed   []int // the positions that must be filled
	instants bool  // the time is one cell, and RFC 3339 is tried first
	zone     *time.Location
	comma    byte
}

// The positions of the fields in a row's values: the order of [Field]'s values.
const (
	atRecorded = iota
	atID
	atActor
	atActorAlt
	atActorName
	atActorKind
	atPatient
	atAction
	atFamily
	atAct
	atObjectType
	atObject
	atOutcome
	atCode
	atAddr
	atHost
	atApp
	atPurpose
	atSession
	atIngested
	atIgnore
	fieldCount
)

// compile needs a profile that is valid.
func (p Profile) compile() *mapping {
	m := &mapping{profile: p, layouts: p.Layouts, zone: time.UTC, comma: ','}
	if p.Delimiter != "" {
		m.comma = p.Delimiter[0]
	}
	if len(m.layouts) == 0 {
		m.layouts = []string{time.RFC3339}
	}
	if zone, err := time.LoadLocation(p.Zone); err == nil {
		m.zone = zone
	}
	position := map[Field]int{}
	for i, f := range Field("").Values() {
		position[f] = i
		m.defaults[i] = p.Defaults[f]
		if members := vocabulary(f); members != nil {
			m.words[i] = map[string]string{}
			for _, word := range members {
				m.words[i][word] = word
			}
			for from, to := range p.Words[f] {
				m.words[i][from] = to
			}
		}
	}
	for i, c := range p.Columns {
		m.fields = append(m.fields, position[c.Field])
		if c.Field != FieldIgnore {
			m.wanted = append(m.wanted, i)
		}
	}
	for _, f := range p.Needed {
		if f != FieldRecorded { // which always is
			m.needed = append(m.needed, position[f])
		}
	}
	for at := range fieldCount {
		m.blanks[at] = m.words[at][m.defaults[at]]
		if slices.Contains(m.fields, at) || m.defaults[at] != "" {
			m.used = append(m.used, at)
		}
	}
	times := slices.DeleteFunc(slices.Clone(m.fields), func(at int) bool { return at != atRecorded })
	m.instants = m.layouts[0] == time.RFC3339 && len(times) == 1
	return m
}

// when reads a time.
func (m *mapping) when(text string) (time.Time, bool) {
	for _, layout := range m.layouts {
		switch layout {
		case layoutUnix, layoutUnixMilli:
			if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 && n < 1<<45 {
				if layout == layoutUnix {
					n *= 1000
				}
				return time.UnixMilli(n).UTC(), true
			}
			continue
		}
		t, err := time.ParseInLocation(layout, text, m.zone)
		if err != nil {
			continue
		}
		if !zoned(layout) {
			t = first(t)
		}
		return t.UTC(), true
	}
	return time.Time{}, false
}

// first returns the first instant at which a clock in t's zone shows what it shows at t.
func first(t time.Time) time.Time {
	const hour = time.Hour
	earlier := t.Add(-hour)
	_, now := t.Zone()
	_, then := earlier.Zone()
	if time.Duration(then-now)*time.Second == hour {
		return earlier
	}
	return t
}
