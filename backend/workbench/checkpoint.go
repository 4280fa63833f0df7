package workbench

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/caserecord/extract"
	"adjutant/backend/identity"
)

// chainOf is the Merkle log of one key's entries, empty when it has signed none. A chain that forks or lacks an entry has
// none.
func (b *Bench) chainOf(a caserecord.Author) (*checkpoint.Log, error) {
	entries := b.wholeEntries()
	if !slices.ContainsFunc(entries, func(e caserecord.Entry) bool { return e.Header.Author == a }) {
		return checkpoint.NewLog(), nil
	}
	ids, err := extract.ChainOf(entries, a)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	return checkpoint.NewLog(ids...), nil
}

// CheckpointProposal is a checkpoint of the chain of the person at the keyboard. Two signatures make it: over the
// checkpoint's text, which can leave the case, and over the entry that keeps it.
type CheckpointProposal struct {
	Text     Proposal // the checkpoint itself
	Entry    Proposal // the entry checkpoint.made
	Sentence string

	text []byte
	at   checkpoint.Checkpoint
}

// ProposeCheckpoint says what a checkpoint over all entries that the person has signed so far would say.
func (b *Bench) ProposeCheckpoint() (CheckpointProposal, error) {
	me, err := b.Me()
	if err != nil {
		return CheckpointProposal{}, err
	}
	key := me.Person().Key
	log, err := b.chainOf(key)
	if err != nil {
		return CheckpointProposal{}, err
	}
	if log.Size() == 0 {
		return CheckpointProposal{}, fmt.Errorf("%w: %s has signed nothing in this case yet", ErrUsage, b.MyName())
	}
	root, err := log.Root(log.Size())
	if err != nil {
		return CheckpointProposal{}, err
	}
	p := CheckpointProposal{at: checkpoint.Checkpoint{Case: b.ID(), Author: string(key), Size: log.Size(), Root: root}}
	if p.text, err = checkpoint.Format(p.at); err != nil {
		return p, err
	}
	d := &caserecord.CheckpointMadeData{Size: int(log.Size()), Root: hex.EncodeToString(root[:]), Note: string(p.text)}
	s := b.State()
	p.Sentence = caserecord.Deed(d, b.MyName(), s)
	refused := s.MayWrite(b.MyID(), d, b.Now())
	p.Text = Proposal{Shown: p.text, Kinds: []string{identity.CheckpointSigned}, Refused: refused}
	p.Entry = Proposal{Shown: p.text, Kinds: kinds(d.Kind()), Refused: refused}
	return p, nil
}

// MakeCheckpoint signs a checkpoint and keeps it in the record. It returns the signed note, to be handed on.
func (b *Bench) MakeCheckpoint(ctx context.Context, text, entry identity.Act) ([]byte, caserecord.Entry, error) {
	p, err := b.ProposeCheckpoint()
	if err != nil {
		return nil, caserecord.Entry{}, err
	}
	for _, a := range []identity.Act{text, entry} {
		if err := agreed(a, p.text); err != nil {
			return nil, caserecord.Entry{}, err
		}
	}
	me, err := b.Me()
	if err != nil {
		return nil, caserecord.Entry{}, err
	}
	signed, err := checkpoint.Sign(p.at, func(t []byte) ([]byte, error) { return me.SignCheckpoint(text, t) })
	if err != nil {
		return nil, caserecord.Entry{}, fmt.Errorf("workbench: sign checkpoint: %w", err)
	}
	note := signed.Note()
	e, err := b.append(ctx, entry, &caserecord.CheckpointMadeData{Size: int(p.at.Size), Root: hex.EncodeToString(p.at.Root[:]), Note: string(note)})
	return note, e, err
}

// ProveConsistent proves that the log of an older checkpoint is the beginning of the log as it is now, for a witness who
// signed the older one.
func (b *Bench) ProveConsistent(old []byte) (checkpoint.Proof, error) {
	c, err := checkpoint.Verify(old)
	if err != nil {
		return nil, fmt.Errorf("%w: the older checkpoint: %w", ErrUsage, err)
	}
	if c.Case != b.ID() {
		return nil, fmt.Errorf("%w: the older checkpoint belongs to another case", ErrUsage)
	}
	log, err := b.chainOf(caserecord.Author(c.Author))
	if err != nil {
		return nil, err
	}
	if root, err := log.Root(min(c.Size, log.Size())); c.Size <= log.Size() && (err != nil || root != c.Root) {
		return nil, fmt.Errorf("%w: the older checkpoint is of another history than this case holds", ErrUsage)
	}
	proof, err := log.Consistency(c.Size, log.Size())
	if err != nil {
		return nil, fmt.Errorf("%w: the older checkpoint counts %d entries, this case holds %d of that key", ErrUsage, c.Size, log.Size())
	}
	return proof, nil
}

// ReadNote reads a file with a checkpoint's note, bounded.
func ReadNote(path string) ([]byte, error) { return ReadFile(path, checkpoint.MaxNoteBytes) }

// ReadFile reads a small regular file whole; one of more than most bytes is refused.
func ReadFile(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNotFound, err)
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, fmt.Errorf("%w: %s is no regular file of at most %d bytes", ErrUsage, path, most)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("workbench: read %s: %w", path, err)
	}
	return raw, nil
}

// witnessName is the name under which a person's key cosigns: C2SP allows no spaces in it, and the key tells who it is.
func witnessName(key caserecord.Author) string {
	return "adjutant/witness/" + strings.ToLower(string(key[:16]))
}
