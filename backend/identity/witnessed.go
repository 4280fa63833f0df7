package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"adjutant/backend/caserecord/checkpoint"
)

// Seen is the newest checkpoint of a chain that somebody on this device signed as witness.
type Seen struct {
	Origin string          `json:"origin"` // checkpoint.Checkpoint.Origin
	Size   uint64          `json:"size"`
	Root   checkpoint.Hash `json:"root"`
}

func seenPath(home, origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return filepath.Join(home, "witnessed", hex.EncodeToString(sum[:])+".json")
}

// Witnessed returns the newest checkpoint of a chain that was witnessed on this device, nil when there is none. A file that
// does not say so is ErrDamaged: without it two histories could not be told apart, so nobody may take it for absent.
func Witnessed(home, origin string) (*Seen, error) {
	path := seenPath(home, origin)
	raw, err := readFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var s Seen
	if err := json.Unmarshal(raw, &s); err != nil || s.Origin != origin {
		return nil, fmt.Errorf("%w: %s does not say what was witnessed", ErrDamaged, path)
	}
	return &s, nil
}

// RememberWitnessed keeps a checkpoint as the newest of its chain, durably.
func RememberWitnessed(home string, c checkpoint.Checkpoint) error {
	raw, err := json.Marshal(Seen{c.Origin(), c.Size, c.Root})
	if err != nil {
		return err
	}
	return writeFile(seenPath(home, c.Origin()), append(raw, '\n'))
}
