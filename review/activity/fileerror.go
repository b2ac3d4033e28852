package activity

import "fmt"

// FileError says that a file could not be read to its end, for a reason that lies with the file and not with what it
// holds: the disk, the network, a cancelled context. What was read of it must not pass for the whole.
type FileError struct {
	// File is the name of the file.
	File string
	// Err is what its reader said.
	Err error
}

func (e *FileError) Error() string {
	return fmt.Sprintf("activity: %s could not be read to its end: %v; read it again", e.File, e.Err)
}

func (e *FileError) Unwrap() error { return e.Err }
