package slip_test

import (
	"errors"
	"strings"
	"testing"

	"adjutant/backend/witness/slip"
)

var (
	here = slip.Slip{Case: strings.Repeat("0a", 16), Head: "75c46af96d2e39c7ebbfa1dbd7c7fd1b3f5a3f4aee5a5adf0a1de0be1c28d18a", File: strings.Repeat("5e", 32)}
	code = "adjutant-slip:1:" + here.Case + ":" + here.Head + ":" + here.File
)

func TestCodeAndParse(t *testing.T) {
	got, err := here.Code()
	if err != nil || got != code || len(got) != 178 {
		t.Fatalf("%d %s %v", len(got), got, err)
	}
	back, err := slip.Parse(got)
	if err != nil || back != here {
		t.Errorf("%+v %v", back, err)
	}
	for name, bad := range map[string]string{
		"empty": "", "upper case": strings.ToUpper(code), "space": " " + code, "line end": code + "\n", "version": strings.Replace(code, ":1:", ":2:", 1), "short": code[:177], "long": code + "0",
		"another part": code[:176] + ":0", "no prefix": strings.TrimPrefix(code, "adjutant-slip:1:"), "upper digit": strings.Replace(code, "0a", "0A", 1), "moved colon": strings.Replace(code, ":75c", "7:5c", 1),
		"wide digit": strings.Replace(code, "0a0a0a", "٠", 1), "nul": strings.Replace(code, "75c4", "75\x004", 1),
	} {
		if _, err := slip.Parse(bad); !errors.Is(err, slip.ErrForm) {
			t.Errorf("%s admitted: %v", name, err)
		}
	}
	for i := range code { // every character counts
		for _, r := range []string{"x", "0", ":"} {
			m := code[:i] + r + code[i+1:]
			if s, err := slip.Parse(m); err == nil && m != code && s == here {
				t.Errorf("character %d may be %q", i, r)
			}
		}
	}
}

func TestCompare(t *testing.T) {
	head, file := slip.ShortCode(here.Head), slip.ShortCode(here.File)
	if head == "" || file == "" || head == file {
		t.Fatal(head, file)
	}
	folder := here
	folder.File = ""
	other := slip.Slip{Case: here.Case, Head: here.File, File: here.Head}
	for _, c := range []struct {
		name, given string
		arrived     slip.Slip
		states      string
		equal       bool
	}{
		{"square", code, here, "equal equal equal", true},
		{"square with the scanner's line end", code + "\r\n", here, "equal equal equal", true},
		{"square, no single file came", code, folder, "equal equal not compared", true},
		{"square of another state", code, other, "equal differs differs", false},
		{"square of another case", strings.Replace(code, "0a0a", "0b0b", 1), here, "differs equal equal", false},
		{"head typed", head, here, "not compared equal not compared", true},
		{"head typed carelessly", " " + strings.ToLower(strings.ReplaceAll(head, "-", " ")), here, "not compared equal not compared", true},
		{"zero as O, one as l", strings.NewReplacer("0", "O", "1", "l").Replace(head), here, "not compared equal not compared", true},
		{"whole head", here.Head, here, "not compared equal not compared", true},
		{"whole head, last digit other", here.Head[:63] + "b", here, "not compared differs not compared", false},
		{"file typed", file, here, "not compared not compared equal", true},
		{"whole file", here.File, here, "not compared not compared equal", true},
		{"typing slip", "Z" + head[1:], here, "not compared differs not compared", false},
	} {
		r, err := slip.Compare(c.given, c.arrived)
		if err != nil || len(r.Lines) != 3 {
			t.Errorf("%s: %v %+v", c.name, err, r)
			continue
		}
		var states []string
		for _, l := range r.Lines {
			states = append(states, string(l.State))
			if (l.State == slip.NotCompared) != (l.Paper == "" || l.Here == "") {
				t.Errorf("%s: %+v", c.name, l)
			}
		}
		if got := strings.Join(states, " "); got != c.states || r.Equal() != c.equal {
			t.Errorf("%s: %s, equal %v", c.name, got, r.Equal())
		}
	}
	for _, bad := range []string{"", "   ", head[:22], head + "0", "not a code", "adjutant-slip:9:" + code[16:], strings.Repeat("-", 2000), strings.Replace(head, head[:1], "U", 1), "ADJUTANT/1 CASE:" + here.Case} {
		if r, err := slip.Compare(bad, here); !errors.Is(err, slip.ErrForm) || r.Equal() {
			t.Errorf("%q: %+v %v", bad, r, err)
		}
	}
	if _, err := slip.Compare(code, slip.Slip{Case: here.Case}); !errors.Is(err, slip.ErrForm) {
		t.Error("compared with nothing:", err)
	}
	if (slip.Result{}).Equal() {
		t.Error("nothing compared is equal")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(code)
	f.Add("adjutant-slip:1:::")
	f.Add(slip.ShortCode(here.Head))
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := slip.Parse(s); err == nil {
			if again, err := got.Code(); err != nil || again != s {
				t.Errorf("%q is admitted, but written %q (%v)", s, again, err)
			}
		}
		r, err := slip.Compare(s, here)
		if err == nil && r.Equal() && strings.HasPrefix(strings.TrimSpace(s), "adjutant-slip") && strings.TrimSpace(s) != code {
			t.Errorf("%q is equal to %q", s, code)
		}
	})
}
