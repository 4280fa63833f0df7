package event

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestFit(t *testing.T) {
	e := &Event{}
	e.Set("a", KindString, "1")
	if e.Fit() || len(e.Fields) != 1 {
		t.Fatal("an ordinary event was reshaped")
	}
	long := strings.Repeat("n", FitName+1)
	e = &Event{}
	values := make([]string, FitValues+5)
	for i := range values {
		values[i] = fmt.Sprint(i)
	}
	e.Set("many", KindString, values...)
	e.Set(long, KindString, "x")
	e.Set("\x00nul", KindString, "y")
	e.Set(FurtherFields, KindString, "own")
	for i := range FitFields + 10 {
		e.Set(fmt.Sprintf("w%05d", i), KindNumber, "1")
	}
	for range FitTimes + 3 {
		e.Times = append(e.Times, Time{Meaning: Created, At: time.Unix(1, 0), Original: "one"})
	}
	if !e.Fit() || e.Fit() {
		t.Fatal("it did not fit, or not at once")
	}
	if len(e.Fields) != FitFields-1 || // the two names of further fields became one
		len(e.Times) != FitTimes {
		t.Errorf("%d fields, %d times", len(e.Fields), len(e.Times))
	}
	if v := e.All("many"); len(v) != FitValues || v[FitValues-1] != "9999\n10000\n10001\n10002\n10003\n10004" {
		t.Errorf("%d values, the last %q", len(v), v[len(v)-1])
	}
	more := e.All(FurtherFields)
	if len(more) != 1+3+2+13 || more[0] != "own" {
		t.Fatalf("%d: %.200q", len(more), more)
	}
	all := strings.Join(more, "|")
	for _, want := range []string{long + "=x", "\x00nul=y", "created=one", "w02009=1"} {
		if !strings.Contains(all, want) {
			t.Errorf("%.40q is lost", want)
		}
	}
}

// Many fields of one name are joined in one go: a line of a million equal keys is one of them.
func TestSortJoinsInLinearTime(t *testing.T) {
	e := &Event{}
	for i := range 300_000 {
		e.Fields = append(e.Fields, Field{Name: "a", Values: []string{fmt.Sprint(i)}})
	}
	shared := e.Fields[0].Values[:1:1]
	began := time.Now()
	e.Sort()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("sorting took %v", took)
	}
	if len(e.Fields) != 1 || len(e.Fields[0].Values) != 300_000 || e.Fields[0].Values[299_999] != "299999" || shared[0] != "0" {
		t.Errorf("%d fields", len(e.Fields))
	}
}
