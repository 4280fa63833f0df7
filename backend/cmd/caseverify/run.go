package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"unicode"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
)

const usage = `caseverify BUNDLE [--head CODE] [--key FINGERPRINT]… [--json]

Checks an exported case folder: form, signatures, chains, order, authority.

  --head CODE         case head from a paper or a slip, as code or full hash; heads of earlier days count
  --key FINGERPRINT   key of a signer you know, as code or full key; may be repeated
  --json              the report as JSON: {"verdict","anchored","entries","authors","head","problems":[{"code","entry","text"}],…}

Without --head or --key the best verdict is "consistent with itself; signers not checked".

Exit codes: 0 good, 1 damaged or forged, 2 usage, 3 incomplete, 4 equivocation; of several 2 before 1 before 4 before 3.
`

const exitUsage = 2

// keys collects repeated --key flags.
type keys []string

func (k *keys) String() string     { return strings.Join(*k, " ") }
func (k *keys) Set(v string) error { *k = append(*k, v); return nil }

// run is main without the process: it returns the exit code.
func run(args []string, out, errOut io.Writer) int {
	var anchors caserecord.Anchors
	var asJSON bool
	flags := flag.NewFlagSet("caseverify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&anchors.Head, "head", "", "")
	flags.Var((*keys)(&anchors.Keys), "key", "")
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
	b, err := bundle.Read(folder)
	if err != nil {
		fmt.Fprintf(errOut, "caseverify: %v\n", err)
		return exitUsage
	}
	report := b.Verify(anchors)
	if asJSON {
		err = printJSON(out, report)
	} else {
		err = printText(out, b.Manifest, report)
	}
	if err != nil {
		fmt.Fprintf(errOut, "caseverify: write report: %v\n", err)
	}
	return report.ExitCode()
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
			return "", fmt.Errorf("one bundle at a time: %q", rest[0])
		}
		folder, args = rest[0], rest[1:]
	}
	if folder == "" {
		return "", errors.New("no bundle named")
	}
	return folder, nil
}

func printJSON(out io.Writer, r caserecord.Report) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// printText writes the report for people. Names come from the record: %q keeps their control characters off the terminal.
func printText(out io.Writer, m *bundle.Manifest, r caserecord.Report) error {
	var w strings.Builder
	if r.Mode == "exercise" {
		w.WriteString("EXERCISE: a drill, not a real incident\n")
	}
	fmt.Fprintf(&w, "case     %s", or(r.Case, "(unknown)"))
	if m != nil {
		fmt.Fprintf(&w, " %q", m.Name)
	}
	fmt.Fprintf(&w, "\nentries  %d by %d keys, %d bodies withheld\nhead     %s\n         %s\n\nsigners\n", r.Entries, r.Authors, r.Withheld, r.HeadCode, r.Head)
	for _, s := range r.Signers {
		given := ""
		if s.Given {
			given = "  (key given)"
		}
		fmt.Fprintf(&w, "  %s  %q  %d entries%s\n", s.Code, s.Person, s.Entries, given)
	}
	w.WriteString("\nchecked\n")
	for _, c := range r.Checked {
		fmt.Fprintf(&w, "  %s\n", c)
	}
	if !r.Anchored {
		w.WriteString("\nnot checked\n  whether the signers are who they say, and whether the whole record was made up:\n" +
			"  give a head from a paper (--head) or the opener's fingerprint (--key)\n")
	}
	w.WriteString("\nproblems\n")
	for _, p := range r.Problems {
		fmt.Fprintf(&w, "  [%s] %s\n    %s\n", p.Code, or(p.Entry, "(the record)"), visible(p.Text))
	}
	if len(r.Problems) == 0 {
		w.WriteString("  none found\n")
	}
	fmt.Fprintf(&w, "\nverdict  %s\n", r.Verdict)
	_, err := io.WriteString(out, w.String())
	return err
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// visible keeps control characters and direction marks of hostile text off the terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
