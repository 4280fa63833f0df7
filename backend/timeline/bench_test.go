package timeline_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/query"
	"adjutant/backend/timeline/timelinetest"
)

// benchEvents is how many events the benchmarks use; TIMELINE_BENCH_EVENTS raises it.
func benchEvents() int {
	if n, err := strconv.Atoi(os.Getenv("TIMELINE_BENCH_EVENTS")); err == nil {
		return n
	}
	return 200_000
}

// mixed makes the i-th event of a believable mixture: process creations, logons, web accesses, DNS, syslog.
func mixed(rnd *rand.Rand, i, n int) *event.Event {
	zipf := func(most int) int { f := rnd.Float64(); return int(f * f * f * float64(most)) }
	at := timelinetest.Start.Add(time.Duration(float64(i) / float64(n) * float64(30*24*time.Hour))).Truncate(time.Microsecond)
	e := &event.Event{
		Locator: event.Locator{Offset: int64(i) * 400, Length: 400, Record: strconv.Itoa(i)},
		Times:   []event.Time{{Meaning: event.Occurred, At: at, Original: event.FormatTime(at), Zone: "UTC"}},
		Path:    "logs/all.jsonl",
	}
	set := func(name, value string) { e.Set(name, event.KindString, value) }
	number := func(name string, value int) { e.Set(name, event.KindNumber, strconv.Itoa(value)) }
	set("host.name", fmt.Sprintf("host%d", zipf(400)))
	set("user.name", fmt.Sprintf("user%d", zipf(1500)))
	image := fmt.Sprintf(`C:\Windows\System32\image%d.exe`, zipf(300))
	switch k := rnd.IntN(100); {
	case k < 30:
		set("event.provider", "Microsoft-Windows-Sysmon")
		number("event.code", 1)
		set("process.executable", image)
		set("process.command_line", fmt.Sprintf(`"%s" -k task%d -p %x`, image, zipf(20000), rnd.Uint32()))
		if rnd.IntN(100) == 0 {
			set("process.command_line", fmt.Sprintf("powershell.exe -nop -w hidden -enc %x%x", rnd.Uint64(), rnd.Uint64()))
		}
		set("process.parent.executable", fmt.Sprintf(`C:\Windows\System32\image%d.exe`, zipf(60)))
		set("process.entity_id", fmt.Sprintf("{%08x-%04x-%04x-%012x}", rnd.Uint32(), rnd.Uint32()&0xffff, rnd.Uint32()&0xffff, rnd.Uint64()>>16))
		number("process.pid", rnd.IntN(30000))
		set("process.hash.sha1", fmt.Sprintf("%040x", zipf(300)*7919))
	case k < 52:
		set("event.provider", "Microsoft-Windows-Security-Auditing")
		number("event.code", []int{4624, 4625, 4634, 4672}[rnd.IntN(4)])
		set("source.ip", fmt.Sprintf("10.%d.%d.%d", rnd.IntN(4), zipf(256), zipf(256)))
		number("source.port", 1024+rnd.IntN(60000))
		set("winlog.event_data.TargetLogonId", fmt.Sprintf("0x%x", rnd.Uint32()))
		set("message", "An account was successfully logged on.")
	case k < 69:
		set("event.provider", "httpd")
		set("url.path", fmt.Sprintf("/shop/item%d/view", zipf(4000)))
		number("http.response.status_code", []int{200, 200, 200, 304, 404, 500}[rnd.IntN(6)])
		number("http.response.body.bytes", rnd.IntN(90000))
		set("source.ip", fmt.Sprintf("%d.%d.%d.%d", zipf(220), zipf(256), zipf(256), zipf(256)))
		set("user_agent.original", fmt.Sprintf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/%d.0", zipf(40)))
	case k < 84:
		set("event.provider", "dns")
		set("dns.question.name", fmt.Sprintf("h%d.domain%d.example", zipf(20000), zipf(3000)))
		set("source.ip", fmt.Sprintf("10.%d.%d.%d", rnd.IntN(4), zipf(256), zipf(256)))
	default:
		set("event.provider", "sshd")
		number("process.pid", rnd.IntN(30000))
		set("message", fmt.Sprintf("Failed password for user%d from 10.1.%d.%d port %d ssh2", zipf(1500), zipf(256), zipf(256), 1024+rnd.IntN(60000)))
	}
	if i%(n/10+1) == 17 {
		set("message", "raretoken was here")
	}
	e.Sort()
	return e
}

func importMixed(b *testing.B, tl *timeline.Timeline, n int) (bytes int) {
	rnd := rand.New(rand.NewPCG(1, 2))
	im, err := tl.Import(ctx, timeline.Source{Evidence: incident.Digest{1}, Parser: "jsonl", Version: "1"})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; i < n; {
		b.StopTimer()
		var batch []*event.Event
		for ; i < n && len(batch) < 20_000; i++ {
			e := mixed(rnd, i, n)
			bytes += len(e.JSON(0)) - 200
			batch = append(batch, e)
		}
		b.StartTimer()
		for _, e := range batch {
			if err := im.Add(e); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := im.Commit(ctx); err != nil {
		b.Fatal(err)
	}
	return bytes
}

// BenchmarkImport measures events into an encrypted, indexed store, without parsing.
func BenchmarkImport(b *testing.B) {
	n := benchEvents()
	for range b.N {
		dir := b.TempDir()
		db := openStore(b, dir)
		tl := openTimeline(b, db)
		raw := importMixed(b, tl, n)
		b.StopTimer()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.Sys-m.HeapReleased)/(1<<20), "Go-MB")
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		b.ReportMetric(float64(folderBytes(b, dir))/float64(n), "disk-B/event")
		b.ReportMetric(float64(folderBytes(b, dir))/float64(raw), "disk/JSON")
		b.StartTimer()
	}
}

func folderBytes(b *testing.B, dir string) (n int64) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(dir, e.Name()))
		if err != nil {
			b.Fatal(err)
		}
		n += info.Size()
	}
	return n
}

