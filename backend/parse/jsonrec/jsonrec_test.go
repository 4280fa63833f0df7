package jsonrec_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/parsetest"
)

// format is a product made up for these tests: records with "ts" and "n".
type format struct{}

var shape = jsonrec.Shape{Name: "made", Version: "1",
	Fits: func(v *fastjson.Value) bool { return v.Exists("n") },
	Fill: func(r *jsonrec.Record) {
		r.At(event.Occurred, r.Text("ts"))
		r.Number("made.n", r.Text("n"))
		r.Put("made.", r.Leaves())
	}}

func (format) Name() string                        { return "made" }
func (format) Version() string                     { return "1" }
func (format) Binary() bool                        { return false }
func (format) Detect(head []byte, name string) int { return shape.Detect(head, name) }
func (format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return jsonrec.Parse(ctx, in, shape, emit)
}

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, format{}, []byte(text), "x.json", parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

// located is the text of each event's bytes.
func located(text string, events []*event.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, text[e.Locator.Offset:e.Locator.Offset+e.Locator.Length])
	}
	return out
}

// TestLayouts: whatever holds the records, there are as many, each at its own bytes.
func TestLayouts(t *testing.T) {
	a, b, c := `{"n":1,"ts":"2026-03-14T01:02:03Z"}`, `{"n":2,"s":"}],{\"\\"}`, `{"n":3,"o":{"n":[{}]}}`
	pretty := "{\n  \"n\": 2,\n  \"s\": \"]\"\n}"
	for name, text := range map[string]string{
		"lines":                a + "\n" + b + "\n" + c + "\n",
		"lines with CR":        a + "\r\n\r\n  " + b + "\r\n" + c,
		"byte order mark":      "\xef\xbb\xbf" + a + "\n" + b + "\n" + c,
		"array":                "[" + a + "," + b + "," + c + "]",
		"array over lines":     "\n [\n  " + a + ",\n  " + pretty + ",\n " + c + "\n]\n",
		"array of one line":    "[" + a + ",\n" + b + ",\n" + c + "]\n",
		"Records":              `{"v":1,"Records":[` + a + "," + b + "," + c + `],"more":{"x":[1]}}`,
		"value":                `{"@odata.context":"x", "value" : [` + a + "," + b + "," + c + "]}",
		"numbered keys":        `{"event_0":` + a + `,"event_1":` + b + `, "event_2" : ` + c + "}",
		"one after another":    pretty + "\n" + pretty + " " + c,
		"over lines, no comma": pretty + "\n" + pretty + "\n" + pretty + "\n",
	} {
		res, events := run(t, text)
		if res.Status != parse.StatusOK || len(events) != 3 || res.WarningCount > 0 {
			t.Errorf("%s: %+v", name, res)
			continue
		}
		for i, s := range located(text, events) {
			v, err := fastjson.Parse(s)
			if err != nil || v.Get("n").String() != events[i].Get("made.n") {
				t.Errorf("%s #%d: located %q (%v), event %v", name, i, s, err, events[i].Fields)
			}
		}
	}
	for _, text := range []string{"", "\n \n", "[]", "[ ]\n", `{"Records":[]}`} {
		if res, events := run(t, text); res.Status != parse.StatusEmpty || len(events) > 0 {
			t.Errorf("%q: %+v", text, res)
		}
	}
}

// TestValues: digits, kinds, names and what escapes can spell; half a pair of surrogates stays as it was spelled.
func TestValues(t *testing.T) {
	_, events := run(t, `{"n":18446744073709551617,"f":1.50e+300,"b":true,"z":null,"e":"","a":[1,"x",[2,{"k":false}]],"o":{"":{"p":"q"}},"u":"\ud800 \u0000\u202e","":"top"}`+"\n")
	e := events[0]
	for name, want := range map[string]string{"made.n": "18446744073709551617 18446744073709551617", "made.f": "1.50e+300", "made.b": "true", "made.z": "", "made.e": "",
		"made.a": "1 x 2", "made.a.k": "false", "made.o..p": "q", "made.u": "\\ud800 \x00\u202e"} {
		if got := strings.Join(e.All(name), " "); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, f := range e.Fields {
		switch f.Name {
		case "made.f":
			if f.Kind != event.KindNumber {
				t.Errorf("%+v", f)
			}
		case "made.b":
			if f.Kind != event.KindBool {
				t.Errorf("%+v", f)
			}
		case "made.a": // numbers and texts together are texts
			if f.Kind != event.KindString {
				t.Errorf("%+v", f)
			}
		}
	}
}

// TestDamage: a damaged record costs only itself, and says where it was.
func TestDamage(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70)
	for _, c := range []struct {
		name, text   string
		read, parsed int64
		status       parse.Status
		reason       string
	}{
		{"a broken line", `{"n":1}` + "\n{\"n\":\n" + `{"n":2}` + "\n", 3, 2, parse.StatusPartial, jsonrec.ReasonSyntax},
		{"no object", `{"n":1}` + "\n7\n\"x\"\nnull\n" + `{"n":2}` + "\n", 5, 2, parse.StatusPartial, "not a JSON object"},
		{"nested too deeply", `{"n":1}` + "\n" + deep + "\n", 2, 1, parse.StatusPartial, "nested deeper than 64"},
		{"nested too deeply in an array", `[{"n":1},` + deep + "]", 2, 1, parse.StatusPartial, "nested deeper than 64"},
		{"array without an end", `[{"n":1},{"n":2}`, 2, 2, parse.StatusPartial, ""},
		{"array cut inside a record", `[{"n":1},{"n":`, 2, 1, parse.StatusPartial, jsonrec.ReasonCut},
		{"a comma too many", `[{"n":1},,{"n":2}]`, 2, 2, parse.StatusPartial, ""},
		{"a comma too few", `[{"n":1} {"n":2}]`, 2, 2, parse.StatusPartial, ""},
		{"something behind the array", `[{"n":1}] x`, 1, 1, parse.StatusPartial, ""},
		{"only damage", "{\"n\"\n{\"n\"\n", 2, 0, parse.StatusFailed, jsonrec.ReasonCut},
		{"a quote that never ends", "[\n{\"n\":1},\n{\"n\":\"x},\n{\"n\":2}\n]", 3, 2, parse.StatusPartial, jsonrec.ReasonCut},
	} {
		res, _ := run(t, c.text)
		if res.Read != c.read || res.Parsed != c.parsed || res.Status != c.status || res.WarningCount == 0 {
			t.Errorf("%s: %+v", c.name, res)
		}
		if c.reason != "" && (len(res.Skipped) == 0 || res.Skipped[0].Reason != c.reason) {
			t.Errorf("%s: skipped %v", c.name, res.Skipped)
		}
	}
	res, events := run(t, "{\"n\":\"a\xffb\xc3\"}\n")
	if events[0].Get("made.n") != "a\ufffdb\ufffd" || res.WarningCount != 1 {
		t.Errorf("%+v %v", res, events[0].Fields)
	}
	res, events = run(t, `{"n":1}`+"\n"+`{"other":"kept"}`+"\n")
	if len(events) != 2 || events[1].Get("made.other") != "kept" || res.WarningCount != 1 || !strings.Contains(res.Note, "2 records have no time") {
		t.Errorf("a record of another kind: %+v", res)
	}
}

