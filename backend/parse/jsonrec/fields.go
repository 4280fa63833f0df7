package jsonrec

import (
	"fmt"
	"io/fs"
	"net/netip"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/table"
)

// Fields says which ECS fields the members of a product's records fill: a reviewable table of member, field and how. A field
// takes the first row whose member is there. How: text, number, bool, or address for a field that ends in ".ip" ("source.ip"):
// the text stands in source.address too, and what is no IP address in source.domain instead of source.ip.
type Fields struct{ rows []fieldRow }

type fieldRow struct{ member, field, how string }

// ReadFields reads a table with the columns name, field, how.
func ReadFields(files fs.FS, name string) (*Fields, error) {
	rows, err := table.Read(files, name, 3)
	if err != nil {
		return nil, err
	}
	f := &Fields{}
	for _, r := range rows {
		switch r[2] {
		case "text", "number", "bool":
		case "address":
			if !strings.HasSuffix(r[1], ".ip") {
				return nil, fmt.Errorf("%s: %s: an address fills a field that ends in .ip, not %s", name, r[0], r[1])
			}
		default:
			return nil, fmt.Errorf("%s: %s: unknown how %q", name, r[0], r[2])
		}
		f.rows = append(f.rows, fieldRow{r[0], r[1], r[2]})
	}
	return f, nil
}

// Fill sets the fields of the table from leaves, and keeps all leaves under prefix, which ends with a dot.
func (f *Fields) Fill(r *Record, leaves []Leaf, prefix string) {
	byName := make(map[string][]Leaf, len(leaves))
	for _, l := range leaves {
		byName[l.Name] = append(byName[l.Name], l)
	}
	done := map[string]bool{}
	for _, row := range f.rows {
		found := byName[row.member]
		if len(found) == 0 || done[row.field] {
			continue
		}
		for _, l := range found {
			if set(r.Event, row, l) {
				done[row.field] = true
			}
		}
	}
	r.Put(prefix, leaves)
}

func set(e *event.Event, row fieldRow, l Leaf) bool {
	switch row.how {
	case "number":
		if l.Kind != event.KindNumber && strings.Trim(l.Value, "0123456789") != "" {
			return false
		}
		e.Set(row.field, event.KindNumber, l.Value)
	case "bool":
		if l.Kind != event.KindBool {
			return false
		}
		e.Set(row.field, event.KindBool, l.Value)
	case "address":
		end := strings.TrimSuffix(row.field, ".ip")
		text := l.Value
		e.Set(end+".address", event.KindString, text)
		if a, err := netip.ParseAddrPort(text); err == nil {
			text = a.Addr().String()
		}
		if _, err := netip.ParseAddr(text); err != nil {
			e.Set(end+".domain", event.KindString, l.Value)
			return true
		}
		e.Set(row.field, event.KindString, text)
	default:
		e.Set(row.field, event.KindString, l.Value)
	}
	return true
}

// AtUTC is At for a text that states no zone and that the product's documentation says to be UTC.
func (r *Record) AtUTC(meaning event.TimeKind, text string) bool {
	n := len(r.Event.Times)
	if text == "" {
		return false
	}
	if last := text[len(text)-1]; last >= '0' && last <= '9' && !zoned(text) && r.At(meaning, text+"Z") {
		r.Event.Times[n].Original = text
		return true
	}
	return r.At(meaning, text)
}

// zoned says that a text ends in an offset, or is a number of seconds.
func zoned(s string) bool {
	t := strings.LastIndexAny(s, "+-")
	return t > len("2006-01-02") || !strings.ContainsAny(s, ":")
}

// First is the first of several members that is there, as text.
func (r *Record) First(members ...string) string {
	for _, m := range members {
		if s := r.Text(strings.Split(m, ".")...); s != "" {
			return s
		}
	}
	return ""
}

// maxNested is the text that a member may hold as JSON of its own.
const maxNested = 1 << 20

// Nested parses JSON that stands as text inside a member.
func Nested(text []byte) (*fastjson.Value, bool) {
	if len(text) == 0 || len(text) > maxNested || depthOf(text) > parse.MaxDepth || fastjson.ValidateBytes(text) != nil {
		return nil, false
	}
	v, err := fastjson.ParseBytes(text)
	return v, err == nil
}
