package evidence

import hipaasmp "github.com/hipaasmp/hipaasmp"

// Stage is what [Write] is busy with.
type Stage string

const (
	// StageLedger: the ledger is read, to decide what becomes of each entry.
	StageLedger Stage = "ledger"
	// StageFiles: the files of the package are written.
	StageFiles Stage = "files"
)

// Values returns the members of the enumeration, in the order in which they come.
func (Stage) Values() []Stage { return []Stage{StageLedger, StageFiles} }

// IsValid reports whether s is a member.
func (s Stage) IsValid() bool {
	_, err := hipaasmp.ParseEnum("evidence.Stage", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s Stage) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("evidence.Stage", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Stage) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("evidence.Stage", text, s.Values())
	return err
}

// Progress tells how far [Write] has come.
type Progress struct {
	// Stage is what it is busy with.
	Stage Stage
	// Done and Total count entries of the ledger in StageLedger and files in StageFiles.
	Done, Total uint64
}

// progressEvery is how many entries of the ledger lie between two calls.
const progressEvery = 1000

// progress tells the caller, now and then and at the end of a stage.
func (o Options) progress(stage Stage, done, total uint64) {
	if o.Progress != nil && (done == total || done%progressEvery == 0 || stage == StageFiles) {
		o.Progress(Progress{stage, done, total})
	}
}
