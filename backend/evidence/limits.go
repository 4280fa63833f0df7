package evidence

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Limits of one intake, each with its reason.
type Limits struct {
	SealBelow       int64 // Auto seals smaller items and references larger ones: copying them would take an hour and a disk
	MaxDepth        int   // archives inside archives; real ones have two levels, endless ones exist
	MaxMembers      int   // members of one archive, nested ones included; a directory of more would fill the memory
	MaxRatio        int64 // unpacked : packed; logs reach 30, runs of zeros 100, bombs 1,000
	RatioFreeBytes  int64 // below this size the ratio does not matter
	MaxMemberBytes  int64 // unpacked size of one member
	MaxArchiveBytes int64 // unpacked size of all members of one archive, nested ones included
	MaxWindow       int64 // what unpackers keep of their output, an archive and those inside it together
	MaxFiles        int   // files of one intake; the list of them is held in memory
}

// DefaultLimits are what the product uses.
func DefaultLimits() Limits {
	return Limits{
		SealBelow:       4 << 30,
		MaxDepth:        5,
		MaxMembers:      100_000,
		MaxRatio:        250,
		RatioFreeBytes:  32 << 20,
		MaxMemberBytes:  64 << 30,
		MaxArchiveBytes: 256 << 30,
		MaxWindow:       256 << 20,
		MaxFiles:        2_000_000,
	}
}

// directoryBytes is how much of an archive's directory is read: it is held in memory, and takes there up to six times as much.
func (l Limits) directoryBytes() int64 { return max(int64(l.MaxMembers)*directoryEach, 1<<20) }

// Limit is one bound as people see and set it.
type Limit struct {
	Name  string // in limits.set and on the command line
	Value int64
	Usual int64 // what the product uses when nobody sets it
	Least int64
	Most  int64
	Unit  string
	Why   string
}

// settable is a limit with its field, one of the two.
type settable struct {
	Limit
	field func(*Limits) *int64
	count func(*Limits) *int
}

// limits are the bounds that a case may set.
var limits = []settable{
	{Limit: Limit{Name: "max_depth", Least: 0, Most: 32, Unit: "archives inside archives", Why: "real ones have two levels, endless ones exist"}, count: func(l *Limits) *int { return &l.MaxDepth }},
	{Limit: Limit{Name: "max_members", Least: 1, Most: 10_000_000, Unit: "members of one archive", Why: "a directory of more would fill the memory"}, count: func(l *Limits) *int { return &l.MaxMembers }},
	{Limit: Limit{Name: "max_ratio", Least: 10, Most: 100_000, Unit: "times the packed size", Why: "logs reach 30, runs of zeros 100, bombs 1,000"}, field: func(l *Limits) *int64 { return &l.MaxRatio }},
	{Limit: Limit{Name: "ratio_free_bytes", Least: 0, Most: 1 << 40, Unit: "bytes", Why: "below this size the ratio does not matter"}, field: func(l *Limits) *int64 { return &l.RatioFreeBytes }},
	{Limit: Limit{Name: "max_member_bytes", Least: 1 << 20, Most: 1 << 50, Unit: "bytes", Why: "unpacked size of one member"}, field: func(l *Limits) *int64 { return &l.MaxMemberBytes }},
	{Limit: Limit{Name: "max_archive_bytes", Least: 1 << 20, Most: 1 << 50, Unit: "bytes", Why: "unpacked size of all members of one archive, nested ones included"}, field: func(l *Limits) *int64 { return &l.MaxArchiveBytes }},
	{Limit: Limit{Name: "max_window_bytes", Least: 8 << 20, Most: 4 << 30, Unit: "bytes of memory", Why: "dictionaries of unpackers; the largest presets take 64 MiB (xz), 128 MiB (zstd --long) and 256 MiB (7z)"}, field: func(l *Limits) *int64 { return &l.MaxWindow }},
	{Limit: Limit{Name: "max_files", Least: 1, Most: 100_000_000, Unit: "files of one import", Why: "the list of them is held in memory"}, count: func(l *Limits) *int { return &l.MaxFiles }},
	{Limit: Limit{Name: "seal_below", Least: 0, Most: 1 << 50, Unit: "bytes", Why: "smaller items are copied into the case, larger ones referenced, unless a person says otherwise"}, field: func(l *Limits) *int64 { return &l.SealBelow }},
}

// LimitsOf are the usual limits with those of set in their place. Errors: ErrLimit for a name that is none, or a value out of
// its bounds.
func LimitsOf(set map[string]int64) (Limits, error) {
	l := DefaultLimits()
	for _, name := range slices.Sorted(maps.Keys(set)) {
		i := slices.IndexFunc(limits, func(x settable) bool { return x.Name == name })
		if i < 0 {
			return l, fmt.Errorf("%w: there is none called %q", ErrLimit, name)
		}
		x, n := limits[i], set[name]
		if n < x.Least || n > x.Most {
			return l, fmt.Errorf("%w: %s is %d, it may be %d to %d %s", ErrLimit, name, n, x.Least, x.Most, x.Unit)
		}
		if x.count != nil {
			*x.count(&l) = int(n)
		} else {
			*x.field(&l) = n
		}
	}
	return l, nil
}

// ErrLimit is returned for a limit that does not exist or is out of bounds.
var ErrLimit = errors.New("evidence: limit")

// List describes limits for people.
func (l Limits) List() []Limit {
	usual := DefaultLimits()
	var out []Limit
	for _, x := range limits {
		d := x.Limit
		if x.count != nil {
			d.Value, d.Usual = int64(*x.count(&l)), int64(*x.count(&usual))
		} else {
			d.Value, d.Usual = *x.field(&l), *x.field(&usual)
		}
		out = append(out, d)
	}
	return out
}

const (
	maxPathBytes      = 4 << 10  // PATH_MAX of Linux; also what a record entry takes
	maxPartBytes      = 255      // NAME_MAX
	maxReasons        = 64       // kinds of skip reasons in one receipt; a record entry takes 100
	maxReasonBytes    = 400      // one reason
	maxNoteBytes      = 4 << 10  // one note
	maxListedWarnings = 200      // warnings listed in a receipt; the count goes on
	directoryEach     = 320      // bytes of an archive's directory for each member that may be: names of 200, and what stands beside them
	progressBytes     = 1 << 20  // progress is told about this often
	maxWalkDepth      = 200      // folders inside folders
	maxAbsent         = 200      // names in a receipt of what was expected; more are counted
	maxAbsentBytes    = 512      // one such name
	maxListingBytes   = 64 << 20 // read of a collecting tool's list: 200,000 files of 300 bytes each
	maxListedLine     = 1 << 20  // one line of it
)
