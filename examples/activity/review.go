package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// reviewed is what the detectors found in the files.
type reviewed struct {
	Files    []detect.ScannedFile
	Tally    activity.Tally
	zone     string // for which times without one were taken
	titles   map[detect.ID]string
	findings []detect.Finding
	shelf    *shelf   // under a memory limit, where the findings lack what the budget does not ask for
	rough    []string // what is approximate
}

// choose returns the detectors that -detectors asks for; all where it asks for none.
func choose(asked string, known detect.Context) ([]detect.Detector, error) {
	if asked == "" || asked == "all" {
		return detect.All(known), nil
	}
	var out []detect.Detector
	for _, id := range strings.Split(asked, ",") {
		d, ok := detect.ByID(detect.ID(strings.TrimSpace(id)), known)
		if !ok {
			return nil, fmt.Errorf("-detectors: %q is none; use all, or identities such as R1,R10", id)
		}
		out = append(out, d)
	}
	return out, nil
}

// heavy are the detectors that keep much of a log. Under a memory limit each has a pass of its own, those that find most
// last.
var heavy = []detect.ID{detect.IDNovelty, detect.IDSharedAccount, detect.IDUserVolume, detect.IDPeerVolume, detect.IDPatientSurge,
	detect.IDBulkExport, detect.IDFishing, detect.IDLoginAfterFailures, detect.IDFailedLogins, detect.IDAfterHours, detect.IDBreakGlass, detect.IDNoRelation}

// passes deals the detectors out to passes over the files: to one, or under a memory limit to several.
func passes(chosen []detect.Detector, limited bool) [][]detect.Detector {
	if !limited {
		return [][]detect.Detector{chosen}
	}
	out := make([][]detect.Detector, 1+len(heavy))
	for _, d := range chosen {
		i := slices.Index(heavy, d.Describe().ID) + 1
		out[i] = append(out[i], d)
	}
	return slices.DeleteFunc(out, func(pass []detect.Detector) bool { return len(pass) == 0 })
}

// detectorShare is the part of the memory that a detector may fill with what it keeps: the rest is for the tables, for reading,
// and for what is being moved.
const detectorShare = 6

// dealt reads the tables and deals out the detectors that know them.
func dealt(o options) ([][]detect.Detector, error) {
	known, err := readTables(o)
	if err != nil {
		return nil, err
	}
	if o.memory > 0 {
		known.Memory = int(min(o.memory/detectorShare, 1<<30))
	}
	chosen, err := choose(o.detectors, known)
	return passes(chosen, o.memory > 0), err
}

// review runs the detectors. Before each pass the tables are read, so that only those that the pass asks stay in memory.
func review(o options, source detect.Source, bar *progress) (*reviewed, error) {
	all, err := dealt(o)
	if err != nil {
		return nil, err
	}
	out := &reviewed{zone: activity.AssumedZone(source.Reader), titles: map[detect.ID]string{}}
	asked := map[detect.ID][]detect.Parameter{} // with the digests of the tables
	for _, d := range slices.Concat(all...) {
		about := d.Describe()
		out.titles[about.ID] = about.Title + ". What else looks the same: " + about.FalsePositives
		asked[about.ID] = about.Parameters
	}
	if o.memory > 0 {
		out.shelf = &shelf{}
	}
	n := len(all)
	bar.total *= int64(n)
	for i := range n {
		if i > 0 {
			if all, err = dealt(o); err != nil {
				return nil, err
			}
		}
		pass := all[i]
		all = nil
		for _, d := range pass {
			if about := d.Describe(); !slices.Equal(about.Parameters, asked[about.ID]) {
				return nil, errors.New("a table changed while the files were read; review a copy that nobody writes to")
			}
		}
		scanned, err := detect.Scan(context.Background(), source, pass...)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out.Files, out.Tally = scanned.Files, scanned.Tally
		}
		for k, f := range scanned.Files {
			if f.SHA256 != out.Files[k].SHA256 {
				return nil, fmt.Errorf("%s changed while it was read; review a copy that nobody writes to", f.Name)
			}
		}
		findings := scanned.Findings()
		for k, d := range pass {
			if p, ok := scanned.Run.Partial(k).(detect.Approximator); ok && p.Approximate() != "" {
				out.rough = append(out.rough, fmt.Sprintf("%s is %s", d.Describe().ID, p.Approximate()))
			}
		}
		if out.shelf == nil {
			out.findings = findings
			continue
		}
		if err := out.shelf.put(findings); err != nil {
			return nil, err
		}
		scanned, findings = nil, nil
		debug.FreeOSMemory() // the next pass begins with what is kept alone
	}
	if out.shelf != nil {
		out.findings = out.shelf.light()
	}
	return out, nil
}

// spend spends the budget; under a memory limit one detector at a time, beside those findings of others that name an event
// of several.
func (r *reviewed) spend(b detect.Budget) detect.Spending {
	if r.shelf == nil {
		return b.Spend(r.findings)
	}
	ids := map[detect.ID]bool{}
	for _, f := range r.findings {
		ids[f.Detector] = true
	}
	var out detect.Spending
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		var some []detect.Finding
		for _, f := range r.findings {
			if f.Detector == id || len(f.Events) > 0 {
				some = append(some, f)
			}
		}
		spent := b.Spend(some)
		out.Seed = spent.Seed
		for _, a := range spent.Alerts {
			if a.Detector == id {
				out.Alerts = append(out.Alerts, a)
			}
		}
		for _, q := range spent.Quotas {
			if q.Detector == id {
				out.Quotas = append(out.Quotas, q)
			}
		}
	}
	return out
}

// bytesOf reads a size such as 100MB.
func bytesOf(text string) (int64, error) {
	const least = 32_000_000
	units := []struct {
		name  string
		bytes int64
	}{{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}}
	for _, u := range units {
		digits, ok := strings.CutSuffix(strings.ToUpper(text), u.name)
		if n, err := strconv.ParseInt(digits, 10, 64); ok && err == nil && n > 0 && n <= 1e12/u.bytes {
			if n *= u.bytes; n < least {
				return 0, fmt.Errorf("less than 32MB does not hold the program itself")
			}
			return n, nil
		}
	}
	return 0, fmt.Errorf("write a size as 100MB or 2GB")
}
