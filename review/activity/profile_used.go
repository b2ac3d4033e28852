package activity

// Profile returns the profile by which the reader reads. Whoever has only a [Reader] asks whether it has this method.
func (c csvReader) Profile() Profile { return c.m.profile }

// Profile returns the profile by which the reader reads.
func (j jsonReader) Profile() Profile { return j.m.profile }

// AssumedZone returns that of the profile.
func (c csvReader) AssumedZone() string { return c.m.profile.AssumedZone() }

// AssumedZone returns that of the profile.
func (j jsonReader) AssumedZone() string { return j.m.profile.AssumedZone() }
