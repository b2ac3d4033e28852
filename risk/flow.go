package risk

import hipaasmp "github.com/hipaasmp/hipaasmp"

// Encryption says whether ePHI is encrypted on its way (45 CFR 164.312(e)(2)(ii)).
type Encryption string

const (
	// EncryptionEncrypted: nobody on the way can read it.
	EncryptionEncrypted Encryption = "encrypted"
	// EncryptionUnencrypted: it travels in the clear, on the whole way or on a part of it.
	EncryptionUnencrypted Encryption = "unencrypted"
	// EncryptionUnknown means that nobody looked yet.
	EncryptionUnknown Encryption = "unknown"
)

// Values returns the members of the enumeration.
func (Encryption) Values() []Encryption {
	return []Encryption{EncryptionEncrypted, EncryptionUnencrypted, EncryptionUnknown}
}

// IsValid reports whether e is a member.
func (e Encryption) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.Encryption", []byte(e), e.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (e Encryption) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.Encryption", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Encryption) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("risk.Encryption", text, e.Values())
	return err
}

// Flow is one way that ePHI takes from an asset to another, or within one. Flows may form a cycle.
type Flow struct {
	// ID is stable over analyses.
	ID string `json:"id" validate:"required,docid"`
	// From is the identity of the asset that sends.
	From string `json:"from" validate:"required,docid"`
	// To is the identity of the asset that receives.
	To string `json:"to" validate:"required,docid"`
	// What says what is sent, for example "claims, X12 837".
	What string `json:"what" validate:"required,text"`
	// Encryption says whether it is encrypted on the way.
	Encryption Encryption `json:"encryption" validate:"enum"`
	// Method says how, for example "TLS 1.3" or "courier".
	Method string `json:"method,omitempty" validate:"omitempty,text"`
}
