package activity

import (
	"strconv"
	"strings"
)

const windowsAuditing = "Microsoft-Windows-Security-Auditing"

func (w *windowsEvent) event(e *Event) {
	if e.Recorded, e.Ingested = instantOf(w.at), w.taken; e.Recorded.IsZero() {
		e.Recorded = zoneless(w.at, w.zone)
	}
	if w.record != "" && w.computer != "" {
		e.ID = w.computer + "/" + w.channel + "/" + w.record // numbers begin again where a log is made anew
		if !e.Recorded.IsZero() {
			e.ID += "/" + e.Recorded.Format("2006-01-02T15:04:05.000000Z")
		} else if w.at != "" {
			e.ID += "/" + w.at // no instant, and as good as one to tell two entries of one number apart
		}
	}
	e.Act = Act{System: w.provider, Name: w.id}
	e.Actor.Kind, e.Action, e.Family, e.Outcome = ActorUnknown, ActionUnknown, FamilyOther, w.outcome()
	if w.provider != windowsAuditing && (w.provider != "Microsoft-Windows-Eventlog" || w.channel != "Security") {
		return
	}
	prefix := "Subject"
	if windowsOfTarget(w.id) {
		prefix = "Target"
	}
	e.Actor = w.actor(prefix)
	e.Session = windowsSession(w.get(prefix + "LogonId"))
	e.From = w.from()
	status := w.get("SubStatus")
	if status == "" || status == "0x0" {
		status = w.get("Status")
	}
	e.Code = status
	if w.id == "4768" || w.id == "4769" || w.id == "4771" || w.id == "4776" {
		if e.Outcome == OutcomeUnknown && status == "0x0" {
			e.Outcome = OutcomeSuccess
		}
	}
	e.Object = w.object()
	w.words(e)
}

// outcome reads the keywords: a mask of which two bits say how an audited event ended, or their names.
func (w *windowsEvent) outcome() Outcome {
	switch {
	case strings.Contains(w.keywords, "Audit Failure"):
		return OutcomeFailure
	case strings.Contains(w.keywords, "Audit Success"):
		return OutcomeSuccess
	}
	mask, err := strconv.ParseUint(w.keywords, 0, 64)
	if err != nil {
		if n, err := strconv.ParseInt(w.keywords, 10, 64); err == nil {
			mask = uint64(n)
		}
	}
	switch {
	case mask&0x10000000000000 != 0:
		return OutcomeFailure
	case mask&0x20000000000000 != 0:
		return OutcomeSuccess
	}
	return OutcomeUnknown
}

// windowsOfTarget reports whether the target acts: in log-ons the subject is the machine that reports them.
func windowsOfTarget(id string) bool {
	switch id {
	case "4624", "4625", "4634", "4647", "4768", "4769", "4771", "4776", "4778", "4779":
		return true
	}
	return false
}

