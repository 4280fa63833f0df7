package evidence

// kinds are contents that people will ask about when they see "no parser". Offsets and bytes: the formats' own
// specifications.
var kinds = []struct {
	offset int
	magic  string
	text   string
}{
	{0, "Rar!\x1a\x07", "a RAR archive, which is not opened: its format is not free"},
	{0, "regf", "a Windows registry hive"},
	{0, "MAM\x04", "compressed Windows prefetch"},
	{4, "SCCA", "Windows prefetch"},
	{0, "SQLite format 3\x00", "an SQLite database"},
	{4, "\xef\xcd\xab\x89", "an ESE database"},
	{0, "FILE0", "an NTFS master file table"},
	{0, "\xd4\xc3\xb2\xa1", "a packet capture"},
	{0, "\xa1\xb2\xc3\xd4", "a packet capture"},
	{0, "\x0a\x0d\x0d\x0a", "a packet capture (pcapng)"},
	{0, "%PDF-", "a PDF document"},
	{0, "MZ", "a Windows program"},
	{0, "\x7fELF", "a Linux program"},
	{0, "EVF\x09\x0d\x0a\xff\x00", "an EWF disk image"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an OLE document"},
}

// kindByContent says what an unknown item seems to be, or "".
func kindByContent(head []byte) string {
	for _, k := range kinds {
		if len(head) >= k.offset+len(k.magic) && string(head[k.offset:k.offset+len(k.magic)]) == k.magic {
			return "looks like " + k.text
		}
	}
	return ""
}
