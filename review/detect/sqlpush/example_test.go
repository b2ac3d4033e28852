package sqlpush_test

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

func Example() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "CREATE TABLE logons (n integer, ms integer, who text, how text)"); err != nil {
		fmt.Println(err)
		return
	}
	night := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	for i := range 6 {
		how := "BAD PASSWORD"
		if i == 5 {
			how = "OK"
		}
		if _, err := db.ExecContext(ctx, "INSERT INTO logons VALUES (?, ?, 'u7', ?)", i, night.Add(time.Duration(i)*time.Minute).UnixMicro(), how); err != nil {
			fmt.Println(err)
			return
		}
	}
	if _, err := db.ExecContext(ctx, "CREATE VIEW review_log AS SELECT n, ms, who, how, 'login' AS verb FROM logons"); err != nil {
		fmt.Println(err)
		return
	}
	table := sqlpush.Table{
		Source: "portal", Name: "review_log",
		Columns: map[sqlpush.Column]string{
			sqlpush.ColumnID: "n", sqlpush.ColumnRecorded: "ms", sqlpush.ColumnActor: "who", sqlpush.ColumnAction: "verb", sqlpush.ColumnOutcome: "how",
		},
		Words: map[sqlpush.Column]map[string]string{sqlpush.ColumnOutcome: {"OK": "success", "BAD PASSWORD": "failure"}},
	}
	query, err := sqlpush.Render(sqlpush.SQLite(), table, detect.LoginAfterFailures{})
	if err != nil {
		fmt.Println(err)
		return
	}
	rows, err := db.QueryContext(ctx, query.Text, query.Args...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rows.Close()
	state, err := sqlpush.Collect(query, rows)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range state.Findings() {
		fmt.Println(f.Detector, f.Severity, f.Actor, f.Count, "events")
		for _, reason := range f.Reasons {
			fmt.Println("-", reason)
		}
	}
	// Output:
	// R11 high u7 6 events
	// - 1 log-in succeeded by the same user after a burst of failed ones: 5 within 4m0s
	// - the first succeeded 1m0s after the failure before it
}
