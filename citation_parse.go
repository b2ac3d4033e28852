package hipaasmp

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCitation bounds the work on hostile input: no citation that a person writes comes near it.
const maxCitation = 200

// ParseCitation reads a citation in any usual spelling and returns the canonical one. It accepts the title, the part
// and the subpart in front or none of them, the section sign, "Sec." and "Section", "U.S.C." for a statute, blanks of
// every kind between the parts, and one mark of punctuation behind:
//
//	45 CFR 164.308(a)(1)(ii)(A)
//	45 C.F.R. § 164.308 (a)(1)(ii)(A)
//	45 CFR Part 164, Subpart C, Sec. 164.308(a)(1)(ii)(A)
//	§164.308
//	42 U.S.C. § 17941
//
// It refuses what the edition in force does not have, ranges and lists, and a part or subpart that contradicts the
// section. Letter case in paragraphs matters: (a) and (A) are different paragraphs. The error is always an
// [*UnknownCitationError], which names what is nearest.
func ParseCitation(s string) (Citation, error) { return law().inForce.parse(s) }

// written is a citation as it was written, taken apart.
type written struct {
	citation Citation // canonical spelling of what was read, whether or not it exists; "" if no section was read
	part     string   // the part named in front of the section, or ""
	subpart  string   // the letter of the subpart named in front, or ""
	reason   string   // why the text as a whole is no citation, or ""
}

// readCitation takes s apart without asking whether the provision exists.
func readCitation(s string) written {
	if len(s) > maxCitation {
		return written{reason: fmt.Sprintf("it is longer than %d bytes, which no citation is", maxCitation)}
	}
	text, reason := plain(s)
	if reason != "" {
		return written{reason: reason}
	}
	r := citationReader{rest: strings.TrimSpace(text)}
	return r.read()
}

// plain folds the blanks and hyphens of word processors into their ASCII forms and drops what has no width. Anything
// else beyond ASCII, but for the section sign, has no place in a citation.
func plain(s string) (text, reason string) {
	if !utf8.ValidString(s) {
		return "", "it is not UTF-8"
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r == '\u00ad' || r == '\u200b' || r == '\u2060' || r == '\ufeff':
		case r >= '\u2010' && r <= '\u2014' || r == '\u2212':
			b.WriteByte('-')
		case r > 0x20 && r < 0x7f, r == '§':
			b.WriteRune(r)
		default:
			return "", fmt.Sprintf("it holds %q, which no citation does", r)
		}
	}
	return b.String(), ""
}

// citationReader reads a citation from left to right. Every step consumes at least one byte, so the work is linear.
type citationReader struct {
	rest string
	got  written
}

func (r *citationReader) read() written {
	if r.rest == "" {
		r.got.reason = "it is empty"
		return r.got
	}
	title, code, ok := r.front()
	if !ok {
		return r.got
	}
	if code == "usc" {
		r.statute(title)
	} else {
		r.section(title)
	}
	if r.got.reason == "" {
		r.paragraphs()
	}
	return r.got
}

// front reads what stands before the section: title, code, part, subpart, section sign. It stops at the section.
func (r *citationReader) front() (title, code string, ok bool) {
	for {
		r.blank()
		switch {
		case r.rest == "":
			r.got.reason = "it names no section; cite a section such as 164.308"
			return "", "", false
		case strings.HasPrefix(r.rest, "§"):
			r.rest = r.rest[len("§"):]
		case r.rest[0] == ',' || r.rest[0] == ':':
			r.rest = r.rest[1:]
		case isDigit(r.rest[0]):
			if code == "usc" || r.atSection() {
				return title, code, true
			}
			n := r.take(isDigit)
			if title != "" {
				r.got.reason = fmt.Sprintf("%s is no section; cite a section such as 164.308", clip(n))
				return "", "", false
			}
			title = n
		default:
			word := strings.ToLower(strings.ReplaceAll(r.take(isWord), ".", ""))
			switch word {
			case "hipaa", "security", "privacy", "breach", "notification", "enforcement", "rule", "title":
			case "sec", "secs", "sect", "section", "sections":
			case "cfr", "usc":
				code = word
			case "part", "parts", "pt":
				r.blank()
				r.got.part = r.take(isDigit)
				if r.got.part == "" {
					r.got.reason = "no number follows the word part"
					return "", "", false
				}
				if strings.HasPrefix(r.rest, ".") {
					r.rest, r.got.part = r.got.part+r.rest, ""
				}
			case "subpart", "subpt":
				r.blank()
				r.got.subpart = strings.ToUpper(r.take(isLetter))
				if len(r.got.subpart) != 1 {
					r.got.reason = "no letter follows the word subpart"
					return "", "", false
				}
			default:
				r.got.reason = "it does not begin as a citation does; write it like 45 CFR 164.308(a)(1)(ii)(A)"
				return "", "", false
			}
		}
	}
}

