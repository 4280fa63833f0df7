package workbench

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
)

// A lane is a circle of people around legal counsel. Counsel opens it, says at whose direction and for what, names its
// members, and marks what belongs to it. Members write words that only members can decrypt (lanewords.go). The program
// records these circumstances; whether anything is privileged is for others to judge.

// WallsLimit says in the window and in the documents how far a wall reaches.
const WallsLimit = "Only sealed words are encrypted to the members. What is marked is hidden by this program from everybody else, and left out of copies, papers and what a model reads; " +
	"it lies in the case in plain, and whoever has the passphrase of the case and another program can read it."

// LaneOpening is a lane as counsel fills it in.
type LaneOpening struct {
	Name      string
	Matter    string
	Direction string   // at whose direction, for what
	Members   []string // names or ids; whoever opens it is a member too
}

// ProposeLane says what opening a lane would sign.
func (b *Bench) ProposeLane(o LaneOpening) (ActProposal, error) {
	if err := filled(map[string]string{"the name": o.Name, "the direction": o.Direction}); err != nil {
		return ActProposal{}, err
	}
	name := strings.TrimSpace(o.Name)
	for _, l := range b.State().Lanes {
		if strings.EqualFold(l.Data.Name, name) {
			return ActProposal{}, fmt.Errorf("%w: there is a lane %q already", ErrUsage, l.Data.Name)
		}
	}
	members, err := b.membersNamed(o.Members)
	if err != nil {
		return ActProposal{}, err
	}
	if me := b.MyID(); me != "" && !slices.Contains(members, me) {
		members = append(members, me)
	}
	slices.Sort(members)
	var id [16]byte
	if _, err := io.ReadFull(b.env.Rand, id[:]); err != nil {
		return ActProposal{}, fmt.Errorf("workbench: id of a lane: %w", err)
	}
	return b.propose(&caserecord.LaneOpenedData{
		Lane: hex.EncodeToString(id[:]), Name: name, Matter: strings.TrimSpace(o.Matter), Direction: strings.TrimSpace(o.Direction),
		Members: members, Role: b.Acting(),
	},
		"Name, matter, direction and members stand in the record in plain, for everybody who reads the case and in the privilege log.",
		"Members write into the lane; their words are encrypted to the members and to nobody else.",
		WallsLimit,
		"The program records at whose direction this is done. It does not say that anything is privileged."), nil
}

// ProposeLaneMembers says what setting a lane's members anew would sign.
func (b *Bench) ProposeLaneMembers(lane string, members []string, why string) (ActProposal, error) {
	s := b.State()
	l, err := laneNamed(s, lane)
	if err != nil {
		return ActProposal{}, err
	}
	if err := filled(map[string]string{"the reason": why}); err != nil {
		return ActProposal{}, err
	}
	ids, err := b.membersNamed(members)
	if err != nil {
		return ActProposal{}, err
	}
	if len(ids) == 0 {
		return ActProposal{}, fmt.Errorf("%w: a lane needs a member", ErrUsage)
	}
	follows := []string{}
	old := laneMembers(s, l)
	in := slices.DeleteFunc(slices.Clone(ids), func(p caserecord.PersonID) bool { return slices.Contains(old, p) })
	out := slices.DeleteFunc(slices.Clone(old), func(p caserecord.PersonID) bool { return slices.Contains(ids, p) })
	if len(in) > 0 {
		follows = append(follows, "New in the lane: "+strings.Join(b.names(in), ", ")+". They see what is marked for it. Words sealed before they came stay closed to them until counsel passes them on.")
	}
	if len(out) > 0 {
		follows = append(follows, "Out of the lane: "+strings.Join(b.names(out), ", ")+". What is marked disappears for them in this program, and new words are not sealed to them. Words sealed to them before stay readable for them.")
	}
	if len(in)+len(out) == 0 {
		return ActProposal{}, fmt.Errorf("%w: these are the members already", ErrUsage)
	}
	return b.propose(&caserecord.LaneChangedData{Lane: l.Data.Lane, Members: ids, Why: strings.TrimSpace(why), Role: b.Acting()}, follows...), nil
}

