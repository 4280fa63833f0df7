package suricata

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/valyala/fastjson"

	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/sentence"
	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var files embed.FS

type target struct{ field, how string }

// kindOf is what is known about one kind of event.
type kindOf struct {
	categories []string
	kind       string
	message    sentence.Bound
}

type known struct {
	values
	ends   sentence.Bound
	fields map[string]target
	kinds  map[string]kindOf
}

// knowledge loads the tables once; a fault in them is a broken build, which the package's tests find.
var knowledge = sync.OnceValue(func() *known {
	k, err := load()
	if err != nil {
		panic("suricata: embedded tables: " + err.Error())
	}
	return k
})

func load() (*known, error) {
	k := &known{fields: map[string]target{}, kinds: map[string]kindOf{}}
	rows, err := table.Read(files, "tables/fields.csv", 3)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		switch r[2] {
		case "text", "end", "lower", "url", "status", "blocked", "started", "ended":
		default:
			return nil, fmt.Errorf("fields.csv: %s: how %q", r[0], r[2])
		}
		k.fields[r[0]] = target{r[1], r[2]}
	}
	if rows, err = table.Read(files, "tables/kinds.csv", 4); err != nil {
		return nil, err
	}
	for _, r := range rows {
		m, err := sentence.Parse(r[3])
		if err != nil {
			return nil, fmt.Errorf("kinds.csv: %s: %w", r[0], err)
		}
		k.kinds[r[0]] = kindOf{strings.Fields(r[1]), r[2], m.Bind(k.index)}
	}
	m, err := sentence.Parse("[{src_ip}][:{src_port}][ to {dest_ip}][:{dest_port}][ {proto}]")
	k.ends = m.Bind(k.index)
	return k, err
}

// values are the paths that sentences name; a bound sentence knows them by number.
type values struct{ paths [][]string }

func (p *values) index(name string) int {
	p.paths = append(p.paths, strings.Split(name, "."))
	return len(p.paths) - 1
}

// row gives the values of one record.
type row struct {
	paths [][]string
	v     *fastjson.Value
}

// Value is the text, the digits or, of a list, the first of them at a path.
func (r row) Value(i int) string {
	c := r.v.Get(r.paths[i]...)
	if c == nil {
		return ""
	}
	if c.Type() == fastjson.TypeArray {
		a := c.GetArray()
		if len(a) == 0 {
			return ""
		}
		c = a[0]
	}
	if c.Type() == fastjson.TypeString || c.Type() == fastjson.TypeNumber {
		return jsonrec.TextOf(c)
	}
	return ""
}

// message is the sentence of a record; of a kind that the table does not know, the kind and the ends.
func (k *known) message(kind string, v *fastjson.Value) string {
	about, ok := k.kinds[kind]
	var b []byte
	if !ok {
		about.message = k.ends
		b = append(b, kind+": "...)
	}
	b, _ = about.message.Append(b, row{k.paths, v})
	return strings.TrimRight(string(b), ": ")
}
