package mysql

import (
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
)

// query reads a record of the slow log.
func query(r *linelog.Record, logged string) string {
	var statement, began string
	all := strings.Split(r.Text, "\n")
	for i, line := range all {
		switch {
		case strings.HasPrefix(line, userMark):
			account(r, line[len(userMark):])
		case strings.HasPrefix(line, adminMark) && statement == "":
			statement = line[2:]
		case strings.HasPrefix(line, "# explain: ") && statement == "":
			r.Set("mysql.slowlog.explain", line[len("# explain: "):])
		case strings.HasPrefix(line, "#") && statement == "":
			figures(r, strings.TrimPrefix(line[1:], " "))
		case strings.HasPrefix(line, "SET timestamp=") && began == "":
			began = strings.TrimSuffix(line[len("SET timestamp="):], ";")
		case strings.HasPrefix(strings.ToLower(line), "use ") && statement == "" && strings.HasSuffix(line, ";"):
			r.Set("mysql.slowlog.current_db", strings.TrimSuffix(line[4:], ";"))
		case statement == "":
			statement = strings.Join(all[i:], "\n")
		}
	}
	if statement == "" && began == "" {
		return reasonCut
	}
	if began != "" && r.At(event.Occurred, began) == nil {
		if logged != "" && stamp(r, event.Recorded, logged) != nil {
			r.Warn("the time of logging could not be read")
		}
	} else if stamp(r, event.Occurred, logged) != nil {
		return linelog.ReasonTime
	}
	r.Set("mysql.slowlog.query", statement)
	r.Set("message", "Slow query: "+statement)
	dataset(r, "mysql.slowlog")
	return ""
}

// stamp reads what stands behind "# Time:".
func stamp(r *linelog.Record, meaning event.TimeKind, s string) error {
	if e, ok := head(s + " "); ok && !e.stated {
		return r.Civil(meaning, e.at, s)
	}
	return r.At(meaning, s)
}

// account takes "root[root] @ localhost [127.0.0.1]  Id:    14".
func account(r *linelog.Record, s string) {
	name, rest, _ := strings.Cut(s, "[")
	r.Set("user.name", strings.TrimSpace(name))
	granted, rest, _ := strings.Cut(rest, "]")
	if granted != strings.TrimSpace(name) {
		r.Set("user.effective.name", granted) // the account whose rights the connection has
	}
	_, host, _ := strings.Cut(rest, "@ ")
	host, rest, _ = strings.Cut(host, "[")
	address, rest, _ := strings.Cut(rest, "]")
	address, host = strings.TrimSpace(address), strings.TrimSpace(host)
	if address == "" {
		address, host = host, ""
	}
	r.Endpoint(linelog.Source, address, "")
	r.Set("source.domain", host)
	if _, id, found := strings.Cut(rest, "Id:"); found {
		r.Number("mysql.thread_id", strings.TrimSpace(id), "mysql.thread")
	}
}

// maxFigures bounds a line of figures in bytes; servers write some three hundred.
const maxFigures = 4096

// figures takes "Query_time: 2.000652  Lock_time: 0.000000 …".
func figures(r *linelog.Record, s string) {
	if len(s) > maxFigures {
		r.Set("mysql.slowlog.other", s)
		return
	}
	words := strings.Fields(s)
	for i := 0; i < len(words); i++ {
		name, isName := strings.CutSuffix(words[i], ":")
		if !isName {
			continue
		}
		value := ""
		if i+1 < len(words) && !strings.HasSuffix(words[i+1], ":") {
			value = words[i+1]
			i++
		}
		field := "mysql.slowlog." + strings.ToLower(name)
		if strings.Contains(value, ".") {
			r.Decimal(field, value, field+"_text")
		} else {
			r.Number(field, value, field+"_text")
		}
	}
}
