package cli

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"adjutant/backend/workbench"
)

// Exit codes. They are part of the interface: scripts rely on them.
const (
	exitOK         = 0
	exitFailed     = 1
	exitUsage      = 2
	exitPartial    = 3 // evidence add: some items partial or failed; the rest was taken in
	exitPassphrase = 4
	exitDamaged    = 5 // case or record damaged; also a record that does not verify
	exitInUse      = 6 // the case is open in another program, or the port is taken
	exitDiskFull   = 7
	exitNotAllowed = 8 // the person's role may not do this
	exitNoModel    = 9
	exitNoDisplay  = 10
	exitNotFound   = 11
	exitRefused    = 12 // a reason is missing or too short, a check failed, what was shown has changed
	exitCancelled  = 130
)

// exitCode is an error that only carries the code: everything was said already.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func usage(format string, a ...any) error {
	return fmt.Errorf("%w: %s", workbench.ErrUsage, fmt.Sprintf(format, a...))
}

func exitOf(code workbench.Code) int {
	switch code {
	case workbench.CodeUsage, workbench.CodeQuery:
		return exitUsage
	case workbench.CodePassphrase:
		return exitPassphrase
	case workbench.CodeDamaged, workbench.CodeVersion, workbench.CodeNotCase:
		return exitDamaged
	case workbench.CodeInUse:
		return exitInUse
	case workbench.CodeDiskFull:
		return exitDiskFull
	case workbench.CodeNotAllowed, workbench.CodeLocked:
		return exitNotAllowed
	case workbench.CodeNoModel:
		return exitNoModel
	case workbench.CodeNoDisplay, workbench.CodeNoWindow:
		return exitNoDisplay
	case workbench.CodeNotFound:
		return exitNotFound
	case workbench.CodeReason, workbench.CodeChanged, workbench.CodeGate, workbench.CodeHeld, workbench.CodeMismatch:
		return exitRefused
	case workbench.CodeCancelled:
		return exitCancelled
	}
	return exitFailed
}

const exitText = `  0  done
  1  failed, or nothing was taken in
  2  the call's words are off
  3  partial: some evidence items are partial or failed, the rest was taken in
  4  wrong passphrase, or a key that a parcel is not for
  5  the folder is no case, or the case or its record is damaged
  6  the case is open in another program, or the port is in use
  7  the disk is full; nothing acknowledged is lost
  8  the person's role may not do this, or their key is locked
  9  the model server or model file is missing
 10  no display, or a program without a window
 11  no such case, row, group, recommendation, clock or document
 12  refused: a reason is missing or too short, a check failed, two codes differ, what was shown has changed, a legal hold stands, or evidence is
     not what was taken in
130  cancelled; what was acknowledged stays`

func (p *program) exitCodesTopic() *cobra.Command {
	return &cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: "Exit codes of every command:\n\n" + exitText, Args: cobra.NoArgs,
		Run: func(*cobra.Command, []string) { p.say("%s", exitText) }}
}

// printable makes text from evidence or errors inert on a terminal: control and invisible characters become visible.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t' || r == '\n':
			b.WriteByte(' ')
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
