package sqlite

import "io/fs"

// SetVFS lets a test put a layer of its own between SQLite and the files.
func (o *Options) SetVFS(name string) { o.vfs = name }

// SetLayouts lets a test give the steps of the layout.
func (o *Options) SetLayouts(files fs.FS) { o.layouts = files }
