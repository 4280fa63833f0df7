// Package azure reads Azure activity logs, Entra sign-in and audit logs, as portal exports, diagnostic settings and the graph give them.
//
// Stage 2 of the flow, one format of parse over parse/jsonrec. It keeps true that every member of a record stays under
// "azure.<kind>logs." with the product's own names and digits, and that the sentence of a row is made of members alone: their values
// are whatever a caller sent. It judges nothing.
//
// Specification: Azure Monitor, "Azure Activity log event schema"; Microsoft Graph, resource types signIn and directoryAudit.
package azure

import (
	"context"
	"embed"
	"sync"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
)

//go:embed tables/*.csv
var tables embed.FS

// fields is compiled once; a fault in the table is a broken build, which the package's tests find.
var fields = sync.OnceValue(func() *jsonrec.Fields {
	f, err := jsonrec.ReadFields(tables, "tables/fields.csv")
	if err != nil {
		panic("azure: embedded table: " + err.Error())
	}
	return f
})

// Name is the parser's word in receipts and event ids.
const Name = "azure"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads Azure activity logs, Entra sign-in and audit logs, as portal exports, diagnostic settings and the graph give them.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

var shape = jsonrec.Shape{Name: Name, Version: version, Fits: fits, Fill: fill}

// Detect implements parse.Format.
func (Format) Detect(head []byte, name string) int { return shape.Detect(head, name) }

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return jsonrec.Parse(ctx, in, shape, emit)
}

// The kinds, told apart by members that the others do not have.
const (
	activity = "azure.activitylogs"
	signIn   = "azure.signinlogs"
	audit    = "azure.auditlogs"
)

// kindOf is the data set of a record, "" for none of Azure's. body is where its own members are: diagnostic settings put them
// into "properties".
func kindOf(v *fastjson.Value) (kind string, body *fastjson.Value) {
	body = v
	if p := v.Get("properties"); p != nil && p.Type() == fastjson.TypeObject && (jsonrec.IsText(v, "time") || jsonrec.IsText(v, "timeGenerated")) {
		body = p
	}
	switch {
	case jsonrec.IsText(body, "userPrincipalName") && jsonrec.IsText(body, "appDisplayName") && body.Exists("status"):
		return signIn, body
	case jsonrec.IsText(body, "activityDisplayName") && jsonrec.IsText(body, "activityDateTime"):
		return audit, body
	case (jsonrec.IsText(v, "eventTimestamp") || jsonrec.IsText(v, "event_timestamp") || jsonrec.IsText(v, "time")) && (v.Exists("operationName") || v.Exists("operation_name")) &&
		(jsonrec.IsText(v, "resourceId") || jsonrec.IsText(v, "resource_id")):
		return activity, v
	}
	return "", body
}

func fits(v *fastjson.Value) bool {
	kind, _ := kindOf(v)
	return kind != ""
}

func fill(r *jsonrec.Record) {
	kind, body := kindOf(r.Value)
	for _, name := range []string{"time", "eventTimestamp", "event_timestamp", "createdDateTime", "activityDateTime", "properties.createdDateTime", "properties.activityDateTime"} {
		if len(r.Event.Times) == 0 {
			r.AtUTC(event.Occurred, r.First(name)) // Azure's times are UTC
		}
	}
	for _, name := range []string{"submissionTimestamp", "submission_timestamp"} {
		r.AtUTC(event.Recorded, r.First(name))
	}
	leaves := r.Leaves()
	if body != r.Value {
		leaves = append(leaves, jsonrec.Flatten(nil, "", body)...) // the same members as without diagnostic settings, for the table
	}
	fields().Fill(r, leaves, kind+".")
	r.Set("event.kind", "event")
	r.Set("event.module", "azure")
	r.Set("event.dataset", kind)
	r.Set("cloud.provider", "azure")
	outcome(r, kind, body)
	message(r, kind, body)
}

func outcome(r *jsonrec.Record, kind string, body *fastjson.Value) {
	result := jsonrec.TextOf(body, "result")
	for _, m := range []string{"status.value", "resultType", "status.localizedValue", "status"} {
		if result == "" && kind == activity {
			result = r.First(m)
		}
	}
	if kind == signIn {
		if code := jsonrec.TextOf(body, "status", "errorCode"); code != "" {
			result = map[bool]string{true: "success", false: "failure"}[code == "0"]
		}
	}
	switch result {
	case "success", "Success", "Succeeded", "Accept":
		r.Set("event.outcome", "success")
	case "failure", "Failure", "Failed", "clientError":
		r.Set("event.outcome", "failure")
	}
}

func message(r *jsonrec.Record, kind string, body *fastjson.Value) {
	text := func(keys ...string) string { return jsonrec.TextOf(body, keys...) }
	from := r.First("callerIpAddress", "properties.ipAddress", "ipAddress", "httpRequest.clientIpAddress", "http_request.client_ip_address")
	var m string
	switch kind {
	case signIn:
		m = text("userPrincipalName") + " signed in to " + text("appDisplayName")
		if code := text("status", "errorCode"); code != "" && code != "0" {
			m = text("userPrincipalName") + " failed to sign in to " + text("appDisplayName") + " (" + code + " " + text("status", "failureReason") + ")"
		}
	case audit:
		who := text("initiatedBy", "user", "userPrincipalName")
		if who == "" {
			who = text("initiatedBy", "app", "displayName")
		}
		if who == "" {
			who = "someone"
		}
		m = who + ": " + text("activityDisplayName")
	default:
		who := r.First("caller", "identity.authorization.evidence.principalId")
		if who == "" {
			who = "someone"
		}
		m = who + ": " + r.First("operationName.value", "operationName", "operation_name.value", "operation_name")
		if on := r.First("resourceId", "resource_id"); on != "" {
			m += " on " + on
		}
	}
	if from != "" {
		m += " from " + from
	}
	r.Set("message", m)
}
