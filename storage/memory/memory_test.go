package memory_test

import (
	"testing"

	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

// region vendor
func TestContract(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(*testing.T) driver.Backend { return memory.New() })
}

// endregion
