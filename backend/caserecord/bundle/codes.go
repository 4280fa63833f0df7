package bundle

import "adjutant/backend/caserecord"

// The codes of what only a folder with files beside the record can have (version 2). All of them mean "damaged or
// forged": exit 1.
const (
	CodeFileUnlisted    caserecord.Code = "file-unlisted"    // a file or folder that bundle.json does not list
	CodeFileName        caserecord.Code = "file-name"        // a name outside the allowed characters, or too deep
	CodeFileType        caserecord.Code = "file-type"        // a link, a device, a folder where a file should be
	CodeFileHash        caserecord.Code = "file-hash"        // a file has another size or SHA-256 than bundle.json lists
	CodeEvidenceUnknown caserecord.Code = "evidence-unknown" // bytes under evidence/ that no entry took into custody
)
