package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"adjutant/backend/caserecord"
	"adjutant/backend/document"
	"adjutant/backend/identity"
	"adjutant/backend/llm"
)

// The states of the model as screens show them.
const (
	ModelOff      = "off"      // a person switched it off in this case
	ModelOn       = "on"       // it may work
	ModelAbsent   = "absent"   // nothing is installed
	ModelUnfit    = "unfit"    // installed, but no function passed its fitness check
	ModelStarting = "starting" // loading
	ModelFailed   = "failed"
)

// DeviceModel is what is known of the model on this device, without starting it.
type DeviceModel struct {
	State     string        `json:"state"`
	Name      string        `json:"name"`
	Version   string        `json:"version"`
	Text      string        `json:"text"`
	Functions []llm.Fitness `json:"functions"`
}

// narrativeTitle is the one function of the model in words.
const narrativeTitle = "Timeline narrative, sentence by sentence"

// ModelOnDevice says whether a model is installed and what its fitness check found.
func ModelOnDevice(env Env) DeviceModel {
	in, err := llm.Locate()
	if err != nil {
		return DeviceModel{State: ModelAbsent, Text: "No model is installed. Every function works by its twin."}
	}
	d := DeviceModel{State: ModelUnfit, Name: in.Model.Name, Version: "ollama " + in.Ollama}
	f, ok := readFitness(env, in)
	switch {
	case !ok:
		f = llm.Fitness{Function: "narrative", Why: "Not checked yet; a function is off until its check has passed."}
		d.Text = in.Model.Name + " is installed and has not been checked yet. Until then its functions are off and the twins do the work."
	case f.Fit:
		d.State, d.Text = ModelOn, in.Model.Name+" passed its fitness check for: "+narrativeTitle+"."
	default:
		d.Text = in.Model.Name + " did not pass its fitness check, so its functions are off and the twins do the work. " + f.Why
	}
	d.Functions = []llm.Fitness{f}
	return d
}

// CheckModel starts the model, runs the probes of each function and keeps the result on this device.
func CheckModel(ctx context.Context, env Env, report func(Progress)) (llm.Fitness, error) {
	var g guest
	defer g.stop()
	p, err := g.start(ctx)
	if err != nil {
		return llm.Fitness{}, err
	}
	f, err := p.CheckNarrative(ctx, checkProbe, func(done, total int) {
		if report != nil {
			report(Progress{Done: int64(done), Total: int64(total), Unit: "probes", Message: narrativeTitle})
		}
	})
	if err != nil {
		return f, err
	}
	return f, writeFitness(env, f)
}

// checkProbe is the guard of documents, on the rows of a probe.
func checkProbe(text string, rows []llm.Row) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	bad := document.CheckSentence(text, ids, func(id string) (document.RowFacts, bool) {
		for _, r := range rows {
			if r.ID == id {
				return document.RowFacts{Text: r.Text}, true
			}
		}
		return document.RowFacts{}, false
	})
	if len(bad) > 0 {
		return errors.New(bad[0].Text)
	}
	return nil
}

func fitnessFile(env Env, in llm.Install) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, strings.ToLower(in.Model.Name))
	return filepath.Join(env.Home, "fitness", name+"-ollama-"+in.Ollama+".json")
}

func readFitness(env Env, in llm.Install) (llm.Fitness, bool) {
	var f llm.Fitness
	b, err := os.ReadFile(fitnessFile(env, in))
	if err != nil || json.Unmarshal(b, &f) != nil {
		return f, false
	}
	return f, true
}

func writeFitness(env Env, f llm.Fitness) error {
	in, err := llm.Locate()
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	path := fitnessFile(env, in)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}

// guest is the running model server of this program, started when it is first needed.
type guest struct {
	begin    sync.Mutex // held while a server starts, which takes as long as loading the model
	mu       sync.Mutex // of what follows; never held over slow work
	proc     *llm.Process
	err      error
	starting bool
}

func (g *guest) start(ctx context.Context) (*llm.Process, error) {
	g.begin.Lock()
	defer g.begin.Unlock()
	g.mu.Lock()
	if g.proc != nil && g.proc.Ended() {
		g.proc.Close() //nolint:errcheck // it is gone
		g.proc = nil
	}
	running := g.proc
	g.starting = running == nil
	g.mu.Unlock()
	if running != nil {
		return running, nil
	}
	p, err := launch(ctx)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.proc, g.starting = p, false
	if g.err = err; errors.Is(err, llm.ErrAbsent) || errors.Is(err, context.Canceled) {
		g.err = nil // nothing failed
	}
	return p, err
}

