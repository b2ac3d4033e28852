package sqlite_test

import "syscall"

func mountTmpfs(dir, size string) error { return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size) }

// unmount detaches: a process that another test is just starting may hold the folder for a moment.
func unmount(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }
