package workbench

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/identity"
	"adjutant/backend/witness"
)

// ProposePaperWitness says what recording a slip that a second party signed by hand would sign. code is the head on the
// slip; "" means the head as it is now.
func (b *Bench) ProposePaperWitness(code, by string, at time.Time, text string) (ActProposal, error) {
	if err := filled(map[string]string{"who holds the slip": by}); err != nil {
		return ActProposal{}, err
	}
	head, err := b.headNamed(code)
	if err != nil {
		return ActProposal{}, err
	}
	d := &caserecord.WitnessReceivedData{Head: head, How: caserecord.WitnessPaper, By: strings.TrimSpace(by), At: b.moment(at), Text: text}
	return b.propose(d, "From now on nobody can rewrite what this head covers without the slip contradicting it.",
		"The program has not seen the slip: this entry says that you have."), nil
}

// headNamed finds a head of this case, present or past, by its code or whole.
func (b *Bench) headNamed(code string) (string, error) {
	s := b.State()
	if code == "" {
		return s.Head, nil
	}
	if h := caserecord.HeadAt(b.Entries(), code); h != "" {
		return h, nil
	}
	return "", fmt.Errorf("%w: no head %q in this case's history", ErrNotFound, code)
}

// CosignRequest is a checkpoint of somebody else's case that a person signs as witness, on their own device.
type CosignRequest struct {
	Note  []byte           // as handed over
	Proof checkpoint.Proof // that the checkpoint witnessed before is its beginning; empty at the first
}

// WitnessProposal says what cosigning would sign.
type WitnessProposal struct {
	Proposal
	Checkpoint checkpoint.Checkpoint
	Sentence   string
}

// ProposeCosignature checks a checkpoint against the newest one that this device witnessed for the same chain, and says
// what signing it would say. A checkpoint that contradicts the earlier one is refused: that is what a witness is for.
func ProposeCosignature(env Env, me *identity.Unlocked, r CosignRequest) (WitnessProposal, error) {
	c, err := checkpoint.Verify(r.Note)
	if err != nil {
		return WitnessProposal{}, fmt.Errorf("%w: the checkpoint: %w", ErrUsage, err)
	}
	old, err := identity.Witnessed(env.Home, c.Origin())
	if err != nil {
		return WitnessProposal{}, err
	}
	first := "It is the first checkpoint of this chain that is witnessed here."
	if old != nil {
		if c.Size < old.Size {
			return WitnessProposal{}, fmt.Errorf("%w: this checkpoint counts %d entries; one with %d was witnessed here already", ErrUsage, c.Size, old.Size)
		}
		if err := checkpoint.VerifyConsistency(r.Proof, old.Size, old.Root, c.Size, c.Root); err != nil {
			return WitnessProposal{}, fmt.Errorf("%w: the checkpoint does not continue the one of %d entries that was witnessed here: %w", ErrContradiction, old.Size, err)
		}
		first = fmt.Sprintf("It continues the checkpoint of %d entries that was witnessed here before.", old.Size)
	}
	return WitnessProposal{
		Checkpoint: c,
		Sentence: fmt.Sprintf("%s witnesses that the key %s has signed %d entries in the case %s. %s",
			me.Person().Name, caserecord.KeyCode(caserecord.Author(c.Author)), c.Size, c.Case, first),
		Proposal: Proposal{Shown: r.Note, Kinds: []string{identity.CheckpointWitnessed}},
	}, nil
}

// ErrContradiction is returned for a checkpoint that cannot stand in one history with another.
var ErrContradiction = errors.New("workbench: two histories")

// CosignCheckpoint adds the person's line to the note and remembers the checkpoint on this device before the line is given out.
func CosignCheckpoint(env Env, me *identity.Unlocked, act identity.Act, r CosignRequest) ([]byte, error) {
	p, err := ProposeCosignature(env, me, r)
	if err != nil {
		return nil, err
	}
	if err := agreed(act, r.Note); err != nil {
		return nil, err
	}
	w := checkpoint.Witness{Name: witnessName(me.Person().Key), Key: string(me.Person().Key)}
	// Remembered before the line is given out: a witness who forgets could sign two histories.
	if err := identity.RememberWitnessed(env.Home, p.Checkpoint); err != nil {
		return nil, err
	}
	note, err := checkpoint.Cosign(r.Note, w, env.Now().UTC(), func(msg []byte) ([]byte, error) { return me.SignCosignature(act, msg) })
	if err != nil {
		return nil, fmt.Errorf("workbench: cosign: %w", err)
	}
	return note, nil
}

