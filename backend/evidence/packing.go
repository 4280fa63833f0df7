package evidence

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
)

// packed is one member while its archive is walked. It may be opened once, before the walk goes on.
type packed struct {
	name     string
	mode     fs.FileMode
	size     int64 // stated, unpacked; -1 when the archive does not say
	packed   int64 // stated; 0 when the archive does not say
	modified time.Time
	locked   bool   // encrypted
	link     string // "a link", when it is one that the mode does not say
	open     func() (io.ReadCloser, error)
}

// unpacking is an archive on its way out.
type unpacking struct {
	content io.ReaderAt
	item    Item
	limits  Limits
	nest    *nest
	company *company
}

// claims hands out the memory of one archive's dictionaries, which archives inside it share with it. It is asked with what is
// held at once; what was held before is let go by then.
func (u *unpacking) claims() func(window int64) error {
	most := int64(0)
	return func(window int64) error {
		if window <= most {
			return nil
		}
		if all := u.nest.window + window - most; all > u.limits.MaxWindow {
			return fmt.Errorf("%w: unpacking takes dictionaries of %d bytes, at most %d are given to an archive and those inside it", errWindow, all, u.limits.MaxWindow)
		}
		u.nest.window += window - most
		most = window
		return nil
	}
}

// packing is a way of packing files. walk calls each for every member in the order of the archive and returns its error at
// once; another error is damage.
type packing struct {
	name string
	is   func(head []byte) bool
	walk func(u *unpacking, r *Receipt, each func(*packed) error) error
}

// packings are the archives and compressed files that are opened, told by their first bytes.
var packings = []packing{
	{"zip", isZip, walkZip},
	{"7z", begins("7z\xbc\xaf\x27\x1c"), walk7z},
	{"gzip", begins("\x1f\x8b\x08"), walkCompressed(gunzip, ".gz", ".tgz")},
	{"xz", begins("\xfd7zXZ\x00"), walkCompressed(unxz, ".xz", ".txz")},
	{"zstd", begins("\x28\xb5\x2f\xfd"), walkCompressed(unzstd, ".zst", ".tzst", ".zstd")},
	{"bzip2", isBzip2, walkCompressed(bunzip2, ".bz2", ".tbz2", ".tbz")},
	{"tar", isTar, walkTarFile},
}

func packingOf(head []byte) *packing {
	for i := range packings {
		if packings[i].is(head) {
			return &packings[i]
		}
	}
	return nil
}

func begins(magic string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }
}

// isZip tells a zip archive by its first bytes: a member, the end of an empty archive, or a spanned one.
func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) || bytes.HasPrefix(head, []byte("PK\x07\x08"))
}

// isBzip2 wants the block size and the first block's mark: "BZh" alone begins a text, too.
func isBzip2(head []byte) bool {
	return len(head) >= 10 && string(head[:3]) == "BZh" && head[3] >= '1' && head[3] <= '9' &&
		(string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17\x72\x45\x38\x50\x90")
}

// isTar tells a tar archive by the checksum of its first header (POSIX.1-2017, pax, "ustar Interchange Format"), which
// archives from before that standard have as well.
func isTar(head []byte) bool {
	if len(head) < 512 || head[0] == 0 {
		return false
	}
	var want, sum int64
	digits := strings.Trim(string(head[148:156]), " \x00")
	if digits == "" {
		return false
	}
	for _, c := range digits {
		if c < '0' || c > '7' {
			return false
		}
		want = want*8 + int64(c-'0')
	}
	for i, c := range head[:512] {
		if i >= 148 && i < 156 {
			c = ' '
		}
		sum += int64(c)
	}
	return sum == want
}

// plainName is the name of what a compressed file holds: the file's own without the ending of the compression.
func plainName(name string, endings []string) string {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	lower := strings.ToLower(base)
	for _, e := range endings {
		if strings.HasSuffix(lower, e) && len(base) > len(e) {
			return base[:len(base)-len(e)]
		}
	}
	return base + ".unpacked"
}
