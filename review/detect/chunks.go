package detect

// chunks keeps bytes one behind the other without moving them, and names each by the place where it begins. The zero value
// is ready.
type chunks [][]byte

const chunkBits = 16 // a chunk is so large, or as large as the one thing in it

// put keeps bytes and returns their place.
func (c *chunks) put(b []byte) uint64 {
	last := len(*c) - 1
	if last < 0 || len((*c)[last])+len(b) > 1<<chunkBits {
		room := 1 << chunkBits
		if last < 0 {
			room = 256
		}
		*c = append(*c, make([]byte, 0, max(room, len(b))))
		last++
	}
	at := uint64(last)<<chunkBits | uint64(len((*c)[last]))
	(*c)[last] = append((*c)[last], b...)
	return at
}

// from returns the bytes from a place on.
func (c chunks) from(place uint64) []byte { return c[place>>chunkBits][place&(1<<chunkBits-1):] }
