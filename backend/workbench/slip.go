package workbench

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/caserecord/extract"
	"adjutant/backend/document"
	"adjutant/backend/document/pdf"
	"adjutant/backend/parcel"
	"adjutant/backend/witness/slip"
)

// SlipRequest is what a courier slip is made for.
type SlipRequest struct {
	File       string // path of the bundle or parcel that travels
	Protection string // in words: how the file is protected; "" = told from its kind
	Courier    string
	Receiver   string
}

// CourierSlip makes the page that travels beside a copy: the head and the file's hash as a square and as codes, and lines
// for signatures at departure and arrival.
func (b *Bench) CourierSlip(r SlipRequest) ([]byte, error) {
	s := b.State()
	if err := filled(map[string]string{"the file that travels": r.File}); err != nil {
		return nil, err
	}
	if len(s.Exports) == 0 {
		return nil, fmt.Errorf("%w: no copy of this case was exported yet; `bundle export` makes one", ErrUsage)
	}
	sum, size, err := hashFile(r.File)
	if err != nil {
		return nil, err
	}
	// The slip names the head of what travels.
	left, err := b.leftAs(r.File, size)
	if err != nil {
		return nil, err
	}
	x, head, entries := left.Data, left.Data.Head, left.Data.Entries
	if x.Form != FormExtract { // the entry about the copy is in it
		head, entries = b.CopyHeads()[left.Entry], entries+1
	}
	file := document.SlipFile{Name: travelName(r.File), Bytes: size, SHA256: sum, Protection: r.Protection, Withheld: x.Withheld, Evidence: x.Evidence}
	if file.Protection == "" {
		file.Protection = protection(x)
	}
	form, err := document.CourierSlip{
		Case: b.documentCase(s), AsOf: document.AsOf{Head: head, Code: caserecord.HeadCode(head), Entries: entries, At: s.Latest},
		Generated: b.Now(), Letterhead: document.Letterhead{Organisation: s.Case.Organisation}, File: file, Checkpoints: slipCheckpoints(s),
		Giver: b.party(b.MyID()), Courier: document.Party{Name: r.Courier}, Receiver: document.Party{Name: r.Receiver},
	}.Form()
	return formPDF(form, err)
}

// leftKey keeps the size of a parcel that was made here, by the entry about it: the record does not know the file.
func leftKey(entry caserecord.ID) string { return "left/" + string(entry) }

// leftAs finds the copy that lies at a path among those that this case says it gave away. A plain copy is known by the head
// in it. A parcel is closed: it is the newest of its size made on this laptop, or else the newest made on another. Of
// extracts it is the newest.
func (b *Bench) leftAs(path string, size int64) (caserecord.Export, error) {
	form, head := "", ""
	switch {
	case extract.Is(path):
		form = FormExtract
	case isBundle(path):
		raw, err := ReadFile(filepath.Join(path, bundle.ManifestFile), bundle.MaxManifest)
		if err != nil {
			return caserecord.Export{}, err
		}
		m, err := bundle.ParseManifest(raw)
		if err != nil {
			return caserecord.Export{}, fmt.Errorf("%w: %s: %w", ErrUsage, bundle.ManifestFile, err)
		}
		form, head = FormPlain, m.Head
	case parcel.IsParcel(path):
		form = FormParcel
	}
	var elsewhere *caserecord.Export
	heads := b.CopyHeads()
	for _, x := range slices.Backward(b.State().Exports) {
		is := x.Data.Form
		if is == "" {
			is = FormPlain // of programs before there were others
		}
		switch made, here := b.folder.Drafts().Get(leftKey(x.Entry)); {
		case is != form, form == FormPlain && heads[x.Entry] != head, here && string(made) != fmt.Sprint(size):
		case form == FormParcel && !here:
			if elsewhere == nil {
				elsewhere = &x
			}
		default:
			return x, nil
		}
	}
	if elsewhere != nil {
		return *elsewhere, nil
	}
	return caserecord.Export{}, fmt.Errorf("%w: %s is no copy that this case says it gave away", ErrUsage, path)
}

func protection(x caserecord.BundleExportedData) string {
	switch n := len(x.Recipients); {
	case x.Form != "parcel":
		return "not encrypted"
	case n == 0:
		return "encrypted with a passphrase"
	case n == 1:
		return "encrypted for 1 recipient"
	default:
		return fmt.Sprintf("encrypted for %d recipients", n)
	}
}

// slipCheckpoints is the newest checkpoint of each key, by name of its person.
func slipCheckpoints(s *caserecord.State) []document.SlipCheckpoint {
	newest := map[caserecord.Author]caserecord.CheckpointState{}
	for _, c := range s.Checkpoints {
		newest[c.Author] = c
	}
	var out []document.SlipCheckpoint
	for _, c := range newest {
		out = append(out, document.SlipCheckpoint{Author: c.Name, Entries: c.Data.Size, Code: caserecord.HeadCode(c.Data.Root)})
	}
	slices.SortFunc(out, func(a, b document.SlipCheckpoint) int { return strings.Compare(a.Author+a.Code, b.Author+b.Code) })
	return out
}

