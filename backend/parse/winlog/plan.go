package winlog

import (
	"slices"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// maxPlans bounds what a program keeps: a template of Windows has one event id, a made one can bring any number.
const maxPlans = 64

// plan is what the tables make of a program's texts for one provider and event id. Texts are numbered: first the
// program's sources, then those made of them.
type plan struct {
	provider, id string
	made         []made // of outs that are not the source itself
	constants    []constant
	groups       []group // fields in the order of their names
	members      int     // more values than groups
	texts        int     // how many texts there are
	dataset      int     // texts made for every record; -1 when fixed
	outcome      int
	message      int
	reason       int // of a failed logon, else -1
	reasonTarget int
	steps        []step
	targets      []string // what messages may ask for
	set          []string // by target: the value that the tables gave, of the present record
	known        bool
	sentence     []phrase
	subStatus    []int
	status       []int
	objectType   []int
}

type made struct {
	way          way
	source, text int
}

type constant struct {
	text  int
	value string
}

// group is one field: a fixed value, one text, or several texts under one name.
type group struct {
	name  string
	kind  event.Kind
	fixed []string
	text  int
	more  []member
}

type member struct {
	kind event.Kind
	text int
}

// step is one row of fields.csv for this outline.
type step struct {
	how     how
	sources []int // texts under the source's name, in document order
	target  int
	text    int // what it makes; of hashes the first of six
}

type planKey struct{ provider, id string }

// planOf finds or makes the plan for what the record says of itself, nil when it is not one for a program.
func (p *Program) planOf(provider, id string) *plan {
	if l := p.last; l != nil && l.provider == provider && l.id == id {
		return l
	}
	l, ok := p.plans[planKey{provider, id}]
	if !ok {
		if len(p.plans) >= maxPlans {
			return nil
		}
		key := planKey{strings.Clone(provider), strings.Clone(id)} // it outlives the record
		l = p.plan(key.provider, key.id)
		p.plans[key] = l
		if l != nil {
			p.texts = slices.Grow(p.texts, max(0, l.texts-len(p.texts)))
		}
	}
	p.last = l
	return l
}

// field is one value that a plan sets, before fields are sorted.
type field struct {
	order int
	name  string
	kind  event.Kind
	text  int
	fixed string
}

func (p *Program) plan(provider, id string) *plan {
	l := &plan{provider: provider, id: id, texts: len(p.Sources), dataset: -1, outcome: -1, reason: -1}
	text := func() int { l.texts++; return l.texts - 1 }
	fields := make([]field, 0, len(p.outs)+24)
	for _, o := range p.outs {
		f := field{name: o.name, kind: o.kind, text: o.source}
		s := &p.Sources[o.source]
		if o.way != wayText {
			f.text = text()
			l.made = append(l.made, made{o.way, o.source, f.text})
		} else if s.Slot < 0 && s.Joined == nil {
			f.fixed = s.Text
		}
		fields = append(fields, f)
	}
	constant := func(name, value string) {
		if value != "" {
			fields = append(fields, field{name: name, fixed: value})
		}
	}
	add := func(name string, kind event.Kind, text int) {
		fields = append(fields, field{name: name, kind: kind, text: text})
	}
	constant("event.kind", "event")
	constant("event.module", "windows")
	l.dataset = text()
	add("event.dataset", event.KindString, l.dataset)
	target := map[string]int{}
	targetOf := func(name string) int {
		n, ok := target[name]
		if !ok {
			n = len(l.targets)
			target[name] = n
			l.targets = append(l.targets, name)
		}
		return n
	}
	own := p.t.provider(provider)
	for _, r := range own.rulesFor(id) {
		if _, ok := p.named[r.source]; !ok {
			continue
		}
		st := step{how: r.how, sources: p.sources(r.source), target: targetOf(r.target), text: text()}
		switch r.how {
		case howHashes:
			add(r.target+".md5", event.KindString, st.text)
			for _, h := range hashNames[1:5] {
				add(r.target+"."+h, event.KindString, text())
			}
			add(strings.TrimSuffix(r.target, ".hash")+".pe.imphash", event.KindString, text())
		case howObject:
			add(r.target, event.KindString, st.text)
			add("registry.path", event.KindString, text())
			l.objectType = p.sources("ObjectType")
		case howNumber:
			add(r.target, event.KindNumber, st.text)
		default:
			add(r.target, event.KindString, st.text)
		}
		l.steps = append(l.steps, st)
	}
	if provider == "Microsoft-Windows-Security-Auditing" && id == "4625" {
		l.reason, l.subStatus, l.status = text(), p.sources("SubStatus"), p.sources("Status")
		add(failureTarget, event.KindString, l.reason)
		l.reasonTarget = targetOf(failureTarget)
	}
	k, known := own.kinds[id]
	if k.outcome != "" {
		constant("event.outcome", k.outcome)
	} else {
		l.outcome = text()
		add("event.outcome", event.KindString, l.outcome)
	}
	constant("event.action", k.action)
	constant("event.category", k.category)
	l.message = text()
	add("message", event.KindString, l.message)
	if l.known = known; known {
		l.sentence = p.phrases(k.message, target)
	}
	l.set = make([]string, len(l.targets))
	return l.group(fields)
}

const failureTarget = "winlog.logon.failure.reason"

// hashNames are the hashes that are kept, in the order of a step's texts.
var hashNames = []string{"md5", "sha1", "sha256", "sha384", "sha512", "imphash"}

// group sorts the fields by name, as event.Sort does, and joins those of one name.
func (l *plan) group(fields []field) *plan {
	for i := range fields {
		fields[i].order = i
	}
	slices.SortFunc(fields, func(a, b field) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return a.order - b.order
	})
	l.groups = make([]group, 0, len(fields))
	fixed := make([]string, 0, len(fields))
	for i := 0; i < len(fields); {
		n := i + 1
		for n < len(fields) && fields[n].name == fields[i].name {
			n++
		}
		g := group{name: fields[i].name, kind: fields[i].kind, text: fields[i].text}
		switch f := fields[i]; {
		case n == i+1 && f.fixed != "":
			fixed = append(fixed, f.fixed)
			g.fixed = fixed[len(fixed)-1 : len(fixed) : len(fixed)]
		case n > i+1:
			for _, f := range fields[i:n] {
				if f.fixed != "" {
					f.text = l.texts
					l.texts++
					l.constants = append(l.constants, constant{f.text, f.fixed})
				}
				g.more = append(g.more, member{f.kind, f.text})
			}
			l.members += len(g.more) - 1
		}
		l.groups = append(l.groups, g)
		i = n
	}
	if len(l.groups) > parse.MaxFields {
		return nil
	}
	return l
}
