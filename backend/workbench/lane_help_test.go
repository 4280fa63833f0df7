package workbench

import (
	"archive/zip"
	"encoding/base64"
	"os"
	"sort"
	"testing"
)

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// flipped is a box with one bit of its sealed words changed.
func flipped(t *testing.T, box string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(box)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-3] ^= 1
	return b64(raw)
}

func writeZip(t *testing.T, path string, files map[string]string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	var names []string
	for n := range files {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		m, err := w.Create(n)
		if err == nil {
			_, err = m.Write([]byte(files[n]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
