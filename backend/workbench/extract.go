package workbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/caserecord/extract"
	"adjutant/backend/identity"
)

// ErrNoCheckpoint is returned when an entry that an extract shows lies beyond every signed checkpoint of its author.
var ErrNoCheckpoint = errors.New("workbench: no signed checkpoint reaches so far")

// ExtractRequest asks for chosen entries and papers with the proof that they stand in the record, without the rest.
type ExtractRequest struct {
	Out       string
	Entries   []string // ids, or the beginnings of them (at least six digits)
	Kinds     []string // every entry of these kinds
	Documents []string // papers that go along, with the entries about them
	To        string   // for whom, one line
	Reason    string   // what for, one line
	Against   [][]byte // checkpoints that the reader may hold: both are proved to be of one history
	Lanes     []string // lanes whose words counsel lets out
}

// Extracting is an extract that was settled and not yet made.
type Extracting struct {
	ActProposal `json:"-"`

	Out      string   `json:"out"`
	Chosen   int      `json:"chosen"`
	Shown    int      `json:"shown"`    // with what the signers rest on
	Withheld int      `json:"withheld"` // chosen entries that go without their words
	Papers   []string `json:"papers"`   // files
	Notes    []string `json:"notes"`
	// NeedsCheckpoint says that a checkpoint of the person at the keyboard has to be signed first: the newest one does not
	// reach the entries chosen, or there is none.
	NeedsCheckpoint bool `json:"needs_checkpoint"`

	b       *Bench
	options extract.Options
}

// ProposeExtract settles an extract and says what making it would sign. Nothing is written. Errors: ErrUsage, ErrNotFound,
// ErrMismatch, ErrNotAllowed, and ErrNoCheckpoint, with the name of whose is needed, when somebody else has to sign one.
func (b *Bench) ProposeExtract(ctx context.Context, r ExtractRequest) (*Extracting, error) {
	if err := b.ExportBlocked(); err != nil {
		return nil, err
	}
	place, err := freePlace(b.dir, r.Out)
	if err != nil {
		return nil, err
	}
	if err := filled(map[string]string{"for whom the extract is": r.To, "what for": r.Reason}); err != nil {
		return nil, err
	}
	b.mu.Lock()
	s, entries := b.stateLocked(), b.log.Entries()
	b.mu.Unlock()
	out, err := b.Withheld(Leaving{Lanes: r.Lanes})
	if err != nil {
		return nil, err
	}
	x := &Extracting{Out: place, Papers: []string{}, Notes: []string{}, b: b}
	x.options = extract.Options{
		Entries: entries, Withhold: out.Body, Against: r.Against, To: strings.TrimSpace(r.To), Reason: strings.TrimSpace(r.Reason), Written: b.Now(),
	}
	if x.options.Chosen, err = b.chosen(s, entries, r); err != nil {
		return nil, err
	}
	if err := x.papers(ctx, s, out, r.Documents); err != nil {
		return nil, err
	}
	if err := x.covered(s, entries); err != nil {
		return nil, err
	}
	d := &caserecord.BundleExportedData{
		To: x.options.To, Head: s.Head, Entries: x.Shown, Form: FormExtract, Withheld: x.Withheld,
	}
	x.ActProposal = ActProposal{
		Data: d, Sentence: caserecord.Deed(d, b.MyName(), b.State()),
		Proposal: Proposal{Kinds: kinds(d.Kind()), Consequences: x.consequences(), Refused: b.mayWrite(s, d)},
	}
	x.ActProposal.Proposal.Shown = ShownOf(struct {
		Entry     caserecord.Content `json:"entry"`
		Out       string             `json:"out"`
		Chosen    []caserecord.ID    `json:"chosen"`
		Reason    string             `json:"reason"`
		Documents []string           `json:"documents"`
		Lanes     []string           `json:"lanes"`
	}{d, x.Out, x.options.Chosen, x.options.Reason, x.Papers, orEmpty(out.Lanes)})
	return x, nil
}

