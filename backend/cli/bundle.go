package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"adjutant/backend/workbench"
)

func (p *program) bundleCommand() *cobra.Command {
	c := &cobra.Command{Use: "bundle", Short: "Copies of the case for others, and copies that arrive"}
	c.AddCommand(p.bundleExport(), p.bundleImport(), p.bundleUnpack())
	return c
}

func (p *program) bundleExport() *cobra.Command {
	var r workbench.CopyRequest
	var plain, withEvidence, noEvidence, estimate bool
	var passFile string
	c := &cobra.Command{
		Use: "export CASE OUT --plain | --recipient R… | --parcel-passphrase-file F", Short: "A copy of the case: a plain folder for a court, or one encrypted file", Args: cobra.ExactArgs(2),
		Long: `With --plain OUT becomes a folder that anyone reads with a browser and checks with caseverify; evidence goes along when
--with-evidence or --evidence asks for it. Otherwise OUT becomes one encrypted file (a parcel, usually named *.adjutant) with the
sealed evidence. It opens with the keys of the recipients named, or with the passphrase in the file F. Given neither, a
--passphrase-file on the command line is the parcel's, and the case opens with that of ADJUTANT_PASSPHRASE_FILE, or the same. A recipient is a person of the case (all their keys that may sign now), a file with a card, an age1…
key, or a signing key of 64 digits.

What legal counsel marked or sealed stays out unless counsel names its lane (--include-lane), or everybody who can open the
parcel is in the lane; a privilege log goes along. Nothing leaves while a check found evidence altered and nobody explained it.
The record says first that the copy leaves, and that entry goes along. A copy that was killed half-way goes on when it is asked for
again; one that was cancelled leaves nothing but that entry.

With --json one object: form, out, head, head_code, entries, withheld, evidence, bytes, entry. With --estimate nothing is written
or signed: form, out, head, entries, withheld, files, bytes, items, papers, verifiers, recipients, lanes, notes, resumes, evidence.`,
		RunE: func(cmd *cobra.Command, a []string) error {
			r.Out = a[1]
			if flag := cmd.Flags().Lookup("passphrase-file"); !plain && len(r.Recipients) == 0 && passFile == "" && flag.Changed {
				passFile = p.pass
				if own := os.Getenv("ADJUTANT_PASSPHRASE_FILE"); own != "" {
					p.pass = own
				}
			}
			var err error
			if r.Form, err = formOf(plain, len(r.Recipients) > 0, passFile != ""); err != nil {
				return err
			}
			if passFile != "" {
				if r.Passphrase, err = passphraseFile(passFile); err != nil {
					return err
				}
			}
			switch {
			case withEvidence && noEvidence:
				return usage("--with-evidence and --no-evidence contradict each other")
			case withEvidence:
				r.Evidence = workbench.EvidenceAll
			case noEvidence:
				r.Evidence = workbench.EvidenceNone
			}
			return p.with(cmd.Context(), a[0], func(b *workbench.Bench) error { return p.export(cmd.Context(), b, r, estimate) })
		},
	}
	f := c.Flags()
	f.BoolVar(&plain, "plain", false, "a folder, not encrypted")
	f.StringArrayVar(&r.Recipients, "recipient", nil, "for whom it is encrypted; may be given several times")
	f.StringVar(&passFile, "parcel-passphrase-file", "", "file with the passphrase that opens the parcel")
	f.StringVar(&r.To, "to", "", "who gets it, in words")
	f.BoolVar(&withEvidence, "with-evidence", false, "all sealed evidence goes along (the default of a parcel)")
	f.BoolVar(&noEvidence, "no-evidence", false, "no evidence goes along (the default of a plain folder)")
	f.StringSliceVar(&r.Items, "evidence", nil, "only these items, by SHA-256 or its first six digits or more")
	f.BoolVar(&r.Referenced, "with-referenced", false, "evidence that was left where it lies goes along too, when it is at hand")
	f.StringVar(&r.Papers, "documents", workbench.PapersApproved, "papers that go along: all, approved, none")
	f.StringVar(&r.Verifiers, "verifiers", "", "folder with caseverify-linux-amd64 and caseverify-windows-amd64.exe; without it the folder verify beside this program")
	f.StringSliceVar(&r.Lanes, "include-lane", nil, "lane whose words counsel lets out")
	f.BoolVar(&estimate, "estimate", false, "say what would go along and how much it is; write and sign nothing")
	return c
}

func formOf(plain, recipients, passphrase bool) (string, error) {
	switch {
	case plain && (recipients || passphrase):
		return "", usage("--plain is not encrypted: it takes no --recipient and no --parcel-passphrase-file")
	case plain:
		return workbench.FormPlain, nil
	case recipients && passphrase:
		return "", usage("a parcel opens with keys or with a passphrase, not both")
	case recipients || passphrase:
		return workbench.FormParcel, nil
	}
	return "", usage("give --plain for a folder that is not encrypted, or --recipient or --parcel-passphrase-file for a parcel")
}

