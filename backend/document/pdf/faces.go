package pdf

import (
	"bytes"
	_ "embed" // the faces
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/text/unicode/norm"
)

//go:embed fonts/SourceSerif4_400Regular.ttf
var serifRegular []byte

//go:embed fonts/SourceSerif4_400Regular_Italic.ttf
var serifItalic []byte

//go:embed fonts/SourceSerif4_600SemiBold.ttf
var serifBold []byte

//go:embed fonts/SourceSans3_400Regular.ttf
var sansRegular []byte

//go:embed fonts/SourceSans3_600SemiBold.ttf
var sansBold []byte

//go:embed fonts/SourceCodePro_400Regular.ttf
var codeRegular []byte

// face is one embedded font with its metrics.
type face struct {
	name  string
	bytes []byte
	font  *font.Face
	upem  float64

	mu    sync.Mutex
	words map[string]shaped
}

type faces struct {
	serif, italic, strong, sans, sansStrong, code *face
	all                                           []*face // also the order of fallback
}

var loadFaces = sync.OnceValues(func() (*faces, error) {
	f := &faces{}
	for _, x := range []struct {
		to    **face
		name  string
		bytes []byte
	}{
		{&f.serif, "serif", serifRegular}, {&f.italic, "serifitalic", serifItalic}, {&f.strong, "serifstrong", serifBold},
		{&f.sans, "sans", sansRegular}, {&f.sansStrong, "sansstrong", sansBold}, {&f.code, "code", codeRegular},
	} {
		parsed, err := font.ParseTTF(bytes.NewReader(x.bytes))
		if err != nil {
			return nil, err
		}
		*x.to = &face{name: x.name, bytes: x.bytes, font: parsed, upem: float64(parsed.Upem()), words: map[string]shaped{}}
		f.all = append(f.all, *x.to)
	}
	return f, nil
})

func (f *face) has(r rune) bool {
	g, ok := f.font.NominalGlyph(r)
	return ok && g != 0
}

// shaped is a word cut where kerning moves the pen: pieces are drawn one by one, each at its own place.
type shaped struct {
	pieces []piece
	width  float64 // of 1 pt type
}

type piece struct {
	text string
	x    float64 // from the start of the word, of 1 pt type
}

// maxCachedWords bounds the memory of a long session.
const maxCachedWords = 20000

// shape measures a text and finds its kerning. Ligatures are off: the engine draws by character, and text that is
// copied out should be what was written.
func (f *face) shape(text string) shaped {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s, ok := f.words[text]; ok {
		return s
	}
	runes := []rune(text)
	const size = 1000
	out := (&shaping.HarfbuzzShaper{}).Shape(shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: di.DirectionLTR, Face: f.font, Size: size << 6, Script: language.Latin,
		Language: language.NewLanguage("en"), FontFeatures: noLigatures,
	})
	kern := make([]float64, len(runes)+1) // movement after a rune, in thousandths
	for _, g := range out.Glyphs {
		i := g.TextIndex()
		if i < 0 || i >= len(runes) || g.RunesCount() != 1 || g.GlyphsCount() != 1 {
			continue // a mark drawn onto its letter: the engine sets both by their own widths
		}
		kern[i] = float64(g.Advance)/64 - f.advance(runes[i])
	}
	s := shaped{}
	start, x := 0, 0.0
	for i := range runes {
		s.width += f.advance(runes[i])
		if moved := kern[i]; moved > 0.5 || moved < -0.5 {
			s.width += moved
			s.pieces = append(s.pieces, piece{string(runes[start : i+1]), x / size})
			start, x = i+1, s.width
		}
	}
	if start < len(runes) {
		s.pieces = append(s.pieces, piece{string(runes[start:]), x / size})
	}
	s.width /= size
	if len(f.words) > maxCachedWords {
		f.words = map[string]shaped{}
	}
	f.words[text] = s
	return s
}

var noLigatures = []shaping.FontFeature{
	{Tag: ot.MustNewTag("liga")}, {Tag: ot.MustNewTag("clig")}, {Tag: ot.MustNewTag("calt")}, {Tag: ot.MustNewTag("ccmp")}, {Tag: ot.MustNewTag("locl")},
}

// advance is the width of a character as the PDF states it, in thousandths.
func (f *face) advance(r rune) float64 {
	g, _ := f.font.NominalGlyph(r)
	return float64(f.font.HorizontalAdvance(g)) * 1000 / f.upem
}

// inert makes a text safe to set: line ends and tabs are spaces; control, direction and invisible characters, private
// and unassigned ones, and those the engine cannot hold (above U+FFFF) are shown as \u{XXXX} instead of being obeyed.
func inert(s string) string {
	plain := true
	for _, r := range s {
		if r < ' ' || r > '~' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case r > 0xFFFF || r == 0xFFFE || r == 0xFFFF || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
			b.WriteString(shown(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func shown(r rune) string { return `\u{` + strings.ToUpper(strconv.FormatInt(int64(r), 16)) + "}" }

// cover splits an inert text into parts that one face can set each: the wanted one where it can, else the first that
// has the character, else the wanted one with the character shown as \u{XXXX}.
func (f *faces) cover(want *face, text string) []covered {
	var out []covered
	add := func(with *face, s string) {
		if n := len(out); n > 0 && out[n-1].face == with {
			out[n-1].text += s
			return
		}
		out = append(out, covered{with, s})
	}
	// A letter with a mark behind it is set as the one character it stands for, where there is one.
	for _, r := range norm.NFC.String(inert(text)) {
		if want.has(r) {
			add(want, string(r))
			continue
		}
		found := false
		for _, x := range f.all {
			if x.has(r) {
				add(x, string(r))
				found = true
				break
			}
		}
		if !found {
			add(want, shown(r))
		}
	}
	return out
}

type covered struct {
	face *face
	text string
}
