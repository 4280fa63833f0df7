// Package cli is the command line: the same use cases as the window, headless and scriptable.
//
// It sits on workbench and adds no rule of its own. Its confirm handler is the command itself: a person who types
// `decide override … --reason …` has seen what they name. It keeps true that field names of --json are stable, that a
// passphrase is never an argument, and that every outcome has its exit code (exit.go, `adjutant help exit-codes`).
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

// Host is what only the main program has: the window and the page that a browser can show.
type Host struct {
	Version   string
	HasWindow bool
	// Window opens the window, on a case when dir is not "".
	Window func(env workbench.Env, dir string) error
	// Serve offers the page on a loopback address until ctx ends; ready is told the address.
	Serve func(ctx context.Context, env workbench.Env, addr string, ready func(url string)) error
}

// program is one run of the command line.
type program struct {
	host     Host
	env      workbench.Env
	in       *os.File
	out, err io.Writer
	json     bool
	quiet    bool
	pass     string // --passphrase-file
	passFD   int    // --passphrase-fd
	keyPass  string // --key-passphrase-file
	as       string // --as
	role     string // --role
	caseID   string // --case-identity-file
}

// Main runs the command line and returns the exit code.
func Main(args []string, host Host) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	home, err := identity.Home()
	if err != nil {
		fmt.Fprintln(os.Stderr, "adjutant:", err)
		return exitFailed
	}
	p := &program{host: host, env: workbench.NewEnv(home, host.Version), in: os.Stdin, out: os.Stdout, err: os.Stderr}
	return p.run(ctx, args)
}

func (p *program) run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(args)
	root.SetOut(p.out)
	root.SetErr(p.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	f := workbench.Explain(err)
	fmt.Fprintf(p.err, "adjutant: %s\n", printable(f.Sentence))
	if f.Hint != "" {
		fmt.Fprintf(p.err, "  %s\n", printable(f.Hint))
	}
	return exitOf(f.Code)
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "adjutant",
		Short:         "Offline incident response: evidence in, decisions signed, notices out",
		Version:       p.host.Version,
		SilenceErrors: true, SilenceUsage: true,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.window("") },
	}
	f := root.PersistentFlags()
	f.BoolVar(&p.json, "json", false, "print JSON; field names are stable")
	f.BoolVar(&p.quiet, "quiet", false, "no progress")
	f.StringVar(&p.pass, "passphrase-file", os.Getenv("ADJUTANT_PASSPHRASE_FILE"), "file with the passphrase of the case (or ADJUTANT_PASSPHRASE_FILE)")
	f.IntVar(&p.passFD, "passphrase-fd", -1, "open file descriptor with the passphrase of the case")
	f.StringVar(&p.keyPass, "key-passphrase-file", "", "file with the passphrase of the person's key; without it the same as the case's")
	f.StringVar(&p.as, "as", "", "person who acts; without it the device's default person")
	f.StringVar(&p.role, "role", "", "role in which the person acts; without it the first they hold")
	f.StringVar(&p.caseID, "case-identity-file", "", "file of an age identity that opens the case instead of its passphrase (case slots add --recipient)")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%v", err) })
	root.AddCommand(
		p.demoCommand(), p.windowCommand(), p.serveCommand(), p.caseCommand(), p.identityCommand(), p.roleCommand(), p.authorityCommand(), p.evidenceCommand(), p.holdCommand(), p.laneCommand(),
		p.timelineCommand(), p.detectCommand(), p.triageCommand(), p.recommendCommand(), p.decideCommand(), p.deadlineCommand(),
		p.documentCommand(), p.askCommand(), p.recordCommand(), p.witnessCommand(), p.bundleCommand(), p.mergeCommand(), p.modelCommand(), p.narrativeCommand(), p.selftestCommand(), p.exitCodesTopic(),
	)
	root.CompletionOptions.DisableDefaultCmd = true
	explainArguments(root)
	return root
}

