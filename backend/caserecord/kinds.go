package caserecord

import "adjutant/backend/incident"

// Kind names what an entry says. The list is closed: an entry of another kind is refused at parsing.
//
// Change policy: a kind, a field's name, its type and its meaning never change once published; a new need is a new kind
// or a new optional field (omitempty), and a verifier that is too old says so by refusing. Published bytes stay in
// testdata/golden and must parse forever.
type Kind string

// The kinds of version 1, in the order in which a case meets them.
const (
	CaseOpened       Kind = "case.opened"
	PersonAdmitted   Kind = "person.admitted"
	RoleGranted      Kind = "role.granted"
	RoleEnded        Kind = "role.ended"
	ClockObserved    Kind = "clock.observed"
	EvidenceReceived Kind = "evidence.received"
	EvidenceImported Kind = "evidence.imported"
	SourceAssumed    Kind = "source.assumed"
	RowTagged        Kind = "row.tagged"
	RowUntagged      Kind = "row.untagged"
	NoteMade         Kind = "note.made"
	EventPromoted    Kind = "event.promoted"
	DetectionRan     Kind = "detection.ran"
	VerdictGiven     Kind = "verdict.given"
	SeverityDeclared Kind = "severity.declared"
	DecisionMade     Kind = "decision.made"
	TriggerDeclared  Kind = "trigger.declared"
	TriggerSubmitted Kind = "trigger.submitted"
	DocumentDrafted  Kind = "document.drafted"
	DocumentApproved Kind = "document.approved"
	DocumentReleased Kind = "document.released"
	ModelRan         Kind = "model.ran"
	ModelSwitched    Kind = "model.switched"
	BundleExported   Kind = "bundle.exported"
	MergeReceived    Kind = "merge.received"
	CorrectionMade   Kind = "correction.made"

	RoleDelegated     Kind = "role.delegated"
	SuccessionSet     Kind = "succession.set"
	RoleAssumed       Kind = "role.assumed"
	GlassBroken       Kind = "glass.broken"
	GlassReviewed     Kind = "glass.reviewed"
	AuthorityChanged  Kind = "authority.changed"
	ActCosigned       Kind = "act.cosigned"
	EntryAdmitted     Kind = "entry.admitted"
	KeyRevoked        Kind = "key.revoked"
	ConflictResolved  Kind = "conflict.resolved"
	CustodyGiven      Kind = "custody.given"
	CustodyTaken      Kind = "custody.taken"
	EvidenceChecked   Kind = "evidence.checked"
	MismatchExplained Kind = "mismatch.explained"
	EvidencePurged    Kind = "evidence.purged"
	HoldPlaced        Kind = "hold.placed"
	HoldReleased      Kind = "hold.released"
	LaneOpened        Kind = "lane.opened"
	LaneChanged       Kind = "lane.changed"
	WordsSealed       Kind = "words.sealed"
	PrivilegeMarked   Kind = "privilege.marked"
	PrivilegeLifted   Kind = "privilege.lifted"
	CheckpointMade    Kind = "checkpoint.made"
	WitnessReceived   Kind = "witness.received"
	SlotsChanged      Kind = "slots.changed"
	ImportUndone      Kind = "import.undone"
	LimitsSet         Kind = "limits.set"
	MappingSaved      Kind = "mapping.saved"
)

// Kinds lists every kind in the order of the constants.
var Kinds = []Kind{
	CaseOpened, PersonAdmitted, RoleGranted, RoleEnded, ClockObserved, EvidenceReceived, EvidenceImported,
	SourceAssumed, RowTagged, RowUntagged, NoteMade, EventPromoted, DetectionRan, VerdictGiven, SeverityDeclared,
	DecisionMade, TriggerDeclared, TriggerSubmitted, DocumentDrafted, DocumentApproved, DocumentReleased, ModelRan,
	ModelSwitched, BundleExported, MergeReceived, CorrectionMade,
	RoleDelegated, SuccessionSet, RoleAssumed, GlassBroken, GlassReviewed, AuthorityChanged, ActCosigned, EntryAdmitted, KeyRevoked, ConflictResolved, CustodyGiven, CustodyTaken, EvidenceChecked, MismatchExplained, EvidencePurged, HoldPlaced, HoldReleased, LaneOpened, LaneChanged, WordsSealed, PrivilegeMarked, PrivilegeLifted, CheckpointMade, WitnessReceived, SlotsChanged,
	ImportUndone, LimitsSet, MappingSaved,
}

// Content is the data of one entry. Only the structs of this package fulfil it. Seal and Parse take and give pointers
// (*DecisionData and so on).
type Content interface {
	// Kind says which kind of entry the data belongs to.
	Kind() Kind
	// check refuses values outside the kind's bounds; the text names the field.
	check() error
}

// acting is fulfilled by every content that is signed in a role. The fold checks that the author's person held it.
type acting interface{ actingRole() incident.Role }

