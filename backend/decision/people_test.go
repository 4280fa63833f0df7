package decision

import (
	"strings"
	"testing"
)

// TestWordsAboutPeople: every act about people says at least what it does and that it stays, and nothing that the program
// does not do.
func TestWordsAboutPeople(t *testing.T) {
	for name, c := range map[string]struct {
		words []string
		says  []string
		never string
	}{
		"admission, not compared":   {Admitted(Admission{Name: "Eva", Code: "AAAAA"}), []string{"AAAAA", "by voice", "A role is given separately"}, "same roles"},
		"admission, compared":       {Admitted(Admission{Name: "Eva", Code: "AAAAA", Compared: true}), []string{"The code that was given, AAAAA"}, "by voice"},
		"another key":               {Admitted(Admission{Name: "Eva", Code: "A", KnownAs: "Eva", Roles: []string{"Responder", "Liaison Officer"}}), []string{"same roles at once: Responder, Liaison Officer"}, "Ask why"},
		"another key, other name":   {Admitted(Admission{Name: "Eve", Code: "A", KnownAs: "Eva"}), []string{"holds no role", "knows this person as “Eva”", "Ask why"}, ""},
		"a key once revoked":        {Admitted(Admission{Name: "Eva", Code: "A", KnownAs: "Eva", Again: true}), []string{"was revoked before"}, ""},
		"grant":                     {Granted("Eva", "Responder", "", "", "", nil), []string{"from now on until somebody ends it"}, "held by"},
		"grant, bounded":            {Granted("Eva", "Responder", "T1", "T2", "nights", []string{"Ben"}), []string{"from T1 until T2", "held by Ben", "does not limit"}, ""},
		"end":                       {Ended(Ending{Name: "Eva", Role: "Responder"}), []string{"Eva no longer acts", "Nobody holds the role then."}, "succession"},
		"end of the last commander": {Ended(Ending{Name: "Eva", Role: "Incident Commander", Commands: true}), []string{"no role given", "Set an order of succession first"}, ""},
		"laid down":                 {Ended(Ending{Name: "Eva", Role: "Incident Commander", Own: true, Commands: true, Next: []string{"Ben"}}), []string{"You no longer act", "follow Ben"}, "Eva"},
		"lent":                      {Lent("Eva", "Responder", "T", "note.made"), []string{"note.made, nothing else", "You keep the role", "cannot be passed on"}, ""},
		"order":                     {Followed("Responder", []string{"Eva", "Ben"}), []string{"Eva, Ben", "Nothing happens by itself"}, ""},
		"no order":                  {Followed("Responder", nil), []string{"Nobody follows"}, "by itself"},
		"assumed":                   {Assumed("Responder", []string{"Eva"}), []string{"under your name", "Eva", "They keep the role"}, ""},
		"glass":                     {GlassBroken("Responder", "T", []string{"Cy", "Ada"}), []string{"nobody gave you the role", "Cy or Ada reviews", "you cannot review it yourself"}, ""},
		"review, upheld":            {Reviewed("Eva", true, 1), []string{"1 act was"}, "revoke"},
		"review, not upheld":        {Reviewed("Eva", false, 2), []string{"2 acts were", "stay in the record", "for people"}, ""},
		"row":                       {RowChanged("note.made", []string{"Responder"}, nil, true, true), []string{"Until now any admitted person", "Two different persons"}, "can no longer."},
		"taken in":                  {TakenIn("a story", "a reason"), []string{"a story", "a reason", "admitted by you"}, ""},
		"second":                    {Seconded("Eva", "a story"), []string{"as soon as both have signed", "a key of their own"}, ""},
		"revoked, last key":         {KeyRevoked("Eva", "AAAAA", false, false, 0), []string{"whatever time it claims", "No key is left"}, "signing with"},
		"revoked, own":              {KeyRevoked("Eva", "AAAAA", true, true, 1), []string{"1 other key with which you", "last thing it signs"}, "Eva"},
		"released":                  {Released("Report", "courier", "the board", []string{"Responder"}), []string{"The program sends nothing", "before somebody else as Responder"}, ""},
	} {
		text := strings.Join(c.words, " ")
		if len(c.words) < 2 || c.words[len(c.words)-1] != signedForGood {
			t.Errorf("%s: %q", name, c.words)
		}
		for _, s := range c.says {
			if !strings.Contains(text, s) {
				t.Errorf("%s: does not say %q: %s", name, s, text)
			}
		}
		for _, s := range []string{c.never, "must notify", "automatically"} {
			if s != "" && strings.Contains(text, s) {
				t.Errorf("%s: says %q: %s", name, s, text)
			}
		}
	}
}
