package workbench

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/parse/mapping"
)

// KeptMapping is a mapping that somebody keeps in the case under a name.
type KeptMapping struct {
	Name    string    `json:"name"`
	Mapping string    `json:"mapping"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// Mappings lists the mappings kept in the case, the one in force of each name, by name.
func (b *Bench) Mappings() []KeptMapping {
	s, out := b.State(), []KeptMapping{}
	for _, m := range s.Mappings {
		named := func(k KeptMapping) bool { return k.Name == m.Data.Name }
		if kept := s.MappingNamed(m.Data.Name); kept != nil && !slices.ContainsFunc(out, named) {
			out = append(out, KeptMapping{kept.Data.Name, kept.Data.Mapping, kept.Name, kept.Recorded})
		}
	}
	slices.SortFunc(out, func(a, b KeptMapping) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// ProposeMapping says what keeping a mapping under a name would sign. Errors: ErrUsage.
func (b *Bench) ProposeMapping(name, text string) (ActProposal, error) {
	if err := filled(map[string]string{"the name": name}); err != nil {
		return ActProposal{}, err
	}
	if _, err := mapping.Parse([]byte(text)); err != nil {
		return ActProposal{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	d := &caserecord.MappingSavedData{Name: strings.TrimSpace(name), Mapping: text}
	return b.propose(d, "It is offered for other files of this case. It changes nothing of what was imported."), nil
}
