package app

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/deadline"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/workbench"
)

// routes registers every call of the page; one function for each stage.
func (s *Server) routes() {
	s.caseRoutes()
	s.boardRoutes()
	s.evidenceRoutes()
	s.intakeRoutes()
	s.timelineRoutes()
	s.triageRoutes()
	s.decisionRoutes()
	s.deadlineRoutes()
	s.documentRoutes()
	s.recordRoutes()
	s.entryRoutes()
	s.replayRoutes()
	s.actRoutes()
	s.peopleRoutes()
	s.keyRoutes()
	s.custodyRoutes()
	s.mergeRoutes()
	s.copyRoutes()
	s.laneRoutes()
	s.witnessRoutes()
	s.askRoutes()
}

func (s *Server) caseRoutes() {
	do(s, "GET /api/start", func(context.Context, none) (any, error) { return s.start() })
	do(s, "POST /api/case/create", func(ctx context.Context, in struct {
		Dir          string `json:"dir"`
		Name         string `json:"name"`
		Person       string `json:"person"`
		Passphrase   string `json:"passphrase"`
		Mode         string `json:"mode"`
		TLP          string `json:"tlp"`
		Zone         string `json:"zone"`
		Organisation string `json:"organisation"`
	}) (any, error) {
		b, err := workbench.CreateCase(ctx, s.env, workbench.CaseConfig{
			Dir: in.Dir, Name: in.Name, Person: in.Person, Passphrase: []byte(in.Passphrase), Mode: incident.Mode(in.Mode), TLP: incident.TLP(in.TLP), Zone: in.Zone,
			Organisation: in.Organisation,
		}, signs)
		if err != nil {
			return nil, err
		}
		return s.seated(b)
	})
	do(s, "POST /api/case/open", func(ctx context.Context, in struct {
		Dir           string `json:"dir"`
		Passphrase    string `json:"passphrase"`
		Person        string `json:"person"`
		KeyPassphrase string `json:"key_passphrase"`
	}) (any, error) {
		c := workbench.OpenConfig{Dir: in.Dir, Passphrase: []byte(in.Passphrase), Person: in.Person}
		if in.KeyPassphrase != "" {
			c.Key = []byte(in.KeyPassphrase)
		}
		if b := s.sitting(in.Dir); b != nil {
			return s.unlock(b, c)
		}
		b, err := workbench.OpenCase(ctx, s.env, c)
		if err != nil {
			return nil, err
		}
		return s.seated(b)
	})
	do(s, "POST /api/case/demo", func(_ context.Context, in struct {
		Dir        string `json:"dir"`
		Passphrase string `json:"passphrase"`
	}) (any, error) {
		job := s.jobs.Go("The sample incident", func(ctx context.Context, report func(workbench.Progress)) error {
			_, err := workbench.Demo(ctx, s.env, workbench.DemoConfig{Dir: in.Dir, Passphrase: []byte(in.Passphrase), Report: report}, signs)
			return err
		})
		return s.job(job), nil
	})
	do(s, "POST /api/case/close", func(context.Context, none) (any, error) {
		if err := s.seat(nil); err != nil {
			return nil, err
		}
		return view.CaseView{Problems: []view.Problem{}}, nil
	})
	do(s, "GET /api/case", func(context.Context, none) (any, error) {
		b, err := s.open()
		if err != nil {
			return view.CaseView{Problems: []view.Problem{}, Person: view.Me{Roles: []view.RoleHeld{}}}, nil
		}
		return s.caseView(b)
	})
	on(s, "POST /api/case/role", func(_ context.Context, b *workbench.Bench, in struct {
		Role string `json:"role"`
	}, _ *http.Request) (any, error) {
		if err := b.ActAs(incident.Role(in.Role)); err != nil {
			return nil, err
		}
		return s.caseView(b)
	})
	on(s, "POST /api/case/lock", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		if s.Busy() {
			return nil, fmt.Errorf("%w: work is running that signs its receipts in your name; let it end or cancel it before you lock", workbench.ErrUsage)
		}
		b.Lock()
		return s.caseView(b)
	})
	on(s, "POST /api/person/switch", func(_ context.Context, b *workbench.Bench, in struct {
		Person     string `json:"person"`
		Passphrase string `json:"passphrase"`
	}, _ *http.Request) (any, error) {
		if err := b.SwitchPerson(in.Person, []byte(in.Passphrase)); err != nil {
			return nil, err
		}
		return s.caseView(b)
	})
	on(s, "GET /api/drafts/{key...}", func(_ context.Context, b *workbench.Bench, _ none, r *http.Request) (any, error) {
		t, err := b.Words(r.PathValue("key"))
		return map[string]string{"text": t}, err
	})
	on(s, "PUT /api/drafts/{key...}", func(_ context.Context, b *workbench.Bench, in struct {
		Text string `json:"text"`
	}, r *http.Request) (any, error) {
		return map[string]bool{"kept": true}, b.KeepWords(r.PathValue("key"), in.Text)
	})
	do(s, "GET /api/jobs", func(context.Context, none) (any, error) {
		out := []view.Job{}
		for _, j := range s.jobs.List() {
			out = append(out, s.job(j))
		}
		return map[string]any{"jobs": out}, nil
	})
	s.mux.HandleFunc("POST /api/jobs/{id}/cancel", func(w http.ResponseWriter, r *http.Request) {
		if !s.jobs.Cancel(r.PathValue("id")) {
			failWith(w, workbench.ErrNotFound)
			return
		}
		answer(w, map[string]bool{"cancelling": true})
	})
	s.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, view.Error{Code: "not-found", Sentence: "The page asked for something this program does not have: " + r.Method + " " + r.URL.Path + ".", Hint: "The page and the program may be of different versions."})
	})
}

