package lines

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"adjutant/backend/parse"
)

func TestLinesKnowTheirPlace(t *testing.T) {
	const text = "\xef\xbb\xbffirst\r\n\nthird \x00\nlast"
	r := New(strings.NewReader(text), int64(len(text)))
	for _, want := range []struct {
		text   string
		offset int64
		blank  bool
	}{{"first", 3, false}, {"", 10, true}, {"third \x00", 11, false}, {"last", 19, false}} {
		l, err := r.Next()
		if err != nil || string(l.Text) != want.text || l.Offset != want.offset || l.Blank() != want.blank {
			t.Errorf("%q at %d (%v), want %q at %d", l.Text, l.Offset, err, want.text, want.offset)
		}
		if text[l.Offset:l.Offset+l.Size] != want.text {
			t.Errorf("the bytes at %d are not %q", l.Offset, want.text)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

func TestLongLines(t *testing.T) {
	long, tooLong := strings.Repeat("x", 3*bufferBytes+7), strings.Repeat("y", parse.MaxRecordBytes+1)
	text := "a\n" + long + "\n" + tooLong + "\nb"
	r := New(strings.NewReader(text), int64(len(text)))
	for i, want := range []string{"a", long, "", "b"} {
		l, err := r.Next()
		if err != nil || string(l.Text) != want || l.TooLong != (i == 2) {
			t.Errorf("line %d: %d bytes, too long %v, %v", i, len(l.Text), l.TooLong, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add([]byte("plain"))
	f.Add([]byte("caf\xe9 \xf0\x9f\x98\x80 \xff\xfe"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, bad := Clean(b)
		if !utf8.ValidString(s) || (bad == 0) != utf8.Valid(b) {
			t.Errorf("%q: %q, %d bad", b, s, bad)
		}
	})
}
