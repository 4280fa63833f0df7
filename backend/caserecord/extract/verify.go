package extract

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
)

// Report is what verification found. Its JSON has the fields of a caserecord.Report that an extract can answer.
type Report struct {
	Verdict    string               `json:"verdict"` // as caserecord's
	Anchored   bool                 `json:"anchored"`
	Entries    int                  `json:"entries"` // sound entries
	Authors    int                  `json:"authors"`
	Case       string               `json:"case"`
	Mode       string               `json:"mode"`
	Withheld   int                  `json:"withheld"`
	Documents  int                  `json:"documents"`
	Logs       []LogReport          `json:"logs"` // checkpoints that hold, by author
	Signers    []caserecord.Signer  `json:"signers"`
	Checked    []string             `json:"checked"`
	NotChecked []string             `json:"not_checked"` // what an extract does not prove, in sentences
	Problems   []caserecord.Problem `json:"problems"`
}

// LogReport is a signed checkpoint with what is shown of its log.
type LogReport struct {
	Author caserecord.Author `json:"author"`
	Code   string            `json:"code"` // KeyCode
	Size   uint64            `json:"size"`
	Root   string            `json:"root"` // base64, as in the note
	Shown  int               `json:"shown"`
}

// Verify re-derives everything from the bytes: form, signatures, body hashes, the place of every entry under its author's
// checkpoint, what the signers rest on, documents. Anchors are the keys of caserecord.Anchors, and signed checkpoints
// that came another way; a case head cannot be checked against an extract. Without any the best verdict is
// caserecord.VerdictConsistent.
func (x *Extract) Verify(a caserecord.Anchors, checkpoints ...[]byte) Report {
	v := &verifier{x: x, problems: slices.Clone(x.Problems), logs: map[caserecord.Author]*log{}, named: map[string]bool{}}
	for _, p := range x.Problems {
		v.named[p.Entry] = true
	}
	v.recheck()
	v.sameCase()
	v.equivocations()
	v.checkpoints()
	v.inclusions()
	v.people = newPeople(v.governing())
	v.signers(a.Keys)
	v.roles()
	v.documents()
	v.given(checkpoints)
	if a.Head != "" {
		v.add(CodeHeadNotShown, "", "a case head is made of the ends of all chains, which an extract does not hold: give a checkpoint instead")
	}
	return v.report()
}

type verifier struct {
	x        *Extract
	entries  []caserecord.Entry // sound ones
	shown    []Shown            // the same, with their proofs
	caseID   string
	logs     map[caserecord.Author]*log
	people   *people
	named    map[string]bool // entries that the reader has named already
	problems []caserecord.Problem
	r        Report
}

// log is an author's checkpoint that holds, with the others that are proved to be of the same history.
type log struct {
	checkpoint.Checkpoint
	others   []checkpoint.Checkpoint
	shown    int
	anchored bool // one that came another way fits
}

func (v *verifier) add(code caserecord.Code, entry, format string, a ...any) {
	v.problems = append(v.problems, caserecord.Problem{Code: code, Entry: entry, Text: fmt.Sprintf(format, a...)})
}

// recheck parses every entry again from its bytes, signatures included, on all cores, and drops the unsound.
func (v *verifier) recheck() {
	again := make([]caserecord.Entry, len(v.x.Shown))
	errs := make([]error, len(v.x.Shown))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(again); i += workers {
				again[i], errs[i] = caserecord.Parse(v.x.Shown[i].Entry.Line(), v.x.Shown[i].Entry.Body())
			}
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			code := caserecord.CodeForm
			var ee *caserecord.EntryError
			if errors.As(err, &ee) {
				code = ee.Code
			}
			v.add(code, string(v.x.Shown[i].Entry.ID), "%s", strings.TrimPrefix(err.Error(), "caserecord: "))
		}
		if again[i].ID == "" {
			continue
		}
		v.entries = append(v.entries, again[i])
		v.shown = append(v.shown, Shown{again[i], v.x.Shown[i].Index, v.x.Shown[i].Proof})
		if again[i].Withheld() {
			v.r.Withheld++
			if !v.named[string(again[i].ID)] {
				v.add(caserecord.CodeWithheld, string(again[i].ID), "%s: the body is not here", again[i].Header.Kind)
			}
		}
	}
}

// sameCase names entries of another case or mode than extract.json says.
func (v *verifier) sameCase() {
	m := v.x.Manifest
	if m == nil {
		return // named already; without it nothing says under which checkpoints the entries stand
	}
	v.caseID, v.r.Case, v.r.Mode = m.Case, m.Case, string(m.Mode)
	for _, e := range v.entries {
		switch {
		case e.Header.Case != m.Case:
			v.add(caserecord.CodeWrongCase, string(e.ID), "%s: of the case %s", e.Header.Kind, e.Header.Case)
		case e.Header.Mode != m.Mode:
			v.add(caserecord.CodeModeMix, string(e.ID), "%s: live and exercise entries do not mix", e.Header.Kind)
		}
	}
}

