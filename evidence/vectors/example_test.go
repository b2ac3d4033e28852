package vectors_test

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/vectors"
)

// A harness measures a reader of its own against the corpus.
func Example() {
	list, err := vectors.All()
	if err != nil {
		fmt.Println(err)
		return
	}
	read := vectors.ReaderOf[hipaasmp.Entity]()
	wrong := 0
	for _, v := range list {
		if v.Kind == hipaasmp.KindEntity && v.Hold(read) != nil {
			wrong++
		}
	}
	fmt.Println("vectors that came out otherwise:", wrong)
	// Output:
	// vectors that came out otherwise: 0
}
