package winlog

import (
	"net/netip"
	"strconv"
	"strings"

	"adjutant/backend/event"
)

// Texts returns where the caller puts the texts of one record: one for each source, "" where it has none, for an array its
// first text that is not empty.
func (p *Program) Texts() []string {
	if len(p.texts) < len(p.Sources) {
		p.texts = make([]string, len(p.Sources), len(p.Sources)+48)
	}
	return p.texts[:len(p.Sources)]
}

// Fill sets the fields of e, sorted, from Texts and the arrays among them. It returns false when the record is one for
// Fill over elements.
func (p *Program) Fill(e *event.Event, s *event.Slab, many []Many) bool {
	text := func(source int) string {
		if source < 0 {
			return ""
		}
		return p.texts[source]
	}
	provider := text(p.provider)
	if provider == "" {
		provider = text(p.eventSource)
	}
	l := p.planOf(provider, text(p.id))
	if l == nil {
		return false
	}
	t := p.texts[:l.texts]
	p.texts = t
	clear(t[len(p.Sources):])
	for _, c := range l.constants {
		t[c.text] = c.value
	}
	for _, m := range l.made {
		switch m.way {
		case wayNumber:
			t[m.text], _ = numberText(s, t[m.source])
		case wayLevel:
			t[m.text] = levelWord(t[m.source])
		case wayProvider:
			t[m.text] = provider
		}
	}
	t[l.dataset] = p.dataset(text(p.channel))
	clear(l.set)
	for i := range l.steps {
		if st := &l.steps[i]; l.set[st.target] == "" && !p.apply(l, st, s, t) {
			return false
		}
	}
	if l.reason >= 0 {
		p.failureReason(l, t)
	}
	if l.outcome >= 0 {
		t[l.outcome] = auditOutcome(text(p.keywords))
	}
	t[l.message] = p.message(l, s, t)
	l.emit(e, s, t, len(p.Sources), many)
	return true
}

// emit writes the fields that have a value.
func (l *plan) emit(e *event.Event, s *event.Slab, t []string, sources int, many []Many) {
	room := len(l.groups) + l.members
	for _, m := range many {
		room += len(m.Texts)
	}
	fields, values := s.Fields(len(l.groups)), s.Values(room)
	for i := range l.groups {
		g := &l.groups[i]
		if g.fixed != nil {
			fields = append(fields, event.Field{Name: g.name, Kind: g.kind, Values: g.fixed})
			continue
		}
		if g.more == nil && (len(many) == 0 || g.text >= sources) {
			v := t[g.text]
			if v == "" {
				continue
			}
			n := len(values)
			values = append(values, v)
			fields = append(fields, event.Field{Name: g.name, Kind: g.kind, Values: values[n : n+1 : n+1]})
			continue
		}
		from, kind := len(values), g.kind
		more := g.more
		if more == nil {
			more = []member{{g.kind, g.text}}
		}
		for _, m := range more {
			before := len(values)
			values = appendTexts(values, t[m.text], m.text, many)
			switch {
			case len(values) == before:
			case before == from:
				kind = m.kind
			case kind != m.kind:
				kind = event.KindString
			}
		}
		if n := len(values); n > from {
			fields = append(fields, event.Field{Name: g.name, Kind: kind, Values: values[from:n:n]})
		}
	}
	s.KeepValues(values)
	e.Fields = s.KeepFields(fields)
}

func appendTexts(values []string, v string, source int, many []Many) []string {
	for _, m := range many {
		if m.Source == source {
			for _, v := range m.Texts {
				if v != "" {
					values = append(values, v)
				}
			}
			return values
		}
	}
	if v != "" {
		values = append(values, v)
	}
	return values
}

func first(t []string, sources []int) string {
	for _, s := range sources {
		if t[s] != "" {
			return t[s]
		}
	}
	return ""
}

