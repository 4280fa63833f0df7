package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
)

// inventoryName is the sealed list of Badger's files at a clean close. Its additional data is the write number of the
// HEAD slot it belongs to. Value logs other than the last carry no hash: their values are sealed one by one and Badger
// leaves them alone at open, while it cuts the last one at the first damaged byte.
const inventoryName = "INVENTORY"

type inventoryFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256,omitempty"`
}

// badgerFiles lists the names of Badger's files, sorted.
func badgerFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("store: list %s: %w", dir, err)
	}
	var names []string
	for _, e := range entries {
		if n := e.Name(); badgerFile.FindString(n) == n && n != "" {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	return names, nil
}

func takeInventory(dir string) ([]inventoryFile, error) {
	names, err := badgerFiles(dir)
	if err != nil {
		return nil, err
	}
	lastLog := ""
	for _, n := range names {
		if strings.HasSuffix(n, ".vlog") {
			lastLog = n
		}
	}
	var out []inventoryFile
	for _, n := range names {
		e, err := takeFile(dir, n, !strings.HasSuffix(n, ".vlog") || n == lastLog)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func takeFile(dir, name string, hash bool) (inventoryFile, error) {
	e := inventoryFile{Name: name}
	f, err := os.Open(path(dir, name))
	if err != nil {
		return e, fmt.Errorf("store: inventory: %w", err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return e, fmt.Errorf("store: inventory: %w", err)
	}
	e.Size = st.Size()
	if hash {
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return e, fmt.Errorf("store: inventory of %s: %w", f.Name(), err)
		}
		e.SHA256 = hex.EncodeToString(h.Sum(nil))
	}
	return e, nil
}

func writeInventory(dir string, seal *sealer, write uint64) error {
	files, err := takeInventory(dir)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(files)
	if err != nil {
		return fmt.Errorf("store: inventory: %w", err)
	}
	return writeFile(dir, inventoryName, seal.seal(forInventory, 0, inventoryAbout(write), plain))
}

func inventoryAbout(write uint64) []byte { return binary.LittleEndian.AppendUint64(nil, write) }

// checkInventory compares the folder with the inventory of HEAD's write number. It returns false without an error when
// the inventory itself cannot be used: then every key is counted instead.
func checkInventory(dir string, seal *sealer, write uint64) (bool, error) {
	raw, err := readSmall(path(dir, inventoryName), maxInventory)
	if err != nil {
		return false, nil
	}
	plain, err := seal.open(forInventory, 0, inventoryAbout(write), raw)
	if err != nil {
		return false, nil
	}
	var want []inventoryFile
	if err := json.Unmarshal(plain, &want); err != nil {
		return false, nil
	}
	for _, w := range want {
		have, err := takeFile(dir, w.Name, w.SHA256 != "")
		if errors.Is(err, os.ErrNotExist) {
			return false, &DamageError{File: path(dir, w.Name), Cause: errors.New("missing")}
		}
		if err != nil {
			return false, err
		}
		if have.Size != w.Size {
			return false, &DamageError{File: path(dir, w.Name), Cause: fmt.Errorf("%d bytes instead of %d", have.Size, w.Size)}
		}
		if have.SHA256 != w.SHA256 {
			return false, &DamageError{File: path(dir, w.Name), Cause: errors.New("content was altered since it was closed")}
		}
	}
	names, err := badgerFiles(dir)
	if err != nil {
		return false, err
	}
	if len(names) != len(want) {
		return false, &DamageError{File: dir, Cause: fmt.Errorf("%d files instead of %d", len(names), len(want))}
	}
	return true, nil
}
