// Package logsource decides which Sigma rules may see which event, and what a rule's field is called there.
//
// It stands between detect and sigma. It keeps two things true. Routing is strict: a rule runs on an event only when its
// log source, with exactly its product, category and service, is written in the map beside a source that the event
// fits; a part that a rule leaves out never means "any". And nothing is guessed: a rule without a source and a field
// without a mapping are reported, not skipped.
//
// The knowledge stands in maps/*.yaml, one file a family, to be read and changed without touching code. Names follow
// the Sigma taxonomy appendix on the rules' side and ECS on ours.
package logsource

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
)

//go:embed maps/*.yaml
var maps embed.FS

// Map is the compiled knowledge. It is safe for concurrent use once loaded.
type Map struct {
	sources  []*Source
	byRule   map[sigma.LogSource][]*Source
	pass     map[string]bool
	decisive []string // event fields whose values tell sources apart, sorted
	present  []string // event fields whose presence does, sorted
}

// Source is one kind of event.
type Source struct {
	ID    string
	Index int // place in Map.Sources
	when  []condition
	// names of a field in order of preference, by the rule's name
	fields   map[string][]string
	prefixes []string
}

// condition asks one field of the event, or "parser" for the format that read it.
type condition struct {
	field  string
	values []string // lower case; "x*" is a prefix, "*" any value, "-" none
}

const parserField = "parser"

func (c condition) presence() bool { return len(c.values) == 1 && c.values[0] == "*" }

// file is the shape of one YAML file.
type file struct {
	Tables  map[string]map[string][]string `yaml:"tables"`
	Pass    []string                       `yaml:"pass"`
	Sources []struct {
		ID     string              `yaml:"id"`
		For    []string            `yaml:"for"`
		When   map[string][]string `yaml:"when"`
		Prefix []string            `yaml:"prefix"`
		Use    []string            `yaml:"use"`
		Fields map[string][]string `yaml:"fields"`
	} `yaml:"sources"`
}

// ErrMap is the cause when a map file is wrong.
var ErrMap = errors.New("logsource: map")

// Default loads the maps that ship with the product.
func Default() (*Map, error) { return Load(maps, "maps") }

// Load reads every .yaml file of a folder. Tables are shared by all of them.
func Load(fsys fs.FS, dir string) (*Map, error) {
	names, err := fs.Glob(fsys, dir+"/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("%w: list %s: %w", ErrMap, dir, err)
	}
	m := &Map{byRule: map[sigma.LogSource][]*Source{}, pass: map[string]bool{}}
	tables := map[string]map[string][]string{}
	var files []file
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("%w: read %s: %w", ErrMap, name, err)
		}
		var f file
		dec := yaml.NewDecoder(strings.NewReader(string(data)))
		dec.KnownFields(true)
		if err := dec.Decode(&f); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrMap, name, err)
		}
		for t, fields := range f.Tables {
			if tables[t] != nil {
				return nil, fmt.Errorf("%w: %s: table %q stands twice", ErrMap, name, t)
			}
			tables[t] = fields
		}
		for _, p := range f.Pass {
			m.pass[p] = true
		}
		files = append(files, f)
	}
	for _, f := range files {
		if err := m.add(f, tables); err != nil {
			return nil, err
		}
	}
	m.findDecisive()
	return m, nil
}

func (m *Map) add(f file, tables map[string]map[string][]string) error {
	for _, d := range f.Sources {
		s := &Source{ID: d.ID, Index: len(m.sources), fields: map[string][]string{}, prefixes: d.Prefix}
		if len(d.For) == 0 || len(d.When) == 0 {
			return fmt.Errorf("%w: source %q needs for and when", ErrMap, d.ID)
		}
		for _, t := range d.Use {
			if tables[t] == nil {
				return fmt.Errorf("%w: source %q uses the unknown table %q", ErrMap, d.ID, t)
			}
			for name, to := range tables[t] {
				s.fields[name] = s.resolved(name, to)
			}
		}
		for name, to := range d.Fields {
			s.fields[name] = to
		}
		for field, values := range d.When {
			c := condition{field: field}
			for _, v := range values {
				c.values = append(c.values, strings.ToLower(v))
			}
			s.when = append(s.when, c)
		}
		sort.Slice(s.when, func(i, j int) bool { return s.when[i].field < s.when[j].field })
		for _, text := range d.For {
			parts := strings.Split(strings.ToLower(text), "/")
			if len(parts) != 3 {
				return fmt.Errorf("%w: source %q: %q is not product/category/service", ErrMap, d.ID, text)
			}
			ls := sigma.LogSource{Product: parts[0], Category: parts[1], Service: parts[2]}
			m.byRule[ls] = append(m.byRule[ls], s)
		}
		m.sources = append(m.sources, s)
	}
	return nil
}

