package coverpage

// term is a word of the glossary.
type term struct{ Word, Means string }

// terms are ten words that a reader meets here, in the order in which they build on each other.
var terms = []term{
	{"Record", "The list of everything that people did in this case. It only grows: a correction stands beside what it corrects, and a change or removal shows."},
	{"Entry", "One line of the record: who, when, and what. Each entry names the one before it, so that a missing entry leaves a gap that shows."},
	{"Signature", "A number that only the holder of a key can make for an entry, and that anyone can check. If one character of the entry changes, the signature no longer fits."},
	{"Key and fingerprint", "A person signs with a key that is kept, locked, on their device. The fingerprint is a short code for the key’s public half; people can read theirs out, so that you know whose signature it is."},
	{"Hash (SHA-256)", "A fixed-length number computed from a file. The same file always gives the same hash; a file changed by one bit gives another."},
	{"Case head", "One short code for the whole record up to a moment. It is printed on every paper of the case. Two copies with the same head hold the same entries."},
	{"Evidence item", "A file taken into the case, named by its hash. Sealed: its bytes were copied and locked away. Referenced: they stayed on their own disk and only the hash was recorded."},
	{"Custody", "Who had an item, from when to when, and who handed it to whom. Giver and receiver each sign their half, in the record or on paper."},
	{"Recommendation and decision", "A recommendation comes from a rule, a score or a model and has no effect. A decision comes from a person, in a role, with a reason when it goes against the recommendation."},
	{"Withheld", "Left out of this copy, for instance because counsel’s advice is privileged. That something is missing, and how much, still shows; the rest can be checked all the same."},
}
