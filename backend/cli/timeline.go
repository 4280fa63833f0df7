package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"adjutant/backend/event"
	"adjutant/backend/timeline"
	"adjutant/backend/workbench"
)

func (p *program) timelineCommand() *cobra.Command {
	c := &cobra.Command{Use: "timeline", Short: "Ask, export and mark the rows of all evidence", Long: "Rows of all evidence in time order. The query language is described in backend/doc/query.md."}
	c.AddCommand(p.timelineQuery(), p.timelineExport(), p.timelineHistogram(), p.timelineFacet(), p.timelineTag(), p.timelinePromote(), p.timelineNote(), p.timelineDigest())
	return c
}

func (p *program) timelineQuery() *cobra.Command {
	var limit, offset int
	var desc bool
	c := &cobra.Command{
		Use: "query CASE [QUERY]", Short: "Rows that match, oldest first", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				if limit < 1 || offset < 0 {
					return usage("--limit is at least 1 and --offset at least 0")
				}
				page, q, err := b.Page(cmd.Context(), arg(a, 1), timeline.Options{Limit: min(limit, workbench.MaxPage), Offset: int64(offset), Descending: desc})
				for last := len(page.Rows); err == nil && last == workbench.MaxPage && len(page.Rows) < limit; {
					var more timeline.Page
					more, _, err = b.Page(cmd.Context(), arg(a, 1), timeline.Options{
						Limit: min(limit-len(page.Rows), workbench.MaxPage), Offset: int64(offset + len(page.Rows)), Descending: desc,
					})
					last = len(more.Rows)
					page.Rows = append(page.Rows, more.Rows...)
				}
				if err != nil {
					return err
				}
				if p.json {
					events := make([]json.RawMessage, 0, len(page.Rows))
					for _, r := range page.Rows {
						events = append(events, r.Event.JSON(max(r.Index, 0)))
					}
					return p.line(map[string]any{"total": page.Total, "query": q.String(), "events": events})
				}
				for _, r := range page.Rows {
					p.say("%s", printable(workbench.RowText(r)))
				}
				p.say("%d rows match; %d shown.", page.Total, len(page.Rows))
				return nil
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 50, "rows to show")
	c.Flags().IntVar(&offset, "offset", 0, "rows to pass over")
	c.Flags().BoolVar(&desc, "desc", false, "newest first")
	return c
}

func (p *program) timelineExport() *cobra.Command {
	var format, out, q string
	c := &cobra.Command{
		Use: "export CASE", Short: "Every matching row as one ECS object a line, in time order, rows without a time last", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			if format != "jsonl" {
				return usage("unknown format %q; jsonl is the one there is", format)
			}
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				if out == "" || out == "-" {
					_, err := b.ExportJSONL(cmd.Context(), q, p.out)
					return err
				}
				var n int64
				err := createNew(out, func(w io.Writer) (err error) {
					n, err = b.ExportJSONL(cmd.Context(), q, w)
					return err
				})
				if err != nil {
					return err
				}
				if p.json {
					return p.line(map[string]any{"file": out, "rows": n})
				}
				p.say("%d rows written to %s.", n, out)
				return nil
			})
		},
	}
	c.Flags().StringVar(&format, "format", "jsonl", "jsonl")
	c.Flags().StringVar(&out, "out", "", "file to write; it must not exist; without it the standard output")
	c.Flags().StringVar(&q, "query", "", "only rows that match")
	return c
}

func (p *program) timelineHistogram() *cobra.Command {
	var n int
	c := &cobra.Command{
		Use: "histogram CASE [QUERY]", Short: "Rows over time", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				q, err := workbench.ParseQuery(arg(a, 1))
				if err != nil {
					return err
				}
				h, err := b.Timeline().Histogram(cmd.Context(), q, b.Notes(), timeline.Buckets{N: n})
				if err != nil {
					return err
				}
				if p.json {
					return p.line(map[string]any{"from": event.FormatTime(h.From), "to": event.FormatTime(h.To), "bucket_seconds": h.Bucket.Seconds(), "counts": h.Counts, "undated": h.Undated})
				}
				var top int64 = 1
				for _, c := range h.Counts {
					top = max(top, c)
				}
				for i, c := range h.Counts {
					p.say("%s %9d %s", h.From.Add(time.Duration(i)*h.Bucket).UTC().Format("2006-01-02 15:04Z"), c, blocks(c, top))
				}
				if h.Undated > 0 {
					p.say("without a time    %9d", h.Undated)
				}
				return nil
			})
		},
	}
	c.Flags().IntVar(&n, "buckets", 48, "number of buckets")
	return c
}