// equivocations names every entry that shares author and number with another one.
func (v *verifier) equivocations() {
	at := map[place][]caserecord.ID{}
	for _, e := range v.entries {
		p := place{e.Header.Author, e.Header.Seq}
		at[p] = append(at[p], e.ID)
	}
	for _, e := range v.entries {
		if same := at[place{e.Header.Author, e.Header.Seq}]; len(same) > 1 {
			v.add(caserecord.CodeEquivocation, string(e.ID), "one of %d different entries that %s signed as number %d: two histories, or a restored backup",
				len(same), caserecord.KeyCode(e.Header.Author), e.Header.Seq)
		}
	}
}

// checkpoints verifies the notes in extract.json, and the proofs between those of one author.
func (v *verifier) checkpoints() {
	if v.x.Manifest == nil {
		return
	}
	for _, l := range v.x.Manifest.Logs {
		c, ok := v.note(l.Author, []byte(l.Checkpoint))
		if !ok {
			continue
		}
		if c.Size != l.Size {
			v.add(caserecord.CodeManifest, string(l.Author), "%s says %d entries, the checkpoint %d", ManifestFile, l.Size, c.Size)
		}
		of := &log{Checkpoint: c}
		v.logs[l.Author] = of
		last := uint64(0)
		for _, o := range l.Others {
			other, ok := v.note(l.Author, []byte(o.Checkpoint))
			if !ok {
				continue
			}
			if other.Size <= last {
				v.add(caserecord.CodeManifest, string(l.Author), "other checkpoints stand ascending by size, each once")
			}
			last = other.Size
			older, newer := c, other
			if other.Size < c.Size {
				older, newer = other, c
			}
			switch {
			case other.Size == c.Size && other.Root != c.Root:
				v.twoHistories(l.Author, c.Size)
			case checkpoint.VerifyConsistency(o.Proof, older.Size, older.Root, newer.Size, newer.Root) != nil:
				v.add(CodeConsistency, string(l.Author), "the proof does not lead from the checkpoint of %d entries to the one of %d", older.Size, newer.Size)
			default:
				of.others = append(of.others, other)
			}
		}
	}
}

func (v *verifier) twoHistories(a caserecord.Author, size uint64) {
	v.add(caserecord.CodeEquivocation, string(a), "%s signed two different checkpoints of %d entries: two histories", caserecord.KeyCode(a), size)
}

// note verifies one signed checkpoint that stands for an author of this case.
func (v *verifier) note(a caserecord.Author, note []byte) (checkpoint.Checkpoint, bool) {
	c, err := checkpoint.Verify(note)
	switch {
	case errors.Is(err, checkpoint.ErrSignature):
		v.add(CodeCheckpointSignature, string(a), "checkpoint: %s", plain(err))
	case err != nil:
		v.add(CodeCheckpointForm, string(a), "checkpoint: %s", plain(err))
	case c.Case != v.caseID:
		v.add(CodeCheckpointCase, string(a), "the checkpoint is of the case %s", c.Case)
	case c.Author != string(a):
		v.add(CodeCheckpointAuthor, string(a), "the checkpoint is of the key %s", caserecord.KeyCode(caserecord.Author(c.Author)))
	default:
		return c, true
	}
	return c, false
}

// inclusions checks the place of every entry.
func (v *verifier) inclusions() {
	m := v.x.Manifest
	if m == nil {
		return
	}
	for _, s := range v.shown {
		id, h := string(s.Entry.ID), &s.Entry.Header
		if s.Index != h.Seq-1 {
			v.add(CodeIndex, id, "the line says index %d, the entry is number %d", s.Index, h.Seq)
			continue
		}
		of := v.logs[h.Author]
		switch {
		case of == nil && m.log(h.Author) == nil:
			v.add(CodeNoCheckpoint, id, "no checkpoint of its author %s is here", caserecord.KeyCode(h.Author))
		case of == nil: // the checkpoint itself is named
		case s.Index >= of.Size:
			v.add(CodeBeyond, id, "is number %d of its author, whose checkpoint counts %d", h.Seq, of.Size)
		case checkpoint.VerifyInclusion(s.Proof, of.Size, s.Index, rawID(s.Entry.ID), of.Root) != nil:
			v.add(CodeProof, id, "the proof does not lead to the root that %s signed", caserecord.KeyCode(h.Author))
		default:
			of.shown++
		}
	}
}

// documents says of every paper whether a signed body here names its hash.
func (v *verifier) documents() {
	if v.x.Manifest == nil {
		return
	}
	v.r.Documents = len(v.x.Manifest.Documents)
	for _, d := range v.x.Manifest.Documents {
		i := slices.IndexFunc(v.entries, func(e caserecord.Entry) bool { return bytes.Contains(e.Data(), []byte(`"`+d.SHA256+`"`)) })
		name := DocumentsDir + "/" + d.Name
		if i < 0 {
			v.add(CodeDocumentUnvouched, name, "no entry shown names its SHA-256: only extract.json, which nobody signed, says that it belongs here")
			continue
		}
		v.r.Checked = append(v.r.Checked, fmt.Sprintf("%s has the SHA-256 that entry %s (%s) names", name, v.entries[i].ID, v.entries[i].Header.Kind))
	}
}
