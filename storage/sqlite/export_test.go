package sqlite

// SetVFS lets a test put a layer of its own between SQLite and the files.
func (o *Options) SetVFS(name string) { o.vfs = name }
