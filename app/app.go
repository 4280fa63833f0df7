// Package app is the window's side of the program: the /api handler, the page it serves, and the few things that the
// desktop itself does (choosers, quitting).
//
// It sits on workbench: a handler parses, calls one use case and maps the answer to view. It keeps true that what a
// person signs from the window is what was shown to them (the confirm handlers are here and nowhere else in the window),
// that no panic ends the program, and that every error reaches the page as one sentence with a way out.
package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/workbench"
)

// ErrNoWindow is returned by RunWindow of a program built without one.
var ErrNoWindow = workbench.ErrNoWindow

// MaxBody bounds a request of the page: the longest is a note.
const MaxBody = 4 << 20

// errNoCase is what every handler of an open case answers when there is none.
var errNoCase = fmt.Errorf("%w: no case is open", workbench.ErrUsage)

// Server answers /api for one window. It holds at most one open case.
type Server struct {
	env  workbench.Env
	mux  *http.ServeMux
	jobs *workbench.Jobs
	dir  string // case that the start screen proposes to open
	web  bool   // the page is served over a loopback address, not inside the window

	mu    sync.RWMutex
	bench *workbench.Bench
	of    *caseWork // of bench
	acted time.Time // when a person last did something: the page's polling does not count

	beganMu sync.Mutex
	began   map[string]beginner // by job: work on a case may tell of what only its beginner may see
}

// beginner is who began long work on an open case.
type beginner struct {
	bench *workbench.Bench
	who   caserecord.PersonID
	name  string
}

// IdleLock is how long nobody has to act until the person's key is forgotten. Reading goes on; signing asks for the key.
const IdleLock = 15 * time.Minute

// NewServer returns a server without a case; propose is the folder that the start screen fills in, or "".
func NewServer(env workbench.Env, propose string) *Server {
	s := &Server{env: env, mux: http.NewServeMux(), jobs: workbench.NewJobs(env.Now), dir: propose, acted: env.Now(), began: map[string]beginner{}}
	s.routes()
	return s
}

// ServeHTTP answers one request of the page.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			// The stack goes to the log only: it may hold words of the evidence.
			slog.Error("api: handler failed", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			fail(w, http.StatusInternalServerError, view.Error{Code: "internal", Sentence: "The program made a mistake in this step.", Hint: "Nothing that was acknowledged is lost. Try again; if it stays, restart the window."})
		}
	}()
	if r.Body != nil {
		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
	}
	s.idle(r.Method != http.MethodGet)
	s.mux.ServeHTTP(w, r)
}

// idle locks the person's key when nobody has acted for IdleLock. It runs before every call, also those of the page's own
// polling, so that a laptop left alone is locked without a timer of ours. Work that signs receipts in their name goes on first.
func (s *Server) idle(acting bool) {
	now := s.env.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bench != nil && now.Sub(s.acted) > IdleLock && s.jobs.Running() == 0 {
		s.bench.Lock()
	}
	if acting {
		s.acted = now
	}
}

// Busy reports whether long work is running, so that closing asks first.
func (s *Server) Busy() bool { return s.jobs.Running() > 0 }

// Close stops the jobs and closes the case.
func (s *Server) Close() {
	s.jobs.Stop()
	if err := s.seat(nil); err != nil {
		slog.Error("close the case", "error", err)
	}
}

func (s *Server) open() (*workbench.Bench, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.bench == nil {
		return nil, errNoCase
	}
	return s.bench, nil
}

// seat puts an open case into the window, closing an earlier one after the work on it has ended. Other calls go on
// meanwhile.
func (s *Server) seat(b *workbench.Bench) error {
	s.mu.Lock()
	old, of := s.bench, s.of
	s.bench, s.of = b, nil
	if b != nil {
		s.of = newCaseWork()
		s.dir = "" // the proposal has served
	}
	s.mu.Unlock()
	if old == nil {
		return nil
	}
	of.stop()
	of.running.Wait()
	return old.Close()
}

