package caserecord

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"testing"

	"adjutant/backend/incident"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// TestSealParse checks that what Seal writes Parse reads, and that both halves are kept byte for byte.
func TestSealParse(t *testing.T) {
	ada, _, _ := team(t)
	e := ada.write(severity(incident.SeverityHigh, incident.RoleIncidentCommander))
	got, err := Parse(e.Line(), e.Body())
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != e.ID || got.Header.Seq != 6 || got.Header.Kind != SeverityDeclared || got.Withheld() {
		t.Errorf("read back %+v", got.Header)
	}
	if d := got.Content().(*SeverityDeclaredData); d.Level != incident.SeverityHigh || d.Role != incident.RoleIncidentCommander {
		t.Errorf("data %+v", d)
	}
	held, err := Parse(e.Line(), nil)
	if err != nil || !held.Withheld() || held.ID != e.ID {
		t.Errorf("withheld: %v %+v", err, held)
	}
}

// TestMangledEnvelope changes every byte of an envelope, to three other values each: none may pass.
func TestMangledEnvelope(t *testing.T) {
	ada, _, _ := team(t)
	e := ada.write(note("the pump room door was open"))
	for i := range e.Line() {
		for _, x := range []byte{0x01, 0x20, 0x80} {
			line := bytes.Clone(e.Line())
			line[i] ^= x
			if got, err := Parse(line, e.Body()); err == nil {
				t.Fatalf("byte %d ^ %#x: accepted as %s", i, x, got.ID)
			}
		}
	}
	for i := range e.Line() {
		if _, err := Parse(e.Line()[:i], e.Body()); err == nil {
			t.Fatalf("cut to %d bytes: accepted", i)
		}
	}
}

