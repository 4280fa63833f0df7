package workbench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/event"
	"adjutant/backend/identity"
	"adjutant/backend/timeline"
	"adjutant/backend/timeline/query"
)

// Timeline is the store of rows, for reading by the person at the keyboard: rows behind a wall are not in it. A rebuild
// puts another one in its place: ask anew for each use.
func (b *Bench) Timeline() *timeline.Timeline { return b.look().rows }

// ParseQuery reads the query language; the empty text is everything. The error is for people and names the place.
func ParseQuery(text string) (query.Expr, error) {
	q, err := query.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrQuery, err)
	}
	return q, nil
}

// Page returns rows of the timeline.
func (b *Bench) Page(ctx context.Context, text string, o timeline.Options) (timeline.Page, query.Expr, error) {
	q, err := ParseQuery(text)
	if err != nil {
		return timeline.Page{}, nil, err
	}
	if o.Limit <= 0 || o.Limit > MaxPage {
		o.Limit = MaxPage
	}
	o.Notes = b.Notes()
	p, err := b.Timeline().Page(ctx, q, o)
	return p, q, err
}

// ExportJSONL writes every row of a query as one ECS object a line, in time order, undated rows last. It returns the
// number of rows written.
func (b *Bench) ExportJSONL(ctx context.Context, text string, w io.Writer) (int64, error) {
	q, err := ParseQuery(text)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	var n int64
	err = b.Timeline().Each(ctx, q, b.Notes(), func(r timeline.Row) error {
		n++
		if _, err := out.Write(r.Event.JSON(max(r.Index, 0))); err != nil {
			return err
		}
		return out.WriteByte('\n')
	})
	if err != nil {
		return n, err
	}
	return n, out.Flush()
}

// mark is what a person sees before they mark rows.
type mark struct {
	Kind  caserecord.Kind `json:"kind"`
	Rows  []string        `json:"rows"`
	Words []string        `json:"words"`
}

func tagKind(remove bool) caserecord.Kind {
	if remove {
		return caserecord.RowUntagged
	}
	return caserecord.RowTagged
}

func (b *Bench) proposeMark(m mark, d caserecord.Content) Proposal {
	return Proposal{Shown: ShownOf(m), Kinds: kinds(m.Kind), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}
}

// ProposeTag says what adding or removing a tag would sign.
func (b *Bench) ProposeTag(rows []string, tag string, remove bool) Proposal {
	var d caserecord.Content = &caserecord.RowTaggedData{Rows: rows, Tag: tag}
	if remove {
		d = &caserecord.RowUntaggedData{Rows: rows, Tag: tag}
	}
	return b.proposeMark(mark{tagKind(remove), rows, []string{tag}}, d)
}

// ProposeNote says what a note would sign.
func (b *Bench) ProposeNote(about, text string) Proposal {
	return b.proposeMark(mark{caserecord.NoteMade, []string{about}, []string{text}}, &caserecord.NoteMadeData{About: about, Text: text})
}

// ProposePromote says what putting rows on the incident timeline would sign.
func (b *Bench) ProposePromote(rows []string, title, text string) Proposal {
	return b.proposeMark(mark{caserecord.EventPromoted, rows, []string{title, text}}, &caserecord.EventPromotedData{Title: title, Text: text})
}

// Tag adds or removes a tag on rows.
func (b *Bench) Tag(ctx context.Context, act identity.Act, rows []string, tag string, remove bool) error {
	if err := agreed(act, ShownOf(mark{tagKind(remove), rows, []string{tag}})); err != nil {
		return err
	}
	tag = strings.TrimSpace(tag)
	if tag == "" || len(rows) == 0 {
		return fmt.Errorf("%w: a tag and at least one row are needed", ErrUsage)
	}
	if err := b.rowsExist(ctx, rows); err != nil {
		return err
	}
	var data caserecord.Content = &caserecord.RowTaggedData{Rows: rows, Tag: tag}
	if remove {
		data = &caserecord.RowUntaggedData{Rows: rows, Tag: tag}
	}
	_, err := b.append(ctx, act, data)
	return err
}

