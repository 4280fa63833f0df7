package evidence

import (
	"context"
	"fmt"
	"io"
	"time"

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
	done := int64(0)
	err := turn{
		item: in.Item, content: held, format: f, assume: in.Assume, started: in.Now(), open: in.Open, step: func(n int64) {
			done += n
			in.Progress(done)
		},
	}.parse(ctx, &r)
	if err == nil {
		r.note(held.fault())
		r.doubt(held.fault())
	}
	return r, err
}

// NameOf is the last part of a path as receipts have it, which may lead into archives.
func NameOf(path string) string { return newItem(path, time.Time{}).Name }
