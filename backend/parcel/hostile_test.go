package parcel

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord/bundle"

	"filippo.io/age"
)

// member is one file of a hand-made stream.
type member struct {
	tar.Header
	body []byte
}

// members are those of an honest parcel.
func members(t testing.TB) []member {
	t.Helper()
	entries, o := sample(t, []byte("first"), []byte("second"))
	plan, err := bundle.Prepare(context.Background(), entries, o)
	if err != nil {
		t.Fatal(err)
	}
	var out []member
	for i, f := range plan.Files() {
		var b bytes.Buffer
		if err := plan.Copy(context.Background(), i, &b); err != nil {
			t.Fatal(err)
		}
		out = append(out, member{*header(f), b.Bytes()})
	}
	return out
}

func stream(t testing.TB, ms []member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range ms {
		if m.Typeflag == tar.TypeReg {
			m.Size = int64(len(m.body))
		}
		if err := w.WriteHeader(&m.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(m.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sealed makes a parcel of any plain bytes: what somebody can do who has a recipient's public key.
func sealed(t testing.TB, plain []byte) (path string, key age.Identity) {
	t.Helper()
	ben, key := person(t, "Ben Okafor")
	var b bytes.Buffer
	w, err := age.Encrypt(&b, ben)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "x"+Extension)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, key
}

// TestHostileStreams: a stream made with the right key but another form is refused and leaves nothing anywhere.
func TestHostileStreams(t *testing.T) {
	honest := members(t)
	at := func(name string) int { return slices.IndexFunc(honest, func(m member) bool { return m.Name == name }) }
	change := func(name string, f func(m *member)) []byte {
		ms := slices.Clone(honest)
		f(&ms[at(name)])
		return stream(t, ms)
	}
	add := func(m member) []byte { return stream(t, append(slices.Clone(honest), m)) }
	file := func(name string) member {
		return member{*header(bundle.File{Name: name, Bytes: 1}), []byte("x")}
	}
	odd := func(typ byte, name, link string) member {
		return member{tar.Header{Typeflag: typ, Name: name, Linkname: link, Mode: 0o644}, nil}
	}
	good := stream(t, honest)
	huge := header(bundle.File{Name: "verify/" + bundle.Verifiers[0], Bytes: 1 << 39})
	var bomb bytes.Buffer
	w := tar.NewWriter(&bomb)
	for _, m := range honest {
		if err := w.WriteHeader(&m.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(m.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.WriteHeader(huge); err != nil {
		t.Fatal(err)
	}
	// Announced in bundle.json, but no parcel of this size can hold it: what a sparse file would expand to.
	announced := change("bundle.json", func(m *member) {
		list, err := bundle.ParseManifest(m.body)
		if err != nil {
			t.Fatal(err)
		}
		list.Files = append(list.Files, bundle.File{Name: huge.Name, Bytes: huge.Size, SHA256: sumOf(nil)})
		if m.body, err = json.MarshalIndent(list, "", "  "); err != nil {
			t.Fatal(err)
		}
		m.body = append(m.body, '\n')
	})
	var head bytes.Buffer
	if err := tar.NewWriter(&head).WriteHeader(huge); err != nil {
		t.Fatal(err)
	}
	announced = append(announced[:len(announced)-1024], head.Bytes()...)
	for name, plain := range map[string][]byte{
		"announced bomb": announced,
		"absolute":       add(file("/tmp/x")), "parent": add(file("verify/../../x")), "parent 2": add(file("../x")), "deep": add(file("verify/a/b")),
		"stranger": add(file("zz.txt")), "verifier not listed": add(file("verify/" + bundle.Verifiers[0])),
		"link": add(odd(tar.TypeSymlink, "verify/"+bundle.Verifiers[0], "/etc/passwd")), "hard link": add(odd(tar.TypeLink, "verify/"+bundle.Verifiers[0], "README.txt")),
		"folder": add(odd(tar.TypeDir, "verify/", "")), "fifo": add(odd(tar.TypeFifo, "verify/"+bundle.Verifiers[0], "")), "device": add(odd(tar.TypeChar, "verify/"+bundle.Verifiers[0], "")),
		"twice": add(honest[len(honest)-1]), "order": stream(t, append([]member{honest[1], honest[0]}, honest[2:]...)),
		"missing file": stream(t, honest[:len(honest)-1]), "missing list": stream(t, append(slices.Clone(honest[:at("bundle.json")]), honest[at("bundle.json")+1:]...)),
		"other size": change("documents/report.pdf", func(m *member) { m.body = append(bytes.Clone(m.body), '!') }),
		"time":       change("README.txt", func(m *member) { m.ModTime = time.Unix(1, 0) }), "mode": change("README.txt", func(m *member) { m.Mode = 0o755 }),
		"owner": change("README.txt", func(m *member) { m.Uid = 1000 }), "name of owner": change("README.txt", func(m *member) { m.Uname = "root" }),
		"record":    change("README.txt", func(m *member) { m.PAXRecords = map[string]string{"comment": "hidden"} }),
		"version 1": change("bundle.json", func(m *member) { m.body = []byte(`{"format":"adjutant-bundle","version":1}`) }),
		"no list":   change("bundle.json", func(m *member) { m.body = []byte("{}") }),
		"empty":     nil, "no files": stream(t, nil), "text": []byte(strings.Repeat("no tar at all ", 100)),
		"trailing": append(bytes.Clone(good), make([]byte, 512)...), "hidden behind the end": append(bytes.Clone(good), "hidden"...),
		"cut": good[:len(good)-512], "cut in a file": good[:3000], "padding": padded(good), "bomb": bomb.Bytes(),
		"long readme": change("README.txt", func(m *member) { m.body = make([]byte, bundle.MaxSmallFile+1) }),
	} {
		t.Run(name, func(t *testing.T) {
			path, key := sealed(t, plain)
			base := t.TempDir()
			_, err := Unpack(t.Context(), path, filepath.Join(base, "in"), []age.Identity{key}, Limits{}, nil)
			if !errors.Is(err, ErrDamaged) || (name == "announced bomb" && !strings.Contains(err.Error(), "than the parcel can hold")) {
				t.Errorf("%v", err)
			}
			if left, err := os.ReadDir(base); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
			if p, err := Open(t.Context(), path, []age.Identity{key}, Limits{}); !errors.Is(err, ErrDamaged) {
				t.Errorf("read where it lies: %v %v", p, err)
			}
		})
	}
	path, key := sealed(t, good)
	if _, err := Unpack(t.Context(), path, filepath.Join(t.TempDir(), "in"), []age.Identity{key}, Limits{}, nil); err != nil {
		t.Errorf("the honest stream: %v", err)
	}
}

// padded hides a byte in the zeros that fill a block.
func padded(good []byte) []byte {
	b := bytes.Clone(good)
	b[len(b)-1024-1] = 'h'
	return b
}

// FuzzUntar reads any bytes as the stream inside a parcel: no panic, nothing outside the folder, and what is accepted is
// in the one form.
func FuzzUntar(f *testing.F) {
	honest := members(f)
	good := stream(f, honest)
	f.Add(good)
	f.Add(good[:2000])
	f.Add(stream(f, honest[:3]))
	f.Add(stream(f, nil))
	f.Add(append(stream(f, honest[:1])[:1024], good...))
	f.Fuzz(func(t *testing.T, b []byte) {
		base := t.TempDir()
		dir := filepath.Join(base, "in")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		m, err := unpackInto(t.Context(), dir, bytes.NewReader(b), int64(len(b)), Limits{})
		if left, err := os.ReadDir(base); err != nil || len(left) != 1 {
			t.Fatalf("wrote outside: %v", left)
		}
		// Read where it lies, the same streams are taken, and no others.
		p := &Parcel{plain: bytes.NewReader(b), size: int64(len(b))}
		if _, there := p.headers(&unpacker{ctx: t.Context(), sealed: int64(len(b))}); (there == nil) != (err == nil) {
			t.Fatalf("unpacked: %v; read where it lies: %v", err, there)
		}
		if err != nil {
			return
		}
		var again []member
		all := append(slices.Clone(m.Files), bundle.File{Name: bundle.ManifestFile}, bundle.File{Name: bundle.SumsFile})
		slices.SortFunc(all, func(a, b bundle.File) int { return strings.Compare(a.Name, b.Name) })
		for _, f := range all {
			body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Name)))
			if err != nil {
				t.Fatal(err)
			}
			again = append(again, member{*header(f), body})
		}
		if !bytes.Equal(stream(t, again), b) {
			t.Fatal("a second form was accepted")
		}
	})
}