// explainArguments makes a wrong number of arguments, or a command that does not exist, an error of use that shows how
// the command is called.
func explainArguments(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usage("%v. Call it as: %s", err, cmd.UseLine())
			}
			return nil
		}
	} else if c.HasSubCommands() {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("%s has no command %q; `%s --help` lists them", cmd.CommandPath(), args[0], cmd.CommandPath())
			}
			return nil
		}
		c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	for _, sub := range c.Commands() {
		explainArguments(sub)
	}
}

// open opens the case and puts the person at it. The caller closes it.
func (p *program) open(ctx context.Context, dir string) (*workbench.Bench, error) {
	c := workbench.OpenConfig{Dir: dir, Person: p.as, Role: incident.Role(p.role)}
	var err error
	if c.Key, err = p.keyPassphrase(); err != nil {
		return nil, err
	}
	switch {
	case p.caseID == "":
		c.Passphrase, err = p.passphrase("Passphrase of the case", false)
	case c.Key == nil:
		c.Key, err = p.passphrase("Passphrase of your key", false)
	}
	if err == nil && p.caseID != "" {
		c.Identity, err = passphraseBytes(p.caseID)
	}
	if err != nil {
		return nil, err
	}
	b, err := workbench.OpenCase(ctx, p.env, c)
	if err != nil {
		return nil, err
	}
	for _, x := range b.Problems() {
		state := "not mended"
		if x.Mended {
			state = "mended"
		}
		fmt.Fprintf(p.err, "adjutant: %s: %s (%s)\n", printable(x.File), printable(x.Text), state)
	}
	return b, nil
}

// with opens the case, runs f and closes the case.
func (p *program) with(ctx context.Context, dir string, f func(b *workbench.Bench) error) (err error) {
	b, err := p.open(ctx, dir)
	if err != nil {
		return err
	}
	defer func() {
		closing := b.Close()
		var said exitCode
		if closing != nil && errors.As(err, &said) {
			err = nil // a fault of closing is told, not swallowed by a code that says nothing
		}
		err = errors.Join(err, closing)
	}()
	return f(b)
}

// signs makes the acts of the person who typed the command.
var signs = workbench.Confirmer{Once: confirm.New, Batch: confirm.Batch}

// act turns a proposal into an act, or says why the person may not.
func act(b *workbench.Bench, pr workbench.Proposal, batch bool) (identity.Act, error) {
	var none identity.Act
	if pr.Refused != nil {
		return none, fmt.Errorf("%w: %w", workbench.ErrNotAllowed, pr.Refused)
	}
	me, err := b.Me()
	if err != nil {
		return none, err
	}
	if batch {
		return confirm.Batch(me, pr.Shown, pr.Kinds...), nil
	}
	return confirm.New(me, pr.Shown, pr.Kinds...), nil
}

// signAct signs what was proposed and prints what was written.
func (p *program) signAct(ctx context.Context, b *workbench.Bench, pr workbench.ActProposal) error {
	a, err := act(b, pr.Proposal, false)
	if err != nil {
		return err
	}
	e, err := b.SignAct(ctx, a)
	if err != nil {
		return err
	}
	return p.signed(b, e, func() {
		p.sentence("", pr.Sentence)
		for _, c := range pr.Consequences {
			p.sentence("  - ", c)
		}
	})
}

// line prints one JSON object on a line of its own.
func (p *program) line(v any) error {
	enc := json.NewEncoder(p.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// say prints a line for people.
func (p *program) say(format string, a ...any) { fmt.Fprintf(p.out, format+"\n", a...) }

// outcome turns a summary of an intake into the exit code of the contract.
func outcome(s evidence.Summary) error {
	switch s.ExitStatus() {
	case 0:
		return nil
	case 1:
		return exitCode(exitFailed)
	}
	return exitCode(exitPartial)
}

func (p *program) window(dir string) error {
	if !p.host.HasWindow {
		return workbench.ErrNoWindow
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" && needsDisplay {
		return workbench.ErrNoDisplay
	}
	if dir != "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return err
		}
		if _, err := workbench.Inspect(abs); err != nil {
			return err
		}
		dir = abs
	}
	return p.host.Window(p.env, dir)
}
