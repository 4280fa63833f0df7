package block

import (
	"hash/maphash"
	"slices"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"adjutant/backend/timeline/query"
)

// tokenTable numbers the distinct tokens of a block's values and remembers which cell holds which. Its memory is used
// again for the next block and points to none of the events.
type tokenTable struct {
	text    []byte   // of all tokens, joined
	list    []token  // by number
	slots   []uint32 // some bits of the hash above numberBits, number+1 below: small, so that it stays near the core
	held    []uint32 // numbers of the tokens of all cells, joined
	ends    []uint32 // by cell, over all columns: where its tokens end in held
	cell    uint32   // the present one, from 1
	tooMany bool     // distinct ones: there will be no filter and no postings
	folded  []byte   // the present value
	runes   [256]foldedRune

	kept [][2]uint32 // by cell of one column: where the tokens with postings begin and end in held
}

const (
	numberBits = 21 // maxTokens, and none
	numberMask = 1<<numberBits - 1
)

type token struct {
	at, length uint32 // in text
	hash       uint32 // its low bits say where in the table it belongs
	uses       uint32 // events, counted once per column
	cell       uint32 // the last that holds it
	list       int32  // of the postings, -1 for none
}

func (t *tokenTable) reset() {
	clear(t.slots)
	t.text, t.list, t.held, t.ends = t.text[:0], t.list[:0], t.held[:0], t.ends[:0]
	t.cell, t.tooMany = 0, false
}

func (t *tokenTable) textOf(k *token) []byte { return t.text[k.at : k.at+k.length] }

// foldASCII is query.Fold of a byte; inToken is query.InToken of it.
var foldASCII, inToken = func() (fold [utf8.RuneSelf]byte, in [utf8.RuneSelf]bool) {
	for i := range fold {
		c := byte(i)
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		fold[i] = c
		in[i] = query.InToken(rune(c))
	}
	return fold, in
}()

// take counts the tokens of a value for the present cell and returns the value folded, until the next call: query.Fold and
// query.EachToken in one pass that allocates nothing.
func (t *tokenTable) take(v []byte, uses uint32) []byte {
	b := append(t.folded[:0], v...)
	t.folded = b
	start := -1
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return t.takeRunes(v, i, start, uses)
		}
		if inToken[c] {
			b[i] = foldASCII[c]
			if start < 0 {
				start = i
			}
		} else if start >= 0 {
			t.count(b[start:i], uses)
			start = -1
		}
	}
	if start >= 0 {
		t.count(b[start:], uses)
	}
	return b
}

// takeRunes goes on where ASCII ends. Bytes that are not UTF-8 stay as they are and end a token.
func (t *tokenTable) takeRunes(v []byte, at, start int, uses uint32) []byte {
	b := t.folded[:at]
	for at < len(v) {
		was := len(b)
		in := false
		if c := v[at]; c < utf8.RuneSelf {
			in = inToken[c]
			b = append(b, foldASCII[c])
			at++
		} else if r, n := utf8.DecodeRune(v[at:]); r == utf8.RuneError && n == 1 {
			b = append(b, c)
			at++
		} else {
			f := t.rune(r)
			in = f.in
			b = utf8.AppendRune(b, f.to)
			at += n
		}
		if in && start < 0 {
			start = was
		} else if !in && start >= 0 {
			t.count(b[start:was], uses)
			start = -1
		}
	}
	if start >= 0 {
		t.count(b[start:], uses)
	}
	t.folded = b
	return b
}

// foldedRune is what query.FoldRune and query.InToken say of a rune: they look it up in long tables, and logs repeat few.
type foldedRune struct {
	of, to rune
	in     bool
}

func (t *tokenTable) rune(r rune) *foldedRune {
	f := &t.runes[r%rune(len(t.runes))]
	if f.of != r {
		to := query.FoldRune(r)
		*f = foldedRune{r, to, query.InToken(to)}
	}
	return f
}

// count counts one token for the present cell.
func (t *tokenTable) count(text []byte, uses uint32) {
	if t.tooMany {
		return
	}
	if 2*len(t.list) >= len(t.slots) {
		t.grow()
	}
	sum := maphash.Bytes(tableSeed, text)
	hash, tag := uint32(sum), uint32(sum>>32)&^numberMask
	mask := uint32(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := t.slots[i]
		if s == 0 {
			if len(t.list) >= maxTokens {
				t.tooMany = true
				return
			}
			n := uint32(len(t.list))
			t.slots[i] = tag | (n + 1)
			t.list = append(t.list, token{at: uint32(len(t.text)), length: uint32(len(text)), hash: hash, uses: uses, cell: t.cell, list: -1})
			t.text = append(t.text, text...)
			t.held = append(t.held, n)
			return
		}
		if s&^numberMask != tag {
			continue
		}
		n := s&numberMask - 1
		if k := &t.list[n]; k.hash == hash && string(t.textOf(k)) == string(text) {
			if k.cell != t.cell {
				k.cell = t.cell
				k.uses += uses
				t.held = append(t.held, n)
			}
			return
		}
	}
}

// grow makes the table larger: half of it at least stays empty.
func (t *tokenTable) grow() {
	old := t.slots
	t.slots = make([]uint32, max(1<<12, 2*len(old)))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		i := t.list[s&numberMask-1].hash & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}

// begin starts the next cell, end ends it.
func (t *tokenTable) begin() { t.cell++ }
func (t *tokenTable) end()   { t.ends = append(t.ends, uint32(len(t.held))) }

// keys appends the filter's keys of all tokens.
func (t *tokenTable) keys(dst []uint64) []uint64 {
	for i := range t.list {
		dst = append(dst, xxhash.Sum64(t.textOf(&t.list[i])))
	}
	return dst
}

// often numbers the lists of the tokens that get one, in the order of their texts.
func (t *tokenTable) often() []uint32 {
	var often []uint32
	for n := range t.list {
		if t.list[n].uses >= frequent {
			often = append(often, uint32(n))
		}
	}
	byText := func(a, b uint32) int {
		return slices.Compare(t.textOf(&t.list[a]), t.textOf(&t.list[b]))
	}
	if len(often) > maxPostings { // the most frequent win
		slices.SortFunc(often, func(a, b uint32) int {
			if x, y := t.list[a].uses, t.list[b].uses; x != y {
				return int(y) - int(x)
			}
			return byText(a, b)
		})
		often = often[:maxPostings]
	}
	for i, n := range often {
		t.list[n].list = int32(i)
	}
	return often
}
