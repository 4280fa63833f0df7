package decision

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestReasonCodes(t *testing.T) {
	all := ReasonCodes()
	if len(all) != 13 {
		t.Errorf("%d codes, expected 13", len(all))
	}
	want := map[Outcome]int{Accept: 5, Override: 12, Reject: 9, Severity: 8, Verdict: 7}
	for o, n := range want {
		if got := len(CodesFor(o)); got != n {
			t.Errorf("%s: %d codes, expected %d", o, got, n)
		}
	}
	seen := map[string]bool{}
	for _, c := range all {
		if seen[c.Code] || c.Words == "" || len(c.Outcomes) == 0 {
			t.Errorf("code %+v is doubled or says nothing", c)
		}
		seen[c.Code] = true
		// An example shows a good reason, so it has to pass itself but for being the example.
		if err := ValidateReason(c.Code, c.Example+" As agreed today.", c.Outcomes[0]); err != nil {
			t.Errorf("example of %s does not pass: %v", c.Code, err)
		}
	}
}

func TestValidateReason(t *testing.T) {
	good := "The backup agent starts this process each night."
	for _, c := range []struct {
		name, code, text string
		o                Outcome
		want             error
	}{
		{"good", "known-activity", good, Reject, nil},
		{"accept without reason", "", "", Accept, nil},
		{"accept with half a reason", "", good, Accept, ErrReasonCode},
		{"reject without text", "known-activity", "  \n ", Reject, ErrReasonMissing},
		{"unknown code", "because", good, Reject, ErrReasonCode},
		{"code of another act", "better-alternative", good, Verdict, ErrReasonCode},
		{"nineteen characters", "other", "Nineteen chars here", Reject, ErrReasonShort},
		{"padded with spaces", "other", "short     \t\t\t              one", Reject, ErrReasonShort},
		{"padded with invisible characters", "other", "short one" + strings.Repeat("\u200b", 40), Reject, ErrReasonShort},
		{"one letter", "other", strings.Repeat("a", 40), Reject, ErrReasonEmpty},
		{"one unit", "other", strings.Repeat("asdfghjk ", 6), Reject, ErrReasonEmpty},
		{"digits", "other", "1234567890 1234567890 1234567890", Reject, ErrReasonEmpty},
		{"example", "known-activity", codes[2].Example, Reject, ErrReasonIsSample},
		{"too long", "other", good + strings.Repeat(" and so on and so forth", 400), Reject, ErrReasonLong},
		{"act outside the list", "other", good, "shrug", ErrOutcome},
		{"other script", "other", "バックアップのプログラムが毎晩同じ時刻にこの処理を始めます", Override, nil},
	} {
		if err := ValidateReason(c.code, c.text, c.o); !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: %v, expected %v", c.name, err, c.want)
		}
	}
}

func shown() Shown {
	return Shown{Case: "c1", Head: "h", Outcome: Override, Subject: "r1", Title: "Isolate FS01", Recommended: "Isolate FS01",
		By: Source{"rule", "isolate-on-service", "3"}, Why: "new service", Factors: []Factor{{"rarity", 0.4, 1, "first seen"}},
		Rows: []ShownRow{{"e/occurred.0", "2026-11-20T18:30:00.0000000Z", "service installed"}}, Choice: "Disable the account",
		Consequences: []string{"one"}, Person: "p", Role: "incident-commander"}
}

// TestShownHashCoversEverything changes each part once: a signature over the hash must not survive any of it.
func TestShownHashCoversEverything(t *testing.T) {
	base := shown().Hash()
	for name, change := range map[string]func(*Shown){
		"case": func(s *Shown) { s.Case = "c2" }, "head": func(s *Shown) { s.Head = "" }, "outcome": func(s *Shown) { s.Outcome = Reject },
		"subject": func(s *Shown) { s.Subject = "r2" }, "title": func(s *Shown) { s.Title += "." }, "recommended": func(s *Shown) { s.Recommended = "x" },
		"source": func(s *Shown) { s.By.Version = "4" }, "why": func(s *Shown) { s.Why = "" }, "factor": func(s *Shown) { s.Factors[0].Value = 0.99 },
		"factor gone": func(s *Shown) { s.Factors = nil }, "row": func(s *Shown) { s.Rows[0].Text = "removed" }, "row gone": func(s *Shown) { s.Rows = nil },
		"choice": func(s *Shown) { s.Choice = "x" }, "consequence": func(s *Shown) { s.Consequences = append(s.Consequences, "two") },
		"person": func(s *Shown) { s.Person = "q" }, "role": func(s *Shown) { s.Role = "responder" }, "not a number": func(s *Shown) { s.Factors[0].Weight = math.NaN() },
	} {
		s := shown()
		change(&s)
		if s.Hash() == base {
			t.Errorf("%s: same hash", name)
		}
	}
}

// TestShownOldBytes pins the published form: a failing test means a new version of the prefix, not a new expectation.
func TestShownOldBytes(t *testing.T) {
	want := "adjutant decision shown v1\n" + `{"case":"c1","head":"h","outcome":"override","subject":"r1","title":"Isolate FS01","recommended":"Isolate FS01","by":{"kind":"rule","name":"isolate-on-service","version":"3"},"why":"new service","factors":[{"name":"rarity","weight":0.4,"value":1,"words":"first seen"}],"rows":[{"id":"e/occurred.0","at":"2026-11-20T18:30:00.0000000Z","text":"service installed"}],"choice":"Disable the account","consequences":["one"],"person":"p","role":"incident-commander"}` + "\n"
	if got := string(shown().Canonical()); got != want {
		t.Errorf("canonical form changed:\n%s\nexpected\n%s", got, want)
	}
}

func TestConsequencesAreHonest(t *testing.T) {
	for _, o := range Outcomes {
		list := Consequences(Change{Outcome: o, Title: "Isolate FS01", Instead: "Disable the account.", From: "low", To: "high", Findings: 1, Suggests: "medium", Voids: []string{"Situation report"}})
		text := strings.Join(list, " ")
		if len(list) < 3 || !strings.Contains(text, "signed into the case record") || !strings.Contains(text, "Situation report") {
			t.Errorf("%s: %q", o, text)
		}
		for _, bad := range []string{"must notify", "will isolate", "automatically"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: says %q", o, bad)
			}
		}
	}
}
