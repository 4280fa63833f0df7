package workbench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/decision"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
	"adjutant/backend/llm"
	"adjutant/backend/scenario/ferry"
)

// DemoPassphrase protects the sample case when nobody gives another. It is public: the case is fictional.
const DemoPassphrase = "kragsund exercise"

// DemoConfig asks for the sample incident.
type DemoConfig struct {
	Dir        string // made by the demo; holds the collection, the case and the papers
	Passphrase []byte // nil means DemoPassphrase
	Report     func(Progress)
	NoModel    bool // leave the model out, as on a machine without one
}

// DemoResult says where everything lies and what came of it.
type DemoResult struct {
	Case       string            `json:"case"`
	Collection string            `json:"collection"`
	Timeline   string            `json:"timeline"`
	Bundle     string            `json:"bundle"`
	Papers     map[string]string `json:"papers"` // template -> PDF
	Head       string            `json:"head"`
	Public     bool              `json:"public_passphrase"`
	Evidence   evidence.Summary  `json:"evidence"`
	Findings   int               `json:"findings"`
	Groups     int               `json:"groups"`
	Decisions  []string          `json:"decisions"`
	People     []string          `json:"people"`
	Narrative  Narrative         `json:"narrative"`
	Model      string            `json:"model"`
	Took       map[string]string `json:"took"`
}

// The fictional signers of the sample incident.
const (
	demoCommander = "Anna Ruiz (exercise)"
	demoCounsel   = "Mary Okafor (exercise)"
	demoPress     = "Jonas Lind (exercise)"
	demoOps       = "Karl Holm (exercise)"
)

// Demo runs the main job on the sample incident from evidence to signed decisions and PDFs. The case is an exercise
// with fictional signers and says so in every entry and on every page.
func Demo(ctx context.Context, env Env, c DemoConfig, confirm Confirmer) (*DemoResult, error) {
	if c.Dir == "" {
		return nil, fmt.Errorf("%w: name a folder for the sample incident", ErrUsage)
	}
	if entries, err := os.ReadDir(c.Dir); err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("%w: the folder %s is not empty; name one that does not exist yet", ErrUsage, c.Dir)
	}
	d := &demo{ctx: ctx, env: env, c: c, confirm: confirm, names: map[string]string{}, out: &DemoResult{
		Case: filepath.Join(c.Dir, "kragsund.case"), Collection: filepath.Join(c.Dir, ferry.Root), Timeline: filepath.Join(c.Dir, "timeline.jsonl"),
		Bundle: filepath.Join(c.Dir, "bundle"), Papers: map[string]string{}, Took: map[string]string{},
	}}
	if len(d.c.Passphrase) == 0 {
		d.c.Passphrase, d.out.Public = []byte(DemoPassphrase), true
	}
	err := d.run()
	if d.b != nil {
		err = errors.Join(err, d.b.Close())
	}
	return d.out, err
}

type demo struct {
	ctx     context.Context
	env     Env
	c       DemoConfig
	confirm Confirmer
	b       *Bench
	names   map[string]string
	out     *DemoResult
	step    int64
}

func (d *demo) run() error {
	steps := []struct {
		name string
		do   func() error
	}{
		{"making the sample evidence", d.collection},
		{"opening the case", d.open},
		{"taking in evidence", d.intake},
		{"running the rules", d.detect},
		{"judging and promoting", d.judge},
		{"deciding", d.decide},
		{"declaring when the company became aware", d.clocks},
		{"letting the model write", d.model},
		{"writing the papers", d.papers},
		{"exporting", d.export},
	}
	for i, s := range steps {
		d.step = int64(i)
		if d.c.Report != nil {
			d.c.Report(Progress{Done: d.step, Total: int64(len(steps)), Unit: "steps", Message: s.name})
		}
		if err := d.ctx.Err(); err != nil {
			return err
		}
		begun := time.Now()
		if err := s.do(); err != nil {
			return fmt.Errorf("demo: %s: %w", s.name, err)
		}
		d.out.Took[s.name] = time.Since(begun).Round(time.Millisecond).String()
	}
	return nil
}

func (d *demo) collection() error { return ferry.Generate(ferry.DefaultSeed, d.c.Dir) }

