package activity

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// number reads a positive number, or returns 0.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// pgTime reads the time of an entry, such as 2026-03-01 10:00:00.123 UTC. The zone is an abbreviation, which is read as
// PostgreSQL's own default set of abbreviations reads it, or an offset. Without either it is no instant.
func pgTime(text string) time.Time {
	clock, zone, ok := strings.Cut(strings.Replace(text, " ", "T", 1), " ")
	at, err := time.Parse("2006-01-02T15:04:05.999", clock)
	if !ok || err != nil {
		return time.Time{}
	}
	east, ok := pgZone(zone)
	if !ok {
		return time.Time{}
	}
	return hipaasmp.Instant(at.Add(-east))
}

func pgZone(name string) (east time.Duration, ok bool) {
	minutes := map[string]int{"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180,
		"AST": -240, "ADT": -180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
		"AKST": -540, "AKDT": -480, "HST": -600}
	if m, known := minutes[name]; known {
		return time.Duration(m) * time.Minute, true
	}
	for _, layout := range []string{"-07", "-0700", "-07:00"} {
		if t, err := time.Parse(layout, name); err == nil {
			_, seconds := t.Zone()
			return time.Duration(seconds) * time.Second, true
		}
	}
	return 0, false
}

func (r *pgEntry) event(e *Event) {
	if r.SessionID != "" && r.Line > 0 {
		e.ID = fmt.Sprintf("%s/%d", r.SessionID, r.Line)
	}
	e.Recorded = pgTime(r.Timestamp)
	e.Actor = Actor{ID: r.User, Kind: ActorUnknown}
	if r.User != "" {
		e.Actor.Kind = ActorAccount // of the database; who stands behind a pool of connections it does not know
	}
	e.Session = r.SessionID
	if r.DBName != "" {
		e.Object = Object{Type: "database", ID: r.DBName}
	}
	e.From = origin(r.Host)
	e.From.App = r.App
	if r.State != "" && r.State != "00000" {
		e.Code = r.State
	}
	audit, ok := strings.CutPrefix(r.Message, "AUDIT: ")
	if ok {
		ok = r.audited(audit, e)
	}
	if !ok {
		r.served(e)
	}
}

// audited reads what pgAudit says: type, statement, part of it, class, command, kind and name of the object. Of the
// statement, which follows with its parameters, only the name of a setting is read that it changes.
func (r *pgEntry) audited(text string, e *Event) bool {
	c, _ := csvCells(text, 8)
	if len(c) < 7 || c[0] != "SESSION" && c[0] != "OBJECT" {
		return false
	}
	class, command := c[3], c[4]
	e.Act = Act{System: "pgaudit", Name: class + " " + command}
	e.Outcome = OutcomeSuccess
	if c[6] != "" {
		e.Object = Object{Type: c[5], ID: c[6]}
	} else if len(c) > 7 {
		if name := pgSetting(command, c[7]); name != "" {
			e.Object = Object{Type: "setting", ID: name}
		}
	}
	e.Action = pgAction(command, class == "READ")
	switch class {
	case "READ", "WRITE":
		if e.Family = familyOf(e.Action); strings.HasPrefix(c[6], "pg_catalog.") || strings.HasPrefix(c[6], "information_schema.") {
			e.Family = FamilyAdmin
		}
	case "ROLE", "DDL":
		e.Family = FamilyAdmin
		if e.Action == ActionUnknown {
			e.Action = ActionUpdate // GRANT, REVOKE, COMMENT and the like
		}
	default: // FUNCTION, MISC, MISC_SET
		e.Action, e.Family = ActionExecute, FamilyOther
	}
	return true
}

// pgSetting returns the name of the setting that a statement changes, in small letters, in which the server compares such
// names also where they stand in quotes; empty for none. What it is set to is not read.
func pgSetting(command, statement string) string {
	t := pgTokens{rest: statement}
	switch command {
	case "SET", "RESET":
	case "ALTER SYSTEM":
		t.skip(2)
	case "ALTER ROLE", "ALTER DATABASE":
		t.skip(3) // behind the name
	default:
		return ""
	}
	for {
		word, quoted := t.next()
		if word == "" {
			return ""
		}
		if !quoted && (word == "set" || word == "reset") {
			break
		}
	}
	name, quoted := t.next()
	for !quoted && (name == "session" || name == "local") {
		name, quoted = t.next()
	}
	for {
		before := t.rest
		if dot, _ := t.next(); dot != "." {
			t.rest = before
			break
		}
		part, _ := t.next()
		name += "." + part
	}
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") != "" {
		return ""
	}
	return name
}

// pgTokens takes the words of a statement as the server's scanner does: names in small letters, names in quotes, and any
// other sign alone. Blanks and comments stand between words and within none.
type pgTokens struct{ rest string }

func (t *pgTokens) skip(n int) {
	for range n {
		t.next()
	}
}

