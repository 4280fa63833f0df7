package workbench

import (
	"context"
	"fmt"
	"io"
	"os"

	"adjutant/backend/incident"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/parse/preview"
)

// previewBytes is how much of a file a preview looks at: fifty rows of any real table, and enough values to tell forms apart.
const previewBytes = 1 << 20

// PreviewMapping says what a table or JSON would become under a mapping, before anything is imported: of a file to come, or of an
// item in custody when sha256 is given. Without a mapping it proposes one. Errors: ErrUsage, ErrNotFound, evidence.ErrAbsent,
// evidence.ErrAltered, preview.ErrNothing.
func (b *Bench) PreviewMapping(ctx context.Context, path, sha256, text string) (preview.Preview, error) {
	var m *mapping.Mapping
	if text != "" {
		var err error
		if m, err = mapping.Parse([]byte(text)); err != nil {
			return preview.Preview{}, fmt.Errorf("%w: %w", ErrUsage, err)
		}
	}
	head, whole, err := b.headOf(ctx, path, sha256)
	if err != nil {
		return preview.Preview{}, err
	}
	return preview.Of(ctx, head, m, whole)
}

// headOf reads the beginning of a file that a person named, or of evidence that they may see.
func (b *Bench) headOf(ctx context.Context, path, sha256 string) (head []byte, whole bool, err error) {
	var r io.ReaderAt
	var size int64
	if sha256 != "" {
		items, err := b.itemsNamed([]string{sha256})
		if err != nil {
			return nil, false, err
		}
		d, err := incident.ParseDigest(items[0])
		if err != nil {
			return nil, false, err
		}
		src, err := b.openSource(ctx, d)
		if err != nil {
			return nil, false, err
		}
		defer src.Close()
		r, size = src, src.Size()
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, false, fmt.Errorf("%w: %v", ErrNotFound, err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return nil, false, fmt.Errorf("%w: %s is no regular file", ErrUsage, path)
		}
		r, size = f, info.Size()
	}
	head = make([]byte, min(size, previewBytes))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return nil, false, fmt.Errorf("workbench: read the beginning: %w", err)
	}
	return head, int64(len(head)) == size, nil
}
