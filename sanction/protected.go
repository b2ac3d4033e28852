package sanction

import (
	"fmt"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Protection is the answer to one question of the protected-act check.
type Protection string

const (
	// ProtectionNone: the act is not protected by the provision asked about.
	ProtectionNone Protection = "not_protected"
	// ProtectionApplies: the act is protected and may not be sanctioned.
	ProtectionApplies Protection = "protected"
	// ProtectionUnknown: the question has been looked at and is open. It blocks a determination as no answer does.
	ProtectionUnknown Protection = "unknown"
)

// Values returns the members of the enumeration.
func (Protection) Values() []Protection {
	return []Protection{ProtectionNone, ProtectionApplies, ProtectionUnknown}
}

// IsValid reports whether p is a member.
func (p Protection) IsValid() bool { return slices.Contains(p.Values(), p) }

// MarshalText refuses a value that is no member.
func (p Protection) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Protection", p, p.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (p *Protection) UnmarshalText(text []byte) (err error) {
	*p, err = hipaasmp.ParseEnum("sanction.Protection", text, p.Values())
	return err
}

// Answer is who answered a question of the check, when, how, and why.
type Answer struct {
	// Protection is the answer.
	Protection Protection `json:"protection" validate:"enum"`
	// Basis is the paragraph that protects, where a narrower one than the question's applies, for example
	// 164.502(j)(1)(ii)(B) for a disclosure to the person's own attorney.
	Basis hipaasmp.Citation `json:"basis,omitempty" validate:"omitempty,citation"`
	// Reason says what was looked at and why the answer follows.
	Reason string `json:"reason" validate:"required,text,max=4000"`
	// By is the person who answered.
	By hipaasmp.Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
}

// NotProtected answers that the provision does not protect the act.
func NotProtected(by hipaasmp.Actor, at time.Time, reason string) Answer {
	return Answer{Protection: ProtectionNone, Reason: reason, By: by, At: hipaasmp.Instant(at)}
}

// Protected answers that it does. The basis is the paragraph that protects.
func Protected(by hipaasmp.Actor, at time.Time, basis hipaasmp.Citation, reason string) Answer {
	return Answer{Protection: ProtectionApplies, Basis: basis, Reason: reason, By: by, At: hipaasmp.Instant(at)}
}

// OpenQuestion answers that it is not known yet, and why. It blocks a determination.
func OpenQuestion(by hipaasmp.Actor, at time.Time, reason string) Answer {
	return Answer{Protection: ProtectionUnknown, Reason: reason, By: by, At: hipaasmp.Instant(at)}
}

// ProtectedActCheck asks, before a violation is determined, whether the act was one that may not be sanctioned. The
// sanction standard of 164.530(e)(1) excepts the first two; the bar on retaliation holds for business associates too
// (160.316).
type ProtectedActCheck struct {
	// Whistleblower: was it a disclosure in good faith to a health oversight agency, a public health authority, an
	// accreditation organisation or the person's own attorney (164.502(j)(1))?
	Whistleblower Answer `json:"whistleblower"`
	// CrimeVictim: was the person the victim of a crime and disclosed the suspect's information to law enforcement
	// (164.502(j)(2))?
	CrimeVictim Answer `json:"crime_victim"`
	// Retaliation: would the sanction answer a complaint, testimony, assistance or good-faith opposition to an unlawful
	// act (160.316; for covered entities also 164.530(g)(2))?
	Retaliation Answer `json:"retaliation"`
}

// question is one of the three, with the provisions from which its basis may come.
type question struct {
	name   string
	asks   hipaasmp.Citation
	answer Answer
}

func (c ProtectedActCheck) questions() []question {
	return []question{
		{"whistleblower", hipaasmp.CiteWhistleblower, c.Whistleblower},
		{"crime_victim", hipaasmp.CiteCrimeVictim, c.CrimeVictim},
		{"retaliation", hipaasmp.CiteRetaliation, c.Retaliation},
	}
}

// basis is the paragraph that an answer rests on: its own, or the question's.
func (q question) basis() hipaasmp.Citation {
	if q.answer.Basis != "" {
		return q.answer.Basis
	}
	return q.asks
}

// Protects returns the provisions that protect the act, by the answers given; none if it is not protected.
func (c ProtectedActCheck) Protects() []hipaasmp.Citation {
	var out []hipaasmp.Citation
	for _, q := range c.questions() {
		if q.answer.Protection == ProtectionApplies {
			out = append(out, q.basis())
		}
	}
	return out
}

