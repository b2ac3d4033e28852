package oscal

import (
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// tokenPrefix begins the token of a citation: OSCAL's tokens begin with a letter.
const tokenPrefix = "hipaa-"

// Token writes a citation as OSCAL's identifiers allow: "164.308(a)(1)(ii)(A)" becomes "hipaa-164.308.a.1.ii.A". It is
// false for a section of the United States Code, which is no control.
func Token(c hipaasmp.Citation) (string, bool) {
	if !c.IsValid() || c.IsStatute() {
		return "", false
	}
	return tokenPrefix + strings.NewReplacer("(", ".", ")", "").Replace(string(c)), true
}

// ParseToken is [Token] backwards. The error is that of [hipaasmp.ParseCitation], or says that the text is no token.
func ParseToken(token string) (hipaasmp.Citation, error) {
	rest, ok := strings.CutPrefix(token, tokenPrefix)
	steps := strings.Split(rest, ".")
	if !ok || len(steps) < 2 || strings.ContainsAny(rest, "()") {
		return "", &TokenError{Token: token}
	}
	var b strings.Builder
	b.WriteString(steps[0] + "." + steps[1])
	for _, s := range steps[2:] {
		b.WriteString("(" + s + ")")
	}
	c, err := hipaasmp.ParseCitation(b.String())
	if err != nil {
		return "", err
	}
	if again, ok := Token(c); !ok || again != token {
		return "", &TokenError{Token: token}
	}
	return c, nil
}

// TokenError says that a text is not the token of a citation.
type TokenError struct {
	// Token is the text.
	Token string
}

func (e *TokenError) Error() string {
	return "oscal: " + quote(e.Token) + " is not the token of a citation; write it like hipaa-164.308.a.1.ii.A"
}

// own is a property of this module.
func own(name, value string) Property {
	return Property{Name: name, NS: Namespace, Value: oneLine(value)}
}

// core is a property that OSCAL defines.
func core(name, value string) Property { return Property{Name: name, Value: oneLine(value)} }

// oneLine brings text into the form that OSCAL's strings have: one line without space at its ends.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// instant writes a time with its offset.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// endOfDay is the last second of a day in UTC.
func endOfDay(d hipaasmp.Date) string { return d.String() + "T23:59:59Z" }

func quote(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return `"` + s + `"`
}
