package hipaasmp

import (
	"strings"
	"unicode/utf8"
)

// ValidText reports whether s is plain text: UTF-8, at least one character that is not blank, and no control
// characters but tab and line feed. A JSON encoder would quietly replace bad UTF-8, and the text that was
// validated would not be the text that is kept.
func ValidText(s string) bool {
	if !utf8.ValidString(s) || strings.Trim(s, " \t\n") == "" {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c < 0x20 && c != '\t' && c != '\n' || c == 0x7f {
			return false
		}
	}
	return true
}
