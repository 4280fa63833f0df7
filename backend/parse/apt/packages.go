package apt

import (
	"slices"
	"strings"
)

// split parts "a:amd64 (1, automatic), b:all (2)" at the commas between packages.
func split(list string) (out []string) {
	depth, from := 0, 0
	for i := 0; i < len(list); i++ {
		switch list[i] {
		case '(':
			depth++
		case ')':
			depth = max(0, depth-1)
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(list[from:i]))
				from = i + 1
			}
		}
	}
	if rest := strings.TrimSpace(list[from:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// few names the first packages of a list for a sentence.
func few(packages []string) string {
	var names []string
	for _, p := range packages[:min(3, len(packages))] {
		name, _, _ := strings.Cut(p, ":")
		name, _, _ = strings.Cut(name, " ")
		names = append(names, name)
	}
	if len(packages) > 3 {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

func sorted(m map[string]string) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
