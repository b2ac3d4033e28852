package detect_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

func TestAllDetectorsAreListedAndFoundByTheirIdentity(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	for _, d := range detect.All(known(t)) {
		desc := d.Describe()
		got, ok := detect.ByID(desc.ID, known(t))
		require.True(t, ok)
		require.Equal(t, desc, got.Describe())
		require.True(t, desc.ID == detect.IDDenials || strings.Contains(string(doc), "//	"+string(desc.ID)+" "), "%s is not in the table of the package", desc.ID)
	}
	_, ok := detect.ByID("R99", detect.Context{})
	require.False(t, ok)
	require.Empty(t, detect.Start(detect.All(detect.Context{})...).Findings())
}
