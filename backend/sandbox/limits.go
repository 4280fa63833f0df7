package sandbox

import "time"

// Limits of one child, each with its reason.
type Limits struct {
	MemoryBytes int64         // address space that the child may take beyond what it has when it starts
	CPU         time.Duration // processor time, plus CPUPerByte for each byte of the item
	CPUPerByte  time.Duration
	Stall       time.Duration // longest silence while we wait for the child
	Wait        time.Duration // all such waiting together; plus twice CPUPerByte for each byte
}

// DefaultLimits fit the slowest parser we have on the slowest laptop we expect, with a wide margin: a real file never
// meets them, an endless loop does within a minute.
func DefaultLimits() Limits {
	return Limits{
		MemoryBytes: 1536 << 20, // 16 MiB records, expanded many times over
		CPU:         60 * time.Second,
		CPUPerByte:  time.Microsecond, // 1 MB/s; the slowest reader measured does 10
		Stall:       60 * time.Second,
		Wait:        120 * time.Second,
	}
}

const (
	maxFrameBytes   = 48 << 20  // one event made of a record of parse.MaxRecordBytes, with names
	maxReadBytes    = 1 << 20   // one answer of evidence bytes
	maxReplyBytes   = 4 << 20   // the result; parse.MaxWarnings warnings of a sentence each
	batchBytes      = 256 << 10 // events are handed over in batches, so that a frame costs little
	maxNameTable    = 8192      // names of fields, time meanings and zones that are sent once and then by number
	maxNameBytes    = 4 << 10   // one name or zone
	maxShapes       = 4096      // sets of fields that are sent once and then by number
	maxShapeFields  = 256 << 10 // fields of all of them: 12 MB
	maxAgainBytes   = 64 << 10  // values of an event that the next one may refer to
	maxTextPerByte  = 200       // text of all events for each byte of the item; the most measured is 8
	maxTextAtLeast  = 64 << 20  // text that a small item may give
	valueCost       = 8         // what a value counts for beside its text: one without text costs the reader of the events, too
	bytesPerEvent   = 8         // of the item, for one event at least; the shortest record of a binary format has 28
	maxEventsLeast  = 64 << 10  // events that a small item may give
	maxTextBytes    = 2 << 10   // one note, reason or warning
	maxReasons      = 64        // reasons for skipping in one result
	maxCount        = 1 << 46   // of records or warnings; 64 such reasons are still a number that a receipt may hold
	maxTimes        = 64        // times of one event
	maxStderrBytes  = 4 << 10   // what is kept of a crash report
	pipeBytes       = 1 << 20   // what a pipe may hold, so that the two processes wait less for each other
	cachedPieces    = 16        // pieces of maxReadBytes that the child keeps of the item
	childGCPercent  = 400       // a child lives shortly; the limit on its memory holds whatever this is
	maxChildThreads = 4         // of Go code at once; the parser itself is one
)
