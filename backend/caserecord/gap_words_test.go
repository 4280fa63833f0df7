package caserecord

import (
	"strings"
	"testing"
)

// TestGapIsNamedInRefusals: behind a gap in the commander's chain nobody is told that the key was not admitted in time, since
// the admission may stand in what is missing.
func TestGapIsNamedInRefusals(t *testing.T) {
	ada, _, _, all := small(t)
	eve := newSigner(t, "Eve")
	early := sealAt(t, eve, all, Header{Seq: 1}, note("early"))
	all = append(all, early)
	all = append(all, sealAt(t, ada, all, Header{}, &PersonAdmittedData{eve.ref}))
	if s := Fold(all); !strings.Contains(s.Refused[0].Text, "not in this entry's past") {
		t.Fatalf("%+v", s.Refused)
	}
	for i, e := range all {
		if e.Header.Kind == PersonAdmitted {
			s := Fold(append(append([]Entry{}, all[:i]...), all[i+1:]...))
			n := 0
			for _, r := range s.Refused {
				if r.Code == CodeNotYetAdmitted {
					n++
					if !strings.Contains(r.Text, "missing before this one") {
						t.Errorf("%s: %s", r.Kind, r.Text)
					}
				}
			}
			if n == 0 {
				t.Error("nothing is set aside behind the gap")
			}
			return
		}
	}
}
