package ferry

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"time"

	"adjutant/backend/scenario/evtxwriter"
)

// winEntry is one record before its log is sorted. tags name the steps, decoys and injections it belongs to.
type winEntry struct {
	at   time.Time // true UTC
	rec  evtxwriter.Record
	tags []string
}

// winLog is one Windows log.
type winLog struct {
	path      string
	host      string
	channel   string
	firstID   uint64
	skew      time.Duration
	clearedAt time.Time // true UTC; what is older is lost
	cutAt     int64     // > 0: only so many bytes of the file were collected
	entries   []winEntry
}

func (l *winLog) add(at time.Time, r evtxwriter.Record, tags ...string) {
	if l != nil && !at.After(Last) {
		l.entries = append(l.entries, winEntry{at, r, tags})
	}
}

// textEntry is one line, or one record of a JSON document.
type textEntry struct {
	at   time.Time
	text string
	tags []string
}

// textLog is one file of lines.
type textLog struct {
	path    string
	host    string
	format  string
	header  string // one line before the entries, "" for none
	array   bool   // entries are the elements of {"Records":[…]}
	entries []textEntry
}

func (l *textLog) add(at time.Time, text string, tags ...string) {
	if !at.After(Last) {
		l.entries = append(l.entries, textEntry{at, text, tags})
	}
}

func (b *builder) render() error {
	for _, l := range b.winLogs {
		if err := b.renderWindows(l); err != nil {
			return err
		}
	}
	for _, l := range b.textLogs {
		b.renderText(l)
	}
	return b.renderOthers()
}

func (b *builder) renderWindows(l *winLog) error {
	sort.SliceStable(l.entries, func(i, j int) bool { return l.entries[i].at.Before(l.entries[j].at) })
	kept := l.entries[:0:0]
	for _, e := range l.entries {
		if e.at.Before(l.clearedAt) {
			b.lost(l, e)
			continue
		}
		kept = append(kept, e)
	}
	first := l.firstID + uint64(len(l.entries)-len(kept))
	var out bytes.Buffer
	w := evtxwriter.New(&out, evtxwriter.Options{FirstRecordID: first})
	places := make([]evtxwriter.Place, len(kept))
	for i, e := range kept {
		e.rec.Time = e.at.Add(l.skew)
		p, err := w.Add(e.rec)
		if err != nil {
			return fmt.Errorf("ferry: %s: %w", l.path, err)
		}
		places[i] = p
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("ferry: %s: %w", l.path, err)
	}
	data := out.Bytes()
	ft := FileTruth{Path: l.path, Host: l.host, Format: "evtx", Status: "ok", Records: w.Count()}
	if w.Count() == 0 {
		ft.Status, ft.Note = "empty", "the channel was on and had no record"
	}
	if l.cutAt > 0 {
		data = data[:l.cutAt]
		whole := (l.cutAt - evtxwriter.FileHeaderBytes) / evtxwriter.ChunkBytes
		ft.Records, ft.Status = 0, "partial"
		ft.Note = "the file ends inside a chunk: records counts the whole chunks, whole_records also what is left of the cut one"
		for _, p := range places {
			if p.Offset < evtxwriter.FileHeaderBytes+whole*evtxwriter.ChunkBytes {
				ft.Records++
			}
			if p.Offset+p.Length <= l.cutAt {
				ft.WholeRecords++
			}
		}
	}
	for i, e := range kept {
		for _, tag := range e.tags {
			b.found(tag, e.at, Ref{File: l.path, Record: places[i].ID, EventID: e.rec.EventID, Offset: places[i].Offset})
		}
	}
	b.addFile(File{l.path, data, Last.Add(2 * time.Minute)}, ft)
	return nil
}

func (b *builder) renderText(l *textLog) {
	sort.SliceStable(l.entries, func(i, j int) bool { return l.entries[i].at.Before(l.entries[j].at) })
	var out strings.Builder
	line := 1
	if l.header != "" {
		out.WriteString(l.header + "\n")
		line++
	}
	if l.array {
		out.WriteString(`{"Records":[`)
	}
	for i, e := range l.entries {
		if l.array && i > 0 {
			out.WriteByte(',')
		}
		ref := Ref{File: l.path, Line: line, Offset: int64(out.Len())}
		if l.array {
			index := i
			ref.Line, ref.Index = 0, &index
		}
		for _, tag := range e.tags {
			b.found(tag, e.at, ref)
		}
		out.WriteString(e.text)
		if !l.array {
			out.WriteByte('\n')
		}
		line++
	}
	if l.array {
		out.WriteString("]}\n")
	}
	b.addFile(File{l.path, []byte(out.String()), Last.Add(2 * time.Minute)},
		FileTruth{Path: l.path, Host: l.host, Format: l.format, Status: "ok", Records: int64(len(l.entries))})
}

func (b *builder) addFile(f File, t FileTruth) {
	b.files = append(b.files, f)
	b.truth.Files = append(b.truth.Files, t)
}

// pair is one named value of a Windows event.
type pair struct {
	name  string
	value any
}

func stored(data []pair) []evtxwriter.Pair {
	out := make([]evtxwriter.Pair, len(data))
	for i, p := range data {
		out[i] = evtxwriter.Pair{Name: p.name, Value: p.value}
	}
	return out
}