// TestLimits: a record that is too long or too wide is counted or cut, and what follows is read.
func TestLimits(t *testing.T) {
	long := `{"n":"` + strings.Repeat("x", parse.MaxRecordBytes) + `"}`
	for name, text := range map[string]string{"lines": long + "\n" + `{"n":2}` + "\n", "array": "[" + long + `,{"n":2}]`} {
		res, events := run(t, text)
		if len(events) != 1 || res.Read != 2 || res.Skipped[0].Reason != jsonrec.ReasonLong {
			t.Errorf("%s: %+v", name, res)
		}
	}
	var wide strings.Builder
	wide.WriteString(`{"n":1`)
	for i := range parse.MaxFields + 10 {
		fmt.Fprintf(&wide, `,"k%d":1`, i)
	}
	wide.WriteString("}\n")
	if res, events := run(t, wide.String()); len(events[0].Fields) != parse.MaxFields || res.WarningCount != 1 {
		t.Errorf("%d fields, %+v", len(events[0].Fields), res)
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]bool{
		`{"n":1}`:                    true,
		`{"m":1}`:                    false,
		`{"m":1}` + "\n" + `{"n":1}`: true,
		`{"m":1}` + "\n" + `{"m":1}` + "\n" + `{"n":1}`: false,
		`[{"n":1},{"n":`:             true,
		`{"Records":[{"n":1}]}`:      true,
		"{\n \"n\": 1\n}\n":          true,
		"n=1":                        false,
		"":                           false,
		strings.Repeat(`{"n":`, 100): false,
	} {
		if got := shape.Detect([]byte(text), "x") > 0; got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
	for text, want := range map[string]int{`{"a":1}`: 90, `[{"a":1}]`: 85, "x": 0, "": 0} {
		if got := jsonrec.Likely([]byte(text), "x"); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// failing is a reader that gives an error behind some bytes.
type failing struct {
	*bytes.Reader
	at int64
}

var errDisk = errors.New("disk is gone")

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.at {
		return 0, errDisk
	}
	return f.Reader.ReadAt(p, off)
}

// TestStops: the store's error, the disk's and a cancelled import end the reading, and are not called damage.
func TestStops(t *testing.T) {
	for _, text := range []string{strings.Repeat(`{"n":1}`+"\n", 10), "[" + strings.Repeat(`{"n":1},`, 10) + `{"n":1}]`} {
		parsetest.EmitErrorStops(t, format{}, []byte(text), parse.Assume{})
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		in := parse.Input{Reader: strings.NewReader(text), Size: int64(len(text))}
		if _, err := jsonrec.Parse(ctx, in, shape, func(*event.Event) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		big := strings.Repeat(text, 1+(300<<10)/len(text))
		in = parse.Input{Reader: failing{bytes.NewReader([]byte(big)), 70 << 10}, Size: int64(len(big))}
		if _, err := jsonrec.Parse(context.Background(), in, shape, func(*event.Event) error { return nil }); !errors.Is(err, errDisk) {
			t.Errorf("a disk that is gone: %v", err)
		}
	}
}

// FuzzParse: counts are kept, each event's bytes lie within the file, and those of whole records are the JSON that was read.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"n":1}` + "\n" + `{"n":2}`, `[{"n":1},{"n":2}]`, `{"Records":[{"n":1}],"x":1}`, `{"event_0":{"n":1},"event_1":{}}`, "[\n{\"n\":\"x},\n{\"n\":2}\n]",
		`[{"n":1},,[[]]]`, "{\n\"n\":\"\\ud800\xff\"}{", `{"event_0":{"n":1} "event_1"`, "\xef\xbb\xbf[{}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		shape.Detect(b, "x.json")
		_, events := run(t, string(b))
		last := int64(-1)
		for _, e := range events {
			if e.Locator.Offset < 0 || e.Locator.Length < 2 || e.Locator.Offset+e.Locator.Length > int64(len(b)) || e.Locator.Offset <= last {
				t.Fatalf("locator %+v behind %d of %d bytes", e.Locator, last, len(b))
			}
			last = e.Locator.Offset
			if first := b[e.Locator.Offset]; first != '{' {
				t.Fatalf("the record begins with %q", first)
			}
		}
	})
}
