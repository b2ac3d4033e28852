package retention

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Method says how the content was destroyed. The words are those of sanitisation practice for records in a store.
type Method string

const (
	// MethodRowRemoved removed the content from the store; copies in backups lapse with the backups.
	MethodRowRemoved Method = "row_removed"
	// MethodKeyDestroyed destroyed the key under which the content was encrypted, copies included.
	MethodKeyDestroyed Method = "key_destroyed"
)

// Values returns the members of the enumeration.
func (Method) Values() []Method { return []Method{MethodRowRemoved, MethodKeyDestroyed} }

// IsValid reports whether m is a member.
func (m Method) IsValid() bool {
	_, err := hipaasmp.ParseEnum("retention.Method", []byte(m), m.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (m Method) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("retention.Method", m, m.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (m *Method) UnmarshalText(text []byte) (err error) {
	*m, err = hipaasmp.ParseEnum("retention.Method", text, m.Values())
	return err
}
