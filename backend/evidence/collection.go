package evidence

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// gathered is the output of a collecting tool: whose it is, and what it says of the machine.
type gathered struct {
	tool tool
	host string // as the tool wrote it; "" when it does not say
}

type tool string

// The tools whose outputs are recognised.
//
// Velociraptor (reporting/container.go, utils/sanitize.go of its repository): uploads/<accessor>/<path>, each part of the
// path percent-escaped; results/; client_info.json, collection_context.json and uploads.json beside them.
//
// KAPE (KapeDocs, "Log files"): <drive letter>/<path>, and beside it <time>_CopyLog.csv and <time>_SkipLog.csv; version 1.3
// writes _SkipLog.csv.csv.
const (
	velociraptor tool = "velociraptor"
	kape         tool = "kape"
)

// collections are the tools' outputs among some files, by their folder: "" or a path that ends with a slash.
type collections map[string]*gathered

const clientInfo = "client_info.json"

// markOf says which tool puts a file of this name beside what it collects.
func markOf(base string) tool {
	switch {
	case base == clientInfo, base == "collection_context.json", base == "uploads.json":
		return velociraptor
	case strings.Contains(base, "og.csv") && kapeLog.MatchString(base):
		return kape
	}
	return ""
}

var kapeLog = regexp.MustCompile(`(?i)_(copy|skip)log\.csv(\.csv)?$`)

// collectionsOf finds collections by names alone; they are paths with slashes.
func collectionsOf(names []string) collections {
	marked := collections{}
	for _, n := range names {
		dir, base := split(n)
		if m := markOf(base); m == velociraptor || m == kape && marked[dir] == nil {
			marked[dir] = &gathered{tool: m}
		}
	}
	if len(marked) == 0 {
		return nil
	}
	c := collections{}
	for _, n := range names { // a mark without what it belongs to is any file of that name
		if dir, rest := marked.inside(n); rest != "" {
			first, _, below := strings.Cut(rest, "/")
			g := marked[dir]
			if below && (g.tool == velociraptor && (first == "uploads" || first == "results") || g.tool == kape && isDrive(first)) {
				c[dir] = g
			}
		}
	}
	return c
}

// split cuts a path before its last part.
func split(name string) (dir, base string) {
	i := strings.LastIndexByte(name, '/') + 1
	return name[:i], name[i:]
}

// inside finds the innermost collection that a path lies in, and the path within it; rest is "" when there is none.
func (c collections) inside(name string) (dir, rest string) {
	for i := len(name); i >= 0; i = strings.LastIndexByte(name[:i], '/') {
		at := min(i+1, len(name))
		if c[name[:at]] != nil && at < len(name) {
			return name[:at], name[at:]
		}
		if i == 0 {
			break
		}
	}
	if c[""] != nil {
		return "", name
	}
	return "", ""
}

// origin says where a file lay on its machine, and which machine that was; "" is not known.
func (c collections) origin(name string) (original, host string) {
	dir, rest := c.inside(name)
	if rest == "" {
		return uploadedFromDrive(name), ""
	}
	g := c[dir]
	if g.tool == kape {
		return copiedFrom(rest), g.host
	}
	return uploadedFrom(rest), g.host
}

// accessors are those of Velociraptor whose paths are files of the machine; others are registry keys, texts, archives.
var accessors = map[string]bool{"auto": true, "file": true, "ntfs": true, "ntfs_vss": true, "lazy_ntfs": true, "file_links": true}

// uploadedFrom is the path that Velociraptor took "uploads/<accessor>/…" from.
func uploadedFrom(rest string) string {
	parts := strings.Split(rest, "/")
	if len(parts) < 3 || parts[0] != "uploads" || !accessors[parts[1]] {
		return ""
	}
	return join(unescaped(parts[2:]))
}

// uploadedFromDrive finds such a path without the marks of a collection: nobody else escapes a drive's colon like that. It is
// what remains when the list of names is not there before the members, as in a stream.
func uploadedFromDrive(name string) string {
	parts := strings.Split(name, "/")
	for i := 0; i+3 < len(parts); i++ {
		if first := unescape(parts[i+2]); parts[i] == "uploads" && accessors[parts[i+1]] && first != parts[i+2] && (isVolume(first) || isDevice(first)) {
			return join(unescaped(parts[i+2:]))
		}
	}
	return ""
}

func unescaped(parts []string) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = unescape(p)
	}
	return out
}

// join puts the parts of a path together again: those below a drive or device with backslashes, others as on Unix. It is ""
// for a path that cannot have been one.
func join(parts []string) string {
	for i, p := range parts {
		if p == "" || p == "." || p == ".." || strings.Contains(p, "\x00") || i > 0 && strings.Contains(p, "/") {
			return ""
		}
	}
	switch first := parts[0]; {
	case isVolume(first):
		return label(strings.ToUpper(first) + `\` + strings.Join(parts[1:], `\`))
	case isDevice(first):
		return label(strings.TrimPrefix(first, `\\.\`) + `\` + strings.Join(parts[1:], `\`)) // \\.\C: is C: read raw
	case strings.ContainsAny(first, `/\`):
		return ""
	}
	return label("/" + strings.Join(parts, "/"))
}

// copiedFrom is the path that KAPE copied "<drive letter>/…" from.
func copiedFrom(rest string) string {
	first, path, below := strings.Cut(rest, "/")
	if !below || !isDrive(first) || path == "" {
		return ""
	}
	return label(strings.ToUpper(first) + `:\` + strings.ReplaceAll(path, "/", `\`))
}

func isDrive(s string) bool {
	return len(s) == 1 && (s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 'a' && s[0] <= 'z')
}

func isVolume(s string) bool { return len(s) == 2 && s[1] == ':' && isDrive(s[:1]) }

// isDevice says whether a first part is a device of Windows, such as \\.\C: and \\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1.
func isDevice(s string) bool { return strings.HasPrefix(s, `\\.\`) || strings.HasPrefix(s, `\\?\`) }

// unescape takes the percent codes out of one part of a path.
func unescape(part string) string {
	if !strings.Contains(part, "%") {
		return part
	}
	b := make([]byte, 0, len(part))
	for i := 0; i < len(part); i++ {
		if part[i] == '%' && i+2 < len(part) {
			hi, ok1 := hexDigit(part[i+1])
			lo, ok2 := hexDigit(part[i+2])
			if ok1 && ok2 {
				b = append(b, hi<<4|lo)
				i += 2
				continue
			}
		}
		b = append(b, part[i])
	}
	return string(b)
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

const (
	maxClientInfoBytes = 1 << 20 // labels and network addresses included, real ones have a few thousand
	maxHostBytes       = 255     // a name of DNS
)

// hostOf reads the machine's name from client_info.json: as an offline collector writes it, or as a server exports it.
func hostOf(r io.Reader) string {
	b, err := io.ReadAll(io.LimitReader(r, maxClientInfoBytes+1))
	if err != nil || len(b) > maxClientInfoBytes {
		return ""
	}
	var info struct {
		Fqdn     string
		Hostname string
		OS       struct {
			Fqdn     string `json:"fqdn"`
			Hostname string `json:"hostname"`
		} `json:"os_info"`
	}
	if json.Unmarshal(b, &info) != nil {
		return ""
	}
	for _, h := range []string{info.Fqdn, info.Hostname, info.OS.Fqdn, info.OS.Hostname} {
		if h != "" && len(h) <= maxHostBytes && utf8.ValidString(h) {
			return label(h)
		}
	}
	return ""
}
