package sigma

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"adjutant/backend/incident"
)

// Pack is a set of rules that came together. Version is "sha256:" and the first digits of a hash over all rules, so that
// a finding can say exactly which set made it.
type Pack struct {
	Name    string
	Version string
	Rules   []*Rule
	Refused []Refused
}

// Bounds of a folder of rules.
const (
	MaxPackFiles = 50_000 // SigmaHQ has about 4,000
	MaxPackBytes = 512 << 20
)

// ErrPack is the cause when a folder as a whole cannot be taken.
var ErrPack = errors.New("sigma: rule pack")

// LoadDir reads every .yml and .yaml file at or below path, which may also be one file. Symbolic links are not followed.
// A broken rule is refused in the pack; a folder that cannot be read, or holds no rule file, is an error.
func LoadDir(path string) (Pack, error) {
	files := map[string][]byte{}
	var bytes int64
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		ext := strings.ToLower(filepath.Ext(p))
		if !d.Type().IsRegular() || ext != ".yml" && ext != ".yaml" {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if bytes += info.Size(); bytes > MaxPackBytes || len(files) >= MaxPackFiles {
			return fmt.Errorf("%w: more than %d files or %d bytes", ErrPack, MaxPackFiles, int64(MaxPackBytes))
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(path, p)
		if err != nil || rel == "." {
			rel = filepath.Base(p)
		}
		files[filepath.ToSlash(rel)] = data
		return nil
	})
	if err != nil {
		return Pack{}, fmt.Errorf("sigma: load rules from %s: %w", path, err)
	}
	if len(files) == 0 {
		return Pack{}, fmt.Errorf("%w: %s holds no .yml or .yaml file", ErrPack, path)
	}
	return NewPack(filepath.Base(path), files), nil
}

// NewPack parses files by name. A rule whose id another rule of the pack has already is refused.
func NewPack(name string, files map[string][]byte) Pack {
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	sort.Strings(names)
	p := Pack{Name: name}
	ids := map[string]string{}
	sum := sha256.New()
	for _, n := range names {
		rules, refused := Parse(files[n], n)
		p.Refused = append(p.Refused, refused...)
		for _, r := range rules {
			if where, dup := ids[r.ID]; dup {
				p.Refused = append(p.Refused, Refused{ID: r.ID, Title: r.Title, Source: n, Kind: Failed,
					Reason: fmt.Sprintf("sigma: the id stands already in %s", where)})
				continue
			}
			ids[r.ID] = n
			p.Rules = append(p.Rules, r)
		}
	}
	sort.Slice(p.Rules, func(i, j int) bool { return p.Rules[i].ID < p.Rules[j].ID })
	for _, r := range p.Rules {
		sum.Write(r.Hash[:])
	}
	p.Version = "sha256:" + incident.Digest(sum.Sum(nil)).String()[:16]
	return p
}
