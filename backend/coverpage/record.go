package coverpage

import (
	"fmt"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
)

// FromRecord fills what the record itself says: facts, story, decisions, items with custody and checks, papers, signers,
// and how many entries have their words withheld. The caller adds what lies in the folder (Here, Absent, File, Verifiers,
// PrivilegeLog), the clocks, the grounds of what is withheld, and who made the copy for whom. Give it the entries as they
// go into the copy, after withholding: then the page can say nothing that the copy does not hold.
func FromRecord(entries []caserecord.Entry) Page {
	entries = caserecord.CausalOrder(entries)
	r := &record{s: caserecord.Fold(entries), place: map[caserecord.ID]int{}, knew: map[caserecord.ID]known{}}
	for i, e := range entries {
		r.place[e.ID] = i
	}
	p := Page{
		Case: r.facts(entries), Story: r.story(entries), Decisions: r.decisions(), Items: r.items(), Papers: r.papers(), Signers: r.signers(entries),
	}
	if n := r.s.Withheld; n > 0 {
		p.Withheld = []Withheld{{What: "words of entries", Ground: "no ground is given", Count: n}}
	}
	return p
}

type record struct {
	s     *caserecord.State
	place map[caserecord.ID]int // in causal order
	knew  map[caserecord.ID]known
}

// known is what evidence somebody knew who checked all of it.
type known struct {
	receipts map[caserecord.ID]bool
	purged   map[string]bool // by SHA-256
	items    int             // the others
}

// maxAsked bounds the checks of which it is found out what they knew: each costs a walk over the record, and a check that
// is older than all of these says little.
const maxAsked = 50

func act(st caserecord.Stamp, role string) Act {
	return Act{Name: st.Name, Role: role, At: st.Recorded, Entry: st.Entry}
}

func (r *record) facts(entries []caserecord.Entry) Facts {
	c := r.s.Case
	f := Facts{
		Name: c.Name, ID: c.ID, Organisation: c.Organisation, TLP: c.TLP, Mode: c.Mode, Opened: act(c.Stamp, ""),
		Entries: len(entries), Head: r.s.Head, HeadCode: caserecord.HeadCode(r.s.Head),
	}
	keys := map[caserecord.Author]bool{}
	for _, e := range entries {
		keys[e.Header.Author] = true
	}
	f.Keys = len(keys)
	if now := r.s.SeverityInForce(); now != nil {
		f.Severity, f.SeverityBy = now.Data.Level, act(now.Stamp, now.Data.Role.Title())
	}
	return f
}

func (r *record) story(entries []caserecord.Entry) []Sentence {
	aside := map[caserecord.ID]string{}
	for _, x := range r.s.Refused {
		aside[x.Entry] = x.Text
	}
	out := make([]Sentence, 0, len(entries))
	for _, e := range entries {
		s := Sentence{At: e.Header.Recorded, Entry: e.ID, SetAside: aside[e.ID], Hidden: e.Withheld()}
		if e.Withheld() {
			s.Text = caserecord.Story(e, r.s)
		} else {
			s.Text = caserecord.Deed(e.Content(), r.who(e.Header.Author), r.s)
		}
		out = append(out, s)
	}
	return out
}

func (r *record) who(a caserecord.Author) string {
	if p, ok := r.s.PersonOf(a); ok {
		return p.Name
	}
	return "An unknown key (" + caserecord.KeyCode(a) + ")"
}

func (r *record) decisions() []Decision {
	var out []Decision
	for _, d := range r.s.Decisions {
		now := d.Current
		x := Decision{
			Subject: now.Data.Subject, Target: now.Data.Target, Recommended: now.Data.Recommended, Outcome: now.Data.Outcome,
			RecommendedBy: strings.TrimSpace(now.Data.RecommendedBy.Kind + " · " + now.Data.RecommendedBy.Name + " " + now.Data.RecommendedBy.Version),
			Instead:       now.Data.Instead, Reason: now.Data.Reason, ReasonCode: now.Data.ReasonCode,
			By: act(now.Stamp, now.Data.Role.Title()), Cited: len(now.Data.Rows), Earlier: len(d.History) - 1,
			Awaits: r.s.Awaits(now.Entry),
		}
		for _, c := range r.s.Conflicts {
			if slices.Contains(c.Entries, now.Entry) {
				x.Conflict = c.Text
			}
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Decision) int { return r.place[a.By.Entry] - r.place[b.By.Entry] })
	return out
}

func (r *record) items() []Item {
	var out []Item
	for _, it := range r.s.Evidence {
		x := Item{SHA256: it.SHA256, Custodian: r.s.CustodianOf(it.SHA256)}
		if len(it.Received) > 0 {
			first := it.Received[0]
			x.Path, x.Bytes, x.Source, x.Why, x.Kept = first.Data.Path, first.Data.Bytes, first.Data.Source, first.Data.Why, first.Data.Kept
			x.Taken = act(first.Stamp, "")
			x.Check = r.check(it)
		} else if last := it.Latest(); last != nil {
			x.Path = last.Data.Path
		}
		x.Transfers = r.transfers(it)
		if len(x.Transfers) == 0 {
			x.Custodian = "" // still with who took it, which stands beside it
		}
		out = append(out, x)
	}
	return out
}

