package evtx

// Sizes that the format fixes (libyal EVTX §2 to §4).
const (
	fileMagic      = "ElfFile\x00"
	chunkMagic     = "ElfChnk\x00"
	recordMagic    = "**\x00\x00"
	headerBlock    = 4096
	minHeaderBlock = 128
	chunkSize      = 64 << 10
	chunkHeader    = 512 // records begin here
	recordHeader   = 24  // magic 4, size 4, record id 8, written time 8
	minRecord      = 28  // header and the copy of the size at the end
)

// Limits of ours, against records made to cost more than they hold.
const (
	maxNodes     = 1 << 16 // elements, attributes and values visited for one record; the largest seen is near 900
	maxTextBytes = 4 << 20 // text produced by one record of at most 64 KiB: repeated substitutions could multiply it
	maxValues    = 8192    // substitution values of one template instance, 4 bytes each in the record

	// What templates may have to be compiled; records of others are read step by step, ten times slower.
	maxTemplateParts = 4000     // the largest seen is near 400
	maxTemplateDepth = 24       // with a template inside it stays below parse.MaxDepth
	maxTemplateBytes = 16 << 20 // kept for all templates of one log; a real log has a few hundred of 1 KiB
	maxPrograms      = 1000     // for one template: one for each template that stands inside it
)
