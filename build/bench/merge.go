package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

var mergePass = []byte("a passphrase")

// copies are two copies of one case below a folder, and the home of the person who merges them.
type copies struct{ home, ours, theirs string }

func copiesIn(dir string) copies {
	return copies{filepath.Join(dir, "home"), filepath.Join(dir, "ours.case"), filepath.Join(dir, "theirs.case")}
}

// makeCopies writes two copies of a case that went on apart until each has n entries: notes, tags and receipts of evidence
// whose bytes are elsewhere.
func makeCopies(dir string, n int) {
	c := copiesIn(dir)
	env := workbench.NewEnv(c.home, "bench")
	env.WorkFactor = 10
	must(workbench.CreatePerson(env, "Ada Lind", mergePass))
	ada := must(identity.List(c.home))[0]
	opener, left, right := benchKey("opener"), benchKey("left"), benchKey("right")
	log := caserecord.NewLog()
	sealAs := func(log *caserecord.Log, key ed25519.PrivateKey, i int, data caserecord.Content) {
		author := authorOf(key)
		at := start.Add(time.Duration(i) * time.Second)
		h := caserecord.Header{Mode: incident.ModeExercise, Author: author, Seq: 1, Recorded: at}
		if log.Len() > 0 {
			h = must(log.Next(author, at))
		}
		var salt [16]byte
		rand.Read(salt[:])
		log.Add(must(caserecord.Seal(h, data, salt, func(pae []byte) ([]byte, error) { return ed25519.Sign(key, pae), nil })))
	}
	ref := func(key ed25519.PrivateKey, name string) caserecord.PersonRef {
		a := authorOf(key)
		return caserecord.PersonRef{ID: caserecord.PersonID(a[:32]), Name: name, Key: a}
	}
	sealAs(log, opener, 0, &caserecord.CaseOpenedData{Name: "Bench", TLP: incident.TLPAmber, Zone: "UTC", Person: ref(opener, "Opener")})
	for i, p := range []caserecord.PersonRef{ada.Ref(), ref(left, "Left"), ref(right, "Right")} {
		sealAs(log, opener, 1+2*i, &caserecord.PersonAdmittedData{Person: p})
		sealAs(log, opener, 2+2*i, &caserecord.RoleGrantedData{Person: p.ID, Role: incident.RoleResponder, From: "2026-01-01T00:00:00Z", ByRole: incident.RoleIncidentCommander})
	}
	for _, side := range []struct {
		dir string
		key ed25519.PrivateKey
	}{{c.ours, left}, {c.theirs, right}} {
		l := caserecord.NewLog(log.Entries()...)
		for i := l.Len(); i < n; i++ {
			sealAs(l, side.key, 10+i, content(side.dir, i))
		}
		f := must(casefolder.Create(side.dir, casefolder.Config{ID: l.Case(), Mode: incident.ModeExercise, Created: start}, mergePass, casefolder.Options{WorkFactor: 10}))
		var raws []casefolder.Raw
		for _, e := range l.Entries() {
			raws = append(raws, casefolder.Raw{Line: e.Line(), Body: e.Body(), Author: string(e.Header.Author), Seq: e.Header.Seq})
		}
		must(f.AppendAll(context.Background(), raws))
		check(f.Close())
	}
}

func benchKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("bench " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func authorOf(key ed25519.PrivateKey) caserecord.Author {
	return caserecord.Author(hex.EncodeToString(key.Public().(ed25519.PublicKey)))
}

func content(side string, i int) caserecord.Content {
	sum := sha256.Sum256(fmt.Append(nil, side, i/20))
	item := hex.EncodeToString(sum[:])
	switch i % 20 {
	case 0:
		return &caserecord.EvidenceReceivedData{SHA256: item, Path: fmt.Sprintf("%s/%d.evtx", side, i), Bytes: 69632, Kept: caserecord.KeptSealed, Custodian: "Left", Source: "FS01", Why: "logon trail"}
	case 1:
		return &caserecord.EvidenceImportedData{SHA256: item, Path: fmt.Sprintf("%s/%d.evtx", side, i-1), Format: "evtx", ParserVersion: "1", Status: "ok", Read: 10, Parsed: 10, First: "2026-03-01T00:00:00Z", Last: "2026-03-03T00:00:00Z"}
	case 2, 3, 4, 5:
		return &caserecord.RowTaggedData{Rows: []string{item[:32] + "/occurred.0"}, Tag: fmt.Sprint("phase ", i%4)}
	}
	return &caserecord.NoteMadeData{About: "case", Text: fmt.Sprintf("Note %d: the night watch confirms what the log of the gate shows.", i)}
}

// merge takes one of the copies that makeCopies wrote into the other: opening the case, reading and checking the copy, and
// putting it in are told apart.
func merge(out *result, from, place string, n int) {
	check(os.CopyFS(place, os.DirFS(from)))
	c, ctx := copiesIn(place), context.Background()
	env := workbench.NewEnv(c.home, "bench")
	var b *workbench.Bench
	var m *workbench.Merging
	out.timed(self, "all", func() {
		out.timed(self, "open", func() {
			b = must(workbench.OpenCase(ctx, env, workbench.OpenConfig{Dir: c.ours, Passphrase: mergePass, Person: "Ada Lind"}))
		})
		out.timed(self, "read", func() {
			m = must(b.OpenMerge(ctx, workbench.MergeRequest{Path: c.theirs, Passphrase: mergePass}, nil))
		})
		out.timed(self, "merge", func() {
			v := m.Preview()
			me := must(b.Me())
			done := must(m.Run(ctx, confirm.New(me, v.Shown, v.Proposal.Kinds...), nil))
			out.Check["entries"] = fmt.Sprint(done.Entries)
			if done.Signed == "" || done.Entries < n-10 {
				check(fmt.Errorf("merge: %+v", done))
			}
		})
	})
	m.Close()
	check(b.Close())
}
