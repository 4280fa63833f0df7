package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/caserecord/extract"
)

const usage = `caseverify FOLDER [--head CODE] [--key FINGERPRINT]… [--checkpoint FILE]… [--json]

Checks an exported case folder: form, signatures, chains, order, authority. For an extract (a folder with extract.json):
form, signatures, the place of every entry under its author's signed checkpoint, admissions, documents.

  --head CODE         case head from a paper or a slip, as code or full hash; heads of earlier days count. An extract does
                      not hold what makes a head: there give a checkpoint
  --key FINGERPRINT   key of a signer you know, as code or full key; may be repeated
  --checkpoint FILE   a signed checkpoint of one of the authors that you got another way; may be repeated
  --json              the report as JSON: {"verdict","anchored","entries","authors","head","problems":[{"code","entry","text"}],…};
                      for an extract without "head", with "logs" and "not_checked"

Without any of these anchors the best verdict is "consistent with itself; signers not checked".

Exit codes: 0 good, 1 damaged or forged, 2 usage, 3 incomplete, 4 equivocation; of several 2 before 1 before 4 before 3.
`

const exitUsage = 2

// repeated collects a flag that may stand several times.
type repeated []string

func (r *repeated) String() string     { return strings.Join(*r, " ") }
func (r *repeated) Set(v string) error { *r = append(*r, v); return nil }

// run is main without the process: it returns the exit code.
func run(args []string, out, errOut io.Writer) int {
	var anchors caserecord.Anchors
	var asJSON bool
	var files []string
	flags := flag.NewFlagSet("caseverify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&anchors.Head, "head", "", "")
	flags.Var((*repeated)(&anchors.Keys), "key", "")
	flags.Var((*repeated)(&files), "checkpoint", "")
	flags.BoolVar(&asJSON, "json", false, "")
	folder, err := parseArgs(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(out, usage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(errOut, "caseverify: %v\n\n%s", err, usage)
		return exitUsage
	}
	var notes [][]byte
	for _, name := range files {
		note, err := readNote(name)
		if err != nil {
			fmt.Fprintf(errOut, "caseverify: checkpoint: %v\n", err)
			return exitUsage
		}
		notes = append(notes, note)
	}
	check := checkBundle
	if extract.Is(folder) {
		check = checkExtract
	}
	exit, write, err := check(folder, anchors, notes, asJSON)
	if err != nil {
		fmt.Fprintf(errOut, "caseverify: %v\n", err)
		return exitUsage
	}
	if err := write(out); err != nil {
		fmt.Fprintf(errOut, "caseverify: write report: %v\n", err)
	}
	return exit
}

// checkBundle reads and verifies a whole record. The error is for what is no folder.
func checkBundle(folder string, a caserecord.Anchors, notes [][]byte, asJSON bool) (exit int, write func(io.Writer) error, err error) {
	b, err := bundle.Read(folder)
	if err != nil {
		return 0, nil, err
	}
	r := extract.HoldAgainst(b.Verify(a), b.Entries, notes)
	if asJSON {
		return r.ExitCode(), func(w io.Writer) error { return printJSON(w, r) }, nil
	}
	name := ""
	if b.Manifest != nil {
		name = b.Manifest.Name
	}
	return r.ExitCode(), func(w io.Writer) error { return printBundle(w, name, r) }, nil
}

// checkExtract reads and verifies a part of a record.
func checkExtract(folder string, a caserecord.Anchors, notes [][]byte, asJSON bool) (exit int, write func(io.Writer) error, err error) {
	x, err := extract.Read(folder)
	if err != nil {
		return 0, nil, err
	}
	r := x.Verify(a, notes...)
	if asJSON {
		return r.ExitCode(), func(w io.Writer) error { return printJSON(w, r) }, nil
	}
	return r.ExitCode(), func(w io.Writer) error { return printExtract(w, x.Manifest, r) }, nil
}

// readNote reads a file that the verifying person names. More than a note can hold is none, which verification says.
func readNote(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, checkpoint.MaxNoteBytes+1))
}

// parseArgs lets flags stand before and after the folder, which package flag alone does not.
func parseArgs(flags *flag.FlagSet, args []string) (folder string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			return "", err
		}
		rest := flags.Args()
		if len(rest) == 0 {
			break
		}
		if folder != "" {
			return "", fmt.Errorf("one folder at a time: %q", rest[0])
		}
		folder, args = rest[0], rest[1:]
	}
	if folder == "" {
		return "", errors.New("no folder named")
	}
	return folder, nil
}
