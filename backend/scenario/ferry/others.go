package ferry

import (
	"bytes"
	"errors"
)

// renderOthers adds what is no log: an unknown binary file, a second copy of a log, the letter.
func (b *builder) renderOthers() error {
	d := newDice(b.seed, streamOthers)
	unknown := append([]byte("KRGB\x00\x01\x00\x00"), d.bytes(96<<10)...)
	b.addFile(File{Root + "/FS01/memory-fragment.krg", unknown, Last}, FileTruth{Path: Root + "/FS01/memory-fragment.krg", Host: "FS01", Format: "unknown", Status: "no-parser",
		Note: "random bytes behind an invented signature"})

	var original File
	for _, f := range b.files {
		if f.Path == b.dbAuth.path {
			original = f
		}
	}
	if original.Data == nil {
		return errors.New("ferry: the log to be copied was not rendered")
	}
	copied := File{Root + "/DB01/auth (copy).log", bytes.Clone(original.Data), original.ModTime}
	b.addFile(copied, FileTruth{Path: copied.Path, Host: "DB01", Format: "syslog", Status: "duplicate", Records: int64(len(b.dbAuth.entries)), DuplicateOf: original.Path})

	letter, err := writeLetter()
	if err != nil {
		return err
	}
	b.addFile(File{letterTruth.File, letter, letterDate}, FileTruth{Path: letterTruth.File, Format: "pdf", Status: "no-parser", Note: "a letter, not a log"})
	return nil
}