// section reads 164.308.
func (r *citationReader) section(title string) {
	part := r.take(isDigit)
	r.rest = r.rest[1:]
	r.got.citation = Citation(part + "." + r.take(isDigit))
	switch {
	case title != "" && title != "45":
		r.got.reason = fmt.Sprintf("it names title %s of the CFR; HIPAA stands in title 45", clip(title))
	case r.got.part != "" && r.got.part != part:
		r.got.reason = fmt.Sprintf("the section does not lie in part %s", clip(r.got.part))
	}
}

// statute reads the section of a title of the United States Code, such as 1320d-6.
func (r *citationReader) statute(title string) {
	if title == "" {
		r.got.reason = "it names no title of the United States Code; write it like 42 USC 17941"
		return
	}
	r.got.citation = Citation(title + statuteMark + r.take(func(c byte) bool { return isDigit(c) || isLetter(c) || c == '-' }))
}

// paragraphs reads (a)(1)(ii)(A) and what stands behind.
func (r *citationReader) paragraphs() {
	for {
		r.blank()
		if !strings.HasPrefix(r.rest, "(") {
			break
		}
		r.rest = r.rest[1:]
		r.blank()
		name := r.take(func(c byte) bool { return isDigit(c) || isLetter(c) })
		r.blank()
		if name == "" || !strings.HasPrefix(r.rest, ")") {
			r.got.reason = "a parenthesis is empty, is not closed, or holds more than one letter or number"
			return
		}
		r.rest = r.rest[1:]
		r.got.citation += Citation("(" + name + ")")
	}
	tail := r.rest
	if len(tail) == 1 && strings.Contains(".,;:", tail) {
		tail = ""
	}
	lower := strings.ToLower(tail)
	switch {
	case tail == "":
	case tail[0] == '-', strings.HasPrefix(lower, "to "), strings.HasPrefix(lower, "through "):
		r.got.reason = "it names a range; cite each provision by itself"
	case tail[0] == ',' || tail[0] == ';' || tail[0] == '&', strings.HasPrefix(lower, "and "), strings.HasPrefix(lower, "or "):
		r.got.reason = "it names more than one provision; cite each by itself"
	default:
		r.got.reason = "there is more text behind the citation; give the citation alone"
	}
}

// atSection reports whether the digits ahead are those of a section: digits, a full stop, digits.
func (r *citationReader) atSection() bool {
	i := 0
	for i < len(r.rest) && isDigit(r.rest[i]) {
		i++
	}
	return i > 0 && i+1 < len(r.rest) && r.rest[i] == '.' && isDigit(r.rest[i+1])
}

func (r *citationReader) blank() { r.rest = strings.TrimLeft(r.rest, " ") }

// take consumes the longest run of bytes that in accepts.
func (r *citationReader) take(in func(byte) bool) string {
	i := 0
	for i < len(r.rest) && in(r.rest[i]) {
		i++
	}
	run := r.rest[:i]
	r.rest = r.rest[i:]
	return run
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isWord(c byte) bool   { return isLetter(c) || c == '.' }
