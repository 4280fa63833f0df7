package extract

import (
	"fmt"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
)

// given holds the extract against checkpoints that came another way. One that fits anchors the extract: its origin names
// the case, whose id commits to the opener's key, and every other signer is traced to that.
func (v *verifier) given(notes [][]byte) {
	for i, note := range notes {
		c, err := checkpoint.Verify(note)
		a := caserecord.Author(c.Author)
		code := caserecord.KeyCode(a)
		switch {
		case err != nil:
			v.add(CodeCheckpoint, "", "checkpoint %d given: %s", i+1, plain(err))
			continue
		case c.Case != v.caseID:
			v.add(CodeCheckpoint, c.Author, "the checkpoint given of %s is of the case %s", code, c.Case)
			continue
		case v.x.Manifest.log(a) == nil:
			v.add(CodeNoConsistency, c.Author, "the checkpoint given is of the key %s, of which nothing is shown here", code)
			continue
		case v.logs[a] == nil:
			continue // its checkpoint here does not hold, and is named
		}
		v.compareGiven(c, v.logs[a], code)
	}
}

func (v *verifier) compareGiven(c checkpoint.Checkpoint, of *log, code string) {
	for _, here := range append([]checkpoint.Checkpoint{of.Checkpoint}, of.others...) {
		if here.Size != c.Size {
			continue
		}
		if here.Root != c.Root {
			v.twoHistories(caserecord.Author(c.Author), c.Size)
			return
		}
		v.r.Anchored, of.anchored = true, true
		what := fmt.Sprintf("the checkpoint given of %s (%d entries) is the one here", code, c.Size)
		switch {
		case c.Size < of.Size:
			later := 0
			for _, s := range v.shown {
				if s.Entry.Header.Author == caserecord.Author(c.Author) && s.Index >= c.Size {
					later++
				}
			}
			what = fmt.Sprintf("the log of %s here continues the checkpoint given (%d entries); %d entries shown came later, and it says nothing about them", code, c.Size, later)
		case c.Size > of.Size:
			what = fmt.Sprintf("the checkpoint given of %s (%d entries) continues the log here", code, c.Size)
		}
		v.r.Checked = append(v.r.Checked, what)
		return
	}
	v.add(CodeNoConsistency, c.Author, "nothing here ties the checkpoint given of %s (%d entries) to the one here (%d): the writer has to be handed it (--against)", code, c.Size, of.Size)
}

// report puts the parts together and says what an extract cannot show.
func (v *verifier) report() Report {
	r := v.r
	r.Entries = len(v.entries)
	r.Logs = []LogReport{}
	proved := 0
	for _, a := range sortedAuthors(v.logs) {
		l := v.logs[a]
		r.Logs = append(r.Logs, LogReport{a, caserecord.KeyCode(a), l.Size, l.Root.String(), l.shown})
		proved += l.shown
	}
	r.Checked = append([]string{
		fmt.Sprintf("the form and signature of %d entries, and the hash of %d bodies", r.Entries, r.Entries-r.Withheld),
		fmt.Sprintf("the place of %d of %d entries under the signed checkpoints of %d authors", proved, r.Entries, len(r.Logs)),
		v.peopleText(),
	}, r.Checked...)
	if r.Documents > 0 {
		r.Checked = append(r.Checked, fmt.Sprintf("the bytes of %d documents against extract.json", r.Documents))
	}
	r.NotChecked = []string{
		"whether anything else was written: an extract shows chosen entries, and nothing here speaks for or against what lies between them or came after the checkpoints",
		"whether a signer held the role at that moment, and whether the case set an entry aside: that takes the whole record",
		"for whom and what for it was written, and which documents belong to it: nobody signed extract.json",
	}
	if r.Withheld > 0 {
		r.NotChecked = append(r.NotChecked, fmt.Sprintf("what the %d withheld bodies say: they may say anything, also the contrary", r.Withheld))
	}
	if open := v.unanchored(); len(open) > 0 {
		r.NotChecked = append(r.NotChecked, "whether somebody rewrote their own log before signing the checkpoint here; no checkpoint from elsewhere was given of "+strings.Join(open, ", "))
	}
	if !r.Anchored {
		r.NotChecked = append(r.NotChecked, "whether the signers are who they say, and whether the whole case was made up: give a checkpoint from elsewhere (--checkpoint) or the opener's fingerprint (--key)")
	}
	r.Problems = v.problems
	if r.Problems == nil {
		r.Problems = []caserecord.Problem{}
	}
	r.Verdict = verdictOf(r.Problems, r.Anchored)
	if r.Entries == 0 && r.Verdict == caserecord.VerdictConsistent {
		r.Verdict = caserecord.VerdictIncomplete
	}
	return r
}

// unanchored names the logs for which no checkpoint from elsewhere fits.
func (v *verifier) unanchored() (out []string) {
	for _, a := range sortedAuthors(v.logs) {
		if !v.logs[a].anchored {
			out = append(out, caserecord.KeyCode(a))
		}
	}
	return out
}

// sameKey compares a full key or a code as people type it (any case, groups or not, O for 0, I and L for 1) with a
// signer's.
func sameKey(given string, s *caserecord.Signer) bool {
	text := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(given))
	if strings.ToLower(text) == string(s.Key) {
		return true
	}
	return strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(text) == strings.ReplaceAll(s.Code, "-", "")
}
