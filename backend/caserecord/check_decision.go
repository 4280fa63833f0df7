package caserecord

import (
	"slices"
	"strings"

	"adjutant/backend/incident"
)

func (d *VerdictGivenData) check() error {
	var c checker
	c.line("group", d.Group, 1, maxRef)
	c.words("title", d.Title, 0, maxWords)
	if !slices.Contains(incident.Verdicts, d.Verdict) {
		c.fail("verdict", "unknown verdict")
	}
	if d.Suggested != "" && !slices.Contains(incident.Verdicts, d.Suggested) {
		c.fail("suggested", "unknown verdict")
	}
	c.origin("suggested_by", d.SuggestedBy)
	c.reason(d.ReasonCode, d.Reason, d.Suggested != "" && d.Suggested != d.Verdict)
	c.refs("rows", d.Rows, 0, maxRows)
	c.role("role", d.Role)
	return c.err
}

func (d *SeverityDeclaredData) check() error {
	var c checker
	if d.Level < incident.SeverityInformational || d.Level > incident.SeverityCritical {
		c.fail("level", "unknown severity")
	}
	if d.Suggested < 0 || d.Suggested > incident.SeverityCritical {
		c.fail("suggested", "unknown severity")
	}
	if d.SuggestedBy != nil {
		c.origin("suggested_by", *d.SuggestedBy)
	}
	c.reason(d.ReasonCode, d.Reason, true)
	c.refs("rows", d.Rows, 0, maxRows)
	c.role("role", d.Role)
	return c.err
}

func (d *DecisionMadeData) check() error {
	var c checker
	c.line("recommendation", d.Recommendation, 1, maxRef)
	c.words("subject", d.Subject, 0, maxWords)
	switch d.Outcome {
	case OutcomeAccept, OutcomeOverride, OutcomeReject:
	default:
		c.fail("outcome", "unknown outcome")
	}
	c.words("recommended", d.Recommended, 1, maxWords)
	c.origin("recommended_by", d.RecommendedBy)
	if d.RecommendedBy.Kind == "" || d.RecommendedBy.Name == "" {
		c.fail("recommended_by", "missing")
	}
	c.words("action", d.Action, 0, maxWords)
	c.words("instead", d.Instead, 0, maxWords)
	if d.Outcome == OutcomeOverride && strings.TrimSpace(d.Instead) == "" {
		c.fail("instead", "missing")
	}
	c.words("target", d.Target, 0, maxWords)
	c.reason(d.ReasonCode, d.Reason, d.Outcome != OutcomeAccept)
	c.cites(d.Rows, 0)
	c.hex("shown_sha256", d.ShownSHA256, 64)
	c.role("role", d.Role)
	return c.err
}

func (d *TriggerDeclaredData) check() error {
	var c checker
	c.line("anchor", d.Anchor, 1, maxRef)
	c.when("at", d.At)
	c.line("tz", d.TZ, 1, maxName)
	c.words("basis", d.Basis, 1, maxWords)
	c.role("role", d.Role)
	return c.err
}

func (d *TriggerSubmittedData) check() error {
	var c checker
	c.line("regime", d.Regime, 1, maxRef)
	c.line("stage", d.Stage, 1, maxRef)
	c.when("at", d.At)
	c.words("proof", d.Proof, 0, maxWords)
	c.role("role", d.Role)
	return c.err
}

func (d *DocumentDraftedData) check() error {
	var c checker
	c.hex("document", d.Document, 32)
	c.line("template", d.Template, 1, maxName)
	switch d.Class {
	case ClassReport, ClassMessage, ClassNotice:
	default:
		c.fail("class", "unknown class")
	}
	c.words("title", d.Title, 1, maxWords)
	c.hex("model_sha256", d.ModelSHA256, 64)
	c.hex("as_of", d.AsOf, 64)
	c.table("slots", d.Slots)
	return c.err
}

func (d *DocumentApprovedData) check() error {
	var c checker
	c.hex("document", d.Document, 32)
	c.hex("model_sha256", d.ModelSHA256, 64)
	c.role("role", d.Role)
	return c.err
}

func (d *DocumentReleasedData) check() error {
	var c checker
	c.hex("document", d.Document, 32)
	c.line("channel", d.Channel, 1, maxName)
	c.words("to", d.To, 0, maxPath)
	c.role("role", d.Role)
	return c.err
}
