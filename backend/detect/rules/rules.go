// Package rules holds the Sigma rules that ship with the product, written by us from public knowledge of techniques.
//
// It serves detect, stage 5 of the flow. The rules are plain YAML under testdata/rules-src, where people read and change
// them, and travel inside the program packed (zstd, then base64): virus scanners quarantine files that hold the words
// rules look for. It keeps true, by a test, that the pack holds exactly the files of that folder.
//
// After a change run go generate ./backend/detect/rules. Each rule has cases of match and near miss in testdata/cases.
package rules

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"

	"adjutant/backend/detect/sigma"
)

//go:generate go run adjutant/build/dev/packrules testdata/rules-src pack.b64

//go:embed pack.b64
var packed []byte

// PackName is the name of our pack in findings.
const PackName = "adjutant"

// maxUnpacked bounds what unpacking may give; the pack is ours, so a greater one is a broken build.
const maxUnpacked = 16 << 20

// ErrPacked is the cause when the embedded pack cannot be read.
var ErrPacked = errors.New("rules: embedded pack")

var builtin = sync.OnceValues(func() (sigma.Pack, error) {
	files, err := Unpack(packed)
	if err != nil {
		return sigma.Pack{}, err
	}
	p := sigma.NewPack(PackName, files)
	if len(p.Refused) > 0 {
		return p, fmt.Errorf("%w: %s: %s", ErrPacked, p.Refused[0].Source, p.Refused[0].Reason)
	}
	return p, nil
})

// Builtin returns our rules. They are parsed once; callers must not change them.
func Builtin() (sigma.Pack, error) { return builtin() }

// Pack packs files by name: a JSON object of texts, zstd, base64 in lines of 100.
func Pack(files map[string][]byte) ([]byte, error) {
	texts := make(map[string]string, len(files))
	for name, data := range files {
		texts[name] = string(data)
	}
	plain, err := json.Marshal(texts) // keys in order, so that the same files give the same bytes
	if err != nil {
		return nil, fmt.Errorf("rules: pack: %w", err)
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("rules: pack: %w", err)
	}
	text := base64.StdEncoding.EncodeToString(enc.EncodeAll(plain, nil))
	var out bytes.Buffer
	for len(text) > 0 {
		n := min(len(text), 100)
		out.WriteString(text[:n])
		out.WriteByte('\n')
		text = text[n:]
	}
	return out.Bytes(), nil
}

// Unpack reads what Pack writes.
func Unpack(data []byte) (map[string][]byte, error) {
	dec, err := zstd.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(data)), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxUnpacked))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPacked, err)
	}
	defer dec.Close()
	plain, err := io.ReadAll(io.LimitReader(dec, maxUnpacked))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPacked, err)
	}
	var texts map[string]string
	if err := json.Unmarshal(plain, &texts); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPacked, err)
	}
	files := make(map[string][]byte, len(texts))
	for name, t := range texts {
		files[name] = []byte(t)
	}
	return files, nil
}
