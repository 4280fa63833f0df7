package sigma

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// walker goes through one document and counts what it visits.
type walker struct {
	nodes int
	tests int
}

// object is a YAML map with its keys as text, in file order, each once.
type object struct{ pairs []pair }

type pair struct {
	key   string
	value *yaml.Node
}

func (o *object) get(key string) *yaml.Node {
	for _, p := range o.pairs {
		if p.key == key {
			return p.value
		}
	}
	return nil
}

// resolve follows an alias and counts the visit.
func (w *walker) resolve(n *yaml.Node) (*yaml.Node, error) {
	for i := 0; n != nil && n.Kind == yaml.AliasNode; i++ {
		if i > MaxDepth {
			return nil, fmt.Errorf("%w: alias of an alias", ErrRule)
		}
		n = n.Alias
	}
	if n == nil {
		return nil, fmt.Errorf("%w: alias to nothing", ErrRule)
	}
	if w.nodes++; w.nodes > MaxNodes {
		return nil, fmt.Errorf("%w: more than %d parts", ErrRule, MaxNodes)
	}
	return n, nil
}

func (w *walker) mapping(n *yaml.Node, what string) (*object, error) {
	n, err := w.resolve(n)
	if err != nil {
		return nil, err
	}
	if n.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%w: %s is not a map", ErrRule, what)
	}
	o := &object{}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, err := w.resolve(n.Content[i])
		if err != nil {
			return nil, err
		}
		if k.Kind != yaml.ScalarNode || k.Tag == "!!merge" {
			return nil, fmt.Errorf("%w: line %d: key of %s is not plain text", ErrRule, k.Line, what)
		}
		if seen[k.Value] {
			return nil, fmt.Errorf("%w: line %d: key %.60q stands twice", ErrRule, k.Line, k.Value)
		}
		seen[k.Value] = true
		o.pairs = append(o.pairs, pair{k.Value, n.Content[i+1]})
	}
	return o, nil
}

// scalarOf is the text under a key, "" when it is missing or no text: such header fields are informal in real rules.
func scalarOf(o *object, key string) string {
	n := o.get(key)
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// strings reads a scalar or a list of scalars; nil gives none.
func (w *walker) strings(n *yaml.Node, what string) ([]string, error) {
	if n == nil {
		return nil, nil
	}
	n, err := w.resolve(n)
	if err != nil {
		return nil, err
	}
	if n.Kind == yaml.ScalarNode {
		if n.Tag == "!!null" {
			return nil, nil
		}
		return []string{n.Value}, nil
	}
	if n.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("%w: %s is neither text nor a list", ErrRule, what)
	}
	var out []string
	for _, c := range n.Content {
		if c, err = w.resolve(c); err != nil {
			return nil, err
		}
		if c.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("%w: %s holds something other than text", ErrRule, what)
		}
		out = append(out, c.Value)
	}
	return out, nil
}
