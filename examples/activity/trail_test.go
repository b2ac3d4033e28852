package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
)

// trailOf writes the month of a folder as CloudTrail would: a log-in is one to the console, an access is that to an object.
func trailOf(t testing.TB, dir string) []byte {
	t.Helper()
	flat, err := os.ReadFile(filepath.Join(dir, "flat.ndjson"))
	require.NoError(t, err)
	var out bytes.Buffer
	out.WriteString(`{"Records":[`)
	for i, line := range bytes.Split(bytes.TrimSpace(flat), []byte("\n")) {
		var e struct{ TS, Event, User, Outcome string }
		require.NoError(t, json.Unmarshal(line, &e))
		rest := `"eventSource":"s3.amazonaws.com","eventName":"GetObject","eventCategory":"Data"`
		switch {
		case e.Event == "login":
			word := map[string]string{"success": "Success", "failure": "Failure"}[e.Outcome]
			rest = fmt.Sprintf(`"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","eventType":"AwsConsoleSignIn","responseElements":{"ConsoleLogin":"%s"}`, word)
		case e.Outcome == "denied":
			rest += `,"errorCode":"AccessDenied"`
		}
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `{"eventVersion":"1.08","eventID":"e-%d","eventTime":"%s","userIdentity":{"type":"IAMUser","arn":"%s"},%s}`, i, e.TS, e.User, rest)
	}
	out.WriteString("]}")
	return out.Bytes()
}

// CloudTrail names no patient, so of the seven questions it answers those that ask for none, and those as the oracle does.
func TestCloudTrailAnswersLikeTheOracleWhatItCanAnswer(t *testing.T) {
	t.Parallel()
	generate := generator(t)
	n := long.Count(2000, 8000)
	for seed := 1; seed <= 10; seed++ {
		dir := generate(t, n, 0, seed)
		var want, got map[string]any
		require.NoError(t, json.Unmarshal([]byte(oracle(t, dir)), &want))
		log := put(t, dir, "trail.json", trailOf(t, dir))
		for _, workers := range []string{"1", "2"} {
			said, errs := run(t, "-format", "cloudtrail", "-in", log, "-users", filepath.Join(dir, "users.csv"), "-relations", filepath.Join(dir, "treat.csv"), "-answers", "-workers", workers)
			require.Empty(t, errs)
			require.NoError(t, json.Unmarshal([]byte(said), &got))
			for _, question := range []string{"events", "q1", "q2", "q4", "q5"} {
				require.Equal(t, want[question], got[question], "%s of seed %d with %s workers", question, seed, workers)
			}
			require.Equal(t, []any{[]any{0., 0.}, []any{0., 0.}, 0.}, []any{got["q3"], got["q6"], got["q7"]}, "nobody's record is named")
		}
	}
}