// signs makes the acts of a person who pressed the button that creates a case or the sample incident.
var signs = workbench.Confirmer{Once: confirm.New, Batch: confirm.Batch}

// sitting is the open case when dir is its folder, else nil.
func (s *Server) sitting(dir string) *workbench.Bench {
	b, err := s.open()
	if err != nil {
		return nil
	}
	if abs, err := filepath.Abs(dir); err != nil || abs != b.Dir() {
		return nil
	}
	return b
}

// unlock puts a person back at a case that was locked: the folder stays open, their key is opened anew.
func (s *Server) unlock(b *workbench.Bench, c workbench.OpenConfig) (any, error) {
	who, key := c.Person, c.Key
	if who == "" {
		who = string(b.MyID())
	}
	if key == nil {
		key = c.Passphrase
	}
	if err := b.SwitchPerson(who, key); err != nil {
		return nil, err
	}
	return s.caseView(b)
}

func (s *Server) seated(b *workbench.Bench) (any, error) {
	if err := s.seat(b); err != nil {
		return nil, err
	}
	return s.caseView(b)
}

func (s *Server) start() (view.Start, error) {
	s.mu.RLock()
	dir := s.dir
	s.mu.RUnlock()
	persons, err := workbench.Persons(s.env)
	if err != nil {
		return view.Start{}, err
	}
	def, _ := identity.Default(s.env.Home)
	out := view.Start{Version: s.env.Version, Home: userFolder(s.env), Sample: true, Propose: dir, Recent: []view.RecentCase{}, Persons: []view.Person{}}
	for _, p := range persons {
		out.Persons = append(out.Persons, view.Person{ID: string(p.ID), Name: p.Name, Fingerprint: caserecord.KeyCode(p.Key), Default: p.ID == def.ID})
	}
	recent := workbench.RecentCases(s.env)
	if dir != "" {
		out.Recent = append(out.Recent, view.RecentCase{Path: dir, Name: workbench.FolderName(dir)})
		if info, err := workbench.Inspect(dir); err == nil {
			out.Recent[0].Mode, out.Recent[0].Opened = string(info.Mode), stamp(info.Created)
		}
	}
	for _, r := range recent {
		if r.Path != dir {
			out.Recent = append(out.Recent, view.RecentCase{Path: r.Path, Name: r.Name, Mode: string(r.Mode), Opened: stamp(r.Opened)})
		}
	}
	return out, nil
}

// userFolder is where new cases are proposed: the person's own folder, not the one with the keys.
func userFolder(env workbench.Env) string {
	if h, err := os.UserHomeDir(); err == nil {
		return h
	}
	return env.Home
}

