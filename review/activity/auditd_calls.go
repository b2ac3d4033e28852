package activity

// syscall is the name of the call: as the daemon adds it, or, for calls of x86-64 on files and on the system, by its
// number in the kernel's table.
func (r *auditRecord) syscall() string {
	if name := r.get("SYSCALL"); name != "" {
		return name
	}
	if r.get("arch") != "c000003e" {
		return ""
	}
	switch r.get("syscall") {
	case "2":
		return "open"
	case "59":
		return "execve"
	case "76":
		return "truncate"
	case "77":
		return "ftruncate"
	case "82":
		return "rename"
	case "83":
		return "mkdir"
	case "84":
		return "rmdir"
	case "85":
		return "creat"
	case "86":
		return "link"
	case "87":
		return "unlink"
	case "88":
		return "symlink"
	case "90":
		return "chmod"
	case "91":
		return "fchmod"
	case "92":
		return "chown"
	case "93":
		return "fchown"
	case "94":
		return "lchown"
	case "133":
		return "mknod"
	case "159":
		return "adjtimex"
	case "164":
		return "settimeofday"
	case "165":
		return "mount"
	case "166":
		return "umount2"
	case "170":
		return "sethostname"
	case "171":
		return "setdomainname"
	case "175":
		return "init_module"
	case "176":
		return "delete_module"
	case "188":
		return "setxattr"
	case "189":
		return "lsetxattr"
	case "190":
		return "fsetxattr"
	case "197":
		return "removexattr"
	case "198":
		return "lremovexattr"
	case "199":
		return "fremovexattr"
	case "227":
		return "clock_settime"
	case "257":
		return "openat"
	case "258":
		return "mkdirat"
	case "259":
		return "mknodat"
	case "260":
		return "fchownat"
	case "263":
		return "unlinkat"
	case "264":
		return "renameat"
	case "265":
		return "linkat"
	case "266":
		return "symlinkat"
	case "268":
		return "fchmodat"
	case "313":
		return "finit_module"
	case "316":
		return "renameat2"
	case "322":
		return "execveat"
	}
	return ""
}