// apply is builder.apply for a plan; false means that the value is not one for a program.
func (p *Program) apply(l *plan, st *step, s *event.Slab, t []string) bool {
	v := first(t, st.sources)
	if v == "" || v == "-" {
		return true
	}
	to := st.text
	switch st.how {
	case howName:
		if i := strings.LastIndexAny(v, `\/`); i >= 0 {
			v = v[i+1:]
		}
	case howNumber:
		if n, ok := numberText(s, v); ok && v != "0" {
			l.set[st.target], t[to] = v, n
		}
		return true
	case howAddress:
		if v = address(v); v == "" {
			return true
		}
	case howAccount:
		if i := strings.LastIndexByte(v, '\\'); i >= 0 {
			v = v[i+1:]
		}
	case howDomain:
		i := strings.LastIndexByte(v, '\\')
		if i < 0 {
			return true
		}
		v = v[:i]
	case howHashes:
		l.set[st.target] = v
		return hashTexts(s, t[to:to+len(hashNames)], v)
	case howObject:
		switch first(t, l.objectType) {
		case "File":
		case "Key":
			to++
		default:
			return true
		}
	case howLogonType:
		if w, ok := p.t.words["logon\x00"+v]; ok {
			v = w
		}
	}
	l.set[st.target], t[to] = v, v
	return true
}

// numberText is v as decimal digits when it is a number, decimal or with 0x.
func numberText(s *event.Slab, v string) (string, bool) {
	if n := len(v); n > 0 && n < 20 && (v[0] != '0' || n == 1) {
		digits := 0
		for digits < n && v[digits] >= '0' && v[digits] <= '9' {
			digits++
		}
		if digits == n {
			return v, true
		}
	}
	if v == "" {
		return "", false
	}
	n, err := strconv.ParseUint(strings.TrimSpace(v), 0, 64)
	if err != nil {
		return "", false
	}
	return s.KeepText(strconv.AppendUint(s.Text(20), n, 10)), true
}

// address is the IP address in v, with or without a port, "" when there is none.
func address(v string) string {
	a, err := netip.ParseAddr(v)
	switch {
	case err == nil && a.Is4():
		return v // ParseAddr takes one form only
	case err != nil:
		if a, err = netip.ParseAddr(strings.Trim(hostOf(v), "[]")); err != nil {
			return ""
		}
	}
	return a.Unmap().String()
}

// hashTexts splits Sysmon's "SHA1=…,MD5=…,IMPHASH=…" into texts in the order of hashNames; false when one stands twice.
func hashTexts(s *event.Slab, texts []string, v string) bool {
	for len(v) > 0 {
		var part string
		part, v, _ = strings.Cut(v, ",")
		name, hash, ok := strings.Cut(part, "=")
		if name, hash = lower(s, strings.TrimSpace(name)), lower(s, strings.TrimSpace(hash)); !ok || hash == "" {
			continue
		}
		for i, known := range hashNames {
			if name != known {
				continue
			}
			if texts[i] != "" {
				return false
			}
			texts[i] = hash
		}
	}
	return true
}

// lower is strings.ToLower with the memory of a slab.
func lower(s *event.Slab, v string) string {
	upper := false
	for i := 0; i < len(v); i++ {
		if v[i] >= 0x80 {
			return strings.ToLower(v)
		}
		upper = upper || v[i] >= 'A' && v[i] <= 'Z'
	}
	if !upper {
		return v
	}
	b := s.Text(len(v))
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return s.KeepText(b)
}

func (p *Program) failureReason(l *plan, t []string) {
	for _, sources := range [][]int{l.subStatus, l.status} {
		if w, ok := p.t.words["failure\x00"+strings.ToLower(first(t, sources))]; ok {
			t[l.reason] = w
			l.set[l.reasonTarget] = w
			return
		}
	}
}

// dataset is the dataset of a channel; the last one is kept, for a log has one channel.
func (p *Program) dataset(channel string) string {
	if p.datasetOf == "" || p.channelOf != channel {
		p.channelOf = strings.Clone(channel)
		p.datasetOf = p.t.dataset(p.channelOf)
	}
	return p.datasetOf
}
