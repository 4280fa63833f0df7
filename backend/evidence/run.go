package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/sandbox"
)

// turn is one item on its way through a format into a sink.
type turn struct {
	item    Item
	content *steady
	format  parse.Format
	assume  parse.Assume
	started time.Time
	open    func(Item, parse.Format) (Sink, error)
	step    func(n int64) // that many more bytes are done
}

// parse has the item parsed, puts the result into its receipt, and keeps its events or drops those of an item that failed. Faults
// of the item are in the receipt; an error is ctx's or the sink's.
func (t turn) parse(ctx context.Context, r *Receipt) error {
	r.Format, r.ParserVersion = t.format.Name(), t.format.Version()
	sink, err := t.open(t.item, t.format)
	if err != nil {
		return fmt.Errorf("evidence: begin events of %s: %w", t.item.Path, err)
	}
	p := &progressReader{r: t.content, step: t.step}
	var addErr error
	res, err := Parse(ctx, t.format, p, t.item, t.assume, t.started, func(ev *event.Event) error {
		addErr = sink.Add(ev)
		return addErr
	})
	t.step(max(t.item.Bytes-p.high, 0))
	switch {
	case ctx.Err() != nil:
		return errors.Join(ctx.Err(), sink.Abort())
	case addErr != nil:
		return errors.Join(fmt.Errorf("evidence: keep events of %s: %w", t.item.Path, addErr), sink.Abort())
	case err != nil:
		r.NeedsAnswer = errors.Is(err, parse.ErrNeedsAnswer)
		res = parse.Result{Status: parse.StatusFailed, Note: strings.TrimPrefix(err.Error(), parse.ErrNeedsAnswer.Error()+": ")}
	}
	res = t.content.settle(res)
	r.take(res)
	if res.Status == parse.StatusFailed {
		if err := sink.Abort(); err != nil {
			return fmt.Errorf("evidence: drop events of %s: %w", t.item.Path, err)
		}
		return nil
	}
	if err := sink.Commit(ctx); err != nil {
		return fmt.Errorf("evidence: keep events of %s: %w", t.item.Path, err)
	}
	return nil
}

// Parse runs a format on the bytes of an item, binary formats in a sandbox child, and makes the result consistent with the
// events that were emitted. Intake and rebuild both come through here, so that the same bytes give the same events. When
// the result is failed the events must be dropped. Errors: emit's, ctx's, parse.ErrNeedsAnswer, sandbox.ErrNoChild.
func Parse(ctx context.Context, f parse.Format, content io.ReaderAt, it Item, as parse.Assume, started time.Time, emit func(*event.Event) error) (parse.Result, error) {
	if it.Name == "" {
		it.Name = newItem(it.Path, it.ModTime).Name
	}
	if as.ModTime.IsZero() {
		as.ModTime = it.ModTime
	}
	run := inProcess
	if f.Binary() {
		run = sandbox.Parse
	}
	came := int64(0)
	var odd struct{ times, at int64 } // outside the calendar; where the first one stands
	var within parse.Result
	var wide struct{ events, at int64 } // that were reshaped
	in := parse.Input{Reader: content, Size: it.Bytes, Name: it.Name, Assume: as, Started: started, Transient: true}
	res, err := run(ctx, f, in, func(ev *event.Event) error {
		ev.Evidence, ev.Path = it.SHA256, it.Path
		ev.Parser, ev.Version = f.Name(), f.Version()
		came++
		if ev.Fit() {
			if wide.events == 0 {
				wide.at = ev.Locator.Offset
			}
			wide.events++
		}
		if n := ev.KeepToCalendar(); n > 0 {
			if odd.times == 0 {
				odd.at = ev.Locator.Offset
			}
			odd.times += int64(n)
		}
		if len(ev.Times) > 0 {
			within.Saw(ev.Times[0].At)
		}
		return emit(ev)
	})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return res, err
	}
	if odd.times > 0 { // a record entry could not say them
		res.First, res.Last = within.First, within.Last
		res.Warn(odd.at, fmt.Sprintf("%d times lie outside the years 1 to 9999, the first one here; they stand as text in the field %s", odd.times, event.OutsideCalendar))
	}
	if wide.events > 0 {
		res.Warn(wide.at, fmt.Sprintf("%d events have more or longer fields than a row can hold, the first one here; the rest stands as text in the field %s", wide.events, event.FurtherFields))
	}
	return judge(res, came), nil
}

// judge makes a result consistent with the events that came: the receipt tells what the timeline holds.
func judge(res parse.Result, came int64) parse.Result {
	if res.Parsed != came && res.Status != parse.StatusFailed {
		res.Warn(0, fmt.Sprintf("the parser counted %d events, %d came", res.Parsed, came))
		res.Status = parse.StatusPartial
	}
	res.Parsed = came
	var skipped int64
	for _, s := range res.Skipped {
		skipped += s.Count
	}
	switch {
	case res.Status == parse.StatusEmpty && (came > 0 || skipped > 0):
		res.Status = parse.StatusPartial
	case res.Status == parse.StatusEmpty:
	case res.Status == parse.StatusFailed:
		// Nothing of a failed item is kept, so nothing counts as parsed.
		if came > 0 {
			res.Skipped = append(res.Skipped, parse.Skip{Reason: "read before the item failed; dropped", Count: came})
			res.Parsed = 0
		}
	case came == 0:
		// Content, no event and no proof that there is none: whatever the parser thinks, a person has to look.
		res.Status = parse.StatusFailed
		if res.Note == "" {
			res.Note = "there is content, but no record of it could be read"
		}
	case res.Status != parse.StatusOK && res.Status != parse.StatusPartial:
		res.Status = parse.StatusPartial
	}
	return res
}

// inProcess runs the parser of a line format. Its own fault costs the rest of the item, not the intake; it comes at the
// same place on every machine, so what came before it may stay.
func inProcess(ctx context.Context, f parse.Format, in parse.Input, emit func(*event.Event) error) (res parse.Result, err error) {
	var came parse.Result
	defer func() {
		if p := recover(); p != nil {
			err = nil
			res = came
			res.Status, res.Note = parse.StatusPartial, fmt.Sprintf("the parser met a fault of its own and stopped there: %v", p)
		}
	}()
	return f.Parse(ctx, in, func(ev *event.Event) error {
		if err := emit(ev); err != nil {
			return err
		}
		came.Parsed++
		came.Read++
		if len(ev.Times) > 0 {
			came.Saw(ev.Times[0].At)
		}
		return nil
	})
}

// progressReader tells how far a parser has read: the farthest byte counts, whatever order it reads in.
type progressReader struct {
	r    io.ReaderAt
	high int64
	step func(int64)
}

func (p *progressReader) ReadAt(b []byte, off int64) (int, error) {
	n, err := p.r.ReadAt(b, off)
	if end := off + int64(n); end > p.high {
		p.step(end - p.high)
		p.high = end
	}
	return n, err
}
