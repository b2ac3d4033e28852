package review_test

import (
	"bytes"
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// How many entries must a person look at, to be 95 % sure that not more than 5 % of them deviate?
func ExampleSamplingRule() {
	rule, err := review.Discovery("0.95", "0.05")
	if err != nil {
		fmt.Println(err)
		return
	}
	endless, _ := rule.Size()
	small, _ := rule.SizeOf(250)
	fmt.Println("of a population without end:", endless)
	fmt.Println("of 250 entries:", small)
	most, _ := rule.AtMost(250, small, 1)
	fmt.Println("with one deviation found, at most", most, "of the 250 deviate")
	// Output:
	// of a population without end: 59
	// of 250 entries: 55
	// with one deviation found, at most 19 of the 250 deviate
}

// The nonce is committed before the log is read; afterwards anybody who has the log and the nonce draws the same entries.
func ExampleDraw() {
	nonce := bytes.Repeat([]byte{1}, 32) // take it from NewNonce(rand.Reader)
	fmt.Println("committed:", review.Commitment(nonce)[:16])

	log := review.LogFile{Name: "march.csv", SHA256: hipaasmp.DigestOf([]byte("the bytes of the log"))}
	seed := review.Seed(hipaasmp.Month(hipaasmp.Day(2026, 3, 1)), "ehr-log", "", review.Population(log), nonce)
	draw := review.NewDraw(seed, 3)
	for offset := int64(0); offset < 100; offset += 10 { // one for each entry, as its reader gives the offset
		draw.Add(review.Item{File: log.SHA256, Offset: offset})
	}
	for _, item := range draw.Items() {
		fmt.Println("look at the entry at byte", item.Offset)
	}
	// Output:
	// committed: 72cd6e8422c407fb
	// look at the entry at byte 30
	// look at the entry at byte 60
	// look at the entry at byte 40
}