// next returns the next word in small letters, and whether it stood in quotes; empty at the end.
func (t *pgTokens) next() (word string, quoted bool) {
	for {
		t.rest = strings.TrimLeftFunc(t.rest, unicode.IsSpace)
		switch {
		case strings.HasPrefix(t.rest, "--"):
			_, t.rest, _ = strings.Cut(t.rest, "\n")
			continue
		case strings.HasPrefix(t.rest, "/*"):
			t.comment()
			continue
		}
		break
	}
	if t.rest == "" {
		return "", false
	}
	if t.rest[0] == '"' {
		var name strings.Builder
		for t.rest = t.rest[1:]; t.rest != ""; {
			part, rest, closed := strings.Cut(t.rest, `"`)
			name.WriteString(part)
			if t.rest = rest; !closed || !strings.HasPrefix(rest, `"`) {
				break
			}
			name.WriteByte('"') // doubled, it is part of the name
			t.rest = rest[1:]
		}
		if name.Len() == 0 {
			return `"`, true // no name is empty, and it is not the end
		}
		return strings.ToLower(name.String()), true
	}
	n := 0
	for n < len(t.rest) && (t.rest[n] == '_' || t.rest[n] == '$' || t.rest[n] >= 0x80 || '0' <= t.rest[n] && t.rest[n] <= '9' || 'a' <= t.rest[n]|0x20 && t.rest[n]|0x20 <= 'z') {
		n++
	}
	n = max(n, 1)
	word, t.rest = strings.ToLower(t.rest[:n]), t.rest[n:]
	return word, false
}

// comment passes over a comment. Comments may lie in each other.
func (t *pgTokens) comment() {
	depth := 0
	for t.rest != "" {
		switch {
		case strings.HasPrefix(t.rest, "/*"):
			depth++
			t.rest = t.rest[2:]
		case strings.HasPrefix(t.rest, "*/"):
			t.rest = t.rest[2:]
			if depth--; depth == 0 {
				return
			}
		default:
			t.rest = t.rest[1:]
		}
	}
}

// served reads what the server itself says.
func (r *pgEntry) served(e *Event) {
	e.Act = Act{System: "postgresql", Name: r.Command}
	failed := r.Severity == "ERROR" || r.Severity == "FATAL" || r.Severity == "PANIC"
	switch {
	case !failed:
		e.Action, e.Family, e.Outcome = ActionUnknown, FamilyOther, OutcomeUnknown
		for _, known := range []struct {
			says   string
			action Action
			family Family
		}{
			{"connection authorized: ", ActionLogin, FamilyLogin},
			{"replication connection authorized: ", ActionLogin, FamilyLogin},
			{"connection authenticated: ", ActionExecute, FamilyLogin}, // a step before the one above
			{"connection received: ", ActionExecute, FamilyLogin},
			{"disconnection: ", ActionLogout, FamilyLogin},
			{"database system is ", ActionExecute, FamilyAdmin},
			{"starting PostgreSQL ", ActionExecute, FamilyAdmin},
			{"received fast shutdown request", ActionExecute, FamilyAdmin},
			{"received smart shutdown request", ActionExecute, FamilyAdmin},
			{"received SIGHUP, reloading configuration files", ActionUpdate, FamilyAdmin},
		} {
			if strings.HasPrefix(r.Message, known.says) {
				e.Action, e.Family, e.Outcome = known.action, known.family, OutcomeSuccess
				e.Act.Name, _, _ = strings.Cut(known.says, ":")
				e.Act.Name = strings.TrimSpace(e.Act.Name)
			}
		}
		return
	case r.State == "42501":
		e.Outcome = OutcomeDenied
	case r.State == "28000": // no entry in pg_hba.conf, a role that may not log in
		e.Outcome = OutcomeDenied
	case r.State == "53300":
		e.Outcome = OutcomeThrottled
	default:
		e.Outcome = OutcomeFailure
	}
	if e.Code == "" {
		e.Code = r.Severity
	}
	if r.Command == "authentication" || strings.HasPrefix(r.State, "28") || r.State == "53300" && r.Command == "" || r.State == "3D000" {
		e.Action, e.Family = ActionLogin, FamilyLogin
		if e.Act.Name == "" {
			e.Act.Name = "authentication"
		}
		return
	}
	e.Action = pgAction(r.Command, true)
	switch verb, _, _ := strings.Cut(r.Command, " "); verb {
	case "CREATE", "DROP", "ALTER", "GRANT", "REVOKE", "COMMENT", "REASSIGN", "SECURITY", "IMPORT":
		if e.Family = FamilyAdmin; e.Action == ActionUnknown {
			e.Action = ActionUpdate
		}
	default:
		e.Family = familyOf(e.Action)
	}
}

// pgAction reads the tag of a command. COPY takes data out where it reads and puts them in where it writes.
func pgAction(command string, reads bool) Action {
	verb, _, _ := strings.Cut(command, " ")
	switch verb {
	case "SELECT", "FETCH", "TABLE", "VALUES":
		return ActionRead
	case "COPY":
		if reads {
			return ActionExport
		}
		return ActionCreate
	case "INSERT", "CREATE", "IMPORT":
		return ActionCreate
	case "UPDATE", "MERGE", "ALTER":
		return ActionUpdate
	case "DELETE", "TRUNCATE", "DROP":
		return ActionDelete
	case "PREPARE", "EXECUTE", "DEALLOCATE", "DO", "CALL", "DECLARE", "EXPLAIN", "BEGIN", "COMMIT", "ROLLBACK", "SET", "RESET", "SHOW",
		"VACUUM", "ANALYZE", "CLUSTER", "REINDEX", "CHECKPOINT", "LISTEN", "NOTIFY", "LOCK", "DISCARD", "LOAD", "REFRESH":
		return ActionExecute
	}
	return ActionUnknown
}
