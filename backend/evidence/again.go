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
)

// Reading is one item of evidence in custody that is to be parsed once more.
type Reading struct {
	Item     Item
	Content  io.ReaderAt
	Formats  []parse.Format
	Forced   bool // a person chose the format: what the content looks like is not asked
	Assume   parse.Assume
	Now      func() time.Time
	Open     func(Item, parse.Format) (Sink, error)
	Progress func(done int64) // bytes read
}

// Read parses an item again and gives its new receipt. Events of an item that failed are dropped by the sink. Errors are
// ctx's, the sink's and those of the reader; faults of the item are in the receipt.
func Read(ctx context.Context, in Reading) (Receipt, error) {
	r := receiptOf(in.Item)
	head := make([]byte, min(in.Item.Bytes, parse.HeadBytes))
	held := &steady{r: in.Content, size: in.Item.Bytes}
	if n, err := held.ReadAt(head, 0); n < len(head) {
		return r, fmt.Errorf("evidence: read %s again: %w", in.Item.Path, err)
	}
	var f parse.Format
	switch {
	case len(head) == 0:
		r.Status = parse.StatusEmpty
		r.note("the file has no bytes")
		return r, nil
	case in.Forced:
		f = in.Formats[0]
	default:
		f = parse.Detect(in.Formats, head, in.Item.Name)
	}
	if f == nil {
		r.Status = parse.StatusNoParser
		r.note(kindByContent(head))
		return r, nil
	}
	r.Format, r.ParserVersion = f.Name(), f.Version()
	sink, err := in.Open(in.Item, f)
	if err != nil {
		return r, fmt.Errorf("evidence: begin events of %s: %w", in.Item.Path, err)
	}
	content := &progressReader{r: held, step: func(int64) {}}
	content.step = func(int64) { in.Progress(content.high) }
	var kept error
	res, err := Parse(ctx, f, content, in.Item, in.Assume, in.Now(), func(e *event.Event) error {
		kept = sink.Add(e)
		return kept
	})
	switch {
	case ctx.Err() != nil:
		return r, errors.Join(ctx.Err(), sink.Abort())
	case kept != nil:
		return r, errors.Join(fmt.Errorf("evidence: keep events of %s: %w", in.Item.Path, kept), sink.Abort())
	case err != nil:
		r.NeedsAnswer = errors.Is(err, parse.ErrNeedsAnswer)
		res = parse.Result{Status: parse.StatusFailed, Note: strings.TrimPrefix(err.Error(), parse.ErrNeedsAnswer.Error()+": ")}
	}
	r.take(res)
	r.note(held.fault())
	r.doubt(held.fault())
	if res.Status == parse.StatusFailed {
		return r, sink.Abort()
	}
	if err := sink.Commit(ctx); err != nil {
		return r, fmt.Errorf("evidence: keep events of %s: %w", in.Item.Path, err)
	}
	return r, nil
}

// NameOf is the last part of a path as receipts have it, which may lead into archives.
func NameOf(path string) string { return newItem(path, time.Time{}).Name }