// TestMangledBody changes every byte of a body: the envelope stands, the body does not.
func TestMangledBody(t *testing.T) {
	ada, _, _ := team(t)
	e := ada.write(note("the pump room door was open"))
	for i := range e.Body() {
		body := bytes.Clone(e.Body())
		body[i] ^= 1
		got, err := Parse(e.Line(), body)
		if !errors.Is(err, CodeBodyHash) || got.ID != e.ID || !got.Withheld() {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
}

// TestOtherForms are envelopes that other DSSE readers would take as the same.
func TestOtherForms(t *testing.T) {
	ada, ben, _ := team(t)
	e := ada.write(note("x marks the spot"))
	other := ben.write(note("x marks the spot"))
	swap := func(from, to string) []byte {
		out := bytes.Replace(e.Line(), []byte(from), []byte(to), 1)
		if bytes.Equal(out, e.Line()) {
			t.Fatalf("%q is not in the line", from)
		}
		return out
	}
	for name, line := range map[string][]byte{
		"space":            swap(`,"payload"`, `, "payload"`),
		"newline":          append(bytes.Clone(e.Line()), '\n'),
		"second signature": swap(`"}]}`, `"},{"keyid":"`+string(ada.ref.Key)+`","sig":""}]}`),
		"unknown field":    swap(`"}]}`, `"}],"x":1}`),
		"no key id":        swap(string(ada.ref.Key), ``),
		"other key id":     swap(string(ada.ref.Key), string(ben.ref.Key)),
		"other type":       swap("entry.v1", "entry.v2"),
		"escaped quote":    swap(`"payload":`, `"\u0070ayload":`),
		"base64 newline":   swap(`"payload":"`, `"payload":"`+"\n"),
		"no padding":       bytes.Replace(e.Line(), []byte(`=="}]}`), []byte(`"}]}`), 1),
	} {
		if _, err := Parse(line, e.Body()); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := Parse(e.Line(), other.Body()); !errors.Is(err, CodeBodyHash) {
		t.Errorf("another entry's body: %v", err)
	}
}

// TestOddBodies signs bodies that our own Seal would never write: the form of the data is checked on reading.
func TestOddBodies(t *testing.T) {
	ada, _, _ := team(t)
	const salt = `{"salt":"000102030405060708090a0b0c0d0e0f","data":`
	for name, c := range map[string]struct {
		body string
		ok   bool
	}{
		"good":                {salt + `{"about":"a","text":"b"}}`, true},
		"escapes":             {salt + `{"about":"a","text":"\"\\\b\f\n\r\t\u001b\u2028é😀"}}`, true},
		"unknown field":       {salt + `{"about":"a","text":"b","more":1}}`, false},
		"missing field":       {salt + `{"text":"b"}}`, false},
		"wrong order":         {salt + `{"text":"b","about":"a"}}`, false},
		"repeated field":      {salt + `{"about":"a","text":"b","text":"c"}}`, false},
		"other case of name":  {salt + `{"About":"a","text":"b"}}`, false},
		"space":               {salt + `{"about":"a", "text":"b"}}`, false},
		"null":                {salt + `{"about":"a","text":null}}`, false},
		"number":              {salt + `{"about":"a","text":1}}`, false},
		"broken utf-8":        {salt + "{\"about\":\"a\",\"text\":\"\xff\"}}", false},
		"lone surrogate":      {salt + `{"about":"a","text":"\ud800"}}`, false},
		"needless escape":     {salt + `{"about":"a","text":"\u0041"}}`, false},
		"long form of escape": {salt + `{"about":"a","text":"\u000a"}}`, false},
		"raw separator":       {salt + "{\"about\":\"a\",\"text\":\"\u2028\"}}", false},
		"raw control":         {salt + "{\"about\":\"a\",\"text\":\"\x01\"}}", false},
		"empty text":          {salt + `{"about":"a","text":""}}`, false},
		"short salt":          {`{"salt":"0001","data":{"about":"a","text":"b"}}`, false},
		"no salt":             {`{"data":{"about":"a","text":"b"}}`, false},
		"tail":                {salt + `{"about":"a","text":"b"}} `, false},
		"empty":               {``, false},
	} {
		h, err := ada.log.Next(ada.ref.Key, ada.now)
		if err != nil {
			t.Fatal(err)
		}
		line := signRaw(ada, h, NoteMade, []byte(c.body))
		_, err = Parse(line, []byte(c.body))
		if c.ok != (err == nil) || (err != nil && !errors.Is(err, CodeBody)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// signRaw makes an envelope around any body, as a modified program would.
func signRaw(s *signer, h Header, k Kind, body []byte) []byte {
	h.V, h.Kind, h.BodySHA256 = 1, k, hash(string(body))
	return envelope(s, h.encode())
}

func envelope(s *signer, payload []byte) []byte {
	sig := ed25519.Sign(s.key, pae(payload))
	return []byte(envelopeHead + b64.EncodeToString(payload) + envelopeKey + string(s.ref.Key) + envelopeSig + b64.EncodeToString(sig) + envelopeTail)
}

// TestOddHeaders signs headers outside the one form.
func TestOddHeaders(t *testing.T) {
	ada, ben, _ := team(t)
	e := ada.write(note("a"))
	payload, _, _, err := splitEnvelope(e.Line())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(envelope(ada, payload), e.Body()); err != nil {
		t.Fatalf("unchanged: %v", err)
	}
	for _, c := range [][2]string{
		{`"v":1`, `"v":2`}, {`"v":1`, `"v":01`}, {`"mode":"exercise"`, `"mode":"drill"`}, {`"seq":6`, `"seq":06`},
		{`"seq":6`, `"seq":-6`}, {`"seq":6`, `"seq":6.0`}, {`"seq":6`, `"seq":1`}, {`"seq":6`, `"seq":0`},
		{`"seen":{}`, `"seen":{"` + string(ada.ref.Key) + `":"` + hash(1) + `"}`},
		{`"seen":{}`, `"seen":{"` + string(ben.ref.Key) + `":"` + hash(1) + `",}`},
		{`"seen":{}`, `"seen":{"` + string(ben.ref.Key) + `":""}`},
		{`.890Z`, `.89Z`}, {`.890Z`, `.890+00:00`}, {`2026-03-04`, `2026-02-30`}, {`note.made`, `note.lost`}, {`"kind"`, `"KIND"`},
		{`"author":"`, `"author":"A`}, {`}`, `} `},
	} {
		odd := bytes.Replace(payload, []byte(c[0]), []byte(c[1]), 1)
		if bytes.Equal(odd, payload) {
			t.Fatalf("%s is not in %s", c[0], payload)
		}
		if _, err := Parse(envelope(ada, odd), e.Body()); !errors.Is(err, CodeForm) {
			t.Errorf("%s for %s: %v", c[1], c[0], err)
		}
	}
}

// TestDSSEOracle lets the reference implementation verify our envelope and compute the same PAE.
func TestDSSEOracle(t *testing.T) {
	ada, _, _ := team(t)
	e := ada.write(note("checked by others"))
	var env dsse.Envelope
	if err := json.Unmarshal(e.Line(), &env); err != nil {
		t.Fatal(err)
	}
	payload, err := env.DecodeB64Payload()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(dsse.PAE(env.PayloadType, payload), pae(payload)) {
		t.Error("the PAE differs")
	}
	verifier, err := dsse.NewEnvelopeVerifier(&oracleKey{ada})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(context.Background(), &env); err != nil {
		t.Errorf("the reference refuses: %v", err)
	}
	env.Payload = b64.EncodeToString(append(payload, ' '))
	if _, err := verifier.Verify(context.Background(), &env); err == nil {
		t.Error("the reference accepts a changed payload: this test proves nothing")
	}
}

type oracleKey struct{ s *signer }

func (k *oracleKey) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(k.Public().(ed25519.PublicKey), data, sig) {
		return errors.New("no")
	}
	return nil
}
func (k *oracleKey) KeyID() (string, error)   { return string(k.s.ref.Key), nil }
func (k *oracleKey) Public() crypto.PublicKey { return k.s.key.Public() }

// TestSealRefuses checks that nothing out of bounds is signed at all.
func TestSealRefuses(t *testing.T) {
	ada, _, _ := team(t)
	h, err := ada.log.Next(ada.ref.Key, ada.now)
	if err != nil {
		t.Fatal(err)
	}
	cite := Citation{RowID: "r", EventID: "e", EvidenceSHA256: hash("x")}
	good := DecisionMadeData{Recommendation: "r1", Outcome: OutcomeOverride, Recommended: "isolate FS01", Instead: "watch it",
		RecommendedBy: Origin{"rule", "isolate", "1"}, ReasonCode: "operations", Reason: "the crane would stop in mid-lift",
		Rows: []Citation{cite}, ShownSHA256: hash("shown"), Role: incident.RoleIncidentCommander}
	if _, err := Seal(h, &good, ada.nextSalt(), ada.sign); err != nil {
		t.Fatalf("good decision: %v", err)
	}
	signed := false
	spy := func(b []byte) ([]byte, error) { signed = true; return ada.sign(b) }
	for name, change := range map[string]func(*DecisionMadeData){
		"short reason":        func(d *DecisionMadeData) { d.Reason = "because I say so   " },
		"no reason code":      func(d *DecisionMadeData) { d.ReasonCode = "" },
		"override by nothing": func(d *DecisionMadeData) { d.Instead = " " },
		"outcome":             func(d *DecisionMadeData) { d.Outcome = "maybe" },
		"no rule named":       func(d *DecisionMadeData) { d.RecommendedBy = Origin{} },
		"no hash of shown":    func(d *DecisionMadeData) { d.ShownSHA256 = "" },
		"unknown role":        func(d *DecisionMadeData) { d.Role = "boss" },
	} {
		d := good
		change(&d)
		if _, err := Seal(h, &d, ada.nextSalt(), spy); !errors.Is(err, CodeBody) {
			t.Errorf("%s: %v", name, err)
		}
	}
	receipt := EvidenceImportedData{SHA256: hash("x"), Path: "a.evtx", Status: "ok", Read: 3, Parsed: 2}
	if _, err := Seal(h, &receipt, ada.nextSalt(), spy); !errors.Is(err, CodeBody) {
		t.Errorf("a receipt that loses a record: %v", err)
	}
	if signed {
		t.Error("something refused was signed before")
	}
}