// caseWork is the long work on one open case: none of it outlives the case.
type caseWork struct {
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newCaseWork() *caseWork {
	w := &caseWork{}
	w.ctx, w.stop = context.WithCancel(context.Background())
	return w
}

// work starts long work on the open case b. It is cancelled, and waited for, before b is closed.
func (s *Server) work(b *workbench.Bench, title string, f func(ctx context.Context, report func(workbench.Progress)) error) (workbench.Job, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.bench != b {
		return workbench.Job{}, errNoCase
	}
	of := s.of
	of.running.Add(1)
	s.beganMu.Lock() // until it is noted: nobody looks at a job of an unknown beginner
	defer s.beganMu.Unlock()
	j := s.jobs.Go(title, func(ctx context.Context, report func(workbench.Progress)) error {
		defer of.running.Done()
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		defer context.AfterFunc(of.ctx, stop)()
		return f(ctx, report)
	})
	s.began[j.ID] = beginner{b, b.MyID(), b.MyName()}
	return j, nil
}

// hidden reports that the words of a job are not for whoever is at the keyboard now: it is about a case that is closed or
// locked, or another person began it. It says who began it.
func (s *Server) hidden(job string) (string, bool) {
	s.beganMu.Lock()
	by, ok := s.began[job]
	s.beganMu.Unlock()
	if !ok {
		return "", false
	}
	b, err := s.open()
	return by.name, err != nil || b != by.bench || b.MyID() != by.who || locked(b)
}

// do registers a handler that needs no case.
func do[T any](s *Server, pattern string, f func(ctx context.Context, in T) (any, error)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		var in T
		if err := readBody(r, &in); err != nil {
			failWith(w, err)
			return
		}
		out, err := f(r.Context(), in)
		if err != nil {
			failWith(w, err)
			return
		}
		answer(w, out)
	})
}

// on registers a handler that works on the open case.
func on[T any](s *Server, pattern string, f func(ctx context.Context, b *workbench.Bench, in T, r *http.Request) (any, error)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		b, err := s.open()
		if err != nil {
			failWith(w, err)
			return
		}
		if pattern != unlocking && locked(b) {
			failWith(w, workbench.ErrLocked) // nothing of the case is told until somebody is back
			return
		}
		var in T
		if err := readBody(r, &in); err != nil {
			failWith(w, err)
			return
		}
		out, err := f(r.Context(), b, in, r)
		if err != nil {
			failWith(w, err)
			return
		}
		if f, ok := out.(file); ok {
			w.Header().Set("Content-Type", f.kind)
			w.Write(f.bytes) //nolint:errcheck // the page went away
			return
		}
		answer(w, out)
	})
}

// unlocking is the one call of an open case that a locked one answers.
const unlocking = "POST /api/person/switch"

// locked reports whether the person at the case has left it. A case that is open for reading alone is not locked.
func locked(b *workbench.Bench) bool {
	_, err := b.Me()
	return err != nil && b.MyID() != ""
}

// none is the input of handlers without a body.
type none struct{}

// file is an answer that is not JSON.
type file struct {
	kind  string
	bytes []byte
}

func readBody(r *http.Request, into any) error {
	if _, ok := into.(*none); ok || r.Method == http.MethodGet || r.Body == nil {
		return nil
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: the page sent something unreadable: %v", workbench.ErrUsage, err)
	}
	return nil
}

func answer(w http.ResponseWriter, out any) {
	b, err := json.Marshal(out)
	if err != nil {
		failWith(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(b) //nolint:errcheck // the page went away
}

func failWith(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	f := workbench.Explain(err)
	switch f.Code {
	case workbench.CodeNotFound:
		status = http.StatusNotFound
	case workbench.CodeNotAllowed, workbench.CodePassphrase, workbench.CodeLocked:
		status = http.StatusForbidden
	case workbench.CodeChanged, workbench.CodeInUse:
		status = http.StatusConflict
	case workbench.CodeFailed, workbench.CodeDamaged, workbench.CodeDiskFull:
		status = http.StatusInternalServerError
	}
	fail(w, status, view.Error{Code: string(f.Code), Sentence: f.Sentence, Hint: f.Hint})
}

func fail(w http.ResponseWriter, status int, e view.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]view.Error{"error": e}) //nolint:errcheck // the page went away
}

// sign makes the act of the person at the window for what was just shown to them. It is a confirm handler (P1): only the
// handlers of this package call it, each for one click of a person.
func sign(b *workbench.Bench, p workbench.Proposal) (identity.Act, error) { return act(b, p, false) }

// signBatch is sign for work that writes several entries, such as the receipts of an import.
func signBatch(b *workbench.Bench, p workbench.Proposal) (identity.Act, error) {
	return act(b, p, true)
}

func act(b *workbench.Bench, p workbench.Proposal, batch bool) (identity.Act, error) {
	var zero identity.Act
	if p.Refused != nil {
		return zero, fmt.Errorf("%w: %w", workbench.ErrNotAllowed, p.Refused)
	}
	me, err := b.Me()
	if err != nil {
		return zero, err
	}
	if batch {
		return confirm.Batch(me, p.Shown, p.Kinds...), nil
	}
	return confirm.New(me, p.Shown, p.Kinds...), nil
}