// contents makes an empty struct of each kind.
var contents = map[Kind]func() Content{
	CaseOpened:        func() Content { return new(CaseOpenedData) },
	PersonAdmitted:    func() Content { return new(PersonAdmittedData) },
	RoleGranted:       func() Content { return new(RoleGrantedData) },
	RoleEnded:         func() Content { return new(RoleEndedData) },
	ClockObserved:     func() Content { return new(ClockObservedData) },
	EvidenceReceived:  func() Content { return new(EvidenceReceivedData) },
	EvidenceImported:  func() Content { return new(EvidenceImportedData) },
	SourceAssumed:     func() Content { return new(SourceAssumedData) },
	RowTagged:         func() Content { return new(RowTaggedData) },
	RowUntagged:       func() Content { return new(RowUntaggedData) },
	NoteMade:          func() Content { return new(NoteMadeData) },
	EventPromoted:     func() Content { return new(EventPromotedData) },
	DetectionRan:      func() Content { return new(DetectionRanData) },
	VerdictGiven:      func() Content { return new(VerdictGivenData) },
	SeverityDeclared:  func() Content { return new(SeverityDeclaredData) },
	DecisionMade:      func() Content { return new(DecisionMadeData) },
	TriggerDeclared:   func() Content { return new(TriggerDeclaredData) },
	TriggerSubmitted:  func() Content { return new(TriggerSubmittedData) },
	DocumentDrafted:   func() Content { return new(DocumentDraftedData) },
	DocumentApproved:  func() Content { return new(DocumentApprovedData) },
	DocumentReleased:  func() Content { return new(DocumentReleasedData) },
	ModelRan:          func() Content { return new(ModelRanData) },
	ModelSwitched:     func() Content { return new(ModelSwitchedData) },
	BundleExported:    func() Content { return new(BundleExportedData) },
	MergeReceived:     func() Content { return new(MergeReceivedData) },
	CorrectionMade:    func() Content { return new(CorrectionMadeData) },
	RoleDelegated:     func() Content { return new(RoleDelegatedData) },
	SuccessionSet:     func() Content { return new(SuccessionSetData) },
	RoleAssumed:       func() Content { return new(RoleAssumedData) },
	GlassBroken:       func() Content { return new(GlassBrokenData) },
	GlassReviewed:     func() Content { return new(GlassReviewedData) },
	AuthorityChanged:  func() Content { return new(AuthorityChangedData) },
	ActCosigned:       func() Content { return new(ActCosignedData) },
	EntryAdmitted:     func() Content { return new(EntryAdmittedData) },
	KeyRevoked:        func() Content { return new(KeyRevokedData) },
	ConflictResolved:  func() Content { return new(ConflictResolvedData) },
	CustodyGiven:      func() Content { return new(CustodyGivenData) },
	CustodyTaken:      func() Content { return new(CustodyTakenData) },
	EvidenceChecked:   func() Content { return new(EvidenceCheckedData) },
	MismatchExplained: func() Content { return new(MismatchExplainedData) },
	EvidencePurged:    func() Content { return new(EvidencePurgedData) },
	HoldPlaced:        func() Content { return new(HoldPlacedData) },
	HoldReleased:      func() Content { return new(HoldReleasedData) },
	LaneOpened:        func() Content { return new(LaneOpenedData) },
	LaneChanged:       func() Content { return new(LaneChangedData) },
	WordsSealed:       func() Content { return new(WordsSealedData) },
	PrivilegeMarked:   func() Content { return new(PrivilegeMarkedData) },
	PrivilegeLifted:   func() Content { return new(PrivilegeLiftedData) },
	CheckpointMade:    func() Content { return new(CheckpointMadeData) },
	WitnessReceived:   func() Content { return new(WitnessReceivedData) },
	SlotsChanged:      func() Content { return new(SlotsChangedData) },
	ImportUndone:      func() Content { return new(ImportUndoneData) },
	LimitsSet:         func() Content { return new(LimitsSetData) },
	MappingSaved:      func() Content { return new(MappingSavedData) },
}

// newContent returns an empty struct for a kind, or nil when the kind is unknown.
func newContent(k Kind) Content {
	if f := contents[k]; f != nil {
		return f()
	}
	return nil
}

// keepsBody lists the kinds whose body WithoutBody leaves in place: without them nobody could judge who was allowed what.
// A copy that lacks one all the same is read as if nobody had given that authority.
var keepsBody = map[Kind]bool{
	CaseOpened: true, PersonAdmitted: true, RoleGranted: true, RoleEnded: true, RoleDelegated: true, SuccessionSet: true,
	RoleAssumed: true, GlassBroken: true, AuthorityChanged: true, EntryAdmitted: true, KeyRevoked: true,
}

// Known reports whether k is in the closed list.
func (k Kind) Known() bool { return contents[k] != nil }
