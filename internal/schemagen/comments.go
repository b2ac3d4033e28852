package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// comments answers what the source says about a type, a field or a constant. It reads each package once.
type comments struct {
	root     string
	module   string
	packages map[string]*packageComments
}

// packageComments is what one package says. Keys are Type, Type.Field, and Type=value for constants.
type packageComments struct {
	text map[string]string
}

func newComments(root, module string) *comments {
	return &comments{root: root, module: module, packages: map[string]*packageComments{}}
}

// of returns the comment under a key of a package; it is empty for packages outside the module.
func (c *comments) of(pkgPath, key string) (string, error) {
	rel, ok := strings.CutPrefix(pkgPath, c.module)
	if !ok || rel != "" && rel[0] != '/' {
		return "", nil
	}
	p, ok := c.packages[pkgPath]
	if !ok {
		var err error
		if p, err = readComments(filepath.Join(c.root, filepath.FromSlash(rel))); err != nil {
			return "", fmt.Errorf("comments of %s: %w", pkgPath, err)
		}
		c.packages[pkgPath] = p
	}
	return p.text[key], nil
}

func readComments(dir string) (*packageComments, error) {
	entries, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, fs.ErrNotExist
	}
	out := &packageComments{text: map[string]string{}}
	fset := token.NewFileSet()
	for _, path := range entries {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				out.read(g)
			}
		}
	}
	return out, nil
}

func (p *packageComments) read(g *ast.GenDecl) {
	for _, spec := range g.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			p.text[s.Name.Name] = firstParagraph(or(s.Doc, lone(g)))
			if st, ok := s.Type.(*ast.StructType); ok {
				p.readFields(s.Name.Name, st)
			}
		case *ast.ValueSpec:
			if g.Tok == token.CONST {
				p.readConst(g, s)
			}
		}
	}
}

// readFields keeps the comment of every field. A comment above a run of fields stands for the first of them only.
func (p *packageComments) readFields(typ string, st *ast.StructType) {
	for _, f := range st.Fields.List {
		text := oneLine(or(f.Doc, f.Comment))
		for _, n := range f.Names {
			p.text[typ+"."+n.Name] = text
		}
	}
}

// readConst keeps the comment of a typed string constant under its value, so that a member of an enumeration finds it.
func (p *packageComments) readConst(g *ast.GenDecl, s *ast.ValueSpec) {
	typ, ok := s.Type.(*ast.Ident)
	if !ok {
		return
	}
	for i := range s.Names {
		if i >= len(s.Values) {
			return
		}
		lit, ok := s.Values[i].(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			continue
		}
		if value, err := strconv.Unquote(lit.Value); err == nil {
			p.text[typ.Name+"="+value] = oneLine(or(s.Doc, or(s.Comment, lone(g))))
		}
	}
}

// lone is the comment above a declaration that declares one thing without parentheses.
func lone(g *ast.GenDecl) *ast.CommentGroup {
	if g.Lparen.IsValid() {
		return nil
	}
	return g.Doc
}

func or(a, b *ast.CommentGroup) *ast.CommentGroup {
	if a != nil {
		return a
	}
	return b
}

// docLink matches a link of Go doc comments, which means nothing outside Go.
var docLink = regexp.MustCompile(`\[(\*?[A-Za-z][A-Za-z0-9_.]*)\]`)

func firstParagraph(g *ast.CommentGroup) string {
	text, _, _ := strings.Cut(g.Text(), "\n\n")
	return clean(text)
}

func oneLine(g *ast.CommentGroup) string { return clean(g.Text()) }

func clean(text string) string {
	return docLink.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$1")
}
