package workbench

import "adjutant/backend/caserecord"

// Papers and the wall. A paper that was drafted before its evidence was marked says what the evidence says, and so may the
// words that somebody typed into its fields: they stand in the entry of the draft. The text is hidden by whoever shows
// papers; that there is such a paper is not, so that it can be drafted again without what is marked. The entry counts as
// one that is partly behind the wall: it tells no more than its sentence, and its body goes into no copy.

// paperGrounds is what a paper rests on.
type paperGrounds struct {
	evidence []string
	entries  []caserecord.ID
}

// paperGrounds reads what a paper rests on, nil when its text is not here.
func (b *Bench) paperGrounds(model string) *paperGrounds {
	if g, ok := b.grounds.Load(model); ok {
		return g.(*paperGrounds)
	}
	p, err := b.paperModel(model)
	if err != nil {
		return nil
	}
	g := &paperGrounds{}
	for _, c := range p.Citations {
		g.evidence, g.entries = append(g.evidence, c.Evidence), append(g.entries, caserecord.ID(c.ID))
	}
	for _, x := range p.Exhibits {
		g.evidence = append(g.evidence, x.SHA256)
	}
	b.grounds.Store(model, g) // for good: the hash is that of the text
	return g
}

// restsBehind is the mark on something that a paper rests on, nil when there is none.
func (w *wall) restsBehind(g *paperGrounds) *caserecord.Mark {
	if g == nil {
		return nil
	}
	for _, sha256 := range g.evidence {
		if m := w.evidence[sha256]; m != nil {
			return m
		}
	}
	for _, id := range g.entries {
		if x, ok := w.entries[id]; ok && !x.partly {
			return x.mark
		}
	}
	return nil
}

// papersBehind are the drafts that rest on something behind a wall.
type papersBehind struct {
	drafts map[string]*caserecord.Mark // by the hash of the text
	docs   map[string]*caserecord.Mark // documents of which every draft so far is one of those
	now    map[string]bool             // documents whose newest draft is one, by what of their text is here
	before int                         // place of the newest mark on evidence, -1 when there is none
	newest *caserecord.Mark
}

func newPapersBehind(w *wall, entries []caserecord.Entry) papersBehind {
	p := papersBehind{drafts: map[string]*caserecord.Mark{}, docs: map[string]*caserecord.Mark{}, now: map[string]bool{}, before: -1}
	at := map[caserecord.ID]*caserecord.Mark{}
	for _, m := range w.evidence {
		at[m.Entry] = m
	}
	for i, e := range entries {
		if m := at[e.ID]; m != nil {
			p.before, p.newest = i, m
		}
	}
	return p
}

// about finds what an entry says of such drafts. Where the text is not here nobody can tell what it rests on: a draft from
// before the newest mark is taken for one.
func (p *papersBehind) about(w *wall, place int, c caserecord.Content, grounds func(string) *paperGrounds) behind {
	switch d := c.(type) {
	case *caserecord.DocumentDraftedData:
		g := grounds(d.ModelSHA256)
		m, why := w.restsBehind(g), "draft of a paper that rests on marked evidence"
		p.now[d.Document] = m != nil
		if g == nil && place < p.before {
			m, why = p.newest, "draft from before the mark of a paper whose text is not here"
		}
		if _, earlier := p.docs[d.Document]; m == nil || !earlier {
			p.docs[d.Document] = m
		}
		p.drafts[d.ModelSHA256] = m
		return behind{mark: m, why: why, partly: m != nil}
	case *caserecord.DocumentApprovedData:
		m := p.drafts[d.ModelSHA256]
		return behind{mark: m, why: "approval of a paper that rests on marked evidence", partly: m != nil}
	case *caserecord.DocumentReleasedData:
		m := p.docs[d.Document]
		return behind{mark: m, why: "release of a paper that rests on marked evidence", partly: m != nil}
	}
	return behind{}
}
