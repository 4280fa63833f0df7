package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
	"adjutant/backend/sandbox"
	"adjutant/backend/timeline"
)

// What is taken in, and how many events a second of CPU are demanded.
var intakes = []struct {
	name, path string
	goal       float64
}{
	{"JSON lines", "events.jsonl", 150e3},
	{"access log", "lines/access.log", 150e3},
	{"syslog", "lines/syslog", 150e3},
	{"event logs, joined into one", "lines/joined.evtx", 100e3},
	{"event logs, one by one", "real", math.NaN()},
}

// intakeSpeed measures logs on their way into the store. There is no peer: none stores durably, encrypted and indexed.
func intakeSpeed(dir string) {
	writeLogs(dir, setting("EVENTS", 200_000))
	var names []string
	for _, k := range intakes {
		if _, err := os.Stat(filepath.Join(dir, k.path)); err == nil {
			names = append(names, k.name)
		}
	}
	got := alternate("intake", names, dir)
	say("\n## Logs into the store\n\nRecognised by content, read (event logs in the sandbox, whose CPU counts), encrypted, indexed and durable, to a closed store.\nNo peer does all that.")
	table([]string{"files", "events", "1,000 events per CPU s", "÷ goal", "CPU µs an event", "wall ms", "disk bytes an event", "peak MB"}, names, func(name string) (cells []string) {
		r := got[name]
		c, n, goal := r.of("intake", 0.5), r.Numbers["events"], 0.0
		for _, k := range intakes {
			if k.name == name {
				goal = k.goal
			}
		}
		ratio := "no goal of its own"
		if goal == goal {
			ratio = digits(n/c.CPU/goal) + "×"
		}
		return []string{digits(r.Numbers["files"]), digits(n), digits(n / c.CPU / 1e3), ratio, digits(c.CPU / n * 1e6), digits(c.Wall * 1e3), digits(r.Numbers["disk"] / n), digits(r.Numbers["peak MB"])}
	})
}

// intake takes in one file or all event logs of a folder, each as the product does: one import after the other.
func intake(out *result, name, dir, stored string) {
	var files []string
	for _, k := range intakes {
		if at := filepath.Join(dir, k.path); k.name == name && must(os.Stat(at)).IsDir() {
			files = logsBelow(at)
		} else if k.name == name {
			files = []string{at}
		}
	}
	events := int64(0)
	out.timed(both, "intake", func() {
		o := openOurs(stored).(*ours)
		for _, path := range files {
			events += o.take(path)
		}
		o.close()
	})
	out.Check[name] = fmt.Sprint(events)
	out.Numbers["files"], out.Numbers["events"] = float64(len(files)), float64(events)
}

// take imports one file; it has the evidence hash of its path, since hashing and sealing are measured elsewhere.
func (o *ours) take(path string) int64 {
	ctx, f := context.Background(), must(os.Open(path))
	defer f.Close()
	head := make([]byte, 64<<10)
	n, _ := f.ReadAt(head, 0)
	format := parse.Detect(formats.All(), head[:n], filepath.Base(path))
	im := must(o.Import(ctx, timeline.Source{Evidence: incident.Digest(sha256.Sum256([]byte(path))), Parser: format.Name(), Version: format.Version()}))
	in := parse.Input{Reader: f, Size: must(f.Stat()).Size(), Name: filepath.Base(path), Assume: parse.Assume{Year: start.Year()}, Transient: true}
	var res parse.Result
	if format.Binary() {
		res = must(sandbox.Parse(ctx, format, in, im.Add))
	} else {
		res = must(format.Parse(ctx, in, im.Add))
	}
	check(im.Commit(ctx))
	return res.Parsed
}

// writeLogs makes n lines of an access log and of a syslog out of the same month, and one event log of all real ones.
func writeLogs(dir string, n int) {
	check(os.MkdirAll(filepath.Join(dir, "lines"), 0o700))
	access, syslog := must(os.Create(filepath.Join(dir, "lines", "access.log"))), must(os.Create(filepath.Join(dir, "lines", "syslog")))
	a, s := bufio.NewWriter(access), bufio.NewWriter(syslog)
	pcg := rand.NewPCG(seed, 1)
	g := &generator{rand.New(pcg), pcg, n}
	for i := range n {
		at := start.Add(time.Duration(float64(span) * float64(i) / float64(n)))
		fmt.Fprintf(a, "%s - - [%s] \"%s /app/%s/%d?s=%08x HTTP/1.1\" %d %d \"https://www.example.com/%s/%d\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36\"\n",
			g.ip(), at.Format("02/Jan/2006:15:04:05 +0000"), g.pick("GET", "GET", "GET", "POST"), g.pick("book", "price", "quay", "crew"), g.zipf(4000), g.Uint32(),
			[]int{200, 200, 200, 304, 404, 500}[g.IntN(6)], g.IntN(90000), g.pick("book", "price"), g.zipf(4000), 90+g.IntN(40))
		fmt.Fprintf(s, "%s %s %s[%d]: %s for user%04d from %s port %d ssh2\n", at.Format("Jan _2 15:04:05"), hostName(g.zipf(400)),
			g.pick("sshd", "sudo", "cron", "systemd"), g.IntN(65536), g.pick("Accepted publickey", "Failed password", "session opened"), g.zipf(1500), g.ip(), 1024+g.IntN(64000))
	}
	for _, w := range []*bufio.Writer{a, s} {
		check(w.Flush())
	}
	check(access.Close())
	check(syslog.Close())
	joinLogs(filepath.Join(dir, "real", "vm"), filepath.Join(dir, "lines", "joined.evtx"))
}

// joinLogs makes one event log of the chunks of all below a folder, four times over, as on a server that keeps much.
func joinLogs(from, to string) {
	const headBytes, chunkBytes, rounds = 4 << 10, 64 << 10, 4
	if _, err := os.Stat(from); err != nil {
		return
	}
	var head []byte
	out, chunks := must(os.Create(to)), 0
	defer out.Close()
	for range rounds {
		for _, path := range logsBelow(from) {
			b := must(os.ReadFile(path))
			if len(b) < headBytes {
				continue
			}
			if head == nil {
				head = b[:headBytes]
				must(out.Write(head))
			}
			for b = b[headBytes:]; len(b) >= chunkBytes; b = b[chunkBytes:] {
				if strings.HasPrefix(string(b[:8]), "ElfChnk") {
					must(out.Write(b[:chunkBytes]))
					chunks++
				}
			}
		}
	}
	binary.LittleEndian.PutUint64(head[8:], 0)
	binary.LittleEndian.PutUint64(head[16:], uint64(chunks-1))
	binary.LittleEndian.PutUint16(head[42:], uint16(chunks))
	binary.LittleEndian.PutUint32(head[124:], crc32.ChecksumIEEE(head[:120]))
	must(out.WriteAt(head, 0))
}
