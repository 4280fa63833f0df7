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
)

// Kinds lists every kind in the order of the constants.
var Kinds = []Kind{
	CaseOpened, PersonAdmitted, RoleGranted, RoleEnded, ClockObserved, EvidenceReceived, EvidenceImported,
	SourceAssumed, RowTagged, RowUntagged, NoteMade, EventPromoted, DetectionRan, VerdictGiven, SeverityDeclared,
	DecisionMade, TriggerDeclared, TriggerSubmitted, DocumentDrafted, DocumentApproved, DocumentReleased, ModelRan,
	ModelSwitched, BundleExported, MergeReceived, CorrectionMade,
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

// newContent returns an empty struct for a kind, or nil when the kind is unknown.
func newContent(k Kind) Content {
	switch k {
	case CaseOpened:
		return new(CaseOpenedData)
	case PersonAdmitted:
		return new(PersonAdmittedData)
	case RoleGranted:
		return new(RoleGrantedData)
	case RoleEnded:
		return new(RoleEndedData)
	case ClockObserved:
		return new(ClockObservedData)
	case EvidenceReceived:
		return new(EvidenceReceivedData)
	case EvidenceImported:
		return new(EvidenceImportedData)
	case SourceAssumed:
		return new(SourceAssumedData)
	case RowTagged:
		return new(RowTaggedData)
	case RowUntagged:
		return new(RowUntaggedData)
	case NoteMade:
		return new(NoteMadeData)
	case EventPromoted:
		return new(EventPromotedData)
	case DetectionRan:
		return new(DetectionRanData)
	case VerdictGiven:
		return new(VerdictGivenData)
	case SeverityDeclared:
		return new(SeverityDeclaredData)
	case DecisionMade:
		return new(DecisionMadeData)
	case TriggerDeclared:
		return new(TriggerDeclaredData)
	case TriggerSubmitted:
		return new(TriggerSubmittedData)
	case DocumentDrafted:
		return new(DocumentDraftedData)
	case DocumentApproved:
		return new(DocumentApprovedData)
	case DocumentReleased:
		return new(DocumentReleasedData)
	case ModelRan:
		return new(ModelRanData)
	case ModelSwitched:
		return new(ModelSwitchedData)
	case BundleExported:
		return new(BundleExportedData)
	case MergeReceived:
		return new(MergeReceivedData)
	case CorrectionMade:
		return new(CorrectionMadeData)
	}
	return nil
}

// Known reports whether k is in the closed list.
func (k Kind) Known() bool { return newContent(k) != nil }
