package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/extract"
)

func printJSON(out io.Writer, report any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

// printBundle writes the report for people. Names come from the record: %q keeps their control characters off the terminal.
func printBundle(out io.Writer, name string, r caserecord.Report) error {
	var w strings.Builder
	printCase(&w, r.Mode, r.Case, name)
	fmt.Fprintf(&w, "entries  %d by %d keys, %d bodies withheld\nhead     %s\n         %s\n", r.Entries, r.Authors, r.Withheld, r.HeadCode, r.Head)
	printSigners(&w, r.Signers)
	printList(&w, "checked", r.Checked)
	if !r.Anchored {
		w.WriteString("\nnot checked\n  whether the signers are who they say, and whether the whole record was made up:\n" +
			"  give a head from a paper (--head), a checkpoint (--checkpoint) or the opener's fingerprint (--key)\n")
	}
	printProblems(&w, r.Problems, "(the record)")
	fmt.Fprintf(&w, "\nverdict  %s\n", r.Verdict)
	_, err := io.WriteString(out, w.String())
	return err
}

// printExtract is the same for a part of a record, which always leaves something unchecked.
func printExtract(out io.Writer, m *extract.Manifest, r extract.Report) error {
	var w strings.Builder
	name := ""
	if m != nil {
		name = m.Name
	}
	printCase(&w, r.Mode, r.Case, name)
	if m != nil {
		fmt.Fprintf(&w, "extract  for %q: %q\n", m.To, m.Reason)
	}
	fmt.Fprintf(&w, "entries  %d by %d keys, %d bodies withheld; %d documents\n\nunder the signed checkpoints of\n", r.Entries, r.Authors, r.Withheld, r.Documents)
	for _, l := range r.Logs {
		fmt.Fprintf(&w, "  %s  %d entries, %d of them proved here\n", l.Code, l.Size, l.Shown)
	}
	printSigners(&w, r.Signers)
	printList(&w, "checked", r.Checked)
	printList(&w, "not checked", r.NotChecked)
	printProblems(&w, r.Problems, "(the extract)")
	fmt.Fprintf(&w, "\nverdict  %s\n", r.Verdict)
	_, err := io.WriteString(out, w.String())
	return err
}

func printCase(w *strings.Builder, mode, id, name string) {
	if mode == "exercise" {
		w.WriteString("EXERCISE: a drill, not a real incident\n")
	}
	fmt.Fprintf(w, "case     %s", or(id, "(unknown)"))
	if name != "" {
		fmt.Fprintf(w, " %q", name)
	}
	w.WriteString("\n")
}

func printSigners(w *strings.Builder, signers []caserecord.Signer) {
	w.WriteString("\nsigners\n")
	for _, s := range signers {
		given := ""
		if s.Given {
			given = "  (key given)"
		}
		fmt.Fprintf(w, "  %s  %q  %d entries%s\n", s.Code, s.Person, s.Entries, given)
	}
}

func printList(w *strings.Builder, title string, lines []string) {
	fmt.Fprintf(w, "\n%s\n", title)
	for _, l := range lines {
		fmt.Fprintf(w, "  %s\n", visible(l))
	}
}

func printProblems(w *strings.Builder, problems []caserecord.Problem, whole string) {
	w.WriteString("\nproblems\n")
	for _, p := range problems {
		fmt.Fprintf(w, "  [%s] %s\n    %s\n", p.Code, visible(or(p.Entry, whole)), visible(p.Text))
	}
	if len(problems) == 0 {
		w.WriteString("  none found\n")
	}
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
