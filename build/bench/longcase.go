package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/recordtest"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

// appendsARound is how many entries each round adds to the long case.
const appendsARound = 100

// longCase measures what a person waits for in a case with very many entries, against the goals. There is no peer.
func longCase(dir string) {
	n := setting("LONG", 100_000)
	makeLong(filepath.Join(dir, "long"), n)
	got := alternate("long", []string{"ours"}, dir)["ours"]
	say("\n## Record: a case with %d entries\n\nMixed kinds by three people. Opening is from the saved reading, the passphrase made cheap; an append is durable in both copies, the", n)
	say("new state included. Goals are for 100,000 entries on two cores that nobody else uses. Below 1 is better than the goal.\n")
	say("| | goal ms | wall ms | CPU ms | wall ÷ goal |\n|---|---:|---:|---:|---:|")
	for _, row := range []struct {
		work, name string
		goal       float64
	}{
		{"open the case, to its state", "open", 1000}, {"append one entry, then the state (median)", "append", 5}, {"fold everything", "fold", 5000},
		{"check every byte, signature and authority, and compare both copies", "verify", 10_000}, {"the case as known at another time", "replay", 1000},
		{"parse everything, without a saved reading", "parse", 0},
	} {
		c, ratio := got.of(row.name, 0.5), "no goal"
		goal := ""
		if row.goal > 0 {
			ratio, goal = fmt.Sprintf("%.3g×", c.Wall*1e3/row.goal), fmt.Sprint(row.goal)
		}
		say("| %s | %s | %.3g | %.3g | %s |", row.work, goal, c.Wall*1e3, c.CPU*1e3, ratio)
	}
	say("\nMemory alive after opening: %.0f MB of heap. %s", got.Numbers["alive MB"], memoryWords)
	memoryTable(got, [][2]string{{"open the case", "open"}, {"fold everything", "fold"}, {"the case as known at another time", "replay"}, {"check and compare", "verify"}, {"append", "append"}})
}

// more is the file of entries that the rounds append.
const more = "more.jsonl"

// makeLong writes a case of n entries, once opened and closed, and what the rounds will append to it.
func makeLong(dir string, n int) {
	c := recordtest.New(n)
	check(os.MkdirAll(dir, 0o700))
	f := must(casefolder.Create(filepath.Join(dir, "long.case"), casefolder.Config{ID: c.ID, Mode: incident.ModeExercise, Created: start}, mergePass, casefolder.Options{WorkFactor: 10}))
	must(f.AppendAll(context.Background(), rawOf(c.Entries)))
	check(f.Close())
	check(openLong(dir).Close())
	out := must(os.Create(filepath.Join(dir, more)))
	enc := json.NewEncoder(out)
	for i := range appendsARound * setting("ROUNDS", 3) {
		check(enc.Encode(rawOf([]caserecord.Entry{c.Write(c.Writers[i%3], content("long", i))})[0]))
	}
	check(out.Close())
}

func rawOf(entries []caserecord.Entry) []casefolder.Raw {
	var out []casefolder.Raw
	for _, e := range entries {
		out = append(out, casefolder.Raw{Line: e.Line(), Body: e.Body(), Author: string(e.Header.Author), Seq: e.Header.Seq})
	}
	return out
}

func openLong(dir string) *workbench.Bench {
	env := workbench.NewEnv(filepath.Join(dir, "home"), "bench")
	return must(workbench.OpenCase(context.Background(), env, workbench.OpenConfig{Dir: filepath.Join(dir, "long.case"), Passphrase: mergePass}))
}

func long(out *result, dir string) {
	var b *workbench.Bench
	out.timed(self, "open", func() {
		b = openLong(dir)
		b.State()
	})
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	out.Numbers["alive MB"] = float64(m.HeapAlloc) / 1e6
	if r := b.Reading(); r.Saved == 0 {
		check(fmt.Errorf("long: nothing came from the saved reading: %+v", r))
	}
	entries := b.Entries()
	out.timed(self, "fold", func() { caserecord.Fold(entries) })
	for i := 1; i <= 5; i++ {
		at := entries[len(entries)*i/6].Header.Recorded.Add(time.Duration(i) * time.Millisecond)
		out.timed(self, "replay", func() { must(b.At(workbench.Moment{At: at})) })
	}
	out.timed(self, "verify", func() {
		if v := must(b.Verify()); v.ExitCode() != 0 || v.Entries != len(entries) || len(v.Copies) > 0 {
			check(fmt.Errorf("long: %s, %d of %d entries, %v", v.Verdict, v.Entries, len(entries), v.Copies))
		}
	})
	check(b.Close())
	appendLong(out, dir)
}

// appendLong appends this round's entries as a person at work does: durable, then the new state.
func appendLong(out *result, dir string) {
	f := must(casefolder.Open(filepath.Join(dir, "long.case"), mergePass))
	n, log := f.Len(), caserecord.NewLog()
	out.timed(self, "parse", func() {
		check(log.ReadSealed(0, n, func(from, to int, see func([]caserecord.Sealed) error) error {
			return f.Each(from, to, func(block []casefolder.Raw) error {
				var all []caserecord.Sealed
				for _, r := range block {
					all = append(all, caserecord.Sealed{Line: r.Line, Body: r.Body})
				}
				return see(all)
			})
		}))
		log.State()
	})
	in := must(os.Open(filepath.Join(dir, more)))
	dec := json.NewDecoder(in)
	for i := 0; dec.More(); i++ {
		var r casefolder.Raw
		check(dec.Decode(&r))
		e := must(caserecord.ParseSealed(r.Line, r.Body))
		if _, had := log.Get(e.ID); had {
			continue // of an earlier round
		}
		if log.Len() >= n+appendsARound {
			break
		}
		out.timed(self, "append", func() {
			check(f.Append(context.Background(), r))
			log.Add(e)
			if log.State().Entries != log.Len() {
				check(fmt.Errorf("append: the state is not of the log"))
			}
		})
	}
	check(in.Close())
	check(f.Close())
}