// Note records words about a row, a finding, an item or an entry.
func (b *Bench) Note(ctx context.Context, act identity.Act, about, text string) (caserecord.Entry, error) {
	if err := agreed(act, ShownOf(mark{caserecord.NoteMade, []string{about}, []string{text}})); err != nil {
		return caserecord.Entry{}, err
	}
	if strings.TrimSpace(text) == "" || about == "" {
		return caserecord.Entry{}, fmt.Errorf("%w: a note needs words and what it is about", ErrUsage)
	}
	return b.append(ctx, act, &caserecord.NoteMadeData{About: about, Text: text})
}

// Promote puts rows on the incident timeline as one event. The time is that of the first dated row.
func (b *Bench) Promote(ctx context.Context, act identity.Act, rows []string, title, text string) (caserecord.Entry, error) {
	if err := agreed(act, ShownOf(mark{caserecord.EventPromoted, rows, []string{title, text}})); err != nil {
		return caserecord.Entry{}, err
	}
	cites, at, err := b.cite(ctx, rows)
	if err != nil {
		return caserecord.Entry{}, err
	}
	if title = strings.TrimSpace(title); title == "" && len(cites) > 0 {
		title = cites[0].Text
	}
	if at.IsZero() {
		return caserecord.Entry{}, fmt.Errorf("%w: none of the rows has a time; an event of the incident timeline needs one", ErrUsage)
	}
	return b.append(ctx, act, &caserecord.EventPromotedData{Title: title, Text: text, At: at.Format(time.RFC3339Nano), Rows: cites})
}

func (b *Bench) rowsExist(ctx context.Context, rows []string) error {
	for _, id := range rows {
		if _, err := b.Timeline().Row(ctx, event.RowID(id)); err != nil {
			return fmt.Errorf("%w: row %s: %w", ErrNotFound, id, err)
		}
	}
	return nil
}

// cite makes citations that outlive parsers and evidence, and returns the earliest time among the rows.
func (b *Bench) cite(ctx context.Context, rows []string) ([]caserecord.Citation, time.Time, error) {
	var first time.Time
	if len(rows) == 0 {
		return nil, first, fmt.Errorf("%w: at least one row is needed", ErrUsage)
	}
	if len(rows) > MaxCitations {
		rows = rows[:MaxCitations]
	}
	var out []caserecord.Citation
	for _, id := range rows {
		r, err := b.Timeline().Row(ctx, event.RowID(id))
		if err != nil {
			return nil, first, fmt.Errorf("%w: row %s: %w", ErrNotFound, id, err)
		}
		if r.Index >= 0 && (first.IsZero() || r.At.Before(first)) {
			first = r.At
		}
		out = append(out, caserecord.Citation{
			RowID: id, EventID: string(r.Event.ID()), EvidenceSHA256: r.Event.Evidence.String(), Locator: r.Event.Locator.String(),
			Parser: r.Event.Parser + " " + r.Event.Version, RawSHA256: b.rawDigest(ctx, r.Event), Text: RowText(r),
		})
	}
	return out, first.UTC(), nil
}

// RowText is a row in one line: time, host, user, what happened.
func RowText(r timeline.Row) string {
	var parts []string
	if r.Index >= 0 {
		parts = append(parts, event.FormatTime(r.At)[:19]+"Z")
	}
	if h := r.Event.Get("host.name"); h != "" {
		parts = append(parts, h)
	}
	if u := r.Event.Get("user.name"); u != "" {
		parts = append(parts, u)
	}
	return cut(strings.Join(append(parts, Message(r.Event)), " · "), 400)
}

// Message is the event in one sentence: its own message, else what is known of it.
func Message(e *event.Event) string {
	if m := e.Get("message"); m != "" {
		return m
	}
	var parts []string
	for _, f := range []string{"event.action", "event.code", "process.command_line", "process.name", "url.original", "source.ip", "destination.ip"} {
		if v := e.Get(f); v != "" {
			parts = append(parts, v)
		}
	}
	if len(parts) == 0 {
		for _, f := range e.Fields {
			parts = append(parts, f.Name+"="+f.Values[0])
			if len(parts) == 6 {
				break
			}
		}
	}
	return strings.Join(parts, " ")
}

func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
