package caserecord

import (
	"encoding/hex"
	"fmt"

	"adjutant/backend/caserecord/checkpoint"
)

// checkpoints holds every checkpoint.made against its author's chain as it is here. Where entries are missing nothing can
// be said, and the gap is named already.
func (v *verifier) checkpoints() {
	logs := map[Author]*checkpoint.Log{}
	for i := range v.s.Checkpoints {
		c := &v.s.Checkpoints[i]
		if why := v.checkpointFault(c, logs); why != "" {
			v.add(CodeCheckpoint, c.Entry, "%s", why)
		}
	}
}

func (v *verifier) checkpointFault(c *CheckpointState, logs map[Author]*checkpoint.Log) string {
	signed, err := checkpoint.Verify([]byte(c.Data.Note))
	switch {
	case err != nil:
		return "the note is no checkpoint that its author signed"
	case signed.Case != v.s.Case.ID || Author(signed.Author) != c.Author:
		return "the note is a checkpoint of another case or key"
	case signed.Size != uint64(c.Data.Size) || hex.EncodeToString(signed.Root[:]) != c.Data.Root:
		return "the note says another size or root than the entry"
	case signed.Size >= v.g.entries[v.g.index[c.Entry]].Header.Seq:
		return "the checkpoint counts entries that its author had not signed yet"
	}
	log := logs[c.Author]
	if log == nil {
		log = chainLog(v.g, c.Author)
		logs[c.Author] = log
	}
	if log.Size() < signed.Size {
		return "" // the chain is not whole here
	}
	if root, err := log.Root(signed.Size); err != nil || root != signed.Root {
		return fmt.Sprintf("the first %d entries of the key are not the ones that its checkpoint covers", signed.Size)
	}
	return ""
}

// chainLog is the Merkle log of an author's chain from the first entry as far as it goes without gap or fork.
func chainLog(g *graph, a Author) *checkpoint.Log {
	at := map[uint64][]int{}
	for i := range g.entries {
		if h := &g.entries[i].Header; h.Author == a {
			at[h.Seq] = append(at[h.Seq], i)
		}
	}
	log := checkpoint.NewLog()
	for seq := uint64(1); len(at[seq]) == 1; seq++ {
		var id [32]byte
		hex.Decode(id[:], []byte(g.entries[at[seq][0]].ID)) //nolint:errcheck // an id is a hash in hexadecimal digits
		log.Append(id)
	}
	return log
}
