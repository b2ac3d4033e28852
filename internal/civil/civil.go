// Package civil writes the civil dates of tests and samples as records write them. It reads no input.
package civil

import hipaasmp "github.com/hipaasmp/hipaasmp"

// Date is the date of a constant written YYYY-MM-DD. It panics on anything else, which a test then shows.
func Date(text string) hipaasmp.Date {
	d, err := hipaasmp.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}