func (r *record) transfers(it *caserecord.EvidenceItem) []Transfer {
	var out []Transfer
	for _, t := range r.s.TransfersOf(it.SHA256) {
		x := Transfer{At: t.At, From: t.Name, To: t.Data.Receiver, Purpose: t.Data.Purpose}
		if t.Data.Organisation != "" {
			x.To += ", " + t.Data.Organisation
		}
		switch {
		case t.Data.To == "":
			x.State = "handed to an outside party"
		case t.Taken == nil:
			x.State = "not yet taken over"
		case t.Taken.Data.Accepted:
			x.State = "taken over"
		default:
			x.State = "refused"
		}
		out = append(out, x)
	}
	return out
}

// check is the last check that speaks of an item: one that names it, or one over all items by somebody who knew of it. A
// check lists only what it found wrong, so that an item counts as the same when whoever checked had its receipt, and counted
// as many items as they knew.
func (r *record) check(it *caserecord.EvidenceItem) Check {
	for i := len(r.s.Checks) - 1; i >= 0; i-- {
		c := r.s.Checks[i]
		switch {
		case slices.Contains(c.Data.Altered, it.SHA256):
			return Check{act(c.Stamp, ""), "altered"}
		case slices.Contains(c.Data.Absent, it.SHA256):
			return Check{act(c.Stamp, ""), "not at hand"}
		default:
			k := r.knownTo(c.Entry)
			if c.Data.Items >= k.items && !k.purged[it.SHA256] && slices.ContainsFunc(it.Received, func(x caserecord.EvidenceReceipt) bool { return k.receipts[x.Entry] }) {
				return Check{act(c.Stamp, ""), "the same"}
			}
		}
	}
	return Check{}
}

// knownTo is the evidence that the author of a check knew of when they signed it.
func (r *record) knownTo(check caserecord.ID) known {
	k, ok := r.knew[check]
	if ok || len(r.knew) >= maxAsked {
		return k
	}
	k.receipts, k.purged = map[caserecord.ID]bool{}, map[string]bool{}
	items := map[string]bool{}
	past, _ := r.s.Past(check)
	for _, e := range past {
		switch d := e.Content().(type) {
		case *caserecord.EvidenceReceivedData:
			k.receipts[e.ID], items[d.SHA256] = true, true
		case *caserecord.EvidencePurgedData:
			k.purged[d.SHA256] = r.s.PurgeOf(d.SHA256) != nil
		}
	}
	for sha256 := range items {
		if !k.purged[sha256] {
			k.items++
		}
	}
	r.knew[check] = k
	return k
}

func (r *record) papers() []Paper {
	var out []Paper
	for _, d := range r.s.Documents {
		x := Paper{Title: d.Draft.Data.Title, Class: string(d.Draft.Data.Class)}
		if a := d.Approved(); a != nil {
			x.Approved = act(a.Stamp, a.Data.Role.Title())
		}
		released := slices.DeleteFunc(slices.Clone(d.Releases), func(x caserecord.Release) bool { return r.s.Awaits(x.Entry) })
		if n := len(released); n > 0 {
			last := released[n-1]
			x.Released = fmt.Sprintf("by %s to %s, by %s, %s", last.Data.Channel, last.Data.To, last.Name, full(last.Recorded))
		}
		out = append(out, x)
	}
	return out
}

func (r *record) signers(entries []caserecord.Entry) []Signer {
	count := map[caserecord.Author]int{}
	var order []caserecord.Author
	opener := caserecord.Author("")
	for _, e := range entries {
		if count[e.Header.Author]++; count[e.Header.Author] == 1 {
			order = append(order, e.Header.Author)
		}
		if e.ID == r.s.Case.Entry {
			opener = e.Header.Author
		}
	}
	var out []Signer
	for _, a := range order {
		x := Signer{Name: "not admitted to the case", KeyCode: caserecord.KeyCode(a), Entries: count[a], Opened: a == opener}
		if p, ok := r.s.PersonOf(a); ok {
			x.Name, x.Roles = p.Name, r.rolesOf(p.ID)
		}
		out = append(out, x)
	}
	return out
}

// rolesOf lists every role that a person held at some time, in the order in which they came to it.
func (r *record) rolesOf(p caserecord.PersonID) string {
	var titles []string
	for _, h := range r.s.Roles {
		if t := h.Role.Title(); h.Person == p && !slices.Contains(titles, t) {
			titles = append(titles, t)
		}
	}
	return strings.Join(titles, ", ")
}
