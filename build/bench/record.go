package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

const plainFile, bareChecks = "plain file, one fsync", "signatures alone, one core"

// signed makes the entries of one made-up person's case.
func signed(n int) ([]caserecord.Entry, ed25519.PrivateKey) {
	seed, log := sha256.Sum256([]byte("bench person")), caserecord.NewLog()
	key := ed25519.NewKeyFromSeed(seed[:])
	author := caserecord.Author(hex.EncodeToString(key.Public().(ed25519.PublicKey)))
	h := caserecord.Header{Mode: incident.ModeExercise, Author: author, Seq: 1, Recorded: start}
	var data caserecord.Content = &caserecord.CaseOpenedData{Name: "Bench", TLP: incident.TLPAmber, Zone: "UTC",
		Person: caserecord.PersonRef{ID: caserecord.PersonID(author[:32]), Name: "Ada Lind", Key: author}}
	for i := range n {
		var salt [16]byte
		rand.Read(salt[:])
		log.Add(must(caserecord.Seal(h, data, salt, func(pae []byte) ([]byte, error) { return ed25519.Sign(key, pae), nil })))
		h = must(log.Next(author, start.Add(time.Duration(i)*time.Second)))
		data = &caserecord.NoteMadeData{About: "case", Text: fmt.Sprintf("Note %d: the night watch confirms what the log of the gate shows.", i)}
	}
	return log.Entries(), key
}

// appendSome writes signed entries one by one, each durable before the next: ours to an encrypted case, twice; the peers
// the same bytes as they are.
func appendSome(out *result, design, place string) {
	entries, _ := signed(100)
	write := appender(design, place, entries[0].Header.Case)
	for _, e := range entries {
		out.timed(self, "append", func() { write(e) })
		out.Numbers["bytes"] = float64(len(e.Line()) + len(e.Body()))
	}
}

func appender(design, place, id string) func(caserecord.Entry) {
	switch design {
	case "ours":
		c := casefolder.Config{ID: id, Mode: incident.ModeExercise, Created: start}
		f := must(casefolder.Create(place, c, []byte("a passphrase"), casefolder.Options{WorkFactor: 10}))
		return func(e caserecord.Entry) {
			check(f.Append(context.Background(), casefolder.Raw{Line: e.Line(), Body: e.Body(), Author: string(e.Header.Author), Seq: e.Header.Seq}))
		}
	case plainFile:
		f := must(os.Create(place))
		return func(e caserecord.Entry) {
			must(f.Write(append(append([]byte(nil), e.Line()...), e.Body()...)))
			check(f.Sync())
		}
	}
	db := openSQLite(sqliteDrivers[design], place)
	must(db.Exec("PRAGMA synchronous=FULL; CREATE TABLE entry(id TEXT PRIMARY KEY, line BLOB, body BLOB)"))
	return func(e caserecord.Entry) {
		must(db.Exec("INSERT INTO entry VALUES(?,?,?)", string(e.ID), e.Line(), e.Body()))
	}
}

// verify checks a whole record, or as many signatures on one core and nothing else.
func verify(out *result, design string, n int) {
	entries, key := signed(n)
	if design == "ours" {
		var r caserecord.Report
		out.timed(self, "verify", func() { r = caserecord.Verify(entries) })
		if r.Verdict != caserecord.VerdictConsistent || r.Entries != n {
			check(fmt.Errorf("verify: %s, %d of %d entries sound", r.Verdict, r.Entries, n))
		}
		return
	}
	public, line := key.Public().(ed25519.PublicKey), entries[n-1].Line()
	signature := ed25519.Sign(key, line)
	out.timed(self, "verify", func() {
		for range n {
			ed25519.Verify(public, line, signature)
		}
	})
}
