// Command embed is a small product with the SDK inside: a work-order system of a clinic's IT contractor, with a database
// and tables of its own. A risk measure is one of its work orders, and both move together or not at all: the product's
// row and the SDK's document, ledger entry and checkpoint stand in one transaction of the product's database.
//
//	go run ./examples/embed -dir FOLDER
//
// Then open the address it prints: one page shows the work orders, the risk register, the plan, the reviews and what is
// missing; a button hands out the evidence package.
//
// What to look at: product.go opens the database and puts the store into it; orders.go is the joined transaction;
// pages.go reads documents back. seed.go only fills the first run.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"
)

func main() {
	dir := flag.String("dir", "hipaasmp-embed", "folder for the database and the key")
	listen := flag.String("listen", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, *dir, *listen); err != nil {
		fmt.Fprintln(os.Stderr, "embed:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, dir, listen string) error {
	p, err := openProduct(ctx, dir, time.Now, rand.Reader)
	if err != nil {
		return err
	}
	defer p.close()
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", l.Addr())
	s := &http.Server{Handler: p.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = s.Shutdown(wait)
	}()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
