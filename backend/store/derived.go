package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// Derived stores are folders derived-1, derived-2 … in one parent. Rebuilding or merging writes a new one and, once it is
// complete, removes the older: Badger does not free what is deleted. The file derived-N.complete beside a folder says
// that it may be used; it holds nothing.
const (
	derivedPrefix   = "derived-"
	completedSuffix = ".complete"
)

// Generation is one derived store.
type Generation struct {
	N        int
	Dir      string
	Complete bool
}

// Generations lists the derived stores of parent, oldest first. An absent parent has none.
func Generations(parent string) ([]Generation, error) {
	entries, err := os.ReadDir(parent)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store: list %s: %w", parent, err)
	}
	complete := map[int]bool{}
	var out []Generation
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), completedSuffix)
		digits, ok := strings.CutPrefix(name, derivedPrefix)
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < 1 || strconv.Itoa(n) != digits {
			continue
		}
		switch {
		case name != e.Name():
			complete[n] = true
		case e.IsDir():
			out = append(out, Generation{N: n, Dir: filepath.Join(parent, name)})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].N < out[j].N })
	for i := range out {
		out[i].Complete = complete[out[i].N]
	}
	return out, nil
}

// Current returns the newest complete derived store, or ErrNotFound.
func Current(parent string) (Generation, error) {
	all, err := Generations(parent)
	if err != nil {
		return Generation{}, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Complete {
			return all[i], nil
		}
	}
	return Generation{}, fmt.Errorf("%w: no complete derived store in %s", ErrNotFound, parent)
}

// NextDerived names the folder of the derived store to be built next; it is made by Open.
func NextDerived(parent string) (Generation, error) {
	all, err := Generations(parent)
	if err != nil {
		return Generation{}, err
	}
	n := 1
	if len(all) > 0 {
		n = all[len(all)-1].N + 1
	}
	return Generation{N: n, Dir: filepath.Join(parent, derivedPrefix+strconv.Itoa(n))}, nil
}

// MarkComplete says durably that g may be used from now on. Call it after the store was closed or fully written.
func (g Generation) MarkComplete() error {
	return writeFile(filepath.Dir(g.Dir), filepath.Base(g.Dir)+completedSuffix, nil)
}

// RemoveOthers deletes every derived store but the one numbered keep, unfinished ones too. Each loses its mark first, so
// that a crash in between leaves nothing half usable.
func RemoveOthers(parent string, keep int) error {
	all, err := Generations(parent)
	if err != nil {
		return err
	}
	for _, g := range all {
		if g.N == keep {
			continue
		}
		if err := os.Remove(g.Dir + completedSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("store: remove %s: %w", g.Dir, err)
		}
		if err := syncDir(parent); err != nil {
			return fmt.Errorf("store: remove %s: %w", g.Dir, err)
		}
		if err := os.RemoveAll(g.Dir); err != nil {
			return fmt.Errorf("store: remove %s: %w", g.Dir, err)
		}
	}
	return nil
}
