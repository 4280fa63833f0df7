package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

const (
	plainFile     = "plain file, one fsync"
	bareChecks    = "bare Ed25519 checks, all cores"
	appendsARound = 100
)

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

func (w *writer) next() (caserecord.Entry, error) {
	n := w.log.Len()
	at := start.Add(time.Duration(n) * time.Second)
	h := caserecord.Header{Mode: incident.ModeExercise, Author: w.author, Seq: 1, Recorded: at}
	var data caserecord.Content = &caserecord.CaseOpenedData{Name: "Bench", TLP: incident.TLPAmber, Zone: "UTC",
		Person: caserecord.PersonRef{ID: caserecord.PersonID(w.author[:32]), Name: "Ada Lind", Key: w.author}}
	if n > 0 {
		var err error
		if h, err = w.log.Next(w.author, at); err != nil {
			return caserecord.Entry{}, err
		}
		data = &caserecord.NoteMadeData{About: "case", Text: fmt.Sprintf("Note %d: the night watch confirms what the log of the gate shows.", n)}
	}
	var salt [16]byte
	rand.Read(salt[:])
	e, err := caserecord.Seal(h, data, salt, func(pae []byte) ([]byte, error) { return ed25519.Sign(w.key, pae), nil })
	w.log.Add(e)
	return e, err
}

// appendSome signs entries and writes them one by one, each durable before the next: ours to an encrypted case, twice; the
// peers the same bytes as they are.
func appendSome(out *result, design, place string) error {
	w := newWriter()
	first, err := w.next()
	if err != nil {
		return err
	}
	write, end, err := appender(design, place, w.log.Case())
	if err != nil {
		return err
	}
	defer end()
	if err := write(first); err != nil {
		return err
	}
	for range appendsARound {
		err := out.timed(self, "append", func() error {
			e, err := w.next()
			out.Numbers["bytes"] = float64(len(e.Line) + len(e.Body))
			if err != nil {
				return err
			}
			return write(e)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func appender(design, place, id string) (write func(caserecord.Entry) error, end func() error, err error) {
	if design == "ours" {
		c := casefolder.Config{ID: id, Mode: incident.ModeExercise, Created: start}
		f, err := casefolder.Create(place, c, []byte("a passphrase"), casefolder.Options{WorkFactor: 10})
		if err != nil {
			return nil, nil, err
		}
		return func(e caserecord.Entry) error {
			return f.Append(context.Background(), casefolder.Raw{Line: e.Line, Body: e.Body, Author: string(e.Header.Author), Seq: e.Header.Seq})
		}, f.Close, nil
	}
	if design == plainFile {
		f, err := os.Create(place)
		return func(e caserecord.Entry) error {
			_, err := f.Write(append(append([]byte(nil), e.Line...), e.Body...))
			return errors.Join(err, f.Sync())
		}, f.Close, err
	}
	db, err := openSQLite(sqliteDrivers[design], place)
	if err != nil {
		return nil, nil, err
	}
	_, err = db.Exec("PRAGMA synchronous=FULL; CREATE TABLE entry(id TEXT PRIMARY KEY, line BLOB, body BLOB)")
	return func(e caserecord.Entry) error {
		_, err := db.Exec("INSERT INTO entry VALUES(?,?,?)", string(e.ID), e.Line, e.Body)
		return err
	}, db.Close, err
}

// verify checks a record of n entries, or as many signatures of one entry's length and nothing else.
func verify(out *result, design string, n int) error {
	w := newWriter()
	for range n {
		if _, err := w.next(); err != nil {
			return err
		}
	}
	entries := w.log.Entries()
	if design == "ours" {
		return out.timed(self, "verify", func() error {
			if r := caserecord.Verify(entries); r.Verdict != caserecord.VerdictConsistent || r.Entries != n {
				return fmt.Errorf("bench: verify: %s, %d of %d entries sound", r.Verdict, r.Entries, n)
			}
			return nil
		})
	}
	public, line, workers := w.key.Public().(ed25519.PublicKey), entries[n-1].Line, runtime.GOMAXPROCS(0)
	signature := ed25519.Sign(w.key, line)
	return out.timed(self, "verify", func() error {
		var work sync.WaitGroup
		for k := range workers {
			work.Go(func() {
				for i := k; i < n; i += workers {
					ed25519.Verify(public, line, signature)
				}
			})
		}
		work.Wait()
		return nil
	})
}
