package mongodb

import (
	"fmt"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/linelog"
)

// structured says that a line begins as those of 4.4 and later do: {"t":{"$date":"…
func structured(line []byte) bool {
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	var b [16]byte
	n := 0
	for _, c := range line[:min(len(line), 32)] {
		if c != ' ' && n < len(b) {
			b[n] = c
			n++
		}
	}
	return strings.HasPrefix(string(b[:n]), `{"t":{"$date":"`)
}

// logins are the sentences with which the server says that a login ended, and how.
var logins = map[string]string{
	"Authentication succeeded": "success", "Successfully authenticated": "success", "Authentication failed": "failure", "Failed to authenticate": "failure",
}

// readStructured reads a line of JSON. Its members stay under "mongodb.log." with the product's own names.
func readStructured(r *linelog.Record) string {
	v, ok := jsonrec.Nested([]byte(r.Text))
	if !ok || v.Type() != fastjson.TypeObject {
		return jsonrec.ReasonSyntax
	}
	if r.At(event.Occurred, jsonrec.TextOf(v, "t", "$date")) != nil {
		return linelog.ReasonTime
	}
	msg := jsonrec.TextOf(v, "msg")
	remote := first(v, "remote", "client")
	user := jsonrec.TextOf(v, "attr", "principalName")
	if user == "" {
		user = jsonrec.TextOf(v, "attr", "user")
	}
	if user == "" {
		user = jsonrec.TextOf(v, "attr", "user", "user")
	}
	host, port := linelog.HostPort(remote)
	r.Endpoint(linelog.Source, host, port)
	r.Set("user.name", user)
	r.Set("log.level", jsonrec.TextOf(v, "s"))
	r.Set("event.code", jsonrec.TextOf(v, "id"))
	r.Set("mongodb.log.component", jsonrec.TextOf(v, "c"))
	r.Set("mongodb.log.context", jsonrec.TextOf(v, "ctx"))
	r.Set("mongodb.log.text", msg)
	message := msg
	switch {
	case logins[msg] != "":
		login(r, logins[msg])
		if user != "" {
			message += " as " + user
		}
		if db := first(v, "authenticationDatabase", "db"); db != "" {
			message += " on " + db
		}
	case msg == "Connection accepted":
		connection(r, "connection")
	case msg == "Connection ended":
		connection(r, "disconnection")
	default:
		r.Set("event.category", "database")
		if ns := jsonrec.TextOf(v, "attr", "ns"); ns != "" {
			message += " on " + ns
		}
		if ms := jsonrec.TextOf(v, "attr", "durationMillis"); ms != "" {
			message += " took " + ms + " ms"
		}
	}
	if remote != "" {
		message += " from " + remote
	}
	if why := jsonrec.TextOf(v, "attr", "error"); why != "" {
		message += ": " + why
	}
	r.Set("message", message)
	dataset(r)
	rest(r, v)
	return ""
}

// rest keeps every member that has no field yet.
func rest(r *linelog.Record, v *fastjson.Value) {
	leaves := jsonrec.Flatten(nil, "", v)
	if room := parse.MaxFields - len(r.Event.Fields); len(leaves) > room {
		r.Warn(fmt.Sprintf("the record has %d values; the first %d are kept", len(leaves), room))
		leaves = leaves[:room]
	}
	for _, l := range leaves {
		switch l.Name {
		case "t.$date", "s", "c", "ctx", "msg", "id":
		default:
			r.Event.Set("mongodb.log."+l.Name, l.Kind, l.Value)
		}
	}
}

// first is the first of several members of attr that is there.
func first(v *fastjson.Value, members ...string) string {
	for _, m := range members {
		if s := jsonrec.TextOf(v, "attr", m); s != "" {
			return s
		}
	}
	return ""
}
