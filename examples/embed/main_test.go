package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/storage"
)

// started is the product in an empty folder, on a fixed day with a clock that goes on.
func started(t *testing.T) (*product, *httptest.Server) {
	t.Helper()
	var mu sync.Mutex
	now := time.Date(2026, 9, 15, 15, 0, 0, 0, time.UTC)
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
	p, err := openProduct(t.Context(), t.TempDir(), clock, rand.NewChaCha8([32]byte{1}))
	require.NoError(t, err)
	s := httptest.NewServer(p.handler())
	t.Cleanup(func() { s.Close(); require.NoError(t, p.close()) })
	return p, s
}

func get(t *testing.T, s *httptest.Server, path string) (int, string) {
	t.Helper()
	r, err := http.Get(s.URL + path)
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return r.StatusCode, string(body)
}

func post(t *testing.T, s *httptest.Server, path string, fields ...string) (int, string) {
	t.Helper()
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	r, err := http.PostForm(s.URL+path, v) // follows the way back to the page
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return r.StatusCode, string(body)
}

// state is an order and its measure, side by side.
func (p *product) stateOf(t *testing.T, id int64) (order, remediation.Item) {
	t.Helper()
	orders, err := p.orders(context.Background())
	require.NoError(t, err)
	o := orders[id-1]
	i, _, err := storage.Get[remediation.Item](context.Background(), p.store, tenant, hipaasmp.Ref{Kind: remediation.KindItem, ID: o.Item})
	require.NoError(t, err)
	return o, i
}

func size(t *testing.T, p *product) uint64 {
	t.Helper()
	c, err := p.store.Checkpoint(context.Background(), tenant)
	require.NoError(t, err)
	return c.Size
}

func TestPageShowsRegisterPlanReviewsAndGaps(t *testing.T) {
	t.Parallel()
	_, s := started(t)
	status, page := get(t, s, "/")
	require.Equal(t, http.StatusOK, status)
	for _, want := range []string{
		"<td>1</td><th scope=\"row\">Ransomware stops the clinic and restores fail</th><td>EHR server</td><td>very high</td>",
		"<th scope=\"row\">Encrypt the tablets</th><td>164.312(a)(2)(iv)</td><td>wf-4</td><td>2026-11-14</td><td>planned</td>",
		"<th scope=\"row\">2026-08-01 to 2026-08-31</th><td>wf-3</td><td>wf-2</td>",
		"No sanction policy is in effect on 2026-09-15.",
	} {
		require.Contains(t, page, want)
	}
}

func TestOrderAndMeasureMoveTogether(t *testing.T) {
	t.Parallel()
	p, s := started(t)
	before := size(t, p)
	status, _ := post(t, s, "/orders/1/start", "who", "wf-4")
	require.Equal(t, http.StatusOK, status)
	o, i := p.stateOf(t, 1)
	require.Equal(t, "running", o.State)
	require.Equal(t, remediation.StateInProgress, i.State)
	status, page := post(t, s, "/orders/1/finish", "who", "wf-4", "hours", "6.5", "what", "Restored in four hours; the counts agree.")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "done, 6.5 hours")
	o, i = p.stateOf(t, 1)
	require.Equal(t, "done", o.State)
	require.Equal(t, remediation.StateImplemented, i.State)
	require.Equal(t, before+2, size(t, p), "each step is an entry of the ledger")
}

func TestWhatOneSideRefusesChangesNeither(t *testing.T) {
	t.Parallel()
	p, s := started(t)
	status, _ := post(t, s, "/orders/2/start", "who", "wf-4")
	require.Equal(t, http.StatusOK, status)
	before := size(t, p)
	for _, c := range []struct {
		rule   string
		path   string
		fields []string
		status int
		says   string
	}{
		{"the product's table: no hours", "/orders/2/finish", []string{"who", "wf-4", "hours", "0", "what", "Done."}, http.StatusUnprocessableEntity, "nothing was changed"},
		{"the product's table: too many hours", "/orders/2/finish", []string{"who", "wf-4", "hours", "1e9", "what", "Done."}, http.StatusUnprocessableEntity, "nothing was changed"},
		{"the measure: nothing was done", "/orders/2/finish", []string{"who", "wf-4", "hours", "3", "what", ""}, http.StatusUnprocessableEntity, "SMP-"},
		{"the measure: nobody did it", "/orders/2/finish", []string{"who", "", "hours", "3", "what", "Done."}, http.StatusUnprocessableEntity, "SMP-"},
		{"an order in another state", "/orders/2/start", []string{"who", "wf-4"}, http.StatusConflict, "reload"},
		{"an order that is not there", "/orders/77/start", []string{"who", "wf-4"}, http.StatusConflict, "reload"},
		{"an order that is no number", "/orders/x/start", []string{"who", "wf-4"}, http.StatusConflict, "reload"},
	} {
		status, page := post(t, s, c.path, c.fields...)
		require.Equal(t, c.status, status, c.rule)
		require.Contains(t, page, c.says, c.rule)
		o, i := p.stateOf(t, 2)
		require.Equal(t, "running", o.State, c.rule)
		require.Equal(t, remediation.StateInProgress, i.State, c.rule)
		require.Equal(t, before, size(t, p), c.rule)
	}
}

func TestOneOfManyClicksWins(t *testing.T) {
	t.Parallel()
	p, _ := started(t)
	results := make(chan error, 8)
	for range cap(results) {
		go func() { results <- p.startOrder(context.Background(), 1, technician) }()
	}
	won := 0
	for range cap(results) {
		if err := <-results; err == nil {
			won++
		} else {
			require.True(t, errors.Is(err, errNoOrder), "%v", err)
		}
	}
	require.Equal(t, 1, won)
	o, i := p.stateOf(t, 1)
	require.Equal(t, "running", o.State)
	require.Equal(t, remediation.StateInProgress, i.State)
}

func TestAnotherSiteCannotClick(t *testing.T) {
	t.Parallel()
	p, s := started(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/orders/1/start", strings.NewReader("who=wf-4"))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	got, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer got.Body.Close()
	require.Equal(t, http.StatusForbidden, got.StatusCode)
	o, _ := p.stateOf(t, 1)
	require.Equal(t, "open", o.State)
}

func TestPackageVerifiesAndTheProductComesBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := time.Date(2026, 9, 15, 15, 0, 0, 0, time.UTC)
	clock := func() time.Time { now = now.Add(time.Second); return now }
	p, err := openProduct(t.Context(), dir, clock, rand.NewChaCha8([32]byte{1}))
	require.NoError(t, err)
	require.NoError(t, p.startOrder(t.Context(), 1, technician))
	require.NoError(t, p.close())

	p, err = openProduct(t.Context(), dir, clock, rand.NewChaCha8([32]byte{2}))
	require.NoError(t, err)
	defer p.close()
	o, i := p.stateOf(t, 1)
	require.Equal(t, "running", o.State)
	require.Equal(t, remediation.StateInProgress, i.State)
	s := httptest.NewServer(p.handler())
	defer s.Close()
	status, pack := get(t, s, "/package.zip")
	require.Equal(t, http.StatusOK, status)
	report, err := evidence.Verify(t.Context(), bytes.NewReader([]byte(pack)), int64(len(pack)), []string{p.signer.VerifierKey()}, evidence.VerifyOptions{})
	require.NoError(t, err)
	require.True(t, report.Passed())
}