// BenchmarkQuery measures answers with empty answer lists: each asks a slightly other time span.
func BenchmarkQuery(b *testing.B) {
	n := benchEvents()
	db := openStore(b, b.TempDir())
	defer db.Close()
	tl := openTimeline(b, db)
	importMixed(b, tl, n)
	week := func(i int) string {
		from := timelinetest.Start.Add(time.Duration(8*24*3600+i) * time.Second)
		return fmt.Sprintf(" AND @timestamp:[%s TO %s}", from.Format(time.RFC3339), from.AddDate(0, 0, 7).Format(time.RFC3339))
	}
	all := func(i int) string {
		return fmt.Sprintf(" AND @timestamp:[%s TO *]", timelinetest.Start.Add(time.Duration(i)*query.Tick).Format(time.RFC3339Nano))
	}
	page := func(q query.Expr, i int) error {
		_, err := tl.Page(ctx, q, timeline.Options{Limit: 200, Offset: int64(i * 7919 % n)})
		return err
	}
	first := func(q query.Expr, _ int) error {
		_, err := tl.Page(ctx, q, timeline.Options{Limit: 200})
		return err
	}
	hourly := func(q query.Expr, _ int) error {
		_, err := tl.Histogram(ctx, q, nil, timeline.Buckets{N: 720})
		return err
	}
	facet := func(q query.Expr, _ int) error {
		_, err := tl.Facet(ctx, q, nil, "process.executable", 20)
		return err
	}
	none := func(int) string { return "" }
	for _, c := range []struct {
		name, text string
		span       func(int) string
		ask        func(query.Expr, int) error
	}{
		{"q1-page-anywhere", "*", none, page},
		{"q2-histogram-host0", "host.name:host0", all, hourly},
		{"q2-histogram-host300", "host.name:host300", all, hourly},
		{"q3-rare-token", "raretoken", all, first},
		{"q4-token-host-week", "powershell AND host.name:host2", week, first},
		{"q5-substring", "process.command_line:*-enc*", all, first},
		{"q5-regex", "process.command_line:/.*hidden -enc [0-9a-f]+/", all, first},
		{"q6-facet-sysmon", "event.provider:Microsoft-Windows-Sysmon", all, facet},
		{"q6-facet-host-week", "host.name:host2", week, facet},
	} {
		b.Run(c.name, func(b *testing.B) {
			for i := range b.N {
				q, err := query.Parse(c.text + c.span(i+1))
				if err != nil {
					b.Fatal(err)
				}
				if err := c.ask(q, i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
