package sigma

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"adjutant/backend/incident"
)

// ErrRule is the cause of every refusal of a rule's shape.
var ErrRule = errors.New("not a Sigma rule")

// Parse reads every document of a rule file. Each becomes a rule or a refusal; source is the file's name in both.
func Parse(data []byte, source string) (rules []*Rule, refused []Refused) {
	refuse := func(kind RefusedKind, head header, err error) {
		refused = append(refused, Refused{ID: head.id, Title: head.title, Source: source, Reason: err.Error(), Kind: kind})
	}
	if len(data) > MaxFileBytes {
		refuse(Failed, header{}, fmt.Errorf("the file has %d bytes, more than %d", len(data), MaxFileBytes))
		return nil, refused
	}
	parts := documents(data)
	if len(parts) > MaxDocuments {
		refuse(Failed, header{}, fmt.Errorf("the file has more than %d documents", MaxDocuments))
		return nil, refused
	}
	for _, part := range parts {
		r, head, err := parseDocument(part)
		switch {
		case errors.Is(err, errNothing):
		case errors.Is(err, errOtherKind):
			refuse(NotApplicable, head, err)
		case err != nil:
			refuse(Failed, head, err)
		default:
			r.Source = source
			rules = append(rules, r)
		}
	}
	return rules, refused
}

// documents splits at lines "---" (a comment may follow), so that each rule's hash is of its own bytes and one broken document
// does not hide the others.
func documents(data []byte) [][]byte {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var out [][]byte
	start := 0
	for i := 0; i < len(data); {
		end := bytes.IndexByte(data[i:], '\n')
		line := data[i:]
		if end >= 0 {
			line = data[i : i+end]
		}
		if rest, ok := bytes.CutPrefix(line, []byte("---")); ok && separator(rest) {
			out = append(out, data[start:i])
			start = min(i+len(line)+1, len(data))
		}
		if end < 0 {
			break
		}
		i += end + 1
	}
	return append(out, data[start:])
}

func separator(rest []byte) bool {
	trimmed := bytes.TrimLeft(rest, " \t\r")
	return len(trimmed) == 0 || trimmed[0] == '#' && len(trimmed) < len(rest)
}

var (
	errNothing   = errors.New("empty document")
	errOtherKind = errors.New("not applicable")
)

type header struct{ id, title string }

func parseDocument(data []byte) (*Rule, header, error) {
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, header{}, errNothing
		}
		return nil, header{}, fmt.Errorf("sigma: YAML: %w", err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, header{}, fmt.Errorf("sigma: %w: documents are not separated by a line of their own with ---", ErrRule)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].Tag == "!!null" {
		return nil, header{}, errNothing
	}
	w := &walker{}
	top, err := w.mapping(doc.Content[0], "document")
	if err != nil {
		return nil, header{}, fmt.Errorf("sigma: %w", err)
	}
	head := header{id: scalarOf(top, "id"), title: scalarOf(top, "title")}
	for _, kind := range []string{"correlation", "filter"} {
		if top.get(kind) != nil && top.get("detection") == nil {
			return nil, head, fmt.Errorf("sigma: %w: %s rules are not run yet", errOtherKind, kind)
		}
	}
	if a := scalarOf(top, "action"); a != "" {
		return nil, head, fmt.Errorf("sigma: %w: rule collections (action: %.40s) are of Sigma 1", ErrRule, a)
	}
	r, err := w.rule(top)
	if err != nil {
		return nil, head, fmt.Errorf("sigma: %w", err)
	}
	r.Hash = incident.Digest(sha256.Sum256(data))
	if r.ID == "" {
		r.ID = "sha256-" + r.Hash.String()[:32]
	}
	return r, head, nil
}

