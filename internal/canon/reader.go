package canon

import "bytes"

// newReader gives the decoder a *bytes.Buffer, which jsontext reads in place without copying.
func newReader(b []byte) *bytes.Buffer { return bytes.NewBuffer(b) }