func (s *Server) caseView(b *workbench.Bench) (view.CaseView, error) {
	st := b.State()
	v := view.CaseView{
		Open: true, ID: b.ID(), Name: st.Case.Name, Dir: b.Dir(), Mode: string(b.Mode()), TLP: strings.TrimPrefix(string(st.Case.TLP), "TLP:"), Zone: st.Case.Zone,
		Created: stamp(st.Case.Recorded), Head: st.Head, Entries: st.Entries, Verified: stampOrNil(b.Verified()), Problems: []view.Problem{},
		OpenDecisions: b.OpenDecisions(), Person: me(b),
	}
	if locked(b) {
		v.Open = false // locked: the page asks for the key, and shows nothing of the case until then
	}
	v.Severity, v.SeverityAwaits = severityBy(st.SeverityInForce()), severityBy(st.SeverityAwaiting())
	for _, c := range b.Clocks() {
		if c.Strict != nil && (c.State == deadline.Running || c.State == deadline.Missed) {
			v.Clock = &view.NextClock{Title: shortDuty(c.RegimeName), Stage: c.StageName, Deadline: stamp(*c.Strict), Missed: c.State == deadline.Missed}
			break
		}
	}
	m := b.Model()
	v.Model = view.StateText{State: m.State, Text: m.Text}
	v.Isolation = view.StateText{State: m.Isolation, Text: m.IsolationText}
	if s.web {
		v.Isolation = view.StateText{State: "loopback", Text: "This page is served on a loopback address of this computer, for a browser here. " + m.IsolationText}
	}
	for _, p := range b.Problems() {
		v.Problems = append(v.Problems, view.Problem{Code: p.File, Text: p.Text, Mended: p.Mended})
	}
	for _, r := range st.Refused {
		v.Problems = append(v.Problems, view.Problem{Code: string(r.Code), Text: r.Text, Entry: string(r.Entry)})
	}
	return v, nil
}

func severityBy(c *caserecord.SeverityEntry) *view.SeverityBy {
	if c == nil {
		return nil
	}
	return &view.SeverityBy{Level: c.Data.Level.String(), By: c.Name, Role: c.Data.Role.Title(), At: stamp(c.Recorded)}
}

// shortDuty is a duty's name for the strip: what stands before the colon, at most three words.
func shortDuty(name string) string {
	name, _, _ = strings.Cut(name, ":")
	if w := strings.Fields(name); len(w) > 3 {
		return strings.Join(w[:3], " ")
	}
	return name
}

func (s *Server) job(j workbench.Job) view.Job {
	v := view.Job{
		ID: j.ID, Title: j.Title, State: string(j.State), Done: j.Progress.Done, Total: j.Progress.Total, Unit: j.Progress.Unit,
		Message: j.Progress.Message, Rate: j.Rate(s.env.Now()), Started: stamp(j.Started),
	}
	if !j.Ended.IsZero() {
		e := stamp(j.Ended)
		v.Ended = &e
	}
	if left := j.Progress.Total - j.Progress.Done; j.State == workbench.JobRunning && v.Rate > 0 && left >= 0 && j.Progress.Total > 0 {
		sec := float64(left) / v.Rate
		v.RemainingSeconds = &sec
	}
	if j.Err != nil && j.State == workbench.JobFailed {
		f := workbench.Explain(j.Err)
		v.Error = &view.Error{Code: string(f.Code), Sentence: f.Sentence, Hint: f.Hint}
	}
	if by, hidden := s.hidden(j.ID); hidden {
		v.Title, v.Message = "Work on a case", ""
		if by != "" {
			v.Title = "Work that " + by + " began"
		}
		if v.Error != nil {
			v.Error = &view.Error{Code: v.Error.Code, Sentence: "The work failed.", Hint: "Whoever began it is told why."}
		}
	}
	return v
}

// stamp prints a moment for the page: RFC 3339, UTC.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func stampOrNil(t *time.Time) *string {
	if t == nil || t.IsZero() {
		return nil
	}
	s := stamp(*t)
	return &s
}

func textOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
