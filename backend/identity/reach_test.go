package identity_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/identity"
)

// What can reach a private key, written down: a change of these lists is a change of P1 and wants a second look.
var (
	// signers call ed25519.Sign. None is given bytes that it does not read, and all but signCard spend an Act.
	signers = []string{"Sign", "SignCheckpoint", "SignCosignature", "signCard"}
	// holders read the key field of an Unlocked.
	holders = []string{"Lock", "Locked", "Sign", "SignCheckpoint", "SignCosignature", "Unwrap", "signCard", "spend"}
	// seeds make or take a private key otherwise: from a seed, or for age.
	seeds = []string{"Unlock", "Unwrap", "publicOf"}
	// methods are what a package that holds an Unlocked can do with it.
	methods = []string{"AgeIdentity", "Format", "Locked", "Lock", "Open", "Person", "Sign", "SignCheckpoint", "SignCosignature"}
)

// TestWhatReachesAKey compares the lists with the code.
func TestWhatReachesAKey(t *testing.T) {
	var gotSigners, gotHolders, gotSeeds []string
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			add := func(list *[]string) {
				if !slices.Contains(*list, fn.Name.Name) {
					*list = append(*list, fn.Name.Name)
				}
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				pkg, _ := s.X.(*ast.Ident)
				switch {
				case pkg != nil && pkg.Name == "ed25519" && s.Sel.Name == "Sign":
					add(&gotSigners)
				case pkg != nil && (pkg.Name == "ed25519" && s.Sel.Name == "NewKeyFromSeed" || pkg.Name == "agessh" && strings.HasSuffix(s.Sel.Name, "Identity")):
					add(&gotSeeds)
				case s.Sel.Name == "key":
					add(&gotHolders)
				case s.Sel.Name == "Sign" && (pkg == nil || pkg.Name != "ed25519"), s.Sel.Name == "SignWithOptions":
					t.Errorf("%s signs by another way", fn.Name.Name)
				}
				return true
			})
		}
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{{"sign", gotSigners, signers}, {"read the key", gotHolders, holders}, {"make a key", gotSeeds, seeds}} {
		slices.Sort(c.got)
		if !slices.Equal(c.got, c.want) {
			t.Errorf("functions that %s: %q, written down are %q", c.what, c.got, c.want)
		}
	}

	var gotMethods []string
	u := reflect.TypeFor[*identity.Unlocked]()
	for i := range u.NumMethod() {
		gotMethods = append(gotMethods, u.Method(i).Name)
		// Whoever signs takes an Act first.
		if m := u.Method(i); strings.HasPrefix(m.Name, "Sign") && m.Type.In(1) != reflect.TypeFor[identity.Act]() {
			t.Errorf("%s signs without an act", m.Name)
		}
	}
	slices.Sort(gotMethods)
	want := slices.Clone(methods)
	slices.Sort(want)
	if !slices.Equal(gotMethods, want) {
		t.Errorf("methods: %q, written down are %q", gotMethods, want)
	}
	for i := range u.Elem().NumField() {
		if u.Elem().Field(i).IsExported() {
			t.Errorf("an Unlocked shows its field %s", u.Elem().Field(i).Name)
		}
	}
}
