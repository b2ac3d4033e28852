package quant

import (
	"math"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Currency is an ISO 4217 code such as "USD". One register has one currency: the package converts nothing.
type Currency string

// IsValid reports whether c is written as a currency code: three capital letters.
func (c Currency) IsValid() bool {
	if len(c) != 3 {
		return false
	}
	for i := range len(c) {
		if c[i] < 'A' || c[i] > 'Z' {
			return false
		}
	}
	return true
}

// Amount is a number of currency units. It is computed with as a float64 and written to JSON as a decimal string, the
// shortest one that reads back to the same number.
type Amount float64

// MarshalText writes the shortest decimal that reads back to a, and refuses what is not finite.
func (a Amount) MarshalText() ([]byte, error) { return writeNumber("Amount", float64(a)) }

// UnmarshalText reads a decimal.
func (a *Amount) UnmarshalText(text []byte) (err error) {
	*a, err = readNumber[Amount]("Amount", text)
	return err
}

// Decimal returns a as a decimal, and false if it is not finite.
func (a Amount) Decimal() (decimal.Decimal, bool) { return toDecimal(float64(a)) }

// Money is an amount in a currency.
type Money struct {
	Amount   Amount   `json:"amount"`
	Currency Currency `json:"currency"`
}

// USD returns an amount in United States dollars.
func USD(amount float64) Money { return Money{Amount: Amount(amount), Currency: "USD"} }

// NewMoney returns an amount given as a decimal. It is kept as the nearest float64.
func NewMoney(amount decimal.Decimal, currency Currency) Money {
	return Money{Amount: Amount(amount.InexactFloat64()), Currency: currency}
}

// IsZero reports whether m is not set.
func (m Money) IsZero() bool { return m == Money{} }

// Rate is a number of events in a year, not limited to 1. It is not a [Probability]: at two events a year the chance of at
// least one is 0.865.
type Rate float64

// MarshalText writes the shortest decimal that reads back to r, and refuses what is not finite.
func (r Rate) MarshalText() ([]byte, error) { return writeNumber("Rate", float64(r)) }

// UnmarshalText reads a decimal.
func (r *Rate) UnmarshalText(text []byte) (err error) {
	*r, err = readNumber[Rate]("Rate", text)
	return err
}

// Probability is a number from 0 to 1.
type Probability float64

// MarshalText writes the shortest decimal that reads back to p, and refuses what is not finite.
func (p Probability) MarshalText() ([]byte, error) { return writeNumber("Probability", float64(p)) }

// UnmarshalText reads a decimal.
func (p *Probability) UnmarshalText(text []byte) (err error) {
	*p, err = readNumber[Probability]("Probability", text)
	return err
}

// Number is a dimensionless parameter of a law, such as a shape.
type Number float64

// MarshalText writes the shortest decimal that reads back to n, and refuses what is not finite.
func (n Number) MarshalText() ([]byte, error) { return writeNumber("Number", float64(n)) }

// UnmarshalText reads a decimal.
func (n *Number) UnmarshalText(text []byte) (err error) {
	*n, err = readNumber[Number]("Number", text)
	return err
}

func finite(x float64) bool { return x-x == 0 }

func toDecimal(x float64) (decimal.Decimal, bool) {
	if !finite(x) {
		return decimal.Decimal{}, false
	}
	return decimal.NewFromFloat(x), true
}

func writeNumber(typ string, x float64) ([]byte, error) {
	d, ok := toDecimal(x)
	if !ok {
		return nil, &hipaasmp.FormatError{Type: "quant." + typ, Value: "", Want: "a finite number"}
	}
	return []byte(d.String()), nil
}

func readNumber[N ~float64](typ string, text []byte) (N, error) {
	bad := &hipaasmp.FormatError{Type: "quant." + typ, Value: string(text), Want: "a decimal such as 1250.5"}
	if len(text) == 0 || len(text) > 400 {
		return 0, bad
	}
	for _, c := range text {
		if (c < '0' || c > '9') && c != '-' && c != '.' {
			return 0, bad
		}
	}
	d, err := decimal.NewFromString(string(text))
	if err != nil {
		return 0, bad
	}
	x := d.InexactFloat64()
	if math.IsInf(x, 0) {
		return 0, bad
	}
	return N(x), nil
}
