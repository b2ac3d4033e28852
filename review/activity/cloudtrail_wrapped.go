package activity

import (
	"bytes"
	"path"
	"strings"
	"time"
)

// trailDelivery reads when a file was delivered out of its name, such as
// 111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz; the zero time where it is another name.
func trailDelivery(file string) time.Time {
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	cut := false
	for _, end := range []string{".json.gz", ".json.zst", ".json"} {
		if name, cut = strings.CutSuffix(name, end); cut {
			break
		}
	}
	parts := strings.Split(name, "_")
	if !cut || len(parts) != 5 || len(parts[0]) != 12 || strings.Trim(parts[0], "0123456789") != "" || parts[1] != "CloudTrail" || len(parts[4]) != 16 {
		return time.Time{}
	}
	at, err := time.Parse("20060102T1504Z", parts[3])
	if err != nil {
		return time.Time{}
	}
	return at
}

// unwrapTrail cuts the record out of an event of EventBridge or out of a row of CloudTrail Lake.
func unwrapTrail(frame []byte) (record []byte, at int) {
	if frame[0] == '[' {
		return lakeColumn(frame)
	}
	if !bytes.Contains(frame, []byte(`"detail-type"`)) || memberTwice(frame, "detail") {
		return nil, 0
	}
	if kind, _ := member(frame, "detail-type"); !bytes.HasSuffix(kind, []byte(` via CloudTrail"`)) {
		return nil, 0
	}
	return member(frame, "detail")
}

// lakeColumn cuts the column eventJson out of a row that CloudTrail Lake answered, which is an array of objects of one
// member each. Of a row without it see [lakeRow].
func lakeColumn(row []byte) (column []byte, at int) {
	columns, ok := parts(row)
	if !ok {
		return nil, 0
	}
	for _, c := range columns {
		if record, _ := member(c.raw, "eventJson"); record != nil {
			return c.raw, c.at
		}
		if record, _ := member(c.raw, "eventjson"); record != nil {
			return c.raw, c.at
		}
	}
	return nil, 0
}
