// Command packrules packs a folder of Sigma rules into the file that package rules embeds. It is run by go generate and
// refuses a folder in which a rule cannot run.
//
// Use: packrules FOLDER FILE
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"adjutant/backend/detect/rules"
	"adjutant/backend/detect/sigma"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "use: packrules FOLDER FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder, file string) error {
	names, err := filepath.Glob(filepath.Join(folder, "*.yml"))
	if err != nil {
		return fmt.Errorf("packrules: list %s: %w", folder, err)
	}
	files := map[string][]byte{}
	for _, n := range names {
		data, err := os.ReadFile(n)
		if err != nil {
			return fmt.Errorf("packrules: %w", err)
		}
		files[filepath.Base(n)] = data
	}
	for _, r := range sigma.NewPack(rules.PackName, files).Refused {
		return fmt.Errorf("packrules: %s: %s", r.Source, r.Reason)
	}
	out, err := rules.Pack(files)
	if err != nil {
		return err
	}
	return os.WriteFile(file, out, 0o644)
}
