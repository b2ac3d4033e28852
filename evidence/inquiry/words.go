package inquiry

import (
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// count says "1 case" and "2 cases".
func count(n int, one, many string) string {
	return fmt.Sprintf("%d %s", n, verb(n, one, many))
}

// verb takes the form that goes with the number of its subjects.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// named lists identities for a sentence: the first three, and how many more.
func named(list []hipaasmp.Ref) string {
	const most = 3
	words := make([]string, 0, most+1)
	for i, ref := range list {
		if i == most {
			words = append(words, count(len(list)-most, "other document", "other documents"))
			break
		}
		words = append(words, ref.String())
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// later returns the later of two days, either of which may be unset.
func later(a, b hipaasmp.Date) hipaasmp.Date {
	if a.After(b) {
		return a
	}
	return b
}

// earlier returns the earlier of two days; one that is unset does not count.
func earlier(a, b hipaasmp.Date) hipaasmp.Date {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
