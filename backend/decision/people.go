package decision

import (
	"fmt"
	"strings"
)

// This file words what follows from acts about people: who may sign, in which role, until when. The caller names people
// and roles as screens print them.

const signedForGood = "Your name and role stand in the record under this; it cannot be taken back, only followed by another act."

// Admission is a key that becomes known to the case.
type Admission struct {
	Name     string   // as the card says
	Code     string   // of the key
	Compared bool     // the code was given by the person and is this one
	KnownAs  string   // the person's name in the case when their id is known here already
	Roles    []string // that the person holds here, so that the new key signs in them at once
	Again    bool     // the key was revoked before
}

// Admitted says what admitting a key does.
func Admitted(a Admission) []string {
	out := []string{"The code of the key is " + a.Code + ". Compare it with " + a.Name + " by voice or face to face before you sign: anyone can write a card in any name."}
	if a.Compared {
		out = []string{"The code that was given, " + a.Code + ", is the code of this key."}
	}
	switch {
	case a.KnownAs == "":
		out = append(out, "Whoever holds this key can sign notes and reports here as "+a.Name+". A role is given separately.")
	case len(a.Roles) > 0:
		out = append(out, "It is another key of "+a.KnownAs+", who is known here. It signs in the same roles at once: "+strings.Join(a.Roles, ", ")+".")
	default:
		out = append(out, "It is another key of "+a.KnownAs+", who is known here and holds no role.")
	}
	if a.KnownAs != "" && a.KnownAs != a.Name {
		out = append(out, "The card says “"+a.Name+"”; the case knows this person as “"+a.KnownAs+"”. Ask why before you sign.")
	}
	if a.Again {
		out = append(out, "This key was revoked before. It counts again from now on; what was set aside stays set aside until it is admitted entry by entry.")
	}
	return append(out, signedForGood)
}

// Granted says what giving a role does. from and until are "" for now and for no end.
func Granted(name, role, from, until, scope string, others []string) []string {
	start := "from now on"
	if from != "" {
		start = "from " + from
	}
	end := " until somebody ends it"
	if until != "" {
		end = " until " + until
	}
	out := []string{name + " acts as " + role + " " + start + end + "."}
	if len(others) > 0 {
		out = append(out, "The role is also held by "+strings.Join(others, ", ")+".")
	}
	if scope != "" {
		out = append(out, "“"+scope+"” is for people to read; the program does not limit the role by it.")
	}
	return append(out, signedForGood)
}

// Ending is a role that is taken away or laid down.
type Ending struct {
	Name, Role string
	Own        bool     // laid down by its holder
	Left       []string // who holds the role afterwards
	Next       []string // who stands in the order of succession
	Commands   bool     // the role gives and takes roles
	Lent       []string // to whom the holder lent it
}

// Ended says what ending a role does.
func Ended(e Ending) []string {
	out := []string{fmt.Sprintf("%s no longer acts as %s, whether the role was given, lent or taken.", e.Name, e.Role)}
	if e.Own {
		out = []string{"You no longer act as " + e.Role + "."}
	}
	out = append(out, "What was signed in the role before this stays. What was signed elsewhere without knowing of this is set aside when it arrives, and can be admitted.")
	if len(e.Lent) > 0 {
		out = append(out, "What was lent of it to "+strings.Join(e.Lent, ", ")+" ends too.")
	}
	switch {
	case len(e.Left) > 0:
		out = append(out, "The role is then held by "+strings.Join(e.Left, ", ")+".")
	case len(e.Next) > 0:
		out = append(out, "Nobody holds the role then. In the order of succession follow "+strings.Join(e.Next, ", ")+".")
	case e.Commands:
		out = append(out, "Nobody holds the role then and nobody follows: no person can be admitted, no role given, no entry set aside be taken in any more. Set an order of succession first.")
	default:
		out = append(out, "Nobody holds the role then.")
	}
	return append(out, signedForGood)
}

// Lent says what delegating a role does. kinds is "" for everything that can be lent.
func Lent(name, role, until, kinds string) []string {
	what := "everything that this role may sign"
	if kinds != "" {
		what = kinds + ", nothing else"
	}
	return []string{
		name + " signs as " + role + " until " + until + ": " + what + ". You keep the role.",
		"It does not reach who gives, takes and changes roles and keys, and it cannot be passed on.",
		"Ending " + name + "'s role ends it early, and so does the end of yours.",
		signedForGood,
	}
}

