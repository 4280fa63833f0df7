package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"adjutant/backend/workbench"
)

// maxPassphrase bounds what is read as a passphrase: a whole disk image given by mistake must not be taken in.
const maxPassphrase = 4096

// passphrase reads the case's passphrase: from the descriptor, the file, or the terminal. It is never an argument.
func (p *program) passphrase(prompt string, twice bool) ([]byte, error) {
	switch {
	case p.passFD >= 0:
		f := os.NewFile(uintptr(p.passFD), "passphrase")
		if f == nil {
			return nil, usage("file descriptor %d is not open", p.passFD)
		}
		defer f.Close()
		return readPassphrase(f, fmt.Sprintf("descriptor %d", p.passFD))
	case p.pass != "":
		return passphraseFile(p.pass)
	}
	return p.ask(prompt, twice)
}

func (p *program) keyPassphrase() ([]byte, error) {
	if p.keyPass == "" {
		return nil, nil
	}
	return passphraseFile(p.keyPass)
}

func passphraseFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usage("passphrase file: %v", err)
	}
	defer f.Close()
	return readPassphrase(f, path)
}

// readPassphrase takes the first line without its end.
func readPassphrase(r io.Reader, name string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPassphrase+1))
	if err != nil {
		return nil, usage("passphrase from %s: %v", name, err)
	}
	if len(b) > maxPassphrase {
		return nil, usage("passphrase from %s is longer than %d bytes; is it the right file?", name, maxPassphrase)
	}
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		b = b[:i]
	}
	b = bytes.TrimSuffix(b, []byte("\r"))
	if len(b) == 0 {
		return nil, usage("passphrase from %s is empty", name)
	}
	return b, nil
}

// passphraseBytes reads a small file with a secret whole, such as an age identity.
func passphraseBytes(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usage("%v", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPassphrase+1))
	if err == nil && len(b) > maxPassphrase {
		err = usage("%s is longer than %d bytes; is it the right file?", path, maxPassphrase)
	}
	return b, err
}

func (p *program) ask(prompt string, twice bool) ([]byte, error) {
	if !term.IsTerminal(int(p.in.Fd())) {
		return nil, usage("no passphrase: give --passphrase-file or --passphrase-fd, or start from a terminal")
	}
	fmt.Fprintf(p.err, "%s: ", prompt)
	b, err := term.ReadPassword(int(p.in.Fd()))
	fmt.Fprintln(p.err)
	if err != nil {
		return nil, fmt.Errorf("cli: passphrase: %w", err)
	}
	if twice {
		fmt.Fprint(p.err, "Once more: ")
		c, err := term.ReadPassword(int(p.in.Fd()))
		fmt.Fprintln(p.err)
		if err != nil {
			return nil, fmt.Errorf("cli: passphrase: %w", err)
		}
		if !bytes.Equal(b, c) {
			return nil, errors.Join(workbench.ErrUsage, errors.New("the two passphrases differ"))
		}
	}
	return b, nil
}
