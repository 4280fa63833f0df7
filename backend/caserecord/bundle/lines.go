package bundle

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"adjutant/backend/caserecord"
)

// The fixed parts of a line: {"id":"<64 hex>","envelope":<envelope>,"body":"<base64>"} or ,"body":null}
const (
	lineHead     = `{"id":"`
	lineEnvelope = `","envelope":`
	lineBody     = `,"body":`
	lineTail     = `}`
	idDigits     = 64
)

// Bounds on a bundle from elsewhere.
const (
	// maxLine holds the greatest envelope and body in base64.
	maxLine = caserecord.MaxLineBytes + caserecord.MaxBodyBytes*4/3 + 256
	// MaxEntries bounds memory: a long incident has tens of thousands.
	MaxEntries = 2_000_000
	// maxSmallFile bounds every other file of a bundle.
	maxSmallFile = 1 << 20
)

var b64 = base64.StdEncoding.Strict()

func appendLine(b []byte, e caserecord.Entry) []byte {
	b = append(b, lineHead...)
	b = append(b, e.ID...)
	b = append(b, lineEnvelope...)
	b = append(b, e.Line...)
	b = append(b, lineBody...)
	if e.Withheld() {
		b = append(b, "null"...)
	} else {
		b = append(b, '"')
		b = b64.AppendEncode(b, e.Body)
		b = append(b, '"')
	}
	return append(b, lineTail...)
}

func writeEntries(path string, entries []caserecord.Entry) (sum string, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	w := bufio.NewWriterSize(io.MultiWriter(f, hash), 1<<20)
	var line []byte
	for _, e := range entries {
		line = append(appendLine(line[:0], e), '\n')
		if _, err = w.Write(line); err != nil {
			break
		}
	}
	if err := errors.Join(err, w.Flush(), f.Sync(), f.Close()); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func writeFile(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncDir makes new names durable. Windows has no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// openRegular opens a file of the bundle. Links, devices and pipes are refused: a hostile folder could hang a reader or
// show it other files.
func openRegular(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	return os.Open(path)
}

func readSmall(path string) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSmallFile+1))
	if err == nil && len(b) > maxSmallFile {
		err = fmt.Errorf("%s: longer than %d bytes", path, maxSmallFile)
	}
	return b, err
}