func blocks(n, top int64) string {
	const width = 50
	full := int(n * width / top)
	if full == 0 && n > 0 {
		return "·"
	}
	s := ""
	for i := 0; i < full; i++ {
		s += "█"
	}
	return s
}

func (p *program) timelineFacet() *cobra.Command {
	var n int
	c := &cobra.Command{
		Use: "facet CASE FIELD [QUERY]", Short: "The most frequent values of a field", Args: cobra.RangeArgs(2, 3),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				q, err := workbench.ParseQuery(arg(a, 2))
				if err != nil {
					return err
				}
				f, err := b.Timeline().Facet(cmd.Context(), q, b.Notes(), a[1], n)
				if err != nil {
					return err
				}
				if p.json {
					values := make([]map[string]any, 0, len(f.Values))
					for _, v := range f.Values {
						values = append(values, map[string]any{"value": v.Value, "count": v.N})
					}
					return p.line(map[string]any{"field": a[1], "values": values, "distinct": f.Distinct, "missing": f.Missing})
				}
				for _, v := range f.Values {
					p.say("%9d  %s", v.N, printable(v.Value))
				}
				p.say("%d values; %d rows without the field.", f.Distinct, f.Missing)
				return nil
			})
		},
	}
	c.Flags().IntVar(&n, "top", 20, "values to show")
	return c
}

func (p *program) timelineTag() *cobra.Command {
	var remove bool
	c := &cobra.Command{
		Use: "tag CASE TAG ROW…", Short: "Tag rows; signed into the record", Args: cobra.MinimumNArgs(3),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				s, err := act(b, b.ProposeTag(a[2:], a[1], remove), false)
				if err != nil {
					return err
				}
				if err := b.Tag(cmd.Context(), s, a[2:], a[1], remove); err != nil {
					return err
				}
				if p.json {
					return p.line(map[string]any{"tag": a[1], "rows": a[2:], "removed": remove})
				}
				p.say("%d rows marked.", len(a)-2)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&remove, "remove", false, "take the tag away")
	return c
}

func (p *program) timelineNote() *cobra.Command {
	return &cobra.Command{
		Use: "note CASE ABOUT TEXT", Short: "A note about a row, finding, item or entry; signed into the record", Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				s, err := act(b, b.ProposeNote(a[1], a[2]), false)
				if err != nil {
					return err
				}
				e, err := b.Note(cmd.Context(), s, a[1], a[2])
				if err != nil {
					return err
				}
				return p.signed(b, e, func() { p.say("Noted.") })
			})
		},
	}
}

func (p *program) timelinePromote() *cobra.Command {
	var title, text string
	c := &cobra.Command{
		Use: "promote CASE ROW…", Short: "Put rows on the incident timeline as one event", Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				s, err := act(b, b.ProposePromote(a[1:], title, text), false)
				if err != nil {
					return err
				}
				e, err := b.Promote(cmd.Context(), s, a[1:], title, text)
				if err != nil {
					return err
				}
				return p.signed(b, e, func() { p.say("On the incident timeline.") })
			})
		},
	}
	c.Flags().StringVar(&title, "title", "", "what happened, in a few words; without it the first row's text")
	c.Flags().StringVar(&text, "text", "", "more words")
	return c
}

func (p *program) timelineDigest() *cobra.Command {
	return &cobra.Command{
		Use: "digest CASE", Short: "One hash over all rows; the same on every laptop with the same evidence, parsers and answers", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error {
				d, err := b.Digest(cmd.Context())
				if err != nil {
					return err
				}
				if p.json {
					return p.line(d)
				}
				p.say("%s", d.Digest)
				p.say("  %d rows", d.Rows)
				for _, v := range d.Versions {
					p.say("  parser %s", v)
				}
				for _, x := range d.Assumptions {
					p.say("  assumed: %s", printable(x))
				}
				return nil
			})
		},
	}
}

func arg(a []string, i int) string {
	if i < len(a) {
		return a[i]
	}
	return ""
}

// sentence prints text from rules or evidence, wrapped by the terminal.
func (p *program) sentence(indent, s string) { fmt.Fprintf(p.out, "%s%s\n", indent, printable(s)) }
