package evtx

import (
	"encoding/binary"
	"time"

	"adjutant/backend/parse/winlog"
)

// slot is one value of a template instance in the present chunk.
type slot struct {
	at   uint32
	size uint16
	typ  byte
}

// compiled reads the record body chunk[from:to] as one instance of a template or plain elements, with at most one more in a
// value of it, and returns the program for it with the texts that it asks for. It returns nil for all else, damage included: decode reads
// that step by step and says what is wrong.
func (d *decoder) compiled(from, to int) *winlog.Program {
	d.slots = d.slots[:0]
	outer := d.templateAt(from, to)
	if outer == nil {
		return nil
	}
	inside := within{slot: -1}
	for i := range d.slots {
		if d.slots[i].typ == typeBinXML && d.slots[i].size > 0 {
			if inside.slot >= 0 {
				return nil
			}
			inside.slot = i
		}
	}
	if inside.slot >= 0 {
		s := d.slots[inside.slot]
		if inside.inner = d.templateAt(int(s.at), int(s.at)+int(s.size)); inside.inner == nil {
			return nil
		}
		for _, s := range d.slots[outer.slots:] {
			if s.typ == typeBinXML && s.size > 0 {
				return nil
			}
		}
	}
	p := outer.programFor(inside)
	if p == nil || !d.texts(p) {
		return nil
	}
	return p
}

// templateAt reads a fragment: a template instance, or plain elements.
func (d *decoder) templateAt(pos, end int) *template {
	slots := len(d.slots)
	if t := d.instanceAt(pos, end); t != nil {
		return t
	}
	d.slots = d.slots[:slots]
	return d.plainAt(pos, end)
}

// instanceAt reads a template instance, with a fragment header before it or without, as content and instance do, and appends
// as many values as the template refers to.
func (d *decoder) instanceAt(pos, end int) *template {
	const fragment, head = 4, 10
	b := d.chunk[:end]
	if end-pos >= fragment && b[pos]&^tokMore == tokFragment {
		pos += fragment
	}
	if end-pos < head+4 || b[pos]&^tokMore != tokTemplate {
		return nil
	}
	off := binary.LittleEndian.Uint32(b[pos+6:])
	pos += head
	def := d.definitionAt(off)
	if def == nil || def.t == nil {
		return nil
	}
	if int(off) == pos {
		pos = def.end
	}
	if end-pos < 4 {
		return nil
	}
	count := int(binary.LittleEndian.Uint32(b[pos:]))
	pos += 4
	if count > maxValues || count*4 > end-pos {
		return nil
	}
	heads := b[pos : pos+4*count]
	pos += 4 * count
	wanted := def.t.slots
	for i := 0; i < count; i++ {
		h := binary.LittleEndian.Uint32(heads[4*i:])
		size := int(h & 0xffff)
		if i < wanted {
			d.slots = append(d.slots, slot{at: uint32(pos), size: uint16(size), typ: byte(h >> 16)})
		}
		pos += size
	}
	if pos > end || pos < end && b[pos] != tokEOF {
		return nil
	}
	for ; count < wanted; count++ {
		d.slots = append(d.slots, slot{})
	}
	return def.t
}

// texts prints the values that the program asks for. It returns false where an array stands among text, and beyond the
// limits on one record.
func (d *decoder) texts(p *winlog.Program) bool {
	t := p.Texts()
	d.many = d.many[:0]
	total, items := 0, 0
	for i := range p.Sources {
		s := &p.Sources[i]
		switch {
		case s.Slot >= 0:
			v := d.slots[s.Slot]
			switch {
			case v.typ&typeArray == 0:
				t[i] = d.print(v)
			case !s.Many:
				return false
			default:
				m := winlog.Many{Source: i, Texts: value{typ: v.typ, data: d.data(v)}.items()}
				t[i] = ""
				for j := len(m.Texts) - 1; j >= 0; j-- {
					if total += len(m.Texts[j]); m.Texts[j] != "" {
						t[i] = m.Texts[j]
					}
				}
				if items += len(m.Texts); items > maxNodes {
					return false
				}
				d.many = append(d.many, m)
			}
		case s.Joined != nil:
			d.joined = d.joined[:0]
			for _, piece := range s.Joined {
				if !piece.Gap {
					d.joined = append(d.joined, piece.Text...)
					continue
				}
				v := d.slots[piece.Slot]
				if v.typ&typeArray != 0 || len(d.joined) > maxTextBytes {
					return false
				}
				d.joined = appendValue(d.joined, v.typ, d.data(v), &d.clock)
			}
			t[i] = d.slab.KeepText(append(d.slab.Text(len(d.joined)), d.joined...))
		default:
			t[i] = s.Text
			continue
		}
		if total += len(t[i]); total > maxTextBytes {
			return false
		}
	}
	return true
}

func (d *decoder) data(v slot) []byte { return d.chunk[v.at : v.at+uint32(v.size)] }

// print gives the value as text in the slab.
func (d *decoder) print(v slot) string {
	switch {
	case v.typ == typeNull || v.size == 0 && v.typ != typeBool:
		return ""
	case v.typ == typeString:
		return d.printUTF16(trimUTF16(d.data(v)))
	}
	return d.slab.KeepText(appendValue(d.slab.Text(48+3*int(v.size)), v.typ, d.data(v), &d.clock))
}

func (d *decoder) printUTF16(b []byte) string {
	out := d.slab.Text(len(b) / 2)[:len(b)/2]
	if !asciiOf(out, b) {
		out = appendUTF16(d.slab.Text(3 * len(b) / 2)[:0], b)
	}
	return d.slab.KeepText(out)
}

// created is the time of TimeCreated/SystemTime, with its text.
func (d *decoder) created(p *winlog.Program) (at time.Time, original string, ok bool) {
	if p.Created < 0 {
		return time.Time{}, "", false
	}
	original = p.Texts()[p.Created]
	if n := p.Sources[p.Created].Slot; n >= 0 && d.slots[n].typ == typeFileTime && d.slots[n].size == 8 {
		at, ok = fileTime(binary.LittleEndian.Uint64(d.data(d.slots[n])))
		return at, original, ok
	}
	at, ok = winlog.ParseTime(original)
	return at, original, ok
}
