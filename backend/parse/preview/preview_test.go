package preview

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse/mapping"
)

func of(t *testing.T, head string, m *mapping.Mapping) Preview {
	t.Helper()
	p, err := Of(context.Background(), []byte(head), m, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Rows) > MaxRows {
		t.Errorf("%d rows", len(p.Rows))
	}
	for _, r := range p.Rows {
		if len(r) != len(p.Columns) {
			t.Errorf("a row of %d values under %d columns", len(r), len(p.Columns))
		}
	}
	return p
}

func column(t *testing.T, p Preview, name string) Column {
	t.Helper()
	for _, c := range p.Columns {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no column %q in %+v", name, p.Columns)
	return Column{}
}

func form(c Column, name string) Fit {
	for _, f := range c.Forms {
		if f.Form == name {
			return f
		}
	}
	return Fit{}
}

const table = "when;from;n;hash;ok;note\n03/04/2026 01:02:03;10.0.0.5;1773450123;d41d8cd98f00b204e9800998ecf8427e;true;a\n05/04/2026 01:02:03;10.0.0.6;1773450124;d41d8cd98f00b204e9800998ecf8427e;false;\"b;c\"\n"

// TestAmbiguous: a person sees both readings, chooses, and sees what the zone makes of it.
func TestAmbiguous(t *testing.T) {
	p := of(t, table, nil)
	if p.Mapping.Delimiter != ";" || !p.Mapping.Header || len(p.Rows) != 2 || p.Rows[1][5] != "b;c" {
		t.Fatalf("%+v", p)
	}
	c := column(t, p, "when")
	if want := `"03/04/2026 01:02:03" could be 3 April 2026 or 4 March 2026; none of the first rows settles it`; c.Ambiguous != want {
		t.Errorf("%q", c.Ambiguous)
	}
	if d, m := form(c, "dmy"), form(c, "mdy"); d.Readings[0].UTC != "2026-04-03T01:02:03.0000000Z" || m.Readings[0].UTC != "2026-03-04T01:02:03.0000000Z" || d.Fits != 2 || d.Of != 2 {
		t.Errorf("%+v %+v", d, m)
	}
	for name, kind := range map[string]string{"when": "time", "from": "address", "n": "number", "hash": "hash", "ok": "true or false", "note": "text"} {
		if got := column(t, p, name).Kind; got != kind {
			t.Errorf("%s is %q, want %q", name, got, kind)
		}
	}
	if f := form(column(t, p, "n"), "epoch-s"); f.Readings[0].UTC != "2026-03-14T01:02:03.0000000Z" {
		t.Errorf("%+v", column(t, p, "n").Forms)
	}
	if f := form(column(t, p, "n"), "excel"); f.Fits != 0 {
		t.Errorf("a count of days: %+v", f)
	}
	m := p.Mapping
	m.Times = []mapping.Time{{Column: "when", Form: "auto", Meaning: event.Occurred}}
	if p = of(t, table, &m); !strings.Contains(p.Problem, "day or the month first") || !strings.Contains(p.Problem, "dmy or mdy") {
		t.Errorf("problem %q", p.Problem)
	}
	m.Times[0].Form, m.Zone = "dmy", "Europe/Berlin"
	p = of(t, table, &m)
	c = column(t, p, "when")
	if p.Problem != "" || p.Undated != 0 || c.Ambiguous != "" || c.Zone != `"03/04/2026 01:02:03" would be 2026-04-02 23:02:03 UTC, read as Europe/Berlin` {
		t.Errorf("%+v %q", c, p.Problem)
	}
}

func TestYearZoneAndClock(t *testing.T) {
	m := &mapping.Mapping{Version: 1, Shape: mapping.Table, Delimiter: "spaces", Times: []mapping.Time{{Column: "column_1", Form: "pattern:dd/MM HH:mm:ss", Clock: "column_2", Meaning: event.Occurred}}}
	text := "25/10 02:30:00 bob in\n25/10 02:31:00 eve out\n"
	p := of(t, text, m)
	c := column(t, p, "column_1")
	if !c.MissingYear || c.Forms[0].Readings[0].UTC != "" || p.Problem != "" {
		t.Errorf("%+v %q", c, p.Problem)
	}
	m.Year, m.Zone = 2026, "Europe/Berlin"
	c = column(t, of(t, text, m), "column_1")
	if r := c.Forms[0].Readings[0]; r.UTC != "2026-10-25T00:30:00.0000000Z" || !strings.HasPrefix(r.Doubt, "ambiguous: the clock was set back") || r.Original != "25/10 02:30:00" {
		t.Errorf("%+v", r)
	}
	m.Times[0].Column = "nowhere"
	if p = of(t, text, m); !strings.Contains(p.Problem, `the mapping names the column "nowhere"`) {
		t.Errorf("problem %q", p.Problem)
	}
}

func TestJSON(t *testing.T) {
	text := `{"ts":"2026-03-14 01:02:03","who":{"name":"bob"},"n":[1,2]}` + "\n" + `{"ts":"2026-03-14 01:02:04","late":"x"}` + "\n"
	p := of(t, text, nil)
	if p.Mapping.Shape != mapping.JSON || len(p.Columns) != 4 || len(p.Rows) != 2 || p.Rows[0][2] != "1, 2" || p.Rows[1][3] != "x" || p.Problem != "" {
		t.Fatalf("%+v", p)
	}
	if c := column(t, p, "ts"); !c.Time || c.Zone != `"2026-03-14 01:02:03" would be 2026-03-14 01:02:03 UTC, read as UTC` {
		t.Errorf("%+v", c)
	}
}

func TestKnownMaker(t *testing.T) {
	p := of(t, "SourceName,FileType,FileName,FileSize,DeletedOn\na,b,C:\\x,5,2026-03-14 01:02:03\n", nil)
	if p.Maker != "RBCmd (recycle bin)" || len(p.Mapping.Times) != 1 || !p.Mapping.Times[0].UTC || p.Mapping.Fields["FileName"] != "file.path" || p.Problem != "" || column(t, p, "DeletedOn").Zone != "" {
		t.Errorf("%+v", p)
	}
	if _, err := Of(context.Background(), []byte("\x7fELF\x00\x00\x00"), nil, true); !errors.Is(err, ErrNothing) {
		t.Error(err)
	}
	if _, err := Of(context.Background(), []byte("a"), &mapping.Mapping{}, true); !errors.Is(err, mapping.ErrInvalid) {
		t.Error(err)
	}
}

// TestBounded: the widest and longest heads stay quick, because the window asks on each change.
func TestBounded(t *testing.T) {
	var wide strings.Builder
	for i := 0; i < 3000; i++ {
		fmt.Fprintf(&wide, "column %d,", i)
	}
	wide.WriteString("x\n")
	for r := 0; r < 5; r++ {
		for i := 0; i < 3000; i++ {
			wide.WriteString("14/03/2026 1:02,")
		}
		wide.WriteString("y\n")
	}
	for _, text := range []string{wide.String(), strings.Repeat("a,b\n", 60000), "a,b\n" + strings.Repeat("x", 1<<20) + ",1\n", strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60)} {
		start := time.Now()
		p, err := Of(context.Background(), []byte(text), nil, false)
		if err != nil && !errors.Is(err, ErrNothing) {
			t.Error(err)
		}
		if took := time.Since(start); took > 2*time.Second || len(p.Columns) > maxColumns || len(p.Rows) > MaxRows {
			t.Errorf("%.20q: %v, %d columns, %d rows", text, took, len(p.Columns), len(p.Rows))
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add([]byte(table), "")
	f.Add([]byte(table), `{"v":1,"shape":"table","delimiter":";","header":true,"times":[{"column":"when","form":"dmy","meaning":"occurred"}]}`)
	f.Add([]byte(`{"a":1}`), `{"v":1,"shape":"json","times":[{"column":"a","form":"syslog","meaning":"occurred"}]}`)
	f.Fuzz(func(t *testing.T, head []byte, text string) {
		m, err := mapping.Parse([]byte(text))
		if err != nil {
			m = nil
		}
		p, err := Of(context.Background(), head, m, len(head)%2 == 0)
		if err == nil && (len(p.Rows) > MaxRows || len(p.Columns) > maxColumns) {
			t.Error("out of bounds")
		}
	})
}
