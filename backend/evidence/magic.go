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

// images are disks and memories as one file. They are taken into custody and not read: their files have to be extracted with
// a tool made for that. Offsets and bytes: the formats' own specifications.
var images = []struct {
	offset int
	magic  string
	text   string
}{
	{0, "EVF\x09\x0d\x0a\xff\x00", "EWF disk image (E01)"},
	{0, "EVF2\x0d\x0a\x81\x00", "EWF 2 disk image (Ex01)"},
	{0, "LVF\x09\x0d\x0a\xff\x00", "EWF logical image (L01)"},
	{0, "conectix", "VHD disk image"},
	{0, "vhdxfile", "VHDX disk image"},
	{0, "KDMV", "VMDK disk image"},
	{0, "# Disk DescriptorFile", "VMDK disk description"},
	{0, "QFI\xfb", "QCOW disk image"},
	{64, "\x7f\x10\xda\xbe", "VDI disk image"},
	{3, "NTFS    ", "raw image of an NTFS volume"},
	{3, "MSDOS5.0", "raw image of a FAT volume"},
	{3, "EXFAT   ", "raw image of an exFAT volume"},
	{3, "-FVE-FS-", "raw image of a BitLocker volume"},
	{512, "EFI PART", "raw disk image with a GPT"},
	{1080, "\x53\xef\x01\x00", "raw image of an ext volume"},
	{1080, "\x53\xef\x02\x00", "raw image of an ext volume"},
	{0, "XFSB", "raw image of an XFS volume"},
	{32769, "CD001", "ISO 9660 image"},
	{0, "PAGEDU64", "Windows crash dump"},
	{0, "PAGEDUMP", "Windows crash dump"},
	{0, "MDMP", "Windows minidump"},
	{0, "hibr", "Windows hibernation file"},
	{0, "HIBR", "Windows hibernation file"},
	{0, "EMiL", "LiME memory image"},
	{0, "AVML", "AVML memory image"},
	{0, "\xd2\xbe\xd2\xbe", "VMware memory snapshot"},
}

// imageOf says which image of a disk or memory an item is, or "". A boot sector counts only with a table of partitions.
func imageOf(head []byte) string {
	for _, k := range images {
		if len(head) >= k.offset+len(k.magic) && string(head[k.offset:k.offset+len(k.magic)]) == k.magic {
			return k.text
		}
	}
	if len(head) >= 1024 && head[510] == 0x55 && head[511] == 0xaa && partitioned(head[446:510]) {
		return "raw disk image with an MBR"
	}
	return ""
}

// partitioned wants four entries whose first byte is a state, and one that is used (UEFI 2.10 §5.2.1).
func partitioned(table []byte) bool {
	used := false
	for i := 0; i < 64; i += 16 {
		if table[i] != 0 && table[i] != 0x80 {
			return false
		}
		used = used || table[i+4] != 0
	}
	return used
}