func (p *program) export(ctx context.Context, b *workbench.Bench, r workbench.CopyRequest, estimate bool) error {
	c, err := b.ProposeCopy(ctx, r)
	if err != nil {
		return err
	}
	if estimate {
		if p.json {
			return p.line(c)
		}
		p.showCopying(c)
		return nil
	}
	a, err := act(b, c.Proposal, false)
	if err != nil {
		return err
	}
	pb := p.bar("bytes")
	done, err := c.Run(ctx, a, pb.report)
	pb.done()
	if err != nil {
		return err
	}
	if p.json {
		return p.line(copiedLine(done))
	}
	p.say("Written to %s: %s%s.", printable(done.Out), plural(done.Entries, "entry", "entries"), along(done))
	for _, n := range c.Notes {
		p.sentence("  - ", n)
	}
	for _, x := range c.Consequences {
		p.sentence("  - ", x)
	}
	p.say("Head %s", headCode(done.Head))
	return nil
}

func copiedLine(c workbench.Copied) any {
	return struct {
		workbench.Copied
		HeadCode string `json:"head_code"`
	}{c, headCode(c.Head)}
}

func along(c workbench.Copied) string {
	text := ""
	if c.Evidence > 0 {
		text += ", the bytes of " + plural(c.Evidence, "evidence item", "evidence items")
	}
	if c.Withheld > 0 {
		text += fmt.Sprintf(", %d without words", c.Withheld)
	}
	return text
}

func (p *program) showCopying(c *workbench.Copying) {
	most := ""
	if c.Form == workbench.FormParcel {
		most = "at most "
	}
	p.say("%s: %s, %d files, %s%d bytes. Nothing was written or signed.", c.Form, plural(c.Entries, "entry", "entries"), c.Files, most, c.Bytes)
	for _, x := range c.Items {
		state := "goes along"
		if !x.Here {
			state = "stays: " + x.Why
		}
		p.say("  evidence %s  %s, %d bytes: %s", x.SHA256[:12], printable(x.Path), x.Bytes, state)
	}
	for _, x := range c.Papers {
		state := x.File
		if state == "" {
			state = "stays: " + x.Left
		}
		p.say("  paper    %s  %s: %s", x.Document[:min(12, len(x.Document))], printable(x.Title), state)
	}
	for _, v := range c.Verifiers {
		p.say("  verifier %s", v)
	}
	for _, l := range c.Log {
		p.say("  withheld %s  %s: %s", l.Entry[:12], l.Kind, printable(l.Lane))
	}
	for _, n := range append(c.Notes, c.Consequences...) {
		p.sentence("- ", n)
	}
	if c.Refused != nil {
		p.sentence("! ", workbench.Explain(fmt.Errorf("%w: %w", workbench.ErrNotAllowed, c.Refused)).Sentence)
	}
}

func (p *program) bundleImport() *cobra.Command {
	var preview, keepGoing bool
	var passFile, ageFile string
	c := &cobra.Command{
		Use: "import OUT CASE", Short: "Make a case of a copy, or join the copy with the case that is there", Args: cobra.ExactArgs(2),
		Long: `OUT is a plain folder or a parcel. It is only read, and every signature in it is checked before anything is taken in. Where
CASE does not exist it becomes a case with the same id, every entry byte for byte and the evidence that came along, under a
passphrase of its own (--passphrase-file); nothing is signed. Where CASE exists, this is a merge: see ` + "`merge`" + `.

A parcel opens with its own passphrase (--parcel-passphrase-file; without it the same as the case's), with a person's key on this device (--as,
--key-passphrase-file), or with an age identity (--age-identity). Nothing of it is written to the disk in plain.

With --json: what ` + "`merge`" + ` prints, with case and dir. The preview of a new case: from, kind, case, name, mode, tlp, opened,
opened_by, opener_key, entries, withheld, evidence, bytes, elsewhere, head, head_code, blocked, problems.`,
		RunE: func(cmd *cobra.Command, a []string) error {
			pass, file, err := p.parcelSecrets(a[0], passFile, ageFile)
			if err != nil {
				return err
			}
			key, err := p.parcelKey(a[0], ageFile)
			if err != nil {
				return err
			}
			if _, err := workbench.Inspect(a[1]); err == nil {
				return p.with(cmd.Context(), a[1], func(b *workbench.Bench) error {
					return p.merge(cmd.Context(), b, workbench.MergeRequest{Path: a[0], Passphrase: pass, Identity: file, Key: key, KeepGoing: keepGoing}, preview)
				})
			}
			r := workbench.ImportRequest{Path: a[0], Passphrase: pass, Identity: file, Person: p.as, Key: key, Dir: a[1], KeepGoing: keepGoing}
			return p.importNew(cmd.Context(), r, preview)
		},
	}
	f := c.Flags()
	f.BoolVar(&preview, "preview", false, "say what is in the copy, and change nothing")
	f.BoolVar(&keepGoing, "keep-going", false, "take in what is sound of a damaged or incomplete copy; the rest is named")
	p.parcelFlags(c, &passFile, &ageFile)
	return c
}

