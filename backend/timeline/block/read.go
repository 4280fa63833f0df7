package block

import (
	"adjutant/backend/event"
)

// Field decodes a field's column, or ColPath, out of its part.
func (h *Header) Field(c *ColumnInfo, part []byte) (*Column, error) {
	raw, err := c.blob(part)
	if err != nil {
		return nil, err
	}
	return decodeColumn(raw, h.Events)
}

// Times decodes the times out of part 0.
func (h *Header) Times(part []byte) (*Times, error) {
	raw, err := h.own(colTimes, part)
	if err != nil {
		return nil, err
	}
	t, err := decodeTimes(raw, h.Events)
	if err != nil {
		return nil, err
	}
	if o := t.Order(); o.Rows() != h.Rows || o.Dated() != h.Dated {
		return nil, damaged("%d rows, %d dated; the header says %d and %d", o.Rows(), o.Dated(), h.Rows, h.Dated)
	}
	return t, nil
}

// Originals decodes the original texts of the times.
func (h *Header) Originals(part []byte, t *Times) (*Originals, error) {
	raw, err := h.own(colOriginal, part)
	if err != nil {
		return nil, err
	}
	return decodeOriginals(raw, t)
}

// Locators decodes the locators.
func (h *Header) Locators(part []byte) (*Locators, error) {
	raw, err := h.own(colLocator, part)
	if err != nil {
		return nil, err
	}
	return decodeLocators(raw, h.Events)
}

func (h *Header) own(name string, part []byte) ([]byte, error) {
	c, ok := h.Find(name)
	if !ok {
		return nil, damaged("column %q is missing", name)
	}
	return c.blob(part)
}

// PartOfLocators is the part to load for Locators; -1 when the header lacks it.
func (h *Header) PartOfLocators() int { return h.partOf(colLocator) }

// PartOfOriginals is the part to load for Originals; -1 when the header lacks it.
func (h *Header) PartOfOriginals() int { return h.partOf(colOriginal) }

func (h *Header) partOf(name string) int {
	if c, ok := h.Find(name); ok {
		return c.Part
	}
	return -1
}

// NamedColumn is a decoded field.
type NamedColumn struct {
	Name string
	*Column
}

// Assemble rebuilds events: what all of a source share comes from base, fields in name order from columns.
func Assemble(evs []int, base event.Event, t *Times, o *Originals, l *Locators, path *Column, columns []NamedColumn) []*event.Event {
	out := make([]*event.Event, len(evs))
	for i, ev := range evs {
		e := base
		e.Locator = l.At(ev)
		e.Times = t.of(ev)
		o.fill(ev, e.Times)
		if cell, ok := path.CellOf(ev); ok && len(path.Values(cell)) > 0 {
			e.Path = path.Values(cell)[0]
		}
		out[i] = &e
	}
	for _, c := range columns {
		for i, ev := range evs {
			cell, ok := c.CellOf(ev)
			if !ok {
				continue
			}
			out[i].Fields = append(out[i].Fields, event.Field{Name: c.Name, Kind: c.Kind(cell), Values: c.Values(cell)})
		}
	}
	return out
}