// membersNamed finds people of the case, sorted, each once.
func (b *Bench) membersNamed(names []string) ([]caserecord.PersonID, error) {
	var out []caserecord.PersonID
	for _, n := range names {
		p, err := b.inCase(strings.TrimSpace(n))
		if err != nil {
			return nil, err
		}
		out = append(out, p.ID)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// MarkRequest is a mark of privilege as counsel fills it in.
type MarkRequest struct {
	Of    string // entry, evidence, document
	Ref   string // entry id, sha256 or document id, or the beginning of one
	Lane  string // name or id
	Track string // fact, advice
	Basis string
}

// ProposeMark says what marking something as belonging to a lane would sign.
func (b *Bench) ProposeMark(r MarkRequest) (ActProposal, error) {
	s := b.State()
	l, err := laneNamed(s, r.Lane)
	if err != nil {
		return ActProposal{}, err
	}
	track, err := trackNamed(r.Track)
	if err != nil {
		return ActProposal{}, err
	}
	if err := filled(map[string]string{"the basis": r.Basis}); err != nil {
		return ActProposal{}, err
	}
	of := caserecord.MarkOf(r.Of)
	ref, what, err := b.markTarget(of, r.Ref)
	if err != nil {
		return ActProposal{}, err
	}
	for _, m := range standing(b.whole()) {
		if m.Data.Of == of && m.Data.Ref == ref && m.Data.Lane == l.Data.Lane {
			return ActProposal{}, fmt.Errorf("%w: it is marked for the lane %q already", ErrUsage, l.Data.Name)
		}
	}
	follows := []string{what, "Seen from now on by " + strings.Join(b.laneNames(s, l), ", ") + ", and nobody else in this program.", WallsLimit}
	if of == caserecord.MarkEvidence {
		follows = append(follows, "What was found, noted, promoted or decided on its rows alone is hidden with it. Papers that stand on it are hidden until they are drafted again without it.")
	}
	if len(s.Exports) > 0 {
		follows = append(follows, "Copies that left before are not called back.")
	}
	if !inLane(s, l.Data.Lane, b.MyID()) {
		follows = append(follows, "You are not in this lane: you will not see it either.")
	}
	return b.propose(&caserecord.PrivilegeMarkedData{Of: of, Ref: ref, Lane: l.Data.Lane, Track: track, Basis: strings.TrimSpace(r.Basis), Role: b.Acting()}, follows...), nil
}

// markTarget finds what is to be marked, and says it in a sentence.
func (b *Bench) markTarget(of caserecord.MarkOf, ref string) (id, what string, err error) {
	s := b.State()
	switch of {
	case caserecord.MarkEntry:
		e, err := entryNamed(b.Entries(), ref)
		if err != nil {
			return "", "", err
		}
		entry, _ := b.entry(e)
		if !markable(entry) {
			return "", "", fmt.Errorf("%w: a %s entry says who may do what, what a wall rests on, or what binds everybody; its words are never hidden", ErrUsage, entry.Header.Kind)
		}
		return string(e), caserecord.Story(entry, s), nil
	case caserecord.MarkEvidence:
		items, err := b.itemsNamed([]string{ref})
		if err != nil {
			return "", "", err
		}
		what = "Evidence: " + itemPath(s, items[0]) + "."
		if n := b.membersOf(items[0]); n > 0 {
			what += fmt.Sprintf(" It is an archive; the %d items that came out of it are hidden with it.", n)
		}
		return items[0], what, nil
	case caserecord.MarkDocument:
		var found []*caserecord.DocumentState
		for _, d := range s.Documents {
			if len(ref) >= 6 && strings.HasPrefix(d.Document, strings.ToLower(ref)) {
				found = append(found, d)
			}
		}
		if len(found) != 1 {
			return "", "", fmt.Errorf("%w: no document %q, or several; `document list` names them", ErrNotFound, ref)
		}
		return found[0].Document, fmt.Sprintf("Document: %s. Drafted again by a member, it is drafted with what the lane holds.", found[0].Draft.Data.Title), nil
	}
	return "", "", fmt.Errorf("%w: mark an entry, evidence or a document", ErrUsage)
}

// membersOf counts the items that came out of an archive.
func (b *Bench) membersOf(archive string) int {
	m := &caserecord.Mark{}
	w := &wall{evidence: map[string]*caserecord.Mark{archive: m}, containers: map[string]*caserecord.Mark{}}
	w.archives(b.whole())
	return len(w.evidence) - 1
}

func trackNamed(v string) (caserecord.Track, error) {
	switch t := caserecord.Track(v); t {
	case caserecord.TrackFact, caserecord.TrackAdvice:
		return t, nil
	}
	return "", fmt.Errorf("%w: the track is fact or advice", ErrUsage)
}

// ProposeLift says what taking a mark off would sign.
func (b *Bench) ProposeLift(of, ref, why string) (ActProposal, error) {
	var found []*caserecord.Mark
	for _, m := range standing(b.whole()) {
		if string(m.Data.Of) == of && len(ref) >= 6 && strings.HasPrefix(m.Data.Ref, strings.ToLower(ref)) {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return ActProposal{}, fmt.Errorf("%w: no mark on %s %q stands; `lane list` names the marks", ErrNotFound, of, ref)
	}
	if slices.ContainsFunc(found, func(m *caserecord.Mark) bool { return m.Data.Ref != found[0].Data.Ref }) {
		return ActProposal{}, fmt.Errorf("%w: %q fits several marks; give more digits", ErrUsage, ref)
	}
	d := &caserecord.PrivilegeLiftedData{Of: found[0].Data.Of, Ref: found[0].Data.Ref, Why: strings.TrimSpace(why), Role: b.Acting()}
	return b.longWhy(d, why, "Everybody who reads the case sees it again, and copies, papers and models may have it. What somebody saw by then cannot be taken back.",
		fmt.Sprintf("%s on it; all that you have seen are lifted.", plural(len(found), "One mark stands", fmt.Sprintf("%d marks stand", len(found)))))
}

// ProposeLaneModel says what opening a lane's marked evidence to the language model, or closing it, would sign.
func (b *Bench) ProposeLaneModel(lane string, on bool, why string) (ActProposal, error) {
	l, err := laneNamed(b.State(), lane)
	if err != nil {
		return ActProposal{}, err
	}
	if err := filled(map[string]string{"the reason": why}); err != nil {
		return ActProposal{}, err
	}
	d := &caserecord.ModelSwitchedData{On: on, Function: modelOfLane(l.Data.Lane), Why: strings.TrimSpace(why)}
	if !on {
		return b.propose(d, fmt.Sprintf("No model reads what is marked for the lane %q.", l.Data.Name)), nil
	}
	p := b.propose(d, fmt.Sprintf("The model on this laptop may read evidence marked for the lane %q. What it writes of it is shown to members only. Sealed words are never given to it.", l.Data.Name))
	if p.Refused == nil && !slices.Contains(b.State().RolesOf(b.MyID(), b.Now()), incident.RoleLegalCounsel) {
		p.Refused = errors.New("only legal counsel opens a lane to the model")
	}
	return p, nil
}

// LaneMark marks each item of an intake as it comes in.
type LaneMark struct {
	Lane  string `json:"lane"` // name or id
	Track string `json:"track"`
	Basis string `json:"basis"`
}

// data is the mark on one item.
func (m LaneMark) data(b *Bench, sha256 string) (*caserecord.PrivilegeMarkedData, error) {
	l, err := laneNamed(b.whole(), m.Lane)
	if err != nil {
		return nil, err
	}
	track, err := trackNamed(m.Track)
	if err != nil {
		return nil, err
	}
	if err := filled(map[string]string{"the basis": m.Basis}); err != nil {
		return nil, err
	}
	return &caserecord.PrivilegeMarkedData{
		Of: caserecord.MarkEvidence, Ref: sha256, Lane: l.Data.Lane, Track: track, Basis: strings.TrimSpace(m.Basis), Role: b.Acting(),
	}, nil
}

// ProposeIntakeMarks says whether the items of an intake may be marked, before any of them is taken in.
func (b *Bench) ProposeIntakeMarks(m LaneMark) (Proposal, error) {
	d, err := m.data(b, strings.Repeat("0", 64))
	if err != nil {
		return Proposal{}, err
	}
	return Proposal{Shown: ShownOf(m), Kinds: kinds(d.Kind()), Refused: b.mayWrite(b.whole(), d)}, nil
}

// AddEvidenceInLane is AddEvidence for a lane: each item is marked as soon as it is in custody, before a row of it can be
// read. A mark is a judgement, which no batch act covers: confirm, which only the handler of the person's confirmation
// has, makes an act for each.
func (b *Bench) AddEvidenceInLane(ctx context.Context, act identity.Act, r IntakeRequest, m LaneMark, confirm func(Proposal) (identity.Act, error), receipt func(evidence.Receipt), report func(Progress)) (evidence.Summary, error) {
	p, err := b.ProposeIntakeMarks(m)
	if err != nil {
		return evidence.Summary{}, err
	}
	if p.Refused != nil {
		return evidence.Summary{}, fmt.Errorf("%w: %w", ErrNotAllowed, p.Refused)
	}
	return b.addEvidence(ctx, act, r, func(sha256 string) error {
		d, err := m.data(b, sha256)
		if err != nil {
			return err
		}
		for _, x := range standing(b.whole()) {
			if x.Data.Of == d.Of && x.Data.Ref == d.Ref && x.Data.Lane == d.Lane {
				return nil
			}
		}
		shown := ShownOf(d)
		act, err := confirm(Proposal{Shown: shown, Kinds: kinds(d.Kind())})
		if err != nil {
			return err
		}
		if err := agreed(act, shown); err != nil {
			return err
		}
		_, err = b.append(ctx, act, d)
		return err
	}, receipt, report)
}

// laneNames are the members of a lane by name: ids are random, and would order them differently in each case.
func (b *Bench) laneNames(s *caserecord.State, l *caserecord.Lane) []string {
	return slices.Sorted(slices.Values(b.names(laneMembers(s, l))))
}

// LaneInfo is a lane as screens show it.
type LaneInfo struct {
	ID        string
	Name      string
	Matter    string
	Direction string
	Members   []string // names, as the wall takes them
	Mine      bool     // the person at the keyboard is in it
	Model     bool     // counsel opened it to the language model
	Words     int      // sealed notes
	By        string
	At        time.Time
	Marks     []*caserecord.Mark // that stand, in the order in which they were set
}

// Lanes lists the lanes of the case. Everybody sees that they exist, who is in them, and what is marked, by its hash.
func (b *Bench) Lanes() []LaneInfo {
	x := b.look()
	s := x.state
	open := modelLanes(b.whole())
	out := []LaneInfo{}
	for _, l := range s.Lanes {
		i := LaneInfo{
			ID: l.Data.Lane, Name: l.Data.Name, Matter: l.Data.Matter, Direction: l.Data.Direction, Members: b.laneNames(s, l),
			Mine: inLane(s, l.Data.Lane, x.person()), Model: slices.Contains(open, l.Data.Lane), By: l.Name, At: l.Recorded, Marks: []*caserecord.Mark{},
		}
		for _, w := range s.Sealed {
			if w.Data.Lane == l.Data.Lane {
				i.Words++
			}
		}
		for _, m := range standing(x.of) {
			if m.Data.Lane == l.Data.Lane {
				i.Marks = append(i.Marks, m)
			}
		}
		out = append(out, i)
	}
	return out
}
