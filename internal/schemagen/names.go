package main

import (
	"reflect"
	"strings"
)

// name returns the name under which a type stands in $defs: package and noun, such as "risk.Finding". Two packages may
// each have a State, so the bare noun would merge them. An instance of a generic type is named for its first argument:
// hipaasmp.Transition over risk.State is "risk.Transition", over remediation.ItemState "remediation.ItemTransition".
func name(t reflect.Type) string {
	if t.PkgPath() == "" || t.Name() == "" {
		return ""
	}
	noun, args, generic := strings.Cut(t.Name(), "[")
	if !generic {
		return lastElement(t.PkgPath()) + "." + noun
	}
	first, _, _ := strings.Cut(strings.TrimSuffix(args, "]"), ",")
	pkg, arg, ok := strings.Cut(lastElement(first), ".")
	if !ok {
		return lastElement(t.PkgPath()) + "." + noun + "." + lastElement(first)
	}
	return pkg + "." + strings.TrimSuffix(arg, "State") + noun
}

func lastElement(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// title turns a member of an enumeration into words: "covered_entity" into "Covered entity".
func title(member string) string {
	words := strings.NewReplacer("_", " ", ".", " ").Replace(member)
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
