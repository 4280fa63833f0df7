package caserecord

import "slices"

func (d *EvidenceReceivedData) check() error {
	var c checker
	c.hex("sha256", d.SHA256, 64)
	c.hexOrNone("md5", d.MD5, 32)
	c.hexOrNone("sha1", d.SHA1, 40)
	c.words("path", d.Path, 1, maxPath)
	c.count("bytes", d.Bytes)
	if d.Kept != KeptSealed && d.Kept != KeptReferenced {
		c.fail("kept", "neither sealed nor referenced")
	}
	c.line("custodian", d.Custodian, 0, maxName)
	c.words("source", d.Source, 0, maxPath)
	c.words("why", d.Why, 0, maxWords)
	c.whenOrNone("acquired", d.Acquired)
	c.line("acquired_zone", d.AcquiredZone, 0, maxName)
	c.whenOrNone("modified", d.Modified)
	c.words("original", d.Original, 0, maxPath)
	c.line("host", d.Host, 0, maxName)
	return c.err
}

// importStatuses is the closed list of DESIGN §10.
var importStatuses = []string{"ok", "empty", "partial", "failed", "no-parser", "duplicate", "quarantined"}

func (d *EvidenceImportedData) check() error {
	var c checker
	c.hex("sha256", d.SHA256, 64)
	c.words("path", d.Path, 1, maxPath)
	c.line("format", d.Format, 0, maxName)
	c.line("parser_version", d.ParserVersion, 0, maxName)
	if !slices.Contains(importStatuses, d.Status) {
		c.fail("status", "unknown status")
	}
	c.count("read", d.Read)
	c.count("parsed", d.Parsed)
	c.count("warnings", d.Warnings)
	c.most("skipped", len(d.Skipped), maxReasons)
	sum := d.Parsed
	for _, s := range d.Skipped {
		c.words("skipped.reason", s.Reason, 1, maxRef)
		c.count("skipped.count", s.Count)
		sum += s.Count
	}
	// The sum is the promise of a receipt (P8): a record is parsed or skipped for a reason, nothing else.
	if c.err == nil && sum != d.Read {
		c.fail("read", "is not parsed plus skipped")
	}
	c.whenOrNone("first", d.First)
	c.whenOrNone("last", d.Last)
	c.words("note", d.Note, 0, maxWords)
	c.hexOrNone("duplicate_of", d.DuplicateOf, 64)
	c.count("local_times", d.LocalTimes)
	c.most("absent", len(d.Absent), maxSlots)
	for _, a := range d.Absent {
		c.words("absent", a, 1, maxRef)
	}
	return c.err
}

func (d *ImportUndoneData) check() error {
	var c checker
	c.ids("imports", d.Imports, 1, maxItems)
	c.words("why", d.Why, 1, maxWords)
	return c.err
}

func (d *LimitsSetData) check() error {
	var c checker
	c.most("limits", len(d.Limits), maxSlots)
	for name, n := range d.Limits {
		c.line("limits", name, 1, maxName)
		c.count("limits", n)
	}
	c.words("why", d.Why, 1, maxWords)
	return c.err
}

func (d *MappingSavedData) check() error {
	var c checker
	c.line("name", d.Name, 1, maxName)
	c.words("mapping", d.Mapping, 2, maxWords)
	return c.err
}

func (d *SourceAssumedData) check() error {
	var c checker
	if d.SHA256 != AllSources {
		c.hex("sha256", d.SHA256, 64)
	}
	c.line("zone", d.Zone, 0, maxName)
	if d.Year != 0 && (d.Year < minYear || d.Year > maxYear) {
		c.fail("year", "out of bounds")
	}
	c.seconds("skew_seconds", d.SkewSeconds)
	c.table("columns", d.Columns)
	c.words("mapping", d.Mapping, 0, maxWords)
	c.words("basis", d.Basis, 1, maxWords)
	return c.err
}

func (d *RowTaggedData) check() error {
	var c checker
	c.refs("rows", d.Rows, 1, maxRows)
	c.line("tag", d.Tag, 1, maxName)
	return c.err
}

func (d *RowUntaggedData) check() error {
	var c checker
	c.refs("rows", d.Rows, 1, maxRows)
	c.line("tag", d.Tag, 1, maxName)
	return c.err
}

func (d *NoteMadeData) check() error {
	var c checker
	c.line("about", d.About, 0, maxRef)
	c.words("text", d.Text, 1, maxWords)
	return c.err
}

func (d *EventPromotedData) check() error {
	var c checker
	c.words("title", d.Title, 1, maxWords)
	c.words("text", d.Text, 0, maxWords)
	c.when("at", d.At)
	c.cites(d.Rows, 0)
	return c.err
}

func (d *DetectionRanData) check() error {
	var c checker
	c.words("pack", d.Pack, 1, maxPath)
	c.hex("pack_hash", d.PackHash, 64)
	for _, n := range []int{d.Loaded, d.Matched, d.NotApplicable, d.Failed, d.Findings} {
		c.count("counts", int64(n))
	}
	return c.err
}

func (d *ModelRanData) check() error {
	var c checker
	c.line("function", d.Function, 1, maxName)
	c.line("model", d.Model, 0, maxName)
	c.line("digest", d.Digest, 0, maxName)
	c.line("server_version", d.ServerVersion, 0, maxName)
	c.table("params", d.Params)
	c.line("prompt_version", d.PromptVersion, 0, maxName)
	c.hexOrNone("input_sha256", d.InputSHA256, 64)
	c.hexOrNone("output_sha256", d.OutputSHA256, 64)
	c.words("outcome", d.Outcome, 1, maxWords)
	c.count("duration_ms", d.DurationMS)
	return c.err
}

func (d *ModelSwitchedData) check() error {
	var c checker
	c.line("function", d.Function, 0, maxName)
	c.words("why", d.Why, 0, maxWords)
	return c.err
}
