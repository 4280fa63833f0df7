package casefolder

// Limits of the case folder, each with its reason.
const (
	// FormatVersion of the folder. A program refuses a greater one and says so.
	FormatVersion = 1
	// DefaultWorkFactor is log2 of scrypt's N for new passphrase slots: about one second and 256 MiB on a laptop.
	DefaultWorkFactor = 18
	// maxWorkFactor is the most that opening will do: a changed case.json must not freeze the laptop or fill its memory.
	maxWorkFactor = 20
	// maxCaseJSON bounds case.json: 64 slots of half a KiB each need less.
	maxCaseJSON = 256 << 10
	maxSlots    = 64
	// MaxEntryBytes bounds one line or body. A letter's text or a document model stays far below it.
	MaxEntryBytes = 16 << 20
	// maxStepBytes and maxStepEntries bound what AppendAll syncs at once: one transaction of Badger takes about 1.2 MB
	// of small values, which are sealed (50 bytes each).
	maxStepBytes   = 1 << 20
	maxStepEntries = 2048
	// MaxDraftBytes bounds one draft: what a person types, not what they attach.
	MaxDraftBytes = 4 << 20
	// maxAuthors bounds the table of heads in a frame; a case has a handful of people with a device or two each.
	maxAuthors = 1024
	// draftsCompactBytes and draftsCompactRatio: drafts.log is written again at opening when it has grown past the first
	// and past so many times what is alive in it.
	draftsCompactBytes = 1 << 20
	draftsCompactRatio = 4
)
