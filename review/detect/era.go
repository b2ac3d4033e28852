package detect

// era is the earliest and the latest entry among neighbours in a file or in a row of numbers.
type era struct {
	Earliest EventRef `json:"earliest"`
	Latest   EventRef `json:"latest"`
}

// see takes an event. One that lies between the ends changes nothing.
func (x *era) see(e *met) {
	at := e.micros()
	if at <= microsOf(x.Earliest.At) && e.compare(x.Earliest) < 0 {
		x.Earliest = e.ref()
	}
	if at >= microsOf(x.Latest.At) && e.compare(x.Latest) > 0 {
		x.Latest = e.ref()
	}
}

// take takes another era of the same part.
func (x *era) take(o *era) {
	if o.Earliest.compare(x.Earliest) < 0 {
		x.Earliest = o.Earliest
	}
	if o.Latest.compare(x.Latest) > 0 {
		x.Latest = o.Latest
	}
}

// takeEra takes an era into a map of them.
func takeEra[N comparable](into map[N]*era, n N, e *era) {
	if had := into[n]; had != nil {
		had.take(e)
		return
	}
	into[n] = new(*e)
}