// resolved puts the source's own names before those of a table.
func (s *Source) resolved(name string, table []string) []string {
	var out []string
	for _, p := range s.prefixes {
		out = append(out, p+name)
	}
	return append(out, table...)
}

func (m *Map) findDecisive() {
	valued, present := map[string]bool{}, map[string]bool{}
	for _, s := range m.sources {
		for _, c := range s.when {
			switch {
			case c.field == parserField:
			case c.presence():
				present[c.field] = true
			default:
				valued[c.field] = true
			}
		}
	}
	for f := range valued {
		m.decisive = append(m.decisive, f)
		delete(present, f)
	}
	for f := range present {
		m.present = append(m.present, f)
	}
	sort.Strings(m.decisive)
	sort.Strings(m.present)
}

// Sources lists every source; Source.Index is the place in it.
func (m *Map) Sources() []*Source { return m.sources }

// For lists the sources that a rule may run on; none means that the map does not know the log source.
func (m *Map) For(ls sigma.LogSource) []*Source { return m.byRule[ls] }

// Names says what a rule's field is called in events of the source, in order of preference; ok is false when the map
// does not know the field.
func (m *Map) Names(s *Source, field string) (names []string, ok bool) {
	if names, ok = s.fields[field]; ok {
		return names, true
	}
	root, _, dotted := strings.Cut(field, ".")
	if m.pass[root] && (dotted || field == "message") {
		return []string{field}, true
	}
	if len(s.prefixes) > 0 {
		return s.resolved(field, nil), true
	}
	return nil, false
}

// Classifier finds the sources of events. It remembers answers and is not safe for concurrent use.
type Classifier struct {
	m     *Map
	known map[string][]*Source
	key   []byte
}

// maxKnown bounds the memory of a classifier: event codes are chosen by whoever wrote the evidence.
const maxKnown = 1 << 15

// Classifier returns a classifier for one run.
func (m *Map) Classifier() *Classifier { return &Classifier{m: m, known: map[string][]*Source{}} }

// Sources lists the sources that the event fits.
func (c *Classifier) Sources(e *event.Event) []*Source {
	c.key = append(c.key[:0], e.Parser...)
	c.key = append(c.key, 0)
	for _, f := range c.m.present {
		if len(e.All(f)) > 0 {
			c.key = append(c.key, 2)
		}
		c.key = append(c.key, 0)
	}
	for _, f := range c.m.decisive {
		for _, v := range e.All(f) {
			c.key = append(c.key, v...)
			c.key = append(c.key, 1)
		}
		c.key = append(c.key, 0)
	}
	if s, ok := c.known[string(c.key)]; ok {
		return s
	}
	var out []*Source
	for _, s := range c.m.sources {
		if s.fits(e) {
			out = append(out, s)
		}
	}
	if len(c.known) >= maxKnown {
		clear(c.known)
	}
	c.known[string(c.key)] = out
	return out
}

func (s *Source) fits(e *event.Event) bool {
	for _, c := range s.when {
		values := e.All(c.field)
		if c.field == parserField {
			values = []string{e.Parser}
		}
		hit := len(values) == 0 && len(c.values) == 1 && c.values[0] == "-"
		for _, v := range values {
			hit = hit || c.holds(strings.ToLower(v))
		}
		if !hit {
			return false
		}
	}
	return true
}

func (c condition) holds(v string) bool {
	for _, w := range c.values {
		if p, ok := strings.CutSuffix(w, "*"); ok && strings.HasPrefix(v, p) || v == w {
			return true
		}
	}
	return false
}
