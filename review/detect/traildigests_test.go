package detect_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// digestName is the name of a digest file, and logName that of a log file, of an hour.
func digestName(hour int) string {
	return fmt.Sprintf("111122223333_CloudTrail-Digest_us-east-2_your-trail-name_us-east-2_20150817T%02d0131Z.json.gz", hour)
}

func logName(hour int) string {
	return fmt.Sprintf("111122223333_CloudTrail_us-east-2_20150817T%02d00Z_EXAMPLE.json.gz", hour)
}

// trailDigest is a digest file with the members that the user guide of CloudTrail shows, which names another before it.
func trailDigest(hour int, previous string, before []byte) []byte {
	d := map[string]any{"awsAccountId": "111122223333", "digestStartTime": fmt.Sprintf("2015-08-17T%02d:01:31Z", hour-1), "digestEndTime": fmt.Sprintf("2015-08-17T%02d:01:31Z", hour),
		"digestS3Bucket": "amzn-s3-demo-bucket", "digestS3Object": "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/" + digestName(hour),
		"previousDigestS3Object": nil, "previousDigestHashValue": nil,
		"logFiles": []map[string]any{{"s3Object": "AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/17/" + logName(hour), "hashAlgorithm": "SHA-256"}}}
	if previous != "" {
		d["previousDigestS3Object"], d["previousDigestHashValue"] = "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/"+previous, hipaasmp.DigestOf(before)
	}
	b, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	return b
}

// trailChain are the digest files of some hours, each of which names the one before it.
func trailChain(hours ...int) (out [][]byte) {
	previous, before := "", []byte(nil)
	for _, h := range hours {
		d := trailDigest(h, previous, before)
		out = append(out, d)
		previous, before = digestName(h), d
	}
	return out
}

func chained(files ...[]byte) (*detect.TrailDigests, error) {
	var list []detect.File
	for i, f := range files {
		list = append(list, detect.FileFrom(fmt.Sprint("d", i), bytes.NewReader(f)))
	}
	return detect.ReadTrailDigests("s", list)
}

// links are what a chain says, and nothing of events.
type links struct{ read []string }

func (l links) find(d detect.Detector) []detect.Finding {
	run := detect.Start(d)
	for _, name := range l.read {
		run.AddFile("s", detect.ScannedFile{Name: "2015/08/17/" + name})
	}
	return run.Findings()
}

func gapIn(files ...[]byte) detect.SequenceGap {
	chain, err := chained(files...)
	if err != nil {
		panic(err)
	}
	return detect.SequenceGap{Chain: chain}
}

// chainCases are those of C2 over the digest files of a trail.
func chainCases(c cases) {
	whole := trailChain(14, 15, 16, 17)
	moderate := every(detect.SeverityModerate)
	c.planted("a digest file of a trail is missing", gapIn(whole[0], whole[1], whole[3]), links{}, found(1), moderate, says("nothing says what was delivered from 2015-08-17T15:01:31Z to 2015-08-17T16:01:31Z"))
	c.nearest("none is missing, in any order and twice", gapIn(whole[2], whole[0], whole[3], whole[1], whole[2]), links{})
	other := bytes.ReplaceAll(whole[3], []byte("us-east-2"), []byte("eu-west-1"))
	c.nearest("another region has a chain of its own", gapIn(whole[0], whole[1], whole[2], bytes.ReplaceAll(other, []byte("T160131Z"), []byte("T090131Z"))), links{})
	c.planted("the chain began again after the trail was off", gapIn(append(trailChain(10, 11), trailChain(16)...)...), links{}, found(1), moderate, says("began again"), says("from 2015-08-17T11:01:31Z to 2015-08-17T15:01:31Z"))
	changed := bytes.Replace(whole[1], []byte("EXAMPLE"), []byte("FORGERY"), 1)
	c.planted("a digest file has other bytes than the next one names", gapIn(whole[0], changed, whole[2]), links{}, found(1), every(detect.SeverityHigh), says("names other bytes of the record before it"))
	c.within("chain", "a log file that a digest names was not read", gapIn(whole...), links{[]string{logName(14), logName(15), logName(17)}}, found(1), moderate, says("1 file that "+digestName(16)+" names were not read, of 1"))
	c.beyond("chain", "all that they name were read", gapIn(whole...), links{[]string{logName(14), logName(15), logName(16), logName(17), "another"}})
	late := bytes.ReplaceAll(whole[1], []byte("T150131Z.json.gz"), []byte("T150131Z_backfill.json.gz"))
	c.falsePositive("files that came late have a digest beside the chain", gapIn(whole[0], whole[1], late, whole[2]), links{})
	c.falsePositive("a log that is read without what is known of its files", gapIn(whole...), at(0))
}

func TestTrailDigestsThatAreNone(t *testing.T) {
	t.Parallel()
	whole := trailChain(14, 15)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(whole[0])
	require.NoError(t, err)
	require.NoError(t, z.Close())
	plainly, err := chained(whole...)
	require.NoError(t, err)
	gzipped, err := chained(packed.Bytes(), whole[1])
	require.NoError(t, err)
	require.Equal(t, plainly.Links(), gzipped.Links(), "digests are of the files as they are unpacked")
	require.Equal(t, plainly.Digest(), gzipped.Digest())
	require.Equal(t, time.Date(2015, 8, 17, 14, 1, 31, 0, time.UTC), plainly.Links()[1].From)
	fewer, err := chained(whole[0])
	require.NoError(t, err)
	require.NotEqual(t, plainly.Digest(), fewer.Digest())
	for name, file := range map[string][]byte{"a log file": []byte(`{"Records":[]}`), "no JSON": []byte("x"), "nothing": nil,
		"an end before the start": bytes.ReplaceAll(whole[0], []byte("2015-08-17T14"), []byte("2015-08-16T14")), "no time": bytes.ReplaceAll(whole[0], []byte("T13:01"), []byte("T25:01"))} {
		_, err := chained(file)
		var se *detect.SourceError
		require.ErrorAs(t, err, &se, name)
		require.ErrorContains(t, err, "d0 is no digest file of CloudTrail", name)
	}
	_, err = chained(whole[0], bytes.Replace(whole[0], []byte("EXAMPLE"), []byte("ANOTHER"), 1))
	require.ErrorContains(t, err, "two digest files call themselves")
	gone := errors.New("gone")
	for _, file := range []detect.File{detect.FileFrom("f", iotest.ErrReader(gone)), {Name: "f", Open: detect.FileFrom("f", bytes.NewReader(packed.Bytes()[:30])).Open}} {
		_, err = detect.ReadTrailDigests("s", []detect.File{file})
		var fe *activity.FileError
		require.ErrorAs(t, err, &fe)
	}
	var bomb bytes.Buffer
	z = gzip.NewWriter(&bomb)
	for range 65 {
		_, err = z.Write(make([]byte, 1<<20))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	_, err = chained(bomb.Bytes())
	require.ErrorContains(t, err, "more than 67108864 bytes")
}

func FuzzTrailDigests(f *testing.F) {
	for _, d := range trailChain(14, 15) {
		f.Add(string(d))
	}
	f.Add("\x1f\x8b")
	f.Add(strings.Repeat("[", 1000))
	f.Fuzz(func(t *testing.T, text string) {
		whole := trailChain(14)
		chain, err := chained(whole[0], []byte(text))
		if err != nil {
			return
		}
		for _, found := range (links{[]string{"x"}}).find(detect.SequenceGap{Chain: chain}) {
			requireSound(t, found)
		}
	})
}