// CompareSlip holds what a slip says against this case and the file that came with it. given is the text of the square, or
// a code as people type it.
func (b *Bench) CompareSlip(given, file string) (slip.Result, error) {
	here := slip.Slip{Case: b.ID(), Head: b.State().Head}
	// The slip was written before the copy grew on here: any head that this case had counts.
	if sl, err := slip.Parse(given); err == nil {
		if h := caserecord.HeadAt(b.Entries(), sl.Head); h != "" {
			here.Head = h
		}
	} else if h := caserecord.HeadAt(b.Entries(), given); h != "" {
		here.Head = h
	}
	if file != "" {
		sum, _, err := hashFile(file)
		if err != nil {
			return slip.Result{}, err
		}
		here.File = sum
	}
	res, err := slip.Compare(given, here)
	if err != nil {
		return res, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	return res, nil
}

// CustodyReceipt is the paper of a transfer.
func (b *Bench) CustodyReceipt(transfer string) ([]byte, error) {
	t, err := b.transferNamed(transfer)
	if err != nil {
		return nil, err
	}
	s := b.State()
	r := document.CustodyReceipt{
		Case: b.documentCase(s), AsOf: document.AsOf{Head: s.Head, Code: caserecord.HeadCode(s.Head), Entries: s.Entries, At: s.Latest},
		Generated: b.Now(), Letterhead: document.Letterhead{Organisation: s.Case.Organisation}, Transfer: string(t.Entry), State: document.ReceiptOffered,
		Giver: b.signer(t.Stamp, t.Data.Role.Title(), t.At), Receiver: document.Party{Name: t.Data.Receiver, Organisation: t.Data.Organisation},
		Purpose: t.Data.Purpose, Place: t.Data.Place, Condition: t.Data.Condition, Given: t.At, OfferEntry: string(t.Entry),
	}
	if t.Data.To != "" {
		if r.Receiver = b.party(t.Data.To); t.Taken != nil {
			r.Receiver = b.signer(t.Taken.Stamp, "", t.Taken.At)
		}
		r.Receiver.Organisation = t.Data.Organisation
	}
	if t.Taken != nil {
		r.Answered, r.ReplyEntry, r.State = t.Taken.At, string(t.Taken.Entry), document.ReceiptReceived
		if !t.Taken.Data.Accepted {
			r.State, r.Reason = document.ReceiptRefused, t.Taken.Data.Condition
		}
	}
	for _, sha := range t.Data.Items {
		x := document.ReceiptItem{SHA256: sha, Path: itemPath(s, sha), Seal: t.Data.Seal}
		if it := s.Item(sha); it != nil && len(it.Received) > 0 {
			x.Bytes = it.Received[0].Data.Bytes
		}
		r.Items = append(r.Items, x)
	}
	form, err := r.Form()
	return formPDF(form, err)
}

// PrivilegePaper is the privilege log as a paper.
func (b *Bench) PrivilegePaper() ([]byte, error) {
	s := b.State()
	l := document.PrivilegeLog{
		Case: b.documentCase(s), AsOf: document.AsOf{Head: s.Head, Code: caserecord.HeadCode(s.Head), Entries: s.Entries, At: s.Latest},
		Generated: b.Now(), Letterhead: document.Letterhead{Organisation: s.Case.Organisation},
	}
	for _, x := range b.PrivilegeLog() {
		l.Rows = append(l.Rows, document.PrivilegeRow{
			Entry: string(x.Entry), At: x.Recorded, Author: x.Author, Matter: x.Matter, Track: string(x.Track), Basis: x.Basis, Recipients: x.Recipients,
		})
		if x.Matter == "" {
			l.Rows[len(l.Rows)-1].Matter = x.Lane
		}
	}
	form, err := l.Form()
	return formPDF(form, err)
}

func formPDF(f document.Form, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := pdf.RenderForm(f, &out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (b *Bench) documentCase(s *caserecord.State) document.Case {
	return document.Case{ID: b.ID(), Name: s.Case.Name, Mode: b.Mode(), TLP: s.Case.TLP}
}

// party is a person of the case as papers name them.
func (b *Bench) party(id caserecord.PersonID) document.Party {
	s := b.State()
	p := s.Person(id)
	if p == nil {
		return document.Party{}
	}
	out := document.Party{Name: p.Name, Key: caserecord.KeyCode(p.Keys[0])}
	if held := s.RolesOf(id, b.Now()); len(held) > 0 {
		out.Role = held[0].Title()
	}
	if id == b.MyID() {
		out.Role = b.Acting().Title()
		if key := b.myKey(); key != "" {
			out.Key = caserecord.KeyCode(key)
		}
	}
	return out
}

// signer is whoever signed an entry as a paper about it names them: with the key that signed, and the role that they signed
// in, or else held then.
func (b *Bench) signer(of caserecord.Stamp, role string, at time.Time) document.Party {
	out := document.Party{Name: of.Name, Role: role}
	if e, ok := b.entry(of.Entry); ok {
		out.Key = caserecord.KeyCode(e.Header.Author)
	}
	if held := b.State().RolesOf(of.Person, at); role == "" && len(held) > 0 {
		out.Role = held[0].Title()
	}
	return out
}

// hashFile hashes what travels: a file, or of a plain bundle its SHA256SUMS, which holds the hash of every other file.
func hashFile(path string) (sum string, size int64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", 0, fmt.Errorf("%w: %v", ErrNotFound, err)
	}
	if info.IsDir() {
		path = filepath.Join(path, bundle.SumsFile)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", 0, fmt.Errorf("%w: %v", ErrNotFound, err)
	}
	defer f.Close()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return "", 0, fmt.Errorf("workbench: read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

// travelName is the name of what travels as the slip prints it.
func travelName(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Base(path) + "/" + bundle.SumsFile
	}
	return filepath.Base(path)
}

// WritePaper puts a paper into a file that does not exist yet.
func WritePaper(path string, raw []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrUsage, err)
	}
	_, err = f.Write(raw)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}
