package deadline

// Bounds on what a file may hold. They are far above any honest file and keep a hostile one from costing time.
const (
	MaxPackBytes  = 4 << 20 // the whole own pack is 0.25 MB
	MaxCasesBytes = 8 << 20 // some 20,000 cases for compute
	MaxRegimes    = 2000
	MaxStages     = 64
	MaxAmount     = 3650  // ten years of days; no duty counts longer
	MaxWalkDays   = 12000 // days a calendar walk may take before it is called endless
	// Years outside this range are typing errors, and calendars know nothing about them.
	MinYear = 1990
	MaxYear = 2100
)
