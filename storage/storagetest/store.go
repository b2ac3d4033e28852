package storagetest

import "testing"

func storeChecks() []check  { return nil }
func scriptChecks() []check { return nil }

var _ testing.TB
