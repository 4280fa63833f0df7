package evidence

import (
	"encoding/json"
	"fmt"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// Receipt says what became of one file or archive member: one line of `evidence add --json` (DESIGN §10). Read, Parsed
// and Skipped count records; read == parsed + sum(skipped). An archive's own receipt counts no records: Members does.
type Receipt struct {
	Path            string       `json:"path"`
	Format          string       `json:"format"` // "" when no parser took it; "zip" for an archive that was opened
	ParserVersion   string       `json:"parser_version,omitempty"`
	Status          parse.Status `json:"status"`
	SHA256          string       `json:"sha256"` // "" when the bytes could not be had
	MD5             string       `json:"md5,omitempty"`
	SHA1            string       `json:"sha1,omitempty"`
	Bytes           int64        `json:"bytes"`
	Kept            string       `json:"kept,omitempty"` // sealed or referenced
	Read            int64        `json:"read"`
	Parsed          int64        `json:"parsed"`
	Skipped         []parse.Skip `json:"skipped"`
	Warnings        int64        `json:"warnings"`
	WarningList     []Warning    `json:"warning_list,omitempty"` // the first of them
	First           string       `json:"first"`                  // RFC 3339, of primary times; "" when there is none
	Last            string       `json:"last"`
	Note            string       `json:"note,omitempty"`
	DuplicateOf     string       `json:"duplicate_of,omitempty"` // path of the item with the same bytes
	DuplicateSHA256 string       `json:"duplicate_sha256,omitempty"`
	Again           bool         `json:"again,omitempty"`        // a duplicate of itself: these bytes were taken in from this path before
	Members         int          `json:"members,omitempty"`      // of an archive, folders not counted
	LocalTimes      int64        `json:"local_times,omitempty"`  // times read under an assumed zone
	Absent          []string     `json:"absent,omitempty"`       // what was to be expected and is not there, see expected.csv
	NeedsAnswer     bool         `json:"needs_answer,omitempty"` // a person's answer would let it be parsed
}

// Warning is damage or doubt at a place of an item.
type Warning = parse.Warning

// MarshalJSON writes skipped as a list even when it is empty.
func (r Receipt) MarshalJSON() ([]byte, error) {
	type plain Receipt
	p := plain(r)
	if p.Skipped == nil {
		p.Skipped = []parse.Skip{}
	}
	return json.Marshal(p)
}

// receiptOf begins the receipt of an item whose bytes are there.
func receiptOf(it Item) Receipt {
	kept := KeepReferenced
	if it.Sealed {
		kept = KeepSealed
	}
	return Receipt{Path: it.Path, SHA256: it.SHA256.String(), MD5: it.MD5, SHA1: it.SHA1, Bytes: it.Bytes, Kept: string(kept)}
}

// take puts a parser's result into the receipt, after making it add up.
func (r *Receipt) take(res parse.Result) {
	r.Status, r.Parsed = res.Status, res.Parsed
	r.Read = res.Parsed
	for _, s := range res.Skipped {
		if s.Count <= 0 {
			continue
		}
		s.Reason = cut(oneLine(s.Reason), maxReasonBytes)
		if len(r.Skipped) == maxReasons {
			r.Skipped = append(r.Skipped[:maxReasons-1], parse.Skip{Reason: "other reasons", Count: r.Skipped[maxReasons-1].Count})
		}
		if n := len(r.Skipped); n == maxReasons-1 && r.Skipped[n-1].Reason == "other reasons" {
			r.Skipped[n-1].Count += s.Count
		} else {
			r.Skipped = append(r.Skipped, s)
		}
		r.Read += s.Count
	}
	r.Warnings = max(res.WarningCount, int64(len(res.Warnings)))
	r.WarningList = res.Warnings[:min(len(res.Warnings), maxListedWarnings)]
	r.LocalTimes = max(res.Local, 0)
	r.First, r.Last = event.FormatTime(res.First), event.FormatTime(res.Last)
	r.note(res.Note)
}

// note adds a sentence.
func (r *Receipt) note(s string) {
	if s = oneLine(s); s == "" {
		return
	}
	if r.Note != "" {
		s = r.Note + "; " + s
	}
	r.Note = cut(s, maxNoteBytes)
}

func cut(s string, most int) string {
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if c < 0x20 || c == 0x7f {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Summary counts the receipts of an intake.
type Summary struct {
	Items    int                  `json:"items"`
	ByStatus map[parse.Status]int `json:"by_status"`
	Taken    int                  `json:"taken"` // whose bytes are in the case or referenced by it
	Bytes    int64                `json:"bytes"`
	Read     int64                `json:"read"`
	Parsed   int64                `json:"parsed"`
	Skipped  int64                `json:"skipped"`
	Warnings int64                `json:"warnings"`
}

// Add counts a receipt.
func (s *Summary) Add(r Receipt) {
	if s.ByStatus == nil {
		s.ByStatus = map[parse.Status]int{}
	}
	s.Items++
	s.ByStatus[r.Status]++
	if r.SHA256 != "" {
		s.Taken++
	}
	s.Bytes += r.Bytes
	s.Read += r.Read
	s.Parsed += r.Parsed
	s.Skipped += r.Read - r.Parsed
	s.Warnings += r.Warnings
}

// ExitStatus is the exit code of the contract: 0 when all items are ok, empty, duplicate or without a parser; 3 when some
// are partial, failed or quarantined; 1 when nothing was taken.
func (s Summary) ExitStatus() int {
	if s.Taken == 0 {
		return 1
	}
	if s.ByStatus[parse.StatusPartial]+s.ByStatus[parse.StatusFailed]+s.ByStatus[parse.StatusQuarantined] > 0 {
		return 3
	}
	return 0
}

var statusOrder = []parse.Status{parse.StatusOK, parse.StatusEmpty, parse.StatusPartial, parse.StatusFailed, parse.StatusNoParser,
	parse.StatusDuplicate, parse.StatusQuarantined}

// String is the summary in a line.
func (s Summary) String() string {
	var parts []string
	for _, st := range statusOrder {
		if n := s.ByStatus[st]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, st))
		}
	}
	text := fmt.Sprintf("%d items", s.Items)
	if s.Items == 1 {
		text = "1 item"
	}
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	text += fmt.Sprintf(": %d records read, %d parsed", s.Read, s.Parsed)
	if s.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", s.Skipped)
	}
	return text
}