// chosen finds the entries asked for, in causal order, each once.
func (b *Bench) chosen(s *caserecord.State, entries []caserecord.Entry, r ExtractRequest) ([]caserecord.ID, error) {
	want := map[caserecord.ID]bool{}
	for _, id := range r.Entries {
		e, err := entryNamed(entries, strings.TrimSpace(id))
		if err != nil {
			return nil, err
		}
		want[e] = true
	}
	for _, k := range r.Kinds {
		if !slices.Contains(caserecord.Kinds, caserecord.Kind(k)) {
			return nil, fmt.Errorf("%w: no kind %q", ErrUsage, k)
		}
	}
	for _, id := range r.Documents {
		d := s.Document(id)
		if d == nil {
			return nil, fmt.Errorf("%w: document %q", ErrNotFound, id)
		}
		want[d.Draft.Entry] = true
		for _, a := range d.Approvals {
			want[a.Entry] = true
		}
		for _, x := range d.Releases {
			want[x.Entry] = true
		}
	}
	var out []caserecord.ID
	for _, e := range entries {
		if want[e.ID] || slices.Contains(r.Kinds, string(e.Header.Kind)) {
			out = append(out, e.ID)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: no entry was chosen; `record list` names them", ErrUsage)
	}
	if len(out) > extract.MaxEntries {
		return nil, fmt.Errorf("%w: %d entries are chosen; who may see more than %d gets a copy", ErrUsage, len(out), extract.MaxEntries)
	}
	return out, nil
}

// papers prints the papers that go along. What the record withholds is refused: who asks for it by name has to know.
func (x *Extracting) papers(ctx context.Context, s *caserecord.State, out Withheld, documents []string) error {
	for _, id := range documents {
		if out.Document(id) {
			return fmt.Errorf("%w: this paper is withheld, or rests on what is; counsel can let its lane out", ErrNotAllowed)
		}
		raw, err := x.b.PDF(ctx, id)
		if err != nil {
			return err
		}
		name := paperName(s.Document(id))
		x.Papers = append(x.Papers, name)
		x.options.Documents = append(x.options.Documents, extract.Document{Name: name, Content: raw})
	}
	return nil
}

// count says how many entries are shown and how many of the chosen ones go without words, and returns the greatest number of
// each author among them.
func (x *Extracting) count(entries []caserecord.Entry) map[caserecord.Author]uint64 {
	const isChosen, isNeeded = 1, 2
	shown := map[caserecord.ID]int{}
	for _, id := range x.options.Chosen {
		shown[id] |= isChosen
	}
	for _, id := range extract.Needed(entries, x.options.Chosen) {
		shown[id] |= isNeeded
	}
	x.Chosen, x.Shown = len(x.options.Chosen), len(shown)
	need := map[caserecord.Author]uint64{}
	for _, e := range entries {
		how := shown[e.ID]
		if how == 0 {
			continue
		}
		need[e.Header.Author] = max(need[e.Header.Author], e.Header.Seq)
		if how == isChosen && !e.Withheld() && x.options.Withhold(e) && e.WithoutBody().Withheld() {
			x.Withheld++
		}
	}
	return need
}

// covered finds out whether signed checkpoints reach what is shown: those in the record, of everybody.
func (x *Extracting) covered(s *caserecord.State, entries []caserecord.Entry) error {
	need := x.count(entries)
	for _, e := range entries {
		d, ok := e.Content().(*caserecord.CheckpointMadeData)
		if !ok {
			continue
		}
		if c, err := checkpoint.Verify([]byte(d.Note)); err == nil && c.Case == x.b.ID() && c.Size >= need[caserecord.Author(c.Author)] {
			delete(need, caserecord.Author(c.Author))
		}
	}
	mine := x.b.myKey()
	for _, e := range entries { // in the order of the record, so that the same key is named each time
		n, ok := need[e.Header.Author]
		switch {
		case !ok:
		case e.Header.Author == mine:
			x.NeedsCheckpoint = true
			x.Notes = append(x.Notes, fmt.Sprintf("Your newest checkpoint does not reach these entries: one over at least %d of yours is signed first.", n))
			delete(need, e.Header.Author)
		default:
			who := "the key " + caserecord.KeyCode(e.Header.Author)
			if p, ok := s.PersonOf(e.Header.Author); ok {
				who = fmt.Sprintf("%s (key %s)", p.Name, caserecord.KeyCode(e.Header.Author))
			}
			return fmt.Errorf("%w: %s has to sign one over at least %s (`record checkpoint`) and merge it into this copy of the case",
				ErrNoCheckpoint, who, counted(int(n), "entry", "entries"))
		}
	}
	return nil
}

func (x *Extracting) consequences() []string {
	out := []string{
		fmt.Sprintf("%s and %s on which the signers rest are shown; of everything else only hashes leave.", counted(x.Chosen, "entry", "entries"), counted(x.Shown-x.Chosen, "entry", "entries")),
		"The folder is not encrypted. It never shows that something is absent from the record.",
	}
	if x.Withheld > 0 {
		out = append(out, counted(x.Withheld, "chosen entry goes", "chosen entries go")+" without words.")
	}
	return out
}

// Run makes the extract and signs that it left. It appears whole and checked, or not at all, and never without its entry;
// what a killed one leaves in its hidden folder is told at the next opening.
func (x *Extracting) Run(ctx context.Context, act identity.Act) (Copied, error) {
	b := x.b
	if err := b.ExportBlocked(); err != nil {
		return Copied{}, err
	}
	if err := agreed(act, x.ActProposal.Proposal.Shown); err != nil {
		return Copied{}, err
	}
	if x.Refused != nil {
		return Copied{}, fmt.Errorf("%w: %w", ErrNotAllowed, x.Refused)
	}
	if x.NeedsCheckpoint {
		return Copied{}, fmt.Errorf("%w: sign a checkpoint of your own entries first", ErrNoCheckpoint)
	}
	if err := ctx.Err(); err != nil {
		return Copied{}, err
	}
	if err := b.beginCopy(x.Out); err != nil {
		return Copied{}, err
	}
	var e caserecord.Entry
	x.options.Before = func() (err error) {
		e, err = b.append(context.WithoutCancel(ctx), act, x.Data)
		return err
	}
	m, err := extract.Write(x.Out, x.options)
	if err = errors.Join(err, b.endCopy(x.Out)); err != nil {
		return Copied{Entry: string(e.ID)}, err
	}
	d := x.Data.(*caserecord.BundleExportedData)
	return Copied{Form: FormExtract, Out: x.Out, Head: d.Head, Entries: m.Entries, Withheld: m.Withheld, Bytes: sizeOf(x.Out), Entry: string(e.ID)}, nil
}

// ReadAgainst reads the notes in files that a reader of an extract may hold.
func ReadAgainst(paths []string) ([][]byte, error) {
	var out [][]byte
	for _, path := range paths {
		note, err := ReadNote(path)
		if err != nil {
			return nil, err
		}
		if _, err := checkpoint.Verify(note); err != nil {
			return nil, fmt.Errorf("%w: %s is no signed checkpoint: %w", ErrUsage, path, err)
		}
		out = append(out, note)
	}
	return out, nil
}
