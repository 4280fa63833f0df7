package main

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

const (
	pageRows = 200 // full events of a page or a list of hits
	facetTop = 20  // images, ties by name
	// asked is how many different questions of a kind a process is asked, after one that warms it up. None is asked twice:
	// ours keeps whole answers, which would make a repeated question free.
	asked = 8
)

// question is one query for every design: our language, a WHERE of SQLite, and a pipe that leaves the wanted lines, where $G
// is ripgrep or grep, $E the same for extended expressions and $F the file. Words with @ are filled in. Literals are sought
// in the whole line wherever the data allows it, which is kind to grep.
type question struct {
	name, shows     string // page (from a time), hits (total and first page), hours or images (counts)
	ours, sql, pipe string
	at              time.Time
}

var kinds = []question{
	{name: "page of 200 events from a time", shows: "page", ours: `*`, sql: `ts >= @tickat`, pipe: `awk '@after' $F`},
	{name: "rows per hour of a busy host (7 … 1 % of rows)", shows: "hours",
		ours: `host.name:@busy`, sql: `host = '@busy'`, pipe: `$G -F '"host":{"name":"@busy"' $F`},
	{name: "rows per hour of a quiet host (0.08 %)", shows: "hours",
		ours: `host.name:@quiet`, sql: `host = '@quiet'`, pipe: `$G -F '"host":{"name":"@quiet"' $F`},
	{name: "rare token (10 hits)", shows: "hits", ours: `"@mark"`, sql: `id IN (SELECT rowid FROM ft WHERE ft MATCH '@mark')`, pipe: `$G -iwF @mark $F`},
	{name: "token AND host AND 7 days", shows: "hits",
		ours: `"powershell" AND host.name:@busy AND @timestamp:[@at TO @until}`,
		sql:  `host = '@busy' AND ts >= @tickat AND ts < @tickuntil AND id IN (SELECT rowid FROM ft WHERE ft MATCH 'powershell')`,
		pipe: `$G -iwF powershell $F | $G -F '"host":{"name":"@busy"' | awk '@after && @before'`},
	{name: "substring of the command line", shows: "hits",
		ours: `process.command_line:*l0@n.exam*`, sql: `cmd LIKE '%l0@n.exam%'`, pipe: `$G -iF l0@n.exam $F`},
	{name: "regex on the command line", shows: "hits",
		ours: `process.command_line:/.*` + cradle + `.*/`, sql: `cmd IS NOT NULL AND cmd REGEXP '` + cradle + `'`, pipe: `$E -i '` + cradle + `' $F`},
	{name: "facet: images in 30 % of rows", shows: "images", ours: `event.provider:sysmon AND NOT host.name:@busy`,
		sql: `src = 'sysmon' AND host <> '@busy'`, pipe: `$G -F '"provider":"sysmon"' $F | $G -vF '"host":{"name":"@busy"'`},
	{name: "facet: images of one host in 7 days", shows: "images",
		ours: `event.provider:sysmon AND host.name:@busy AND @timestamp:[@at TO @until}`,
		sql:  `src = 'sysmon' AND host = '@busy' AND ts >= @tickat AND ts < @tickuntil`,
		pipe: `$G -F '"host":{"name":"@busy"' $F | $G -F '"provider":"sysmon"' | awk '@after && @before'`},
}

const cradle = `downloadstring.{9}dl[0-3]@n\.example.[a-f][0-9a-f]+`

// vary makes the i-th question of a kind.
func (q question) vary(i int) question {
	q.at = start.Add(time.Duration(i*53%520)*time.Hour + time.Duration(i*17)*time.Minute)
	until := q.at.Add(7 * 24 * time.Hour)
	fill := strings.NewReplacer("@busy", hostName(i), "@quiet", hostName(200+i), "@mark", rareToken(i), "@n", fmt.Sprint(i),
		"@at", stampOf(q.at), "@until", stampOf(until), "@tickat", fmt.Sprint(ticks(q.at)), "@tickuntil", fmt.Sprint(ticks(until)),
		"@after", `substr($0,16,28) >= "`+stampOf(q.at)+`"`, "@before", `substr($0,16,28) < "`+stampOf(until)+`"`).Replace
	q.ours, q.sql, q.pipe = fill(q.ours), fill(q.sql), fill(q.pipe)
	return q
}

// answer is compared across designs: how many hits, sequence numbers of the rows shown, or counts by hour or image.
type answer struct {
	total  int
	rows   []int64
	counts map[string]int64
}

func (a answer) String() string {
	sum := sha256.Sum256(fmt.Append(nil, a.rows, a.counts)) // maps print in order of keys
	return fmt.Sprintf("%d hits, %x", a.total, sum[:8])
}

// design answers questions from its own copy of the events.
type design interface {
	ingest(events string) int64
	ask(q question) answer
	close()
}

const opening = "open, first page"

// interrogate asks a design everything; the questions are the same in every process.
func interrogate(out *result, who int, open func() design) {
	var d design
	out.timed(who, opening, func() {
		d = open()
		d.ask(kinds[0].vary(asked + 1))
	})
	for _, k := range kinds {
		found := 0
		for i := range asked + 1 {
			q := k.vary(i)
			var a answer
			out.timed(who, k.name, func() { a = d.ask(q) })
			out.Check[fmt.Sprint(k.name, " ", i)] = a.String()
			found += len(a.rows) + len(a.counts)
		}
		if found == 0 {
			check(fmt.Errorf("%s: nothing found, so nothing was compared; ask for more events", k.name))
		}
		out.Costs[k.name] = out.Costs[k.name][1:] // the first warms up
	}
	d.close()
}
