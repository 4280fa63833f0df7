package ask

import (
	"fmt"
	"strings"
)

// host takes the longest run of words that names a host of the vocabulary: the whole name or its first label.
func (m *matcher) host(i int, b bound, k next) {
	m.name(i, func(said string) []string {
		return known(m.v.Hosts, said, func(h string) []string {
			label, _, _ := strings.Cut(h, ".")
			return []string{h, label}
		})
	}, func(j int, said string, values []string) {
		b.hostWord, b.hosts = said, values
		if values == nil {
			b.unknown = fmt.Sprintf("%q is not among the hosts that this case has seen.", said)
		}
		k(j, b)
	})
}

// user takes the longest run of words that names a user: with or without domain.
func (m *matcher) user(i int, b bound, k next) {
	m.name(i, func(said string) []string {
		return known(m.v.Users, said, func(u string) []string {
			out := []string{u}
			if p := strings.LastIndexByte(u, '\\'); p >= 0 {
				out = append(out, u[p+1:])
			}
			if p := strings.IndexByte(u, '@'); p > 0 {
				out = append(out, u[:p])
			}
			return out
		})
	}, func(j int, said string, values []string) {
		b.userWord, b.users = said, values
		if values == nil {
			b.unknown = fmt.Sprintf("%q is not among the users that this case has seen.", said)
		}
		k(j, b)
	})
}

func (m *matcher) name(i int, find func(string) []string, take func(j int, said string, values []string)) {
	var said []string
	best, bestSaid := 0, ""
	var values []string
	for j := i; j < len(m.words) && j < i+maxNameWords; j++ {
		said = append(said, m.words[j].text)
		text := strings.Join(said, " ")
		if v := find(text); v != nil {
			best, bestSaid, values = j+1, text, v
		}
	}
	if best > 0 {
		take(best, bestSaid, values)
		return
	}
	if m.lenient && !grammatical[m.words[i].folded] {
		take(i+1, m.words[i].text, nil)
	}
}

// grammatical words are never taken for an unknown name.
var grammatical = set("what when who which where how did do does is are was were the a an on at in to from by for of as it we i you they there this that and or since between before after")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// known returns the values that said names, nil when none. A whole name beats a part, so that "fs01.a" means one host.
func known(values []string, said string, names func(string) []string) []string {
	var whole, part []string
	for _, v := range values {
		for n, name := range names(v) {
			if name == "" || !strings.EqualFold(name, said) {
				continue
			}
			if n == 0 {
				whole = append(whole, v)
			} else {
				part = append(part, v)
			}
			break
		}
	}
	if whole != nil && !strings.ContainsAny(said, `.\@`) {
		return append(whole, part...) // "FS01" is the host FS01 and FS01.corp.example in another log
	}
	if whole != nil {
		return whole
	}
	return part
}
