// Package block is the layout of 8,192 events on disk: columns, filter and postings, encoded and decoded.
//
// It stands under timeline (stage 4), which stores the parts of a block and asks them questions. It keeps true that what
// Build takes in comes out of Events exactly (every time, kind, original text, locator and field, in every order of
// values), and that bytes which Build did not write give an error: no panic, no more memory than limits.go says. It
// knows nothing of storage, sealing or queries, except that tokens are those of package query.
//
// Layout, version 1. A block is a header and numbered parts; all integers are little endian or unsigned varints.
//
//	part 0   columns that most screens read: times, host, user, event code and the like, packed together
//	part 1   filter over tokens, field=value pairs and event ids (filter.go)
//	part 2   postings of tokens that stand in at least 16 events (postings.go)
//	part 3…  the other columns, packed up to 64 KB a part
//
// The header (header.go) says which column lies where. A change of layout changes Version; a derived store with another
// version is rebuilt from the evidence, so old versions need not be read.
package block

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"adjutant/backend/event"
)

// Version is the layout's number, first byte of every header.
const Version = 1

// ErrDamaged wraps every error about bytes that are not a block of ours.
var ErrDamaged = errors.New("block: damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// Numbers of the fixed parts.
const (
	PartHot = iota
	PartFilter
	PartPostings
	partRest
)

// Names of columns that are not fields. No field name starts with a zero byte (Build refuses it).
const (
	colTimes    = "\x00times"
	colOriginal = "\x00original"
	colLocator  = "\x00locator"
	colPath     = "\x00path"
)

// ColPath is the column of the item's path, to be read like a field.
const ColPath = colPath

// hot lists the fields packed into part 0, besides times: what grid, histogram, facets and most filters read first.
var hot = map[string]bool{
	"host.name": true, "user.name": true, "event.code": true, "event.action": true, "event.provider": true,
	"event.dataset": true, "event.module": true, "log.level": true, "process.name": true, "source.ip": true,
	"winlog.channel": true,
}

// Encoded is a block ready to be stored.
type Encoded struct {
	Header []byte
	Parts  [][]byte // an empty part need not be stored
}

// ErrEvent is returned for events that no block can hold: more than MaxTimes times or a field name with a zero byte.
var ErrEvent = errors.New("block: event cannot be stored")

// Ticks turns a time into 100 ns units since 1970. Times farther than about 29,000 years away are cut to that.
func Ticks(t time.Time) int64 {
	const most = int64(1<<63-1)/10_000_000 - 1
	sec := min(max(t.Unix(), -most), most)
	return sec*10_000_000 + int64(t.Nanosecond()/100)
}

// Time is the inverse of Ticks.
func Time(ticks int64) time.Time {
	sec, rest := ticks/10_000_000, ticks%10_000_000
	if rest < 0 {
		sec, rest = sec-1, rest+10_000_000
	}
	return time.Unix(sec, rest*100).UTC()
}

// ByPlace orders events of one evidence item by where they stand in it.
func ByPlace(a, b *event.Event) int {
	if c := cmp.Compare(a.Locator.Offset, b.Locator.Offset); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Locator.Sub, b.Locator.Sub); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Locator.Record, b.Locator.Record); c != 0 {
		return c
	}
	return cmp.Compare(a.Locator.Length, b.Locator.Length)
}

// ErrOrder is returned for events whose fields are not sorted by name, or name one twice; event.Sort mends that.
var ErrOrder = errors.New("block: fields not in order")

// Check says whether a builder can hold an event, and estimates what it weighs, for cutting blocks by bytes.
func Check(e *event.Event) (weight int, err error) {
	if len(e.Times) > MaxTimes {
		return 0, fmt.Errorf("%w: %d times, at most %d", ErrEvent, len(e.Times), MaxTimes)
	}
	n := 128 + len(e.Path)
	for i := range e.Times {
		n += 48 + len(e.Times[i].Original)
	}
	before := ""
	for i := range e.Fields {
		f := &e.Fields[i]
		if len(f.Name) > MaxName || f.Name != "" && f.Name[0] == 0 {
			return 0, fmt.Errorf("%w: field name %.40q", ErrEvent, f.Name)
		}
		if i > 0 && before >= f.Name {
			return 0, fmt.Errorf("%w at %.40q", ErrOrder, f.Name)
		}
		before = f.Name
		if len(f.Values) > MaxValues {
			return 0, fmt.Errorf("%w: %d values of %.40q, at most %d", ErrEvent, len(f.Values), f.Name, MaxValues)
		}
		n += 16 + len(f.Name)
		for _, v := range f.Values {
			n += 16 + len(v)
		}
	}
	return n, nil
}
