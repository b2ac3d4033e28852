package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/storage"
)

//go:embed page.html.tmpl
var pageSource string

// page is what the page shows.
type page struct {
	Entity  string
	AsOf    hipaasmp.Date
	Notice  string
	Key     string
	Orders  []order
	People  []hipaasmp.WorkforceMember
	Rows    []risk.Row
	Items   []remediation.Item
	Reviews []review.Record
	Gaps    []hipaasmp.Gap
}

// handler routes the product's pages. The log-in of a real product says who acts; here a field of the form stands for it.
func (p *product) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.show)
	mux.HandleFunc("POST /orders/{id}/start", p.start)
	mux.HandleFunc("POST /orders/{id}/finish", p.finish)
	mux.HandleFunc("GET /package.zip", p.hand)
	return http.NewCrossOriginProtection().Handler(mux)
}

func (p *product) show(w http.ResponseWriter, r *http.Request) { p.render(w, r, http.StatusOK, "") }

func (p *product) render(w http.ResponseWriter, r *http.Request, status int, notice string) {
	records, err := dossier.Load(r.Context(), p.store, tenant, time.Time{})
	if err != nil {
		p.fail(w, err)
		return
	}
	asOf, err := p.today(records.Entity)
	if err != nil {
		p.fail(w, err)
		return
	}
	orders, err := p.orders(r.Context())
	if err != nil {
		p.fail(w, err)
		return
	}
	records.Cadence = cadence
	v := page{Entity: records.Entity.Name, AsOf: asOf, Notice: notice, Key: p.signer.VerifierKey(), Orders: orders, People: records.Entity.Workforce,
		Items: records.Items, Reviews: records.Reviews, Gaps: records.Gaps(asOf)}
	if a, ok := risk.InEffect(records.Analyses, asOf); ok {
		v.Rows = a.Register().Rows
	}
	t, err := template.New("page").Funcs(template.FuncMap{"words": func(s any) string { return strings.ReplaceAll(fmt.Sprint(s), "_", " ") }}).Parse(pageSource)
	if err != nil {
		p.fail(w, err)
		return
	}
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		p.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// today is the civil day in the clinic's zone.
func (p *product) today(e hipaasmp.Entity) (hipaasmp.Date, error) {
	zone, err := e.Location()
	return hipaasmp.DateOf(p.now(), zone), err
}

func (p *product) start(w http.ResponseWriter, r *http.Request) {
	id, who := asked(r)
	p.moved(w, r, p.startOrder(r.Context(), id, who))
}

func (p *product) finish(w http.ResponseWriter, r *http.Request) {
	id, who := asked(r)
	hours, _ := strconv.ParseFloat(r.FormValue("hours"), 64) // what is no number is 0, and the table refuses 0
	p.moved(w, r, p.finishOrder(r.Context(), id, who, hours, r.FormValue("what")))
}

func asked(r *http.Request) (int64, hipaasmp.Actor) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64) // what is no number is 0, which no order has
	return id, hipaasmp.Actor{ID: r.FormValue("who"), Role: hipaasmp.RoleWorkforce}
}

// moved answers a step: back to the page, or the page with what was refused and why.
func (p *product) moved(w http.ResponseWriter, r *http.Request, err error) {
	var invalid *hipaasmp.ValidationError
	var transition *hipaasmp.TransitionError
	switch {
	case err == nil:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	case errors.Is(err, errNoOrder), errors.Is(err, storage.ErrConflict):
		p.render(w, r, http.StatusConflict, err.Error())
	case errors.As(err, &invalid), errors.As(err, &transition):
		p.render(w, r, http.StatusUnprocessableEntity, err.Error())
	default:
		p.render(w, r, http.StatusUnprocessableEntity, "The product did not take this; nothing was changed.")
	}
}

// hand writes the evidence package to a file first: half a package must never go out as a whole one.
func (p *product) hand(w http.ResponseWriter, r *http.Request) {
	f, err := os.CreateTemp("", "package-*.zip")
	if err != nil {
		p.fail(w, err)
		return
	}
	defer os.Remove(f.Name())
	defer f.Close()
	e, _, err := storage.Get[hipaasmp.Entity](r.Context(), p.store, tenant, hipaasmp.Ref{Kind: hipaasmp.KindEntity, ID: tenant})
	if err != nil {
		p.fail(w, err)
		return
	}
	asOf, err := p.today(e)
	if err != nil {
		p.fail(w, err)
		return
	}
	_, err = dossier.Write(r.Context(), f, p.store, tenant, dossier.Options{
		Period: hipaasmp.Period{From: asOf.AddYears(-1), To: asOf}, AsOf: asOf, Made: p.now(), Signer: p.signer, Cadence: cadence,
	})
	if err != nil {
		p.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="package.zip"`)
	http.ServeContent(w, r, "package.zip", p.now(), f)
}

// fail tells the operator and not the browser: an error may name files.
func (p *product) fail(w http.ResponseWriter, err error) {
	fmt.Fprintln(os.Stderr, "embed:", err)
	http.Error(w, "This page cannot be shown now.", http.StatusInternalServerError)
}
