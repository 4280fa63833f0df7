package access

import (
	"strings"

	"adjutant/backend/parse/linelog"
)

// form is whose fields stand behind those of the combined form.
type form uint8

const (
	formOther form = iota
	formIngress
	formTraefik
)

func (f form) module() string { return [...]string{"web", "nginx", "traefik"}[f] }

func (f form) dataset() string {
	return [...]string{"web.access", "nginx.ingress_controller", "traefik.access"}[f]
}

// form knows the two by marks that no other server writes: the names of upstreams in brackets, and a duration that ends in ms
// behind two quoted texts and a number.
func (a *entry) form() form {
	x := a.extra[:a.extras]
	switch {
	case len(x) >= 9 && bracketed(x[2]) && bracketed(x[3]):
		return formIngress
	case len(x) == 4 && isCount(x[0]) && strings.HasSuffix(x[3], "ms") && isCount(strings.TrimSuffix(x[3], "ms")):
		return formTraefik
	}
	return formOther
}

func bracketed(s string) bool { return len(s) >= 2 && s[0] == '[' && s[len(s)-1] == ']' }

// ingress: $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr
// $upstream_response_length $upstream_response_time $upstream_status $req_id. The four about upstreams are lists, one value
// for each try, separated by ", " or " : ".
func (a *entry) ingress(r *linelog.Record) {
	x := a.extra[:a.extras]
	const p = "nginx.ingress_controller."
	r.Number(p+"http.request.length", x[0], p+"http.request.length_text")
	r.Decimal(p+"http.request.time", x[1], p+"http.request.time_text")
	r.Set(p+"upstream.name", x[2][1:len(x[2])-1])
	r.Set(p+"upstream.alternative_name", x[3][1:len(x[3])-1])
	x = x[4:]
	for _, name := range [4]string{p + "upstream.address", p + "upstream.response.length", p + "upstream.response.time", p + "upstream.response.status_code"} {
		for more := true; more && len(x) > 1; {
			v := x[0]
			x = x[1:]
			v, more = strings.CutSuffix(v, ",")
			if len(x) > 2 && x[0] == ":" {
				more, x = true, x[1:]
			}
			if name == p+"upstream.address" {
				r.Set(name, v)
			} else {
				r.Decimal(name, v, "")
			}
		}
	}
	for _, v := range x {
		r.Set(p+"http.request.id", v)
	}
}

// traefik: number of the request, name of the router or frontend, address of the server, duration in milliseconds.
func (a *entry) traefik(r *linelog.Record) {
	if ms := strings.TrimSuffix(a.extra[3], "ms"); ms != "0" {
		r.Number("event.duration", ms+"000000", "")
	} else {
		r.Number("event.duration", ms, "")
	}
	r.Set("traefik.access.backend_url", a.extra[2])
	r.Set("traefik.access.frontend_name", a.extra[1])
	r.Number("traefik.access.request_count", a.extra[0], "")
}
