package sanction

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// refusal joins the fault of a refused step with the typed error behind it, so that both are reached by errors.As.
type refusal struct {
	fault error
	cause error
}

func (r refusal) Error() string   { return "sanction: " + r.cause.Error() }
func (r refusal) Unwrap() []error { return []error{r.fault, r.cause} }

// authorised asks whether the actor holds the power on the day.
func authorised(ref hipaasmp.Ref, pointer string, may hipaasmp.Authority, who hipaasmp.Actor, power hipaasmp.Power, on hipaasmp.Date) error {
	var err error
	if may == nil {
		err = fmt.Errorf("nobody was asked whether %s may %s; give an Authority, such as Entity.Authority()", who, power)
	} else {
		err = may(who, power, on)
	}
	if err == nil {
		return nil
	}
	return refusal{cause: err, fault: hipaasmp.Invalid(ref, []hipaasmp.Fault{{
		Code: hipaasmp.FaultAuthority, Pointer: pointer, Citation: hipaasmp.CiteSanctionPolicy,
		Message: fmt.Sprintf("%s may not %s on %s; have it done by somebody who may", who, power, on)}})}
}
