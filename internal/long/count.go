package long

// Count returns the number of draws for a test: few normally, many with the long counts.
func Count(few, many int) int {
	if On {
		return many
	}
	return few
}

// Drill returns the count of a drill: few normally, many with the long counts, all with the counts of a release. The race
// detector makes a database ten times slower and finds nothing more in the hundredth repetition, so under it the count
// stays few.
func Drill(few, many, all int) int {
	switch {
	case Race:
		return few
	case Full:
		return all
	}
	return Count(few, many)
}