// Open returns the provisions whose question has no answer yet, or the answer unknown.
func (c ProtectedActCheck) Open() []hipaasmp.Citation {
	var out []hipaasmp.Citation
	for _, q := range c.questions() {
		if q.answer.Protection != ProtectionNone && q.answer.Protection != ProtectionApplies {
			out = append(out, q.asks)
		}
	}
	return out
}

// ProtectedActError says why a case cannot go on to a sanction: the act is protected, or it is not known that it is not.
type ProtectedActError struct {
	// Ref is the case.
	Ref hipaasmp.Ref
	// Protects are the provisions that protect the act.
	Protects []hipaasmp.Citation
	// Open are the provisions whose question is not answered.
	Open []hipaasmp.Citation
}

func (e *ProtectedActError) Error() string {
	var parts []string
	if len(e.Protects) > 0 {
		parts = append(parts, fmt.Sprintf("the act is protected by %s and may not be sanctioned; dismiss the case with DismissProtected", list(e.Protects)))
	}
	if len(e.Open) > 0 {
		parts = append(parts, fmt.Sprintf("whether the act is protected by %s is not answered; have a person answer it with the reason", list(e.Open)))
	}
	return fmt.Sprintf("sanction: %s: %s", e.Ref, strings.Join(parts, "; "))
}

// Unwrap gives errors.As access to the faults with their stable codes.
func (e *ProtectedActError) Unwrap() []error {
	var out []error
	for _, c := range e.Protects {
		out = append(out, hipaasmp.Fault{Code: FaultProtected, Pointer: "/check", Citation: c, Message: "the act is protected and may not be sanctioned"})
	}
	for _, c := range e.Open {
		out = append(out, hipaasmp.Fault{Code: FaultUnanswered, Pointer: "/check", Citation: c, Message: "the question is not answered"})
	}
	return out
}

func list(cs []hipaasmp.Citation) string {
	words := make([]string, len(cs))
	for i, c := range cs {
		words[i] = string(c)
	}
	return strings.Join(words, ", ")
}

// blocks returns the error that keeps a case from a determination, or nil.
func (c ProtectedActCheck) blocks(ref hipaasmp.Ref) error {
	protects, open := c.Protects(), c.Open()
	if len(protects) == 0 && len(open) == 0 {
		return nil
	}
	return &ProtectedActError{Ref: ref, Protects: protects, Open: open}
}

// check adds the faults of the answers themselves. from and until bound the instants; a zero one does not.
func (c ProtectedActCheck) check(f *validate.Faults, base string, entity hipaasmp.EntityType, subject string, from, until time.Time) {
	for _, q := range c.questions() {
		at := base + hipaasmp.Pointer(q.name)
		a := q.answer
		person(f, at+"/by", "answer the protected-act check", a.By)
		if a.By.ID != "" && a.By.ID == subject {
			f.Add(hipaasmp.FaultSegregation, at+"/by", "is the subject of the case; have another person answer")
		}
		if !from.IsZero() && a.At.Before(from) {
			f.Add(hipaasmp.FaultOrder, at+"/at", "is before the report; the check is made on the case")
		}
		if !until.IsZero() && a.At.After(until) {
			f.Add(hipaasmp.FaultOrder, at+"/at", "is after the step that rests on it; answer first")
		}
		if a.Basis == "" {
			continue
		}
		switch {
		case q.asks == hipaasmp.CiteRetaliation && within(a.Basis, hipaasmp.CitePrivacyRetaliation):
			if entity == hipaasmp.EntityBusinessAssociate {
				f.Cite(FaultBasis, hipaasmp.CiteRetaliation, at+"/basis", "%s binds covered entities; for a business associate name %s", a.Basis, hipaasmp.CiteRetaliation)
			}
		case !within(a.Basis, q.asks):
			f.Cite(FaultBasis, q.asks, at+"/basis", "%s does not belong to the question, which is about %s", a.Basis, q.asks)
		}
	}
}

// within reports whether c is the provision p or stands in it.
func within(c, p hipaasmp.Citation) bool {
	rest, ok := strings.CutPrefix(string(c), string(p))
	return ok && (rest == "" || rest[0] == '(')
}
