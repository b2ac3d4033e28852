package schema

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// compiled is one schema ready for use.
type compiled struct {
	schema *jsonschema.Schema
	// meaning is the description of each definition, which faults quote.
	meaning map[string]string
}

// library compiles the embedded schemas on first use and never changes afterwards.
var library = sync.OnceValues(compileAll)

// offline refuses every load: a schema that refers to anything but the embedded files is broken.
type offline struct{}

func (offline) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s is not embedded; schemas are never fetched", url)
}

// compileAll returns the schemas by $id.
func compileAll() (map[string]compiled, error) {
	out := map[string]compiled{}
	var errs []error
	for _, kind := range Kinds() {
		data, _ := Source(kind)
		id := hipaasmp.SchemaID(kind, 1)
		c, err := compile(id, data)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", kind, err))
			continue
		}
		out[id] = c
	}
	return out, errors.Join(errs...)
}

// compile makes one schema ready. Formats are checked, which draft 2020-12 leaves to the caller.
func compile(id string, data []byte) (compiled, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return compiled{}, err
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(offline{})
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(id, doc); err != nil {
		return compiled{}, err
	}
	s, err := c.Compile(id)
	if err != nil {
		return compiled{}, err
	}
	return compiled{schema: s, meaning: meanings(doc)}, nil
}

func meanings(doc any) map[string]string {
	out := map[string]string{}
	root, _ := doc.(map[string]any)
	defs, _ := root["$defs"].(map[string]any)
	for name, def := range defs {
		if d, ok := def.(map[string]any); ok {
			out[name], _ = d["description"].(string)
		}
	}
	return out
}