// rule fills the rule from its document.
func (w *walker) rule(top *object) (*Rule, error) {
	r := &Rule{
		ID: scalarOf(top, "id"), Title: scalarOf(top, "title"), Description: strings.TrimSpace(scalarOf(top, "description")),
		Status: scalarOf(top, "status"), Author: scalarOf(top, "author"), License: scalarOf(top, "license"),
		Date: scalarOf(top, "date"), Modified: scalarOf(top, "modified"), Level: Level(strings.ToLower(scalarOf(top, "level"))),
	}
	if r.Title == "" {
		return nil, fmt.Errorf("%w: it has no title", ErrRule)
	}
	if r.Level != "" {
		if _, err := incident.ParseSeverity(string(r.Level)); err != nil {
			return nil, fmt.Errorf("%w: level %.40q", ErrRule, r.Level)
		}
	}
	for key, to := range map[string]*[]string{"tags": &r.Tags, "references": &r.References, "falsepositives": &r.FalsePositives} {
		list, err := w.strings(top.get(key), key)
		if err != nil {
			return nil, err
		}
		*to = list
	}
	source := top.get("logsource")
	if source == nil {
		return nil, fmt.Errorf("%w: it has no logsource", ErrRule)
	}
	ls, err := w.mapping(source, "logsource")
	if err != nil {
		return nil, err
	}
	r.LogSource = LogSource{
		Category: strings.ToLower(scalarOf(ls, "category")),
		Product:  strings.ToLower(scalarOf(ls, "product")),
		Service:  strings.ToLower(scalarOf(ls, "service")),
	}
	if top.get("detection") == nil {
		return nil, fmt.Errorf("%w: it has no detection", ErrRule)
	}
	return r, w.detection(r, top.get("detection"))
}

// detection builds the searches and puts them into the conditions.
func (w *walker) detection(r *Rule, n *yaml.Node) error {
	det, err := w.mapping(n, "detection")
	if err != nil {
		return err
	}
	searches := map[string]Expr{}
	for _, p := range det.pairs {
		switch p.key {
		case "condition":
			if r.Conditions, err = w.strings(p.value, "condition"); err != nil {
				return err
			}
		case "timeframe":
			return fmt.Errorf("%w: timeframe is of Sigma 1; correlations took its place", ErrRule)
		default:
			if searches[p.key], err = w.search(p.value, 0); err != nil {
				return fmt.Errorf("search %q: %w", p.key, err)
			}
		}
	}
	if len(r.Conditions) == 0 {
		return fmt.Errorf("%w: it has no condition", ErrRule)
	}
	var any Or
	for _, c := range r.Conditions {
		e, err := parseCondition(c, searches)
		if err != nil {
			return err
		}
		any = append(any, e)
	}
	r.Expr = any
	if len(any) == 1 {
		r.Expr = any[0]
	}
	return nil
}

// search builds one search: a map is "all lines", a list of maps "any of them", scalars are keywords.
func (w *walker) search(n *yaml.Node, depth int) (Expr, error) {
	if depth > MaxDepth {
		return nil, fmt.Errorf("%w: nested deeper than %d", ErrRule, MaxDepth)
	}
	n, err := w.resolve(n)
	if err != nil {
		return nil, err
	}
	switch n.Kind {
	case yaml.MappingNode:
		o, err := w.mapping(n, "search")
		if err != nil {
			return nil, err
		}
		if len(o.pairs) == 0 {
			return nil, fmt.Errorf("%w: it is empty", ErrRule)
		}
		var all And
		for _, p := range o.pairs {
			it, err := w.item(p.key, p.value)
			if err != nil {
				return nil, err
			}
			all = append(all, it)
		}
		return all, nil
	case yaml.SequenceNode:
		var any Or
		for _, c := range n.Content {
			e, err := w.search(c, depth+1)
			if err != nil {
				return nil, err
			}
			any = append(any, e)
		}
		if len(any) == 0 {
			return nil, fmt.Errorf("%w: it is empty", ErrRule)
		}
		return any, nil
	}
	return w.item("", n)
}

// item builds one line of a search.
func (w *walker) item(key string, n *yaml.Node) (Expr, error) {
	field, words, m, err := parseKey(key)
	if err != nil {
		return nil, err
	}
	it := &Item{Field: field, Modifiers: words, All: m.all}
	n, err = w.resolve(n)
	if err != nil {
		return nil, err
	}
	values := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		values = n.Content
	}
	var all And // "all" over a value that has several forms: each value in any form
	for _, v := range values {
		if v, err = w.resolve(v); err != nil {
			return nil, err
		}
		if v.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("%w: field %q holds a map or list where a value was expected", ErrRule, key)
		}
		tests, err := m.tests(v, field == "")
		if err != nil {
			return nil, fmt.Errorf("field %q: %w", key, err)
		}
		if w.tests += len(tests); w.tests > MaxTests {
			return nil, fmt.Errorf("%w: more than %d values", ErrRule, MaxTests)
		}
		it.Tests = append(it.Tests, tests...)
		all = append(all, &Item{Field: field, Modifiers: words, Tests: tests})
	}
	if len(it.Tests) == 0 {
		return nil, fmt.Errorf("%w: field %q has no value", ErrRule, key)
	}
	if m.all && len(it.Tests) != len(all) {
		return all, nil
	}
	return it, nil
}
