package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

const plainFile, bareChecks = "plain file, one fsync", "bare Ed25519, all cores"

// writer signs the entries of one made-up person; the first one opens the case.
type writer struct {
	key    ed25519.PrivateKey
	author caserecord.Author
	log    *caserecord.Log
}

func newWriter() *writer {
	seed := sha256.Sum256([]byte("bench person"))
	key := ed25519.NewKeyFromSeed(seed[:])
	return &writer{key, caserecord.Author(hex.EncodeToString(key.Public().(ed25519.PublicKey))), caserecord.NewLog()}
}

func (w *writer) next() caserecord.Entry {
	n := w.log.Len()
	at := start.Add(time.Duration(n) * time.Second)
	h := caserecord.Header{Mode: incident.ModeExercise, Author: w.author, Seq: 1, Recorded: at}
	var data caserecord.Content = &caserecord.CaseOpenedData{Name: "Bench", TLP: incident.TLPAmber, Zone: "UTC",
		Person: caserecord.PersonRef{ID: caserecord.PersonID(w.author[:32]), Name: "Ada Lind", Key: w.author}}
	if n > 0 {
		h = must(w.log.Next(w.author, at))
		data = &caserecord.NoteMadeData{About: "case", Text: fmt.Sprintf("Note %d: the night watch confirms what the log of the gate shows.", n)}
	}
	var salt [16]byte
	rand.Read(salt[:])
	e := must(caserecord.Seal(h, data, salt, func(pae []byte) ([]byte, error) { return ed25519.Sign(w.key, pae), nil }))
	w.log.Add(e)
	return e
}

// appendSome signs entries and writes them one by one, each durable before the next: ours to an encrypted case, twice; the
// peers the same bytes as they are.
func appendSome(out *result, design, place string) {
	w := newWriter()
	first := w.next()
	write := appender(design, place, w.log.Case())
	write(first)
	for range 100 {
		out.timed(self, "append", func() {
			e := w.next()
			write(e)
			out.Numbers["bytes"] = float64(len(e.Line) + len(e.Body))
		})
	}
}

func appender(design, place, id string) func(caserecord.Entry) {
	switch design {
	case "ours":
		c := casefolder.Config{ID: id, Mode: incident.ModeExercise, Created: start}
		f := must(casefolder.Create(place, c, []byte("a passphrase"), casefolder.Options{WorkFactor: 10}))
		return func(e caserecord.Entry) {
			check(f.Append(context.Background(), casefolder.Raw{Line: e.Line, Body: e.Body, Author: string(e.Header.Author), Seq: e.Header.Seq}))
		}
	case plainFile:
		f := must(os.Create(place))
		return func(e caserecord.Entry) {
			must(f.Write(append(append([]byte(nil), e.Line...), e.Body...)))
			check(f.Sync())
		}
	}
	db := openSQLite(sqliteDrivers[design], place)
	must(db.Exec("PRAGMA synchronous=FULL; CREATE TABLE entry(id TEXT PRIMARY KEY, line BLOB, body BLOB)"))
	return func(e caserecord.Entry) {
		must(db.Exec("INSERT INTO entry VALUES(?,?,?)", string(e.ID), e.Line, e.Body))
	}
}

// verify checks a whole record, or as many signatures and nothing else.
func verify(out *result, design string) {
	n, w := setting("ENTRIES", 20_000), newWriter()
	for range n {
		w.next()
	}
	entries := w.log.Entries()
	if design == "ours" {
		var r caserecord.Report
		out.timed(self, "verify", func() { r = caserecord.Verify(entries) })
		if r.Verdict != caserecord.VerdictConsistent || r.Entries != n {
			check(fmt.Errorf("verify: %s, %d of %d entries sound", r.Verdict, r.Entries, n))
		}
		return
	}
	public, line, workers := w.key.Public().(ed25519.PublicKey), entries[n-1].Line, runtime.GOMAXPROCS(0)
	signature := ed25519.Sign(w.key, line)
	out.timed(self, "verify", func() {
		var work sync.WaitGroup
		for k := range workers {
			work.Go(func() {
				for i := k; i < n; i += workers {
					ed25519.Verify(public, line, signature)
				}
			})
		}
		work.Wait()
	})
}
