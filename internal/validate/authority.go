package validate

import (
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// May asks the authority whether the actor holds the power on the day, and adds a [hipaasmp.FaultAuthority] where it
// refuses or where there is no authority to ask. A program never holds a power. What the authority said is kept for
// [Faults.Err].
func (f *Faults) May(may hipaasmp.Authority, pointer string, who hipaasmp.Actor, power hipaasmp.Power, on hipaasmp.Date) {
	refuse := func(format string, args ...any) {
		f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteAssignedSecurityResponsibility, pointer, format, args...)
	}
	switch {
	case may == nil:
		refuse("cannot be checked; give an Authority, for example that of the entity")
	case who.Role == hipaasmp.RoleSystem:
		refuse("is a program, and a program may not %s; have a person do it", power)
	default:
		if err := may(who, power, on); err != nil {
			refuse("%s", strings.TrimPrefix(err.Error(), "hipaasmp: "))
			f.causes = append(f.causes, err)
		}
	}
}

// Because keeps the error behind a fault for [Faults.Err], so that errors.As reaches it too.
func (f *Faults) Because(cause error) { f.causes = append(f.causes, cause) }

// Err returns nil where nothing was collected, and otherwise a [*hipaasmp.ValidationError]. Where an authority refused,
// errors.As also reaches what it said, such as a [*hipaasmp.AuthorityError], and so it does the causes of
// [Faults.Because].
func (f *Faults) Err(ref hipaasmp.Ref) error {
	err := hipaasmp.Invalid(ref, f.list)
	if err == nil || len(f.causes) == 0 {
		return err
	}
	return &refused{invalid: err, causes: f.causes}
}

// refused is a validation error that also carries what an authority said.
type refused struct {
	invalid error
	causes  []error
}

func (e *refused) Error() string   { return e.invalid.Error() }
func (e *refused) Unwrap() []error { return append([]error{e.invalid}, e.causes...) }