// ProposeCosignedWitness says what taking in a checkpoint that a second party cosigned would sign. key is the witness's
// public key, from their card.
func (b *Bench) ProposeCosignedWitness(note []byte, name string, key caserecord.Author) (ActProposal, error) {
	w := checkpoint.Witness{Name: witnessName(key), Key: string(key)}
	found, _, err := checkpoint.Cosignatures(note, []checkpoint.Witness{w})
	if err != nil {
		return ActProposal{}, fmt.Errorf("%w: the cosigned checkpoint: %w", ErrUsage, err)
	}
	if len(found) == 0 {
		return ActProposal{}, fmt.Errorf("%w: this note holds no signature of the key %s", ErrUsage, caserecord.KeyCode(key))
	}
	c, err := checkpoint.Verify(note)
	if err != nil {
		return ActProposal{}, fmt.Errorf("%w: the checkpoint: %w", ErrUsage, err)
	}
	s := b.State()
	i := slices.IndexFunc(s.Checkpoints, func(x caserecord.CheckpointState) bool {
		return string(x.Author) == c.Author && uint64(x.Data.Size) == c.Size && x.Data.Root == hex.EncodeToString(c.Root[:])
	})
	if i < 0 || c.Case != b.ID() {
		return ActProposal{}, fmt.Errorf("%w: this checkpoint is none that was made in this case", ErrUsage)
	}
	d := &caserecord.WitnessReceivedData{
		Head: caserecord.HeadAfter(b.Entries(), s.Checkpoints[i].Entry), How: caserecord.WitnessCosignature, By: name,
		At: found[0].Time.UTC().Format(time.RFC3339), Proof: base64.StdEncoding.EncodeToString(note),
		Text: fmt.Sprintf("The key %s cosigned the checkpoint of %d entries by the key %s.", caserecord.KeyCode(key), c.Size, caserecord.KeyCode(caserecord.Author(c.Author))),
	}
	return b.propose(d, "The first entries of that key can no longer be rewritten without contradicting the witness.",
		"Whether "+name+" is who they say was not checked by the program: compare the fingerprint of their key."), nil
}

// stampKey keeps the request for a time stamp of a head until its answer comes.
func stampKey(head string) string { return "stamp/" + head }

// RequestTimestamp makes the file that is carried to a time-stamping authority, for the head as it is now.
func (b *Bench) RequestTimestamp() (tsq []byte, head string, err error) {
	head = b.State().Head
	if tsq, err = witness.Request(head, b.env.Rand); err != nil {
		return nil, "", err
	}
	return tsq, head, b.folder.Drafts().Set(stampKey(head), tsq)
}

// Stamp is a time stamp's answer as it was carried back.
type Stamp struct {
	Token         []byte
	Roots         *x509.CertPool // whom the reader trusts; nil: no chain is checked
	Intermediates []*x509.Certificate
	Head          string // code of the head stamped; "" = try the heads that were asked about
}

// ProposeTimestamp checks an answer and says what taking it in would sign.
func (b *Bench) ProposeTimestamp(st Stamp) (ActProposal, witness.Token, error) {
	heads, err := b.stampedHeads(st.Head)
	if err != nil {
		return ActProposal{}, witness.Token{}, err
	}
	var last error
	for _, head := range heads {
		request, _ := b.folder.Drafts().Get(stampKey(head))
		tok, err := witness.ReadToken(st.Token, head, witness.Given{Roots: st.Roots, Intermediates: st.Intermediates, Request: request})
		if errors.Is(err, witness.ErrOtherHead) {
			last = err
			continue
		}
		if err != nil {
			return ActProposal{}, tok, fmt.Errorf("%w: %w", ErrUsage, err)
		}
		text := "Signature and head fit."
		if tok.ChainChecked {
			text += " The certificate leads to a root that was given; revocation was not checked."
		} else {
			text += " No root was given, so whether the authority is who it says was not checked."
		}
		d := &caserecord.WitnessReceivedData{
			Head: head, How: caserecord.WitnessTimestamp, By: cut(tok.TSA, 150), At: tok.Time.UTC().Format(time.RFC3339), Text: text,
			Proof: base64.StdEncoding.EncodeToString(tok.DER),
		}
		return b.propose(d, "The record up to this head existed at the time that the authority states."), tok, nil
	}
	return ActProposal{}, witness.Token{}, fmt.Errorf("%w: %w", ErrUsage, last)
}

// stampedHeads lists the heads that an answer may be about: the one named, else those asked about and the present one.
func (b *Bench) stampedHeads(code string) ([]string, error) {
	if code != "" {
		h, err := b.headNamed(code)
		return []string{h}, err
	}
	heads := []string{b.State().Head}
	for _, h := range caserecord.Heads(b.Entries()) {
		if _, ok := b.folder.Drafts().Get(stampKey(h)); ok && h != heads[0] {
			heads = append(heads, h)
		}
	}
	return heads, nil
}
