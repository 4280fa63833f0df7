package planted

// automaton is an Aho-Corasick machine over folded bytes: ASCII letters in lower case; white space, "_", "-" and "+" as
// one space, runs of them counted once. Its table is complete (a next state for each byte), so a pass costs one look-up
// a byte.
type automaton struct {
	class [256]uint8 // byte → column, 0 for bytes that no phrase holds
	width int
	next  []int32 // state*width + column
	out   [][]int32
	lens  []int
}

func fold(b byte) byte {
	switch {
	case b >= 'A' && b <= 'Z':
		return b + 'a' - 'A'
	case b == '_' || b == '-' || b == '+' || b == '\t' || b == '\n' || b == '\r':
		return ' '
	}
	return b
}

func newAutomaton(words []string) *automaton {
	a := &automaton{width: 1}
	for _, w := range words {
		for i := 0; i < len(w); i++ {
			if f := fold(w[i]); a.class[f] == 0 {
				a.class[f] = uint8(a.width)
				a.width++
			}
		}
	}
	for b := 0; b < 256; b++ {
		a.class[b] = a.class[fold(byte(b))]
	}
	// Trie first; -1 is "no child".
	a.grow()
	for id, w := range words {
		a.lens = append(a.lens, len(w))
		s := 0
		for i := 0; i < len(w); i++ {
			c := int(a.class[w[i]])
			if a.next[s*a.width+c] < 0 {
				a.next[s*a.width+c] = int32(len(a.out))
				a.grow()
			}
			s = int(a.next[s*a.width+c])
		}
		a.out[s] = append(a.out[s], int32(id))
	}
	a.complete()
	return a
}

func (a *automaton) grow() {
	for i := 0; i < a.width; i++ {
		a.next = append(a.next, -1)
	}
	a.out = append(a.out, nil)
}

// complete fills the missing transitions breadth first from the longest proper suffix.
func (a *automaton) complete() {
	fail := make([]int32, len(a.out))
	var queue []int32
	for c := 0; c < a.width; c++ {
		if s := a.next[c]; s > 0 {
			queue = append(queue, s)
		} else {
			a.next[c] = 0
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		f := fail[s]
		a.out[s] = append(a.out[s], a.out[f]...)
		for c := 0; c < a.width; c++ {
			i := int(s)*a.width + c
			t := a.next[i]
			if t < 0 {
				a.next[i] = a.next[int(f)*a.width+c]
				continue
			}
			fail[t] = a.next[int(f)*a.width+c]
			queue = append(queue, t)
		}
	}
}

// find calls hit with each phrase and the offset behind it, in order of that offset.
func (a *automaton) find(s string, hit func(phrase, end int)) {
	state, space := int32(0), false
	blank := a.class[' ']
	for i := 0; i < len(s); i++ {
		c := a.class[s[i]]
		if c == blank {
			if space {
				continue
			}
			space = true
		} else {
			space = false
		}
		state = a.next[int(state)*a.width+int(c)]
		for _, p := range a.out[state] {
			hit(int(p), i+1)
		}
	}
}
