package long

// Count returns the number of draws for a test: few normally, many with the long counts.
func Count(few, many int) int {
	if On {
		return many
	}
	return few
}
