package postgres

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// elsewhere is what databases that speak PostgreSQL's protocol do not have, or have only in part.
var elsewhere = regexp.MustCompile(`(?i)\b(trigger|sequence|serial|bigserial|nextval|pg_(try_)?advisory\w*|references|foreign key|jsonb?|current_timestamp|now\(|` +
	`temp(orary)? table|truncate|listen|notify|lock table|deferrable|generated always|create extension|plpgsql|uuid|timestamptz?|xid8)\b`)

// The layout is plain: three types, primary keys and unique keys, and nothing that a database of the same protocol lacks.
func TestTheLayoutIsPlain(t *testing.T) {
	t.Parallel()
	statements, err := Layout("plain")
	require.NoError(t, err)
	columns := 0
	comment := regexp.MustCompile(`--[^\n]*`)
	column := regexp.MustCompile(`(?m)^ {2}(\w+) +(\S+)`)
	for _, s := range statements {
		s = comment.ReplaceAllString(s, "")
		require.NotRegexp(t, elsewhere, s)
		if !strings.Contains(s, "CREATE TABLE") {
			continue
		}
		for _, c := range column.FindAllStringSubmatch(s, -1) {
			name, kind := c[1], strings.TrimSuffix(c[2], ",")
			if name == "PRIMARY" || name == "UNIQUE" || name == "CHECK" {
				continue
			}
			require.Contains(t, []string{"TEXT", "BIGINT", "BYTEA"}, kind, "%s in %s", name, s)
			if kind == "TEXT" && name != "checksum" && name != "name" {
				require.Regexp(t, `\b`+name+`\s+TEXT COLLATE "C" NOT NULL`, s, "text compares byte by byte")
			}
			columns++
		}
	}
	require.Greater(t, columns, 35)
}

// So are the statements. A savepoint, which not every such database has, is for Join alone.
func TestTheStatementsArePlain(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	looks := regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|SAVEPOINT|BEGIN|SET)\b`)
	quoted := regexp.MustCompile(`'[^']*'`) // such as the names of rights, which are asked for
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			require.NoError(t, err)
			if !looks.MatchString(text) {
				return true
			}
			found++
			require.NotRegexp(t, elsewhere, quoted.ReplaceAllString(text, "''"), name)
			if name != "join.go" {
				require.NotContains(t, text, "SAVEPOINT", name)
			}
			return true
		})
	}
	require.Greater(t, found, 25, "the statements are found")
}
