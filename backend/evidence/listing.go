package evidence

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// listing is a collecting tool's own list of what it brought: KAPE's copy log, or uploads.json of Velociraptor.
type listing struct {
	name string // its path
	dir  string // of the collection, "" or ending in a slash
	tool tool
}

// listingOf says whether a file is the list of a collection.
func (c collections) listingOf(name string) (listing, bool) {
	dir, base := split(name)
	g := c[dir]
	switch {
	case g == nil:
	case g.tool == velociraptor && base == "uploads.json", g.tool == kape && strings.HasSuffix(strings.ToLower(base), "_copylog.csv"):
		return listing{name, dir, g.tool}, true
	}
	return listing{}, false
}

// missing are the files that a list names and that are not among the others. A line that cannot be read is passed over: the
// list's own receipt tells about that. sorted are all paths, in order.
func (l listing) missing(r io.Reader, sorted []string) (a absence) {
	have := map[string]bool{}
	at, _ := slices.BinarySearch(sorted, l.dir)
	for ; at < len(sorted) && strings.HasPrefix(sorted[at], l.dir); at++ {
		have[l.key(sorted[at][len(l.dir):])] = true
	}
	told := map[string]bool{}
	miss := func(shown string) {
		if key := strings.ToLower(shown); !told[key] {
			told[key] = true
			a.add(shown)
		}
	}
	in := io.LimitReader(r, maxListingBytes)
	if l.tool == kape {
		copied(in, have, miss)
	} else {
		uploaded(in, have, miss)
	}
	return a
}

// key is how a path within the collection is compared.
func (l listing) key(rest string) string {
	parts := strings.Split(rest, "/")
	if l.tool == velociraptor {
		for i := range parts {
			parts[i] = unescape(parts[i])
		}
		return strings.Join(parts, "\x00")
	}
	return strings.ToLower(strings.Join(parts, `\`))
}

// copied reads a copy log. DestinationFile leads through the folder that KAPE wrote to, whose name is not known here: a file is
// there when the end of that path is the path of one, from its second last part on at least.
func copied(r io.Reader, have map[string]bool, miss func(string)) {
	rows := csv.NewReader(r)
	rows.LazyQuotes, rows.FieldsPerRecord, rows.ReuseRecord = true, -1, true
	source, destination := -1, -1
	for {
		row, err := rows.Read()
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			continue
		}
		if err != nil {
			return
		}
		if destination < 0 {
			for i, h := range row {
				switch strings.TrimPrefix(h, "\ufeff") {
				case "SourceFile":
					source = i
				case "DestinationFile":
					destination = i
				}
			}
			if source < 0 || destination < 0 {
				return
			}
			continue
		}
		if max(source, destination) >= len(row) || row[destination] == "" {
			continue
		}
		if !endsInOne(strings.ToLower(row[destination]), have) {
			miss(row[source])
		}
	}
}

func endsInOne(path string, have map[string]bool) bool {
	parts := 0
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '\\' {
			if parts++; parts >= 2 && have[path[i+1:]] {
				return true
			}
		}
	}
	return have[path]
}

// uploaded reads uploads.json, a JSON object a line. Components are those of the member's path before its parts were escaped;
// what a server exports has its own folders in front.
func uploaded(r io.Reader, have map[string]bool, miss func(string)) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxListedLine)
	for lines.Scan() {
		var u struct {
			Path       string   `json:"vfs_path"`
			Components []string `json:"_Components"`
			Type       string
		}
		if json.Unmarshal(lines.Bytes(), &u) != nil || u.Type == "idx" {
			continue // an index lies beside its file and has its components
		}
		i := slices.Index(u.Components, "uploads")
		if i < 0 || have[strings.Join(u.Components[i:], "\x00")] {
			continue
		}
		shown := u.Path
		if original := joined(u.Components[i:]); original != "" {
			shown = original
		}
		miss(shown)
	}
}

// joined is the path that components come from, when their accessor reads files.
func joined(components []string) string {
	if len(components) < 3 || !accessors[components[1]] {
		return ""
	}
	return join(components[2:])
}