// Followed says what setting an order of succession does.
func Followed(role string, order []string) []string {
	if len(order) == 0 {
		return []string{"Nobody follows as " + role + " any more.", signedForGood}
	}
	return []string{
		"When the holders of the role cannot be reached, follow in this order: " + strings.Join(order, ", ") + ".",
		"Each takes the role with their own signature and names everybody before them as not reached. Nothing happens by itself.",
		"An earlier order for this role is replaced.",
		signedForGood,
	}
}

// Assumed says what taking over a role by the order of succession does.
func Assumed(role string, absent []string) []string {
	out := []string{"You hold the role " + role + " in your own right from now on, until you lay it down or somebody ends it."}
	if len(absent) > 0 {
		out = append(out, "You say under your name that these people could not be reached: "+strings.Join(absent, ", ")+". They keep the role; end it if it is not theirs any more.")
	}
	return append(out, signedForGood)
}

// GlassBroken says what taking a role in an emergency does.
func GlassBroken(role, until string, reviewers []string) []string {
	who := "Somebody in a role that may"
	if len(reviewers) > 0 {
		who = strings.Join(reviewers, " or ")
	}
	return []string{
		"You sign as " + role + " until " + until + ", although nobody gave you the role.",
		"What you sign under it counts at once, is marked as signed under a break-glass, and stays on the list of things to do until it is reviewed.",
		who + " reviews it afterwards; you cannot review it yourself.",
		"It does not reach who gives, takes and changes roles and keys.",
		signedForGood,
	}
}

// Reviewed says what reviewing a break-glass does.
func Reviewed(name string, upheld bool, acts int) []string {
	n := fmt.Sprintf("%d acts were", acts)
	if acts == 1 {
		n = "1 act was"
	}
	out := []string{n + " signed under it. They stay in the record and in force either way."}
	if !upheld {
		out = append(out, "Your answer stands beside them. What follows from it is for people: supersede an act, end a role, revoke a key of "+name+".")
	}
	return append(out, signedForGood)
}

// RowChanged says what changing a row of the authority matrix does. lost are roles that could write it until now.
func RowChanged(kind string, roles, lost []string, members, two bool) []string {
	out := []string{kind + " is signed by " + strings.Join(roles, " or ") + " from now on."}
	if members {
		out = append(out, "Until now any admitted person could.")
	} else if len(lost) > 0 {
		out = append(out, strings.Join(lost, ", ")+" can no longer.")
	}
	if two {
		out = append(out, "Two different persons sign each one. It is not in force before the second has signed, and shows as waiting.")
	}
	return append(out, "What was signed elsewhere without knowing of this and goes beyond it is set aside when it arrives. What stands already stays.", signedForGood)
}

// TakenIn says what admitting an entry that was set aside does.
func TakenIn(story, why string) []string {
	return []string{
		"This counts from now on, at its own place in the record and marked as admitted by you: " + story,
		"It had been set aside because " + why + ".",
		signedForGood,
	}
}

// Seconded says what signing as the second person does.
func Seconded(name, story string) []string {
	return []string{"This is in force as soon as both have signed: " + story, name + " says with a key of their own that they have seen it and agree.", signedForGood}
}

// KeyRevoked says what revoking a key does. left counts the keys with which the person can still sign.
func KeyRevoked(name, code string, own, here bool, left int) []string {
	who := name
	if own {
		who = "you"
	}
	out := []string{
		"The key " + code + " signs nothing here any more. What it signed and you have seen stays.",
		"What it signed that you have not seen is set aside when it arrives, whatever time it claims, and can be admitted entry by entry.",
	}
	switch {
	case left > 1:
		out = append(out, fmt.Sprintf("There are %d other keys with which %s can still sign.", left, who))
	case left == 1:
		out = append(out, fmt.Sprintf("There is 1 other key with which %s can still sign.", who))
	default:
		out = append(out, "No key is left with which "+who+" can sign here. A new one has to be admitted by the Incident Commander.")
	}
	if here {
		out = append(out, "It is the key that you are signing with: this is the last thing it signs in this case.")
	}
	return append(out, signedForGood)
}

// Released says what signing the release of a paper does. second are roles of which another person signs too.
func Released(title, channel, to string, second []string) []string {
	out := []string{"The program sends nothing. You hand “" + title + "” over to " + to + " by " + channel + "; the record says that you did."}
	if len(second) > 0 {
		out = append(out, "Two persons sign this. Do not hand it over before somebody else as "+strings.Join(second, " or ")+" has signed too.")
	}
	return append(out, "A clock of a duty is answered by recording the submission with its proof, not by this.", signedForGood)
}
