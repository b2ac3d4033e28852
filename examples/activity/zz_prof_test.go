package main
import ("testing";"os";"io";"path/filepath";"runtime/pprof";"fmt"
"github.com/hipaasmp/hipaasmp/review/detect")
func TestZZProf(t *testing.T){
 dir:=os.Getenv("PDIR"); if dir=="" {t.Skip()}
 format:=os.Getenv("PFMT")
 people, _ := table(filepath.Join(dir, "users.csv"), func(in io.Reader) (*detect.Roster, error) { return detect.ReadRoster(in, detect.TableOptions{Columns: rosterColumns}) })
 known, _ := table(filepath.Join(dir, "treat.csv"), readTies)
 files, _, err := open([]string{filepath.Join(dir, shapes[format])}); if err!=nil {t.Fatal(err)}
 reader, _ := readerOf(format, true)
 f,_:=os.Create(os.Getenv("POUT")); pprof.StartCPUProfile(f)
 for i:=0;i<5;i++ {
  k:=*known.clone()
  c0:=spent()
  r,_,err:=count(detect.Source{Reader:reader,Files:files,Workers:1},people,&k)
  fmt.Println(spent()-c0, r, err)
 }
 pprof.StopCPUProfile(); f.Close()
}
