package evidence

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/parse"
)

// TestImagesAreNotRead: disks and memories are registered as what they are, and no parser is tried on them.
func TestImagesAreNotRead(t *testing.T) {
	dir := t.TempDir()
	mbr := make([]byte, 2048)
	mbr[446], mbr[450], mbr[510], mbr[511] = 0x80, 0x07, 0x55, 0xaa
	gpt := make([]byte, 2048)
	copy(gpt[512:], "EFI PART")
	for name, content := range map[string]string{"disk.E01": "EVF\x09\x0d\x0a\xff\x00\x01", "disk.dd": string(mbr), "gpt.img": string(gpt), "mem.raw": "EMiL\x01\x00", "win.dmp": "PAGEDU64" + strings.Repeat("x", 100)} {
		write(t, filepath.Join(dir, name), content)
	}
	b := newBench(t)
	b.take(dir)
	for _, r := range b.receipts {
		if r.Status != parse.StatusNoParser || !strings.HasPrefix(r.Note, "image: not read (") || r.SHA256 == "" {
			t.Errorf("%+v", r)
		}
	}
	if len(b.receipts) != 5 {
		t.Errorf("%d receipts", len(b.receipts))
	}
	// A boot sector's mark alone makes no image.
	mbr[446] = 0x33
	if imageOf(mbr) != "" {
		t.Error("bytes that end in 55 AA are called an image")
	}
}

// TestExamine: what files would be is told from their heads, and nothing is kept.
func TestExamine(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.log"), "log\none\n")
	write(t, filepath.Join(dir, "disk.E01"), "EVF\x09\x0d\x0a\xff\x00\x01")
	write(t, filepath.Join(dir, "unknown"), "nobody reads this")
	writeZip(t, filepath.Join(dir, "x.zip"), member{name: "a.log", content: "log\none\n"}, member{name: "b.log", content: "log\ntwo\n"})
	if err := os.Symlink("a.log", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	files, more, err := Examine(context.Background(), []string{dir}, b.in.Formats, DefaultLimits(), time.Now)
	if err != nil || more != 0 || len(files) != 5 {
		t.Fatalf("%d files, %d more, %v", len(files), more, err)
	}
	want := map[string]State{"a.log": StateRead, "disk.E01": StateImage, "unknown": StateNoParser, "x.zip": StateArchive, "link": StateRefused}
	for _, x := range files {
		if base := filepath.Base(x.Path); x.State != want[base] || base == "x.zip" && x.Note != "2 members" {
			t.Errorf("%+v", x)
		}
	}
	if len(b.receipts) != 0 {
		t.Error("something was taken")
	}
}

// TestLimitsHaveOneForm: what people set is what counts, and what makes no sense is refused with its bounds.
func TestLimitsHaveOneForm(t *testing.T) {
	l, err := LimitsOf(map[string]int64{"max_depth": 7, "max_ratio": 1000})
	if err != nil || l.MaxDepth != 7 || l.MaxRatio != 1000 || l.MaxMembers != DefaultLimits().MaxMembers {
		t.Errorf("%+v %v", l, err)
	}
	for _, bad := range []map[string]int64{{"max_depth": -1}, {"max_depth": 33}, {"tea": 1}} {
		if _, err := LimitsOf(bad); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
	list, changed := l.List(), 0
	for _, x := range list {
		if x.Value != x.Usual {
			changed++
		}
		if x.Usual < x.Least || x.Usual > x.Most || x.Why == "" || x.Unit == "" {
			t.Errorf("%+v", x)
		}
	}
	if len(list) != 9 || changed != 2 {
		t.Errorf("%d limits, %d changed", len(list), changed)
	}
}
