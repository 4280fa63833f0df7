// Package confirm turns a person's agreement on screen or at the prompt into an identity.Act.
//
// Only the confirm handlers of the window (app) and the command line (backend/cli) import it; a test in identity holds
// that. It keeps true that an Act exists only where a person, unlocked at that moment, was shown something: the bytes
// that were shown are hashed into it. Jobs, models, rules and imports get Acts handed in or have none (P1).
package confirm

import (
	"slices"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/identity/internal/act"
)

// batchKinds are what a running import or job may sign in the name of the person who started it: reports of what was
// done, never a judgement.
var batchKinds = []string{
	string(caserecord.EvidenceReceived), string(caserecord.EvidenceImported), string(caserecord.SourceAssumed),
	string(caserecord.DetectionRan), string(caserecord.ModelRan), string(caserecord.EvidenceChecked),
}

// New makes an act for exactly one signature: an entry of one of these kinds, or, when identity.CheckpointSigned or
// identity.CheckpointWitnessed is named, a checkpoint. shown is what the person saw when they confirmed, as
// text or as the JSON of the dialog. The zero Act, which permits nothing, comes back for a locked person, for nothing
// shown, or for a kind that does not exist.
func New(u *identity.Unlocked, shown []byte, kinds ...string) identity.Act {
	known := func(k string) bool {
		return caserecord.Kind(k).Known() || k == identity.CheckpointSigned || k == identity.CheckpointWitnessed
	}
	return newAct(u, shown, false, kinds, known)
}

// Batch makes an act for the entries of one import or run that a person started: evidence.received, evidence.imported,
// source.assumed, detection.ran, model.ran and evidence.checked, as far as named in kinds. End it when the run is over. The zero Act comes
// back as for New, and when any other kind is named.
func Batch(u *identity.Unlocked, shown []byte, kinds ...string) identity.Act {
	return newAct(u, shown, true, kinds, func(k string) bool { return slices.Contains(batchKinds, k) })
}

func newAct(u *identity.Unlocked, shown []byte, batch bool, kinds []string, allowed func(string) bool) identity.Act {
	if u == nil || u.Locked() || len(shown) == 0 || len(kinds) == 0 {
		return identity.Act{}
	}
	for _, k := range kinds {
		if !allowed(k) {
			return identity.Act{}
		}
	}
	p := u.Person()
	return act.New(string(p.ID), string(p.Key), shown, batch, kinds)
}