// person makes one of the fictional signers on this device. When one of that name is here already under another
// passphrase, a numbered one is made.
func (d *demo) person(name string) error {
	for i := 1; i < 10; i++ {
		n := name
		if i > 1 {
			n = fmt.Sprintf("%s %d", name, i)
		}
		u, err := unlockOrCreate(d.env, n, d.c.Passphrase)
		if errors.Is(err, identity.ErrPassphrase) {
			continue
		}
		if err != nil {
			return err
		}
		u.Lock()
		d.names[name] = n
		d.out.People = append(d.out.People, n)
		return nil
	}
	return fmt.Errorf("%w: the exercise person %s exists nine times under other passphrases", ErrUsage, name)
}

func (d *demo) open() error {
	for _, n := range []string{demoCommander, demoCounsel, demoPress, demoOps} {
		if err := d.person(n); err != nil {
			return err
		}
	}
	b, err := CreateCase(d.ctx, d.env, CaseConfig{
		Dir: d.out.Case, Name: "Kragsund Ferries", Person: d.names[demoCommander], Passphrase: d.c.Passphrase, Mode: incident.ModeExercise,
		TLP: incident.TLPAmber, Zone: ferry.ZoneName, Template: "exercise", Organisation: "Kragsund Ferries A/S (fictional)",
	}, d.confirm)
	if err != nil {
		return err
	}
	d.b = b
	for _, g := range []struct {
		name string
		role incident.Role
	}{
		{demoCounsel, incident.RoleLegalCounsel}, {demoPress, incident.RolePublicInformation}, {demoOps, incident.RoleOperations},
	} {
		p, err := b.ProposeAdmission(Newcomer{Who: d.names[g.name]})
		if err != nil {
			return err
		}
		if _, err := b.SignAct(d.ctx, d.once(p.Proposal)); err != nil {
			return err
		}
		if p, err = b.ProposeGrant(Grant{Person: d.names[g.name], Role: string(g.role)}); err != nil {
			return err
		}
		if _, err := b.SignAct(d.ctx, d.once(p.Proposal)); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) once(p Proposal) identity.Act {
	me, err := d.b.Me()
	if err != nil {
		return identity.Act{} // signing then says that nobody confirmed
	}
	return d.confirm.Once(me, p.Shown, p.Kinds...)
}

func (d *demo) batch(p Proposal) identity.Act {
	me, err := d.b.Me()
	if err != nil {
		return identity.Act{}
	}
	return d.confirm.Batch(me, p.Shown, p.Kinds...)
}

// as puts another of the signers at the keyboard.
func (d *demo) as(name string) error { return d.b.SwitchPerson(d.names[name], d.c.Passphrase) }

func (d *demo) intake() error {
	const why = "Collected on site after the alarm of the file server"
	firewall := filepath.Join(d.out.Collection, "GW01")
	rest, err := os.ReadDir(d.out.Collection)
	if err != nil {
		return err
	}
	r := IntakeRequest{Keep: evidence.KeepAuto, Why: why, Custodian: "IT operations, Kragsund Ferries", Source: "collection of 5 March 2026", Year: 2026}
	for _, e := range rest {
		if p := filepath.Join(d.out.Collection, e.Name()); p != firewall {
			r.Paths = append(r.Paths, p)
		}
	}
	// The firewall writes local times and does not say so: a person answers which zone.
	local := r
	local.Paths, local.Zone = []string{firewall}, ferry.ZoneName
	for _, req := range []IntakeRequest{r, local} {
		p, err := d.b.ProposeIntake(req)
		if err != nil {
			return err
		}
		act := d.batch(p)
		_, err = d.b.AddEvidence(d.ctx, act, req, func(rc evidence.Receipt) { d.out.Evidence.Add(rc) }, func(pr Progress) {
			if d.c.Report != nil {
				d.c.Report(Progress{Done: d.step, Total: 10, Unit: "steps", Message: "taking in " + pr.Message})
			}
		})
		act.End()
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) detect() error {
	p, err := d.b.ProposeDetect()
	if err != nil {
		return err
	}
	act := d.batch(p)
	defer act.End()
	a, err := d.b.Detect(d.ctx, act, "", nil)
	if err != nil {
		return err
	}
	d.out.Findings, d.out.Groups = len(a.Report.Findings), len(a.Groups)
	return nil
}

// judge gives the verdicts that the scores suggest on the first groups and puts their telling rows on the incident
// timeline, with a tag each.
func (d *demo) judge() error {
	a, err := d.b.Analysis(d.ctx)
	if err != nil {
		return err
	}
	for _, g := range head(a.Groups, 4) {
		r := VerdictRequest{Group: g.ID, Verdict: g.Suggested, ReasonCode: "evidence-supports", Reason: "Checked row by row in the exercise; the rows say what the rule says."}
		p, _, err := d.b.ProposeVerdict(d.ctx, r)
		if err != nil {
			return err
		}
		if _, err := d.b.GiveVerdict(d.ctx, d.once(p), r); err != nil {
			return err
		}
		for _, f := range head(g.Findings, 2) {
			rows := texts(head(f.Rows, 2))
			if len(rows) == 0 || f.First.IsZero() {
				continue
			}
			if err := d.b.Tag(d.ctx, d.once(d.b.ProposeTag(rows, "key", false)), rows, "key", false); err != nil {
				return err
			}
			if _, err := d.b.Promote(d.ctx, d.once(d.b.ProposePromote(rows, f.Rule.Title, "")), rows, f.Rule.Title, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// decide declares the severity, accepts one recommendation, overrides one and rejects one, each in the role that may.
func (d *demo) decide() error {
	a, err := d.b.Analysis(d.ctx)
	if err != nil {
		return err
	}
	if err := d.sign(DecisionRequest{Level: incident.SeverityHigh, Outcome: decision.Severity, ReasonCode: "impact-greater",
		Reason: "Booking data of passengers left the network, and the file server's log was cleared by the intruders."}); err != nil {
		return err
	}
	wanted := []DecisionRequest{
		{Outcome: decision.Accept, ReasonCode: "evidence-supports", Reason: "The rows leave no other reading, and the step costs little before the first departure."},
		{Outcome: decision.Override, ReasonCode: "operational-risk", Instead: "Leave the host up until the last departure at 21:40, watch its traffic on the mirror port, then isolate it.",
			Reason: "Cutting it off at once would stop boarding at two piers while passengers are on the quay."},
		{Outcome: decision.Reject, ReasonCode: "already-done", Reason: "IT operations did this at 09:12, before the case was opened; the directory log shows it."},
	}
	for _, rec := range a.Recommendations {
		if len(wanted) == 0 {
			break
		}
		r := wanted[0]
		r.Recommendation = rec.ID
		p, err := d.b.ProposeDecision(d.ctx, r)
		if err != nil {
			return err
		}
		if p.Refused != nil {
			continue // counsel's or operations' own decision: it stays open
		}
		if err := d.sign(r); err != nil {
			return err
		}
		d.out.Decisions = append(d.out.Decisions, string(r.Outcome)+": "+rec.Title)
		wanted = wanted[1:]
	}
	return nil
}

func (d *demo) sign(r DecisionRequest) error {
	p, err := d.b.ProposeDecision(d.ctx, r)
	if err != nil {
		return err
	}
	_, err = d.b.Decide(d.ctx, d.once(p.Proposal), r)
	return err
}

// clocks lets counsel declare the moment of awareness, a few hours before now, so that the clocks run on the screen.
func (d *demo) clocks() error {
	if err := d.as(demoCounsel); err != nil {
		return err
	}
	r := TriggerRequest{
		Anchor: "aware", At: d.b.Now().Add(-5 * time.Hour).Truncate(time.Minute).Format(time.RFC3339), TZ: ferry.ZoneName,
		Basis: "Report of the incident commander in the situation call; the dump of the booking database was confirmed then.",
	}
	p, _, err := d.b.ProposeTrigger(r)
	if err != nil {
		return err
	}
	_, err = d.b.DeclareTrigger(d.ctx, d.once(p), r)
	return err
}

func (d *demo) model() error {
	if d.c.NoModel {
		d.out.Model = "left out; the twins did all the work"
		return nil
	}
	in, err := llm.Locate()
	if err != nil {
		return d.modelFailed(err)
	}
	if _, checked := readFitness(d.env, in); !checked {
		if _, err := CheckModel(d.ctx, d.env, nil); err != nil {
			return d.modelFailed(err)
		}
	}
	act := d.batch(d.b.ProposeModelRun())
	defer act.End()
	if _, err := d.b.LetModelWrite(d.ctx, act, nil); err != nil {
		return d.modelFailed(err)
	}
	m := d.b.Model()
	d.out.Model = m.Text + " " + m.IsolationText
	return nil
}

// modelFailed goes on without the model: nothing depends on it.
func (d *demo) modelFailed(err error) error {
	if d.ctx.Err() != nil {
		return d.ctx.Err()
	}
	f := Explain(err)
	d.out.Model = f.Sentence + " The twins did all the work."
	return nil
}

func (d *demo) papers() error {
	for _, p := range demoPapers {
		if err := d.as(p.by); err != nil {
			return err
		}
		r := DraftRequest{Template: p.template, Slots: p.slots}
		pr, err := d.b.ProposeDraft(r)
		if err != nil {
			return err
		}
		paper, err := d.b.Draft(d.ctx, d.once(pr), r)
		if err != nil {
			return err
		}
		appr, err := d.b.ProposeApproval(d.ctx, paper.ID)
		if err != nil {
			return err
		}
		if _, err := d.b.Approve(d.ctx, d.once(appr), paper.ID); err != nil {
			return fmt.Errorf("%s: %w", p.template, err)
		}
		pdf, err := d.b.PDF(d.ctx, paper.ID)
		if err != nil {
			return err
		}
		name := filepath.Join(d.c.Dir, p.file)
		if err := os.WriteFile(name, pdf, 0o600); err != nil {
			return err
		}
		d.out.Papers[p.template] = name
	}
	return d.as(demoCommander)
}

func (d *demo) export() error {
	f, err := os.OpenFile(d.out.Timeline, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := d.b.ExportJSONL(d.ctx, "", f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	c, err := d.b.ProposeCopy(d.ctx, CopyRequest{Out: d.out.Bundle, Form: FormPlain, Evidence: EvidenceAll, To: "the reader of the sample incident"})
	if err != nil {
		return err
	}
	copied, err := c.Run(d.ctx, d.once(c.Proposal), nil)
	if err != nil {
		return err
	}
	d.out.Head = caserecord.HeadCode(copied.Head)
	if d.out.Narrative, err = d.b.Narrative(d.ctx); err != nil {
		return err
	}
	v, err := d.b.Verify()
	if err == nil && v.ExitCode() != 0 {
		err = fmt.Errorf("workbench: the record of the sample incident does not verify: %s", v.Verdict)
	}
	return err
}

// demoPapers are the documents of the sample incident with what their signers fill in.
var demoPapers = []struct {
	template, file, by string
	slots              map[string]string
}{
	{"situation-report", "situation-report.pdf", demoCommander, map[string]string{
		"assessment": "The intruders reached the file server and the cloud account and left with booking data. We expect that they still hold the cloud key they made.",
		"next_steps": "Operations renews all cloud keys by 12:00. Planning prepares the move of boarding to paper lists. Next report at 18:00.",
	}},
	{"staff-message", "staff-message.pdf", demoPress, map[string]string{
		"happened":     "Strangers got into some of our computers this week. Boarding and ships run as usual.",
		"measures":     "The computer department is renewing passwords and checking every computer. The file server stays off until tomorrow.",
		"contact":      "Control room Kragsund, extension 400, day and night",
		"next_message": "Tomorrow at 09:00, even if there is little new",
	}},
	{"gdpr-33", "gdpr-33-notice.pdf", demoCounsel, map[string]string{
		"authority":       "Vesterland Data Protection Authority (fictional)\nKongevej 1, 1000 Vesterhavn",
		"kind":            "Initial",
		"controller":      "Kragsund Ferries A/S (fictional), Havnegade 7, Kragsund, register number 00 00 00 00",
		"contact":         "Mary Okafor (exercise), data protection officer, telephone extension 410, dpo@kragsund.example",
		"nature":          "Confidentiality: theft of a copy of the booking database and of passenger manifests by an intruder",
		"subjects":        "Passengers with bookings; contact persons of group bookings",
		"subjects_number": "Not yet known",
		"records":         "Names, contact data, dates of travel, vehicle registration numbers",
		"records_number":  "Not yet known",
		"consequences":    "Unwanted contact and attempts at fraud in the name of the ferry line",
		"measures":        "Cloud keys are being renewed, the accounts concerned are closed, the file server is off the network, passengers get a help line",
		"communication":   "Planned; the text is being prepared",
	}},
}
