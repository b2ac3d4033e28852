package postgres

import "io/fs"

// SetLayouts lets a test give the steps of the layout.
func (o *Options) SetLayouts(files fs.FS) { o.layouts = files }
