package ask

import (
	"fmt"
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/timeline/query"
)

// rows makes a query reading from the given parts and the adjuncts.
func (v *Vocabulary) rows(want Want, said string, b bound, parts ...query.Expr) Reading {
	if b.hosts != nil {
		parts = append(parts, hostExpr(b.hosts))
		said += " on " + b.hostWord
	}
	if b.users != nil {
		parts = append(parts, userExpr(b.users))
		said += " of user " + b.userWord
	}
	if b.when != nil {
		parts = append(parts, query.Between(b.when.from, b.when.to))
		said += v.words(b.when)
	}
	limit := rowLimit
	switch want {
	case WantFirst, WantLast:
		limit = 1
	case WantValues:
		limit = valueLimit
	}
	return Reading{Kind: KindQuery, Want: want, Query: query.Both(parts...), Limit: limit, Text: strings.ToUpper(said[:1]) + said[1:] + "."}
}

// words says a period in the zone of the reader.
func (v *Vocabulary) words(p *period) string {
	say := func(t time.Time) string { return t.In(v.Zone).Format("2 January 2006 15:04:05") }
	zone := v.Zone.String()
	switch {
	case p.from.IsZero():
		return " before " + say(p.to) + " (" + zone + ")"
	case p.to.IsZero():
		return " since " + say(p.from) + " (" + zone + ")"
	}
	return " from " + say(p.from) + " until " + say(p.to) + " (" + zone + ")"
}

// note adds what a person should know about the reading.
func (v *Vocabulary) note(r *Reading, b bound) {
	if b.when != nil {
		if b.when.note != "" {
			r.Notes = append(r.Notes, b.when.note)
		}
		if r.Kind == KindQuery && !v.First.IsZero() && (!b.when.from.IsZero() && b.when.from.After(v.Last) || !b.when.to.IsZero() && !b.when.to.After(v.First)) {
			r.Notes = append(r.Notes, fmt.Sprintf("This period lies outside the timeline, which covers %s to %s.", event.FormatTime(v.First), event.FormatTime(v.Last)))
		}
	}
	if len(b.hosts) > 1 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s is taken as %s.", b.hostWord, strings.Join(b.hosts, ", ")))
	}
	if len(b.users) > 1 {
		r.Notes = append(r.Notes, fmt.Sprintf("User %s is taken as %s.", b.userWord, strings.Join(b.users, ", ")))
	}
}

// first makes a pattern whose text has "first" or "last" somewhere.
func first(text string) *pattern {
	return &pattern{text: text, build: func(v *Vocabulary, b bound) (Reading, bool) {
		if b.thing.expr == nil {
			return Reading{}, false
		}
		if b.last {
			return v.rows(WantLast, "the last row with "+b.thing.said, b, b.thing.expr), true
		}
		return v.rows(WantFirst, "the first row with "+b.thing.said, b, b.thing.expr), true
	}}
}

func count(text string) *pattern {
	return &pattern{text: text, build: func(v *Vocabulary, b bound) (Reading, bool) {
		return v.rows(WantCount, "the number of "+b.thing.said, b, b.thing.expr), true
	}}
}

func topicRows(text string) *pattern {
	return &pattern{text: text, build: func(v *Vocabulary, b bound) (Reading, bool) {
		if b.thing.expr == nil {
			return Reading{}, false
		}
		return v.rows(WantRows, b.thing.said, b, b.thing.expr), true
	}}
}

func buildThingCount(v *Vocabulary, b bound) (Reading, bool) {
	return v.rows(WantCount, "the number of rows with "+b.thing.said, b, b.thing.expr), true
}

func buildCountRows(v *Vocabulary, b bound) (Reading, bool) {
	return v.rows(WantCount, "the number of rows", b), true
}

func buildUserLogon(v *Vocabulary, b bound) (Reading, bool) {
	if b.last {
		return v.rows(WantLast, "the last logon", b, logons()), true
	}
	return v.rows(WantFirst, "the first logon", b, logons()), true
}

func buildUserLogonCount(v *Vocabulary, b bound) (Reading, bool) {
	return v.rows(WantCount, "the number of logons", b, logons()), true
}

func buildUserFailCount(v *Vocabulary, b bound) (Reading, bool) {
	return v.rows(WantCount, "the number of failed logons", b, failedLogons()), true
}

func buildTalkers(v *Vocabulary, b bound) (Reading, bool) {
	r := v.rows(WantValues, "hosts and addresses that connected to "+b.peer, b, peerExpr(b.peer))
	r.Fields = []string{"host.name", "source.ip"}
	return r, true
}

func buildWhoLoggedOn(v *Vocabulary, b bound) (Reading, bool) {
	r := v.rows(WantValues, "users that logged on", b, logons())
	r.Fields = []string{"user.name"}
	return r, true
}

func buildWhoActed(v *Vocabulary, b bound) (Reading, bool) {
	r := v.rows(WantValues, "users seen", b, query.Has("user.name"))
	r.Fields = []string{"user.name"}
	return r, true
}

func buildWhereLoggedOn(v *Vocabulary, b bound) (Reading, bool) {
	r := v.rows(WantValues, "hosts with logons", b, logons())
	r.Fields = []string{"host.name"}
	return r, true
}

func buildWhereActed(v *Vocabulary, b bound) (Reading, bool) {
	r := v.rows(WantValues, "hosts with rows", b)
	r.Fields = []string{"host.name"}
	return r, true
}

func buildUserRows(v *Vocabulary, b bound) (Reading, bool) { return v.rows(WantRows, "rows", b), true }

func buildHostRows(v *Vocabulary, b bound) (Reading, bool) { return v.rows(WantRows, "rows", b), true }

// buildRows needs a host, a user or a period: "what happened" alone is the whole timeline, which nobody means.
func buildRows(v *Vocabulary, b bound) (Reading, bool) {
	if b.hosts == nil && b.users == nil && b.when == nil {
		return Reading{}, false
	}
	return v.rows(WantRows, "rows", b), true
}