func launch(ctx context.Context) (*llm.Process, error) {
	in, err := llm.Locate()
	if err != nil {
		return nil, err
	}
	p, err := llm.Start(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := p.Load(ctx); err != nil {
		p.Close() //nolint:errcheck // it never fails
		return nil, err
	}
	return p, nil
}

func (g *guest) stop() {
	g.begin.Lock() // a server that starts is waited for, then stopped
	defer g.begin.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.proc != nil {
		g.proc.Close() //nolint:errcheck // it never fails
		g.proc = nil
	}
}

// ModelState is the model as this case has it.
type ModelState struct {
	DeviceModel
	Isolation     string // isolated, loopback
	IsolationText string
	Variant       string
	Digest        string
}

// Model says how the model stands in this case.
func (b *Bench) Model() ModelState {
	m := ModelState{DeviceModel: ModelOnDevice(b.env), Isolation: "isolated", IsolationText: "The model server is not running; this program opens no port for it."}
	if len(m.Functions) > 0 {
		m.Digest, m.Variant = m.Functions[0].Digest, m.Functions[0].Variant
	}
	if m.State != ModelAbsent && !b.State().ModelOn("", true) {
		m.State, m.Text = ModelOff, "The model is switched off in this case. The twins do the work."
	}
	b.guest.mu.Lock()
	defer b.guest.mu.Unlock()
	if p := b.guest.proc; p != nil {
		isolated, text := p.Isolation()
		m.Variant, m.Digest = p.Variant(), p.Digest()
		m.IsolationText = text
		if !isolated {
			m.Isolation = "loopback"
		}
	}
	if b.guest.starting && m.State != ModelOff {
		m.State, m.Text = ModelStarting, "The model is being loaded. Until it is, the twins do the work."
	}
	if b.guest.err != nil && m.State != ModelOff {
		f := Explain(b.guest.err)
		m.State, m.Text = ModelFailed, f.Sentence+" "+f.Hint
	}
	return m
}

// ProposeModel says what switching the model would sign.
func (b *Bench) ProposeModel(on bool) Proposal {
	d := &caserecord.ModelSwitchedData{On: on, Why: "switched by a person"}
	return Proposal{Shown: ShownOf(d), Kinds: kinds(d.Kind()), Refused: b.State().MayWrite(b.MyID(), d, b.Now())}
}

// SwitchModel signs the model on or off in this case.
func (b *Bench) SwitchModel(ctx context.Context, act identity.Act, on bool) (caserecord.Entry, error) {
	d := &caserecord.ModelSwitchedData{On: on, Why: "switched by a person"}
	if err := agreed(act, ShownOf(d)); err != nil {
		return caserecord.Entry{}, err
	}
	e, err := b.append(ctx, act, d)
	if err == nil && !on {
		b.guest.stop()
	}
	return e, err
}

// ProposeModelRun says what letting the model write would sign: its transcript.
func (b *Bench) ProposeModelRun() Proposal {
	return Proposal{Shown: []byte("model.ran narrative"), Kinds: kinds(caserecord.ModelRan), Refused: b.State().MayWrite(b.MyID(), &caserecord.ModelRanData{}, b.Now())}
}

// Sentence is one sentence of a narrative; Failed says why it does not stand.
type Sentence struct {
	Text   string   `json:"text"`
	Rows   []string `json:"rows"`
	Failed string   `json:"failed,omitempty"`
}

// Narrative is the timeline in sentences. Other is the text of the other maker, shown for comparison, never used.
type Narrative struct {
	By        Maker      `json:"by"`
	Sentences []Sentence `json:"sentences"`
	Other     *Compared  `json:"other,omitempty"`
}

// Compared is a text shown beside the one in use.
type Compared struct {
	By        Maker      `json:"by"`
	Sentences []Sentence `json:"sentences"`
	Note      string     `json:"note"`
}

// Maker is who made a text.
type Maker struct {
	Kind    string `json:"kind"` // computed, model
	Name    string `json:"name"`
	Version string `json:"version"`
}

// String names the maker for people.
func (m Maker) String() string {
	if m.Kind == "model" {
		return "Model: " + m.Name + " (" + m.Version + ")"
	}
	return "Computed without a model: " + m.Name + " " + m.Version
}

// Narrative returns the timeline in cited sentences: the twin's, and beside it what the model last wrote here, if it did.
func (b *Bench) Narrative(ctx context.Context) (Narrative, error) {
	key, err := b.keyRows(ctx, b.look)
	if err != nil {
		return Narrative{}, err
	}
	o := document.NarrativeOrigin
	n := Narrative{By: Maker{Kind: string(o.Kind), Name: o.Name, Version: o.Version}, Sentences: []Sentence{}}
	for _, s := range document.Narrative(key, nil, promotedFacts(b.State())) {
		n.Sentences = append(n.Sentences, Sentence{Text: s.Text, Rows: s.Rows})
	}
	// What the model wrote of evidence that somebody may not see is not shown to them: a transcript is kept under what it
	// was not told. Everybody sees what was written for those in no lane.
	for _, x := range []sight{b.forModel(), b.common()} {
		raw, ok := b.folder.Drafts().Get(modelTextKey(x))
		var c Compared
		if ok && b.look().seesAllOf(x) && json.Unmarshal(raw, &c) == nil {
			n.Other = &c
			break
		}
	}
	return n, nil
}

// modelTextKey holds the transcript of the last narrative; the record pins it by its hash.
func modelTextKey(x sight) string {
	if k := x.hiddenKey(); k != "" {
		return "model/narrative/" + k
	}
	return "model/narrative"
}

// LetModelWrite asks the model for a narrative, checks every sentence in code, keeps the transcript and signs that it
// ran. Its text is shown beside the twin's; it is used only where the function is fit and every sentence stands.
func (b *Bench) LetModelWrite(ctx context.Context, act identity.Act, report func(Progress)) (Compared, error) {
	view := b.forModel()
	key, err := b.keyRows(ctx, b.forModel)
	if err != nil {
		return Compared{}, err
	}
	if len(key) == 0 {
		return Compared{}, fmt.Errorf("%w: there are no key rows yet; run the rules first", ErrUsage)
	}
	p, err := b.guest.start(ctx)
	if err != nil {
		return Compared{}, err
	}
	var rows []llm.Row
	for _, k := range key {
		if r, err := view.rows.Row(ctx, rowID(k.Row)); err == nil {
			rows = append(rows, llm.Row{ID: k.Row, Text: RowText(r)})
		}
	}
	got, run, runErr := p.Narrative(ctx, rows, func(n int) {
		if report != nil {
			report(Progress{Done: int64(n), Unit: "tokens", Message: "the model writes"})
		}
	})
	c := Compared{By: Maker{Kind: "model", Name: run.Model, Version: run.Server + ", prompt " + run.PromptVersion}, Sentences: []Sentence{}}
	stand := 0
	lookup := lookupIn(ctx, view.rows)
	for _, s := range got {
		x := Sentence{Text: s.Text, Rows: s.Rows}
		if bad := document.CheckSentence(s.Text, s.Rows, lookup); len(bad) > 0 {
			x.Failed = bad[0].Text
		} else {
			stand++
		}
		c.Sentences = append(c.Sentences, x)
	}
	if runErr != nil && len(got) == 0 && run.Output != "" {
		// The transcript of a refused answer is shown as what it is, never as a sentence that stands.
		c.Sentences = append(c.Sentences, Sentence{Text: cut(run.Output, 300), Rows: []string{}, Failed: plain(runErr)})
	}
	d := b.Model()
	outcome := ""
	switch {
	case errors.Is(runErr, context.Canceled):
		outcome = "cancelled"
	case runErr != nil:
		outcome = "refused: " + plain(runErr)
		c.Note = "The model's answer was refused: " + plain(runErr) + ". The twin's text is used."
	case d.State != ModelOn || d.Functions[0].Digest != run.Digest || d.Functions[0].Prompt != run.PromptVersion:
		// Fitness belongs to a digest and a prompt: another file under the same name starts unchecked.
		outcome = "refused: the function is off for this model"
		c.Note = fmt.Sprintf("%d of %d sentences hold only what their rows say. The function is off for this model, so its text is shown for comparison and not used. %s", stand, len(got), d.Text)
	case stand < len(got):
		outcome = "refused: not every sentence stands"
		c.Note = fmt.Sprintf("%d of %d sentences hold only what their rows say, so the twin's text is used.", stand, len(got))
	default:
		outcome = "shown"
		c.Note = fmt.Sprintf("%d of %d sentences checked.", stand, len(got))
	}
	if err := b.keepRun(ctx, act, view, run, outcome, c); err != nil {
		return c, err
	}
	if errors.Is(runErr, context.Canceled) {
		return c, runErr
	}
	return c, nil
}

func (b *Bench) keepRun(ctx context.Context, act identity.Act, view sight, run llm.Run, outcome string, c Compared) error {
	params := map[string]string{}
	for k, v := range run.Params {
		params[k] = fmt.Sprint(v)
	}
	_, err := b.append(context.WithoutCancel(ctx), act, &caserecord.ModelRanData{
		Function: run.Function, Model: run.Model, Digest: run.Digest, ServerVersion: run.Server, Params: params, PromptVersion: run.PromptVersion,
		InputSHA256: run.InputSHA256, OutputSHA256: run.OutputSHA256, Outcome: cut(outcome, 200), DurationMS: run.Duration.Milliseconds(),
	})
	if err != nil {
		return err
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := b.folder.Drafts().Set(modelTextKey(view), raw); err != nil {
		return err
	}
	return b.folder.Drafts().Set("model/output/"+run.OutputSHA256, []byte(run.Output))
}

// FitnessScore is the result of a check in a few words.
func FitnessScore(f llm.Fitness) string {
	return fmt.Sprintf("%d of %d sentences", f.Good, f.Written)
}

// FunctionTitle is a function of the model in words.
func FunctionTitle(id string) string {
	if id == "narrative" {
		return narrativeTitle
	}
	return id
}
