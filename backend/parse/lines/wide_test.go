package lines

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func encode(s string, big bool) []byte {
	out := []byte{0xff, 0xfe}
	if big {
		out = []byte{0xfe, 0xff}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

// TestWide: characters with the bytes of a line ending in them do not end lines, and each line's bytes are its own.
func TestWide(t *testing.T) {
	want := []string{"time,who", "Ꙁ\u0a0a\u200a\u0d0d,𝄞", "", strings.Repeat("long ", 70000), "last"}
	for _, big := range []bool{false, true} {
		b := encode(strings.Join(want, "\r\n"), big)
		r := New(bytes.NewReader(b), int64(len(b)))
		for i, w := range want {
			l, err := r.Next()
			if err != nil || string(l.Text) != w || !r.Wide() {
				t.Fatalf("big %v line %d: %q %v", big, i, l.Text, err)
			}
			order := "little"
			if big {
				order = "big"
			}
			if own := decode(nil, b[l.Offset:l.Offset+l.Size], order); string(own) != w {
				t.Errorf("big %v line %d stands elsewhere", big, i)
			}
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
		if got := Text(b); string(got) != strings.Join(want, "\r\n") {
			t.Error("the head is another text")
		}
	}
}

func FuzzWide(f *testing.F) {
	f.Add(encode("a\r\nb\nc", false))
	f.Add(encode("a\r\nb\nc", true))
	f.Add([]byte{0xff, 0xfe, 0x0a, 0, 0xd8, 0xd8, 0x0a})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := New(bytes.NewReader(b), int64(len(b)))
		end := int64(0)
		for {
			l, err := r.Next()
			if err != nil {
				break
			}
			if l.Offset < end || l.Offset+l.Size > int64(len(b)) || r.Wide() && !utf8.Valid(l.Text) {
				t.Fatalf("%+v", l)
			}
			end = l.Offset + l.Size
		}
	})
}
