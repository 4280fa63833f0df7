package evidence

// Limits of one intake, each with its reason.
type Limits struct {
	SealBelow       int64 // Auto seals smaller items and references larger ones: copying them would take an hour and a disk
	MaxDepth        int   // archives inside archives; real ones have two levels, endless ones exist
	MaxMembers      int   // members of one archive, nested ones included; a directory of more would fill the memory
	MaxRatio        int64 // unpacked : packed; logs reach 30, runs of zeros 100, bombs 1,000
	RatioFreeBytes  int64 // below this size the ratio does not matter
	MaxMemberBytes  int64 // unpacked size of one member
	MaxArchiveBytes int64 // unpacked size of all members of one archive, nested ones included
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
		MaxFiles:        2_000_000,
	}
}

const (
	maxPathBytes      = 4 << 10   // PATH_MAX of Linux; also what a record entry takes
	maxPartBytes      = 255       // NAME_MAX
	maxReasons        = 64        // kinds of skip reasons in one receipt; a record entry takes 100
	maxReasonBytes    = 400       // one reason
	maxNoteBytes      = 4 << 10   // one note
	maxListedWarnings = 200       // warnings listed in a receipt; the count goes on
	maxDirectoryBytes = 128 << 20 // central directory of a zip: 100,000 members of a thousand bytes each
	progressBytes     = 1 << 20   // progress is told about this often
	maxWalkDepth      = 200       // folders inside folders
)