func (p *program) parcelFlags(c *cobra.Command, passFile, ageFile *string) {
	c.Flags().StringVar(passFile, "parcel-passphrase-file", "", "file with the passphrase that opens the parcel")
	c.Flags().StringVar(ageFile, "age-identity", "", "file of an age identity that opens the parcel")
}

// parcelSecrets reads what a parcel is opened with beside a person's key.
func (p *program) parcelSecrets(path, passFile, ageFile string) (pass, file []byte, err error) {
	if ageFile != "" {
		if file, err = passphraseBytes(ageFile); err != nil {
			return nil, nil, err
		}
	}
	switch kind := workbench.Opens(path); {
	case passFile != "":
		pass, err = passphraseFile(passFile)
	case kind == workbench.OpensWithPassphrase && p.pass != "":
		pass, err = passphraseFile(p.pass) // as everywhere: without a word the same as the case's
	case kind == workbench.OpensWithPassphrase:
		pass, err = p.ask("Passphrase of the parcel", false)
	}
	return pass, file, err
}

// parcelKey is the passphrase of the person's key, when the parcel opens with one.
func (p *program) parcelKey(path, ageFile string) ([]byte, error) {
	if workbench.Opens(path) != workbench.OpensWithKey || ageFile != "" {
		return nil, nil
	}
	switch {
	case p.keyPass != "":
		return passphraseFile(p.keyPass)
	case p.pass != "":
		return passphraseFile(p.pass) // as everywhere: without a word the same as the case's
	}
	return p.ask("Passphrase of your key", false)
}

func (p *program) importNew(ctx context.Context, r workbench.ImportRequest, preview bool) error {
	pb := p.bar("")
	defer pb.done()
	i, err := workbench.OpenImport(ctx, p.env, r, pb.report)
	if err != nil {
		return p.damaged(err)
	}
	defer i.Close()
	v := i.Preview()
	if preview {
		pb.done()
		if p.json {
			return p.line(v)
		}
		p.showImport(v)
		return nil
	}
	pass, err := p.passphrase("Passphrase for the case", true)
	if err != nil {
		return err
	}
	done, err := i.Run(ctx, pass, pb.report)
	pb.done()
	if err != nil {
		return p.damaged(err)
	}
	if p.json {
		return p.line(struct {
			Case string `json:"case"`
			Dir  string `json:"dir"`
			workbench.Merged
			HeadCode string `json:"head_code"`
		}{v.Case, r.Dir, done, headCode(done.Head)})
	}
	p.showImport(v)
	p.showMerged(done)
	return nil
}

func (p *program) showImport(v workbench.ImportPreview) {
	p.say("%s: %s (%s, %s), case %s", printable(v.From), printable(v.Name), v.Mode, v.TLP, v.Case)
	p.say("  opened %s by %s, key %s: compare it with the person", v.Opened.Format("2006-01-02 15:04Z"), printable(v.OpenedBy), v.OpenerKey)
	p.say("  %s, head %s", plural(v.Entries, "entry", "entries"), v.HeadCode)
	if v.Withheld > 0 {
		p.say("  the words of %s are not in the copy", plural(v.Withheld, "entry", "entries"))
	}
	p.say("  the bytes of %s come along (%d bytes), of %d not", plural(v.Evidence, "evidence item", "evidence items"), v.Bytes, v.Elsewhere)
	if v.Blocked {
		p.say("! The copy is damaged or incomplete; as it is nothing will be taken in:")
		for _, x := range v.Problems {
			p.say("  %s %s %s", x.Code, shortID(x.Entry), printable(x.Text))
		}
	}
}

func (p *program) bundleUnpack() *cobra.Command {
	var passFile, ageFile string
	c := &cobra.Command{
		Use: "unpack PARCEL DIR", Short: "Take a parcel apart into a plain folder, for caseverify and a browser", Args: cobra.ExactArgs(2),
		Long: "DIR is plain: everybody who can read it can read the case and its evidence. Nothing in it was checked; run caseverify on it.\nWith --json: dir, case, name, entries, files, head_code.",
		RunE: func(cmd *cobra.Command, a []string) error {
			r := workbench.ImportRequest{Path: a[0], Person: p.as, Dir: a[1]}
			var err error
			if r.Passphrase, r.Identity, err = p.parcelSecrets(a[0], passFile, ageFile); err != nil {
				return err
			}
			if r.Key, err = p.parcelKey(a[0], ageFile); err != nil {
				return err
			}
			pb := p.bar("bytes")
			m, err := workbench.Unpack(cmd.Context(), p.env, r, pb.report)
			pb.done()
			if err != nil {
				return err
			}
			if p.json {
				return p.line(map[string]any{"dir": a[1], "case": m.Case, "name": m.Name, "entries": m.Entries, "files": len(m.Files) + 2, "head_code": m.HeadCode})
			}
			p.say("Unpacked to %s: not encrypted, and not checked. Now run: caseverify %s", printable(a[1]), printable(a[1]))
			return nil
		},
	}
	p.parcelFlags(c, &passFile, &ageFile)
	return c
}