// actor is an account with its domain; its security identifier is the second identity. A null identifier is none, and an
// anonymous log-on is nobody.
func (w *windowsEvent) actor(prefix string) Actor {
	name, domain, sid := w.get(prefix+"UserName"), w.get(prefix+"DomainName"), w.get(prefix+"UserSid", prefix+"Sid")
	if name == "" && prefix == "Target" {
		name, domain = w.get("AccountName"), w.get("AccountDomain") // 4778 and 4779
	}
	if sid == "S-1-0-0" {
		sid = ""
	}
	a := Actor{ID: name, AltID: sid, Kind: ActorAccount}
	if name != "" && domain != "" && !strings.Contains(name, "@") {
		a.ID = domain + `\` + name
	}
	if a.ID == "" {
		a.ID, a.AltID = a.AltID, ""
	}
	switch {
	case sid == "S-1-5-7", strings.EqualFold(name, "ANONYMOUS LOGON"):
		return Actor{Kind: ActorUnknown, Display: name}
	case a.ID == "":
		a.Kind = ActorUnknown
	case strings.HasSuffix(name, "$"), sid == "S-1-5-18", sid == "S-1-5-19", sid == "S-1-5-20", strings.HasPrefix(sid, "S-1-5-80-"),
		strings.HasPrefix(sid, "S-1-5-90-"), strings.HasPrefix(sid, "S-1-5-96-"):
		a.Kind = ActorService
	}
	return a
}

func windowsSession(id string) string {
	if id == "0x0" {
		return ""
	}
	return id
}

func (w *windowsEvent) from() Origin {
	var o Origin
	if addr := strings.TrimPrefix(w.get("IpAddress", "ClientAddress"), "::ffff:"); addr != "" {
		o = origin(addr)
	}
	if o.Host == "" {
		o.Host = w.get("WorkstationName", "Workstation", "ClientName", "CallerComputerName")
	}
	if w.id == "4740" && o.Host == "" {
		o.Host = w.get("TargetDomainName") // there it is the computer from which the attempts came
	}
	o.App = w.get("ProcessName", "CallerProcessName")
	return o
}

func (w *windowsEvent) object() Object {
	switch w.id {
	case "4688", "4689":
		return thing("process", w.get("NewProcessName", "ProcessName"))
	case "4697", "7045":
		return thing("service", w.get("ServiceName"))
	case "4698", "4699", "4700", "4701", "4702":
		return thing("task", w.get("TaskName"))
	case "5140", "5145":
		share := w.get("ShareName")
		if file := w.get("RelativeTargetName"); file != "" {
			share += `\` + file
		}
		return thing("share", share)
	case "4719":
		return thing("audit policy", w.get("SubcategoryGuid", "SubcategoryId"))
	case "4624", "4625", "4634", "4647", "4768", "4769", "4771", "4776", "4778", "4779":
		return thing("computer", w.computer)
	}
	if name := w.get("ObjectName", "ObjectDN"); name != "" {
		return Object{Type: w.get("ObjectType", "ObjectClass"), ID: name}
	}
	if w.get("TargetUserName") != "" {
		target := w.actor("Target")
		if w.id == "4740" { // its domain is a computer
			target.ID = w.get("TargetUserName")
		}
		return thing("account", target.ID)
	}
	return Object{}
}

func thing(kind, id string) Object {
	if id == "" {
		return Object{}
	}
	return Object{Type: kind, ID: id}
}

// words reads the number of an event of the Security log.
func (w *windowsEvent) words(e *Event) {
	failed := e.Outcome == OutcomeFailure
	switch w.id {
	case "4624", "4625", "4634", "4647", "4648", "4672", "4768", "4769", "4770", "4771", "4776", "4778", "4779", "4800", "4801", "4802", "4803",
		"4964":
		e.Family, e.Action = FamilyLogin, w.logon(failed)
		if failed {
			e.Outcome = windowsStatus(e.Code)
		}
		return
	case "4656", "4661", "4663", "4660", "4670", "5140", "5145", "4659", "4664", "4657":
		w.access(e)
		return
	case "4673", "4674", "4688", "4689", "4696", "4611", "4610", "4614", "4622", "5379", "4798", "4799", "4658", "4690":
		e.Action = ActionExecute
	case "4720", "4727", "4731", "4741", "4744", "4749", "4754", "4759", "4697", "4698", "5137":
		e.Action, e.Family = ActionCreate, FamilyAdmin
	case "4726", "4730", "4734", "4743", "4748", "4753", "4758", "4763", "4699", "5141", "1102":
		e.Action, e.Family = ActionDelete, FamilyAdmin
	case "1100", "1101", "1104", "1105", "1108", "4608", "4609", "4612", "4618", "4621":
		e.Action, e.Family = ActionExecute, FamilyAdmin
	case "4662":
		e.Action, e.Family = ActionRead, FamilyAdmin
	case "4616", "4719", "4739", "4902", "4904", "4905", "4906", "4907", "4908", "4912", "4715", "4817", "5136", "5138", "5139",
		"4700", "4701", "4702", "4703", "4704", "4705", "4706", "4707", "4713", "4714", "4716", "4717", "4718":
		e.Action, e.Family = ActionUpdate, FamilyAdmin
	default:
		if n, err := strconv.Atoi(w.id); err == nil && (n >= 4722 && n <= 4767 || n >= 4780 && n <= 4794 || n >= 4946 && n <= 4957) {
			e.Action, e.Family = ActionUpdate, FamilyAdmin // the management of accounts and groups, and the firewall
		} else {
			e.Family = FamilyUnknown
		}
	}
	if failed && (w.id == "4673" || w.id == "4674" || w.id == "4662") {
		e.Outcome = OutcomeDenied
	}
}

// logon tells a person's log-on from what programs do on the way. A success of a service, a batch job or the network is
// no log-on of a person; a failure of the network may be, because that is how passwords are tried.
func (w *windowsEvent) logon(failed bool) Action {
	program := false
	switch w.get("LogonType") {
	case "0", "4", "5":
		program = true
	case "3":
		program = !failed
	}
	switch w.id {
	case "4624", "4625":
		if !program {
			return ActionLogin
		}
	case "4634":
		if !program {
			return ActionLogout
		}
	case "4647":
		return ActionLogout
	case "4768", "4771", "4776":
		if failed {
			return ActionLogin
		}
	}
	return ActionExecute
}

// windowsStatus tells a decision about rights from a wrong password, among the codes that the page on 4625 lists.
func windowsStatus(code string) Outcome {
	switch strings.ToLower(code) {
	case "0xc000006e", "0xc000006f", "0xc0000070", "0xc000015b", "0xc0000413":
		return OutcomeDenied
	}
	return OutcomeFailure
}

// access reads the rights that were used, or asked for and refused.
func (w *windowsEvent) access(e *Event) {
	mask, err := strconv.ParseUint(w.get("AccessMask"), 0, 64)
	switch {
	case w.id == "4660", w.id == "4659":
		e.Action = ActionDelete
	case w.id == "4670", w.id == "4657", w.id == "4664":
		e.Action = ActionUpdate
	case err != nil:
	case mask&(0x10000|0x40) != 0: // DELETE, DeleteChild
		e.Action = ActionDelete
	case mask&(0x2|0x4|0x10|0x100|0x40000|0x80000) != 0: // WriteData, AppendData, WriteEA, WriteAttributes, WRITE_DAC, WRITE_OWNER
		e.Action = ActionUpdate
	case mask&(0x1|0x8|0x80|0x20000) != 0: // ReadData, ReadEA, ReadAttributes, READ_CONTROL
		e.Action = ActionRead
	case mask&0x20 != 0:
		e.Action = ActionExecute
	}
	if e.Outcome == OutcomeFailure {
		e.Outcome = OutcomeDenied
	} else if w.id == "4656" || w.id == "4661" { // a handle was given; what is done with it is 4663
		e.Action = ActionExecute
	}
	switch {
	case e.Action == ActionUnknown, e.Action == ActionExecute:
		e.Family = FamilyOther
	case e.Object.Type != "File" && e.Object.Type != "share" && e.Object.Type != "", windowsSystemFile(e.Object.ID):
		e.Family = FamilyAdmin
	default:
		e.Family = familyOf(e.Action)
	}
}

// windowsSystemFile reports whether the path belongs to the system itself.
func windowsSystemFile(name string) bool {
	name = strings.ToLower(strings.ReplaceAll(name, `\\`, `\`))
	if len(name) > 2 && name[1] == ':' {
		for _, folder := range []string{`\windows\`, `\program files\`, `\program files (x86)\`, `\programdata\`} {
			if strings.HasPrefix(name[2:], folder) {
				return true
			}
		}
	}
	return strings.HasPrefix(name, `\registry\`) || strings.HasPrefix(name, `\device\`)
}
