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
	"runtime"
	"sync"
	"syscall"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

const appendsARun = 100

// writer signs the entries of one made-up person.
type writer struct {
	key    ed25519.PrivateKey
	author caserecord.Author
	log    *caserecord.Log
	at     time.Time
	salt   [16]byte
}

// newWriter opens a case.
func newWriter() (*writer, caserecord.Entry, error) {
	public := sha256.Sum256([]byte("bench person"))
	w := &writer{key: ed25519.NewKeyFromSeed(public[:]), log: caserecord.NewLog(), at: start}
	w.author = caserecord.Author(hex.EncodeToString(w.key.Public().(ed25519.PublicKey)))
	e, err := w.seal(caserecord.Header{Mode: incident.ModeExercise, Author: w.author, Seq: 1, Recorded: w.at}, &caserecord.CaseOpenedData{
		Name: "Bench", TLP: incident.TLPAmber, Zone: "UTC",
		Person: caserecord.PersonRef{ID: caserecord.PersonID(hex.EncodeToString(public[:16])), Name: "Ada Lind", Key: w.author},
	})
	return w, e, err
}

func (w *writer) seal(h caserecord.Header, c caserecord.Content) (caserecord.Entry, error) {
	if _, err := rand.Read(w.salt[:]); err != nil {
		return caserecord.Entry{}, err
	}
	e, err := caserecord.Seal(h, c, w.salt, func(pae []byte) ([]byte, error) { return ed25519.Sign(w.key, pae), nil })
	if err == nil {
		w.log.Add(e)
	}
	return e, err
}

func (w *writer) note(i int) (caserecord.Entry, error) {
	w.at = w.at.Add(time.Second)
	h, err := w.log.Next(w.author, w.at)
	if err != nil {
		return caserecord.Entry{}, err
	}
	return w.seal(h, &caserecord.NoteMadeData{About: "case", Text: fmt.Sprintf("Note %d: the crew of the night watch has confirmed what the log of the gate shows.", i)})
}

// appendTimes is the seconds of single writes, each durable when it returns, and the bytes of one.
type appendTimes struct {
	Seconds []float64
	CPU     float64
	Bytes   int
}

// appendSome measures signing an entry and appending it to an encrypted case (ours); writing the same bytes as one row
// of SQLite in the clear with its strictest sync (sqliteGo); or to a plain file with one fsync (file), the disk's floor.
func appendSome(how, dir string) (appendTimes, error) {
	var out appendTimes
	w, first, err := newWriter()
	if err != nil {
		return out, err
	}
	var write func(e caserecord.Entry) error
	switch how {
	case "ours":
		folder, err := casefolder.Create(dir, casefolder.Config{ID: w.log.Case(), Mode: incident.ModeExercise, Created: start}, []byte("a passphrase"), casefolder.Options{WorkFactor: 10})
		if err != nil {
			return out, err
		}
		defer folder.Close()
		write = func(e caserecord.Entry) error {
			return folder.Append(context.Background(), casefolder.Raw{Line: e.Line, Body: e.Body, Author: string(e.Header.Author), Seq: e.Header.Seq})
		}
	case "file":
		f, err := os.Create(dir)
		if err != nil {
			return out, err
		}
		defer f.Close()
		write = func(e caserecord.Entry) error {
			if _, err := f.Write(append(e.Line, e.Body...)); err != nil {
				return err
			}
			return f.Sync()
		}
	default:
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return out, err
		}
		db, err := openDB(sqliteDrivers[how], dir)
		if err != nil {
			return out, err
		}
		defer db.Close()
		if _, err := db.Exec("PRAGMA synchronous=FULL"); err != nil {
			return out, err
		}
		if _, err := db.Exec("CREATE TABLE entry(id TEXT PRIMARY KEY, line BLOB, body BLOB)"); err != nil {
			return out, err
		}
		write = func(e caserecord.Entry) error {
			_, err := db.Exec("INSERT INTO entry VALUES(?,?,?)", string(e.ID), e.Line, e.Body)
			return err
		}
	}
	if err := write(first); err != nil {
		return out, err
	}
	for i := range appendsARun {
		var e caserecord.Entry
		if how != "ours" {
			if e, err = w.note(i); err != nil { // the peers do not sign
				return out, err
			}
		}
		c, err := timed(syscall.RUSAGE_SELF, func() (err error) {
			if how == "ours" {
				if e, err = w.note(i); err != nil {
					return err
				}
			}
			return write(e)
		})
		if err != nil {
			return out, err
		}
		out.Seconds, out.CPU, out.Bytes = append(out.Seconds, c.Wall), out.CPU+c.CPU, len(e.Line)+len(e.Body)
	}
	return out, nil
}

// verifying compares a full verification with nothing but the signatures of the same entries, both on all cores.
type verifying struct{ Full, Bare cost }

func verifySome(n int) (verifying, error) {
	var out verifying
	w, _, err := newWriter()
	if err != nil {
		return out, err
	}
	for i := 1; i < n; i++ {
		if _, err := w.note(i); err != nil {
			return out, err
		}
	}
	entries := w.log.Entries()
	public, signature := w.key.Public().(ed25519.PublicKey), ed25519.Sign(w.key, entries[0].Line)
	out.Bare, err = timed(syscall.RUSAGE_SELF, func() error {
		var work sync.WaitGroup
		for k := range runtime.GOMAXPROCS(0) {
			work.Go(func() {
				for i := k; i < n; i += runtime.GOMAXPROCS(0) {
					ed25519.Verify(public, entries[0].Line, signature)
				}
			})
		}
		work.Wait()
		return nil
	})
	if err != nil {
		return out, err
	}
	out.Full, err = timed(syscall.RUSAGE_SELF, func() error {
		r := caserecord.Verify(entries)
		if r.Verdict != caserecord.VerdictConsistent || r.Entries != n {
			return fmt.Errorf("bench: verify: %s, %d of %d entries sound", r.Verdict, r.Entries, n)
		}
		return nil
	})
	return out, err
}

func temporary(dir, name string) string { return filepath.Join(dir, name) }
