package coverpage

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/incident"

	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write testdata/page.html anew; look at it before committing")

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		panic(err)
	}
	return t
}

func id(n int) caserecord.ID {
	sum := sha256.Sum256([]byte{byte(n)})
	return caserecord.ID(hex.EncodeToString(sum[:]))
}

func ic(n int, when string) Act {
	return Act{"Ingrid Solheim", "Incident Commander", at(when), id(n)}
}

// sample is a page as a court would get it, with everything that a page can hold.
func sample() Page {
	sha := func(n int) string { return string(id(100 + n)) }
	return Page{
		Case: Facts{
			Name: "Kragsund ferry terminal", ID: "4421f72919780ce84a25dd537704fbfb", Organisation: "Kragsund Havn KF", TLP: incident.TLPAmber, Mode: incident.ModeExercise,
			Opened: Act{"Ingrid Solheim", "", at("2026-03-04 05:06:07"), id(1)}, Severity: incident.SeverityHigh, SeverityBy: ic(9, "2026-03-04 06:41:10"),
			Entries: 1204, Keys: 3, Head: "b604d9a60362ec7dea1dacdea9703a171e6e6b59f6c0875585fe1ef818ef88a7", HeadCode: "PR2DK-9G3CB-P7VTG-XNKFA",
			Written: at("2026-03-06 10:15:00"), WrittenBy: "Marit Okafor", For: "the District Court of Agder, case 26-041882",
		},
		Story: []Sentence{
			{At: at("2026-03-04 05:06:07"), Entry: id(1), Text: `Ingrid Solheim opened the case "Kragsund ferry terminal" (TLP:AMBER) and became Incident Commander.`},
			{At: at("2026-03-04 05:08:31"), Entry: id(2), Text: "Ingrid Solheim admitted Ben Aasen with the key BE2ZK-C2HY3-3Q3G3-MPKKM."},
			{At: at("2026-03-04 05:20:02"), Entry: id(4), Text: "Ben Aasen took FS01-Security.evtx (69632 bytes, SHA-256 2d711642b726) into custody, sealed."},
			{At: at("2026-03-04 05:31:47"), Entry: id(5), Text: "Ben Aasen noted about the first logon: the account has not been used by hand since January.\nThe vendor confirms that by telephone."},
			{At: at("2026-03-04 06:41:10"), Entry: id(9), Text: "Ingrid Solheim, as Incident Commander, declared the severity high (suggested was medium): the ferry control network is reachable."},
			{At: at("2026-03-04 06:58:00"), Entry: id(10), Text: "Marit Okafor signed a note.made entry whose words are withheld here.", Hidden: true},
			{At: at("2026-03-05 08:00:44"), Entry: id(11), Text: `Ingrid Solheim, as Incident Commander, overrode the recommendation "isolate FS01" by rule isolate-host; instead: watch it until the ferry is in: the crane would stop in mid-lift.`},
			{At: at("2026-03-05 08:02:10"), Entry: id(12), Text: "Ben Aasen, as Incident Commander, declared the severity low: it looks quiet from here now.", SetAside: "Ben Aasen did not hold the role Incident Commander"},
		},
		Decisions: []Decision{
			{Subject: "File server FS01", Target: "FS01", Recommended: "Isolate FS01 from the network", RecommendedBy: "rule · isolate-host 3", Outcome: caserecord.OutcomeOverride,
				Instead: "Watch it until the ferry is in, then isolate", Reason: "The crane takes its load plan from FS01 and would stop in mid-lift.", ReasonCode: "safety", By: ic(11, "2026-03-05 08:00:44"), Cited: 3, Earlier: 1},
			{Subject: "Account svc-backup", Recommended: "Disable the account", RecommendedBy: "playbook · ransomware 2", Outcome: caserecord.OutcomeAccept, By: ic(14, "2026-03-05 09:12:00"), Cited: 1,
				Conflict: "Two people decided without having seen each other; nobody has resolved it."},
		},
		Items: []Item{
			{Path: "FS01-Security.evtx", SHA256: sha(1), Bytes: 69632, Source: "FS01", Why: "the server's own log", Kept: caserecord.KeptSealed, Taken: Act{"Ben Aasen", "", at("2026-03-04 05:20:02"), id(4)}, Here: true,
				Custodian: "Agder police, digital evidence", Transfers: []Transfer{{at("2026-03-05 12:00:00"), "Ben Aasen", "Lt. Dahl, Agder police", "criminal investigation", "handed to an outside party"}},
				Check: Check{Act{"Ben Aasen", "", at("2026-03-05 11:40:00"), id(15)}, "the same"}},
			{Path: "image/gw01.raw", SHA256: sha(2), Bytes: 256_060_514_304, Source: "GW01", Kept: caserecord.KeptReferenced, Taken: Act{"Ben Aasen", "", at("2026-03-04 07:00:00"), id(6)}, Absent: "referenced"},
		},
		Clocks: []Clock{
			{Duty: "GDPR, notification to the supervisory authority", Citation: "Regulation (EU) 2016/679, Article 33(1)", Anchor: "aware", AnchorAt: at("2026-03-04 05:00:00"), Declared: ic(16, "2026-03-04 06:10:00"), Due: at("2026-03-07 05:00:00"), State: "open"},
			{Duty: "NIS 2, early warning", Citation: "Directive (EU) 2022/2555, Article 23(4)(a)", Anchor: "aware", AnchorAt: at("2026-03-04 05:00:00"), Declared: ic(16, "2026-03-04 06:10:00"), State: "submitted 4 March 2026, 16:20 UTC, by portal"},
		},
		Papers: []Paper{
			{Title: "Situation report 1", Class: "report", File: "documents/situation-report-1.pdf", Approved: ic(17, "2026-03-04 12:00:00")},
			{Title: "Notification of a personal data breach", Class: "notice", File: "documents/notice.pdf", Approved: Act{"Marit Okafor", "Legal counsel", at("2026-03-04 15:00:00"), id(18)},
				Released: "by portal to Datatilsynet, by Marit Okafor, 4 March 2026, 16:20:00 UTC"},
			{Title: "Message to passengers", Class: "message"},
		},
		Signers: []Signer{
			{"Ingrid Solheim", "Incident Commander", "1RSXG-14YMR-EMX4B-RHB1J", 611, true},
			{"Ben Aasen", "Responder", "BE2ZK-C2HY3-3Q3G3-MPKKM", 540, false},
			{"Marit Okafor", "Legal counsel, Liaison Officer", "Q7T0C-0YVNE-88M2S-5DKRW", 53, false},
		},
		Withheld:     []Withheld{{"words of entries", "legal advice privilege", 12}, {"items of evidence", "stay on a disk of their own", 1}},
		PrivilegeLog: true, Verifiers: bundle.Verifiers,
	}
}

func render(t *testing.T, p Page) []byte {
	t.Helper()
	b, err := Render(p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGolden: same facts, same bytes.
func TestGolden(t *testing.T) {
	got := render(t, sample())
	if *update {
		if err := os.WriteFile("testdata/page.html", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/page.html")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the page is not testdata/page.html; rewrite it with -update and look at it")
	}
	if !bytes.Equal(got, render(t, sample())) {
		t.Error("two runs differ")
	}
}

// nasty are texts that try to be something else.
var nasty = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `javascript:alert(1)`, `</style><script>`, `{{.Case.ID}}`, `<a href="https://evil.example">x</a>`,
	"a\u202egpj.exe", "zero\u200bwidth", "esc\x1b[2J", "nul\x00", "\xff\xfe", "<!--", "]]>", "&lt;b&gt;", "data:text/html,x", "' onmouseover='x",
}

// TestHostileText puts such texts into every field and finds only text in the page: no script, no handler, no address
// outside the folder, nothing that the policy would have to stop.
func TestHostileText(t *testing.T) {
	for _, text := range append(nasty, strings.Repeat("long ", 2000)) {
		p := sample()
		p.Case.Name, p.Case.Organisation, p.Case.ID, p.Case.HeadCode, p.Case.Head, p.Case.WrittenBy, p.Case.For = text, text, text, text, text, text, text
		p.Case.TLP, p.Case.SeverityBy = incident.TLP(text), Act{Name: text, Role: text, Entry: caserecord.ID(text)}
		p.Story[0].Text, p.Story[1].SetAside, p.Story[2].Entry = text, text, caserecord.ID(text)
		p.Decisions = []Decision{{text, text, text, text, caserecord.Outcome(text), text, text, text, Act{Name: text, Role: text}, 1, 2, text, true}}
		it := &p.Items[0]
		it.Path, it.Source, it.Why, it.Kept, it.Taken.Name, it.Custodian = text, text, text, caserecord.Kept(text), text, text
		it.Transfers = []Transfer{{at("2026-03-05 12:00:00"), text, text, text, text}}
		it.Check.Result, p.Items[1].Absent = text, text
		p.Clocks = []Clock{{Duty: text, Citation: text, Anchor: text, State: text}}
		p.Papers = []Paper{{Title: text, Class: text, Released: text}}
		p.Signers = []Signer{{text, text, text, 1, true}}
		p.Withheld = []Withheld{{text, text, 1}}
		inspect(t, render(t, p))
	}
	inspect(t, render(t, sample()))
	inspect(t, render(t, Page{}))
}

// inspect parses the page as a browser does and holds every element and attribute to a closed list.
func inspect(t *testing.T, b []byte) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	elements := set("html head meta title style body aside p strong div header h1 nav ol li a i main section h2 h3 dl dt dd table caption thead tbody tr th td span bdi br wbr time article pre ul footer")
	attributes := set("lang charset http-equiv content name class role id aria-label aria-labelledby href scope datetime")
	local := regexp.MustCompile(`^(#[a-z]+|(evidence|documents|verify)/[A-Za-z0-9._-]+|privilege-log\.txt)$`)
	ids, headings := map[string]bool{}, 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.CommentNode {
			t.Errorf("a comment: %q", n.Data)
		}
		if n.Type == html.ElementNode {
			if !elements[n.Data] {
				t.Errorf("element <%s>", n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case !attributes[a.Key] || a.Namespace != "":
					t.Errorf("attribute %s=%q on <%s>", a.Key, a.Val, n.Data)
				case a.Key == "href" && !local.MatchString(a.Val):
					t.Errorf("a link to %q", a.Val)
				case a.Key == "id" && ids[a.Val]:
					t.Errorf("two elements have the id %q", a.Val)
				case a.Key == "id":
					ids[a.Val] = true
				}
			}
			if n.Data == "h1" {
				headings++
			}
			if n.Data == "table" && (n.FirstChild == nil || first(n) != "caption") {
				t.Error("a table without a caption")
			}
			if n.Data == "style" && regexp.MustCompile(`(?i)url\(|@import|expression|<`).MatchString(n.FirstChild.Data) {
				t.Error("the style reaches out")
			}
		}
		if n.Type == html.TextNode && (n.Parent == nil || n.Parent.Data != "style") {
			for _, r := range n.Data {
				if r == '\u202e' || r == '\u200b' || r == 0x1b || r == 0 {
					t.Errorf("%U stands in the page unseen", r)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	if headings != 1 {
		t.Errorf("%d first headings", headings)
	}
	head, _, ok := bytes.Cut(b, []byte("<title>"))
	if !ok || !bytes.Contains(head, []byte(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`)) {
		t.Error("the policy does not stand before everything else")
	}
	for _, no := range []string{"://", "<script", "@font-face"} {
		if bytes.Contains(bytes.ReplaceAll(b, []byte("https://evil.example"), nil), []byte(no)) {
			t.Errorf("%q stands in the page", no)
		}
	}
}

func first(n *html.Node) string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return c.Data
		}
	}
	return ""
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// TestOutside: a name that no bundle has is refused, since it would become a link.
func TestOutside(t *testing.T) {
	for name, change := range map[string]func(*Page){
		"parent": func(p *Page) { p.Papers[0].File = "documents/../../x" }, "address": func(p *Page) { p.Papers[0].File = "https://x" },
		"other folder": func(p *Page) { p.Papers[0].File = "evidence/" + strings.Repeat("0", 64) }, "hash": func(p *Page) { p.Items[0].SHA256 = "x" },
		"script": func(p *Page) { p.Papers[0].File = "javascript:x" }, "verifier": func(p *Page) { p.Verifiers = []string{"setup.exe"} },
	} {
		p := sample()
		change(&p)
		if _, err := Render(p); !errors.Is(err, ErrPage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSays holds the page to what it must say, and to what it must not.
func TestSays(t *testing.T) {
	text := string(render(t, sample()))
	for _, want := range []string{"EXERCISE", "computed aid", "PR2DK-9G3CB-P7VTG-XNKFA", "Decided otherwise", "Set aside, it counts for nothing", "Take it from a published release",
		"256 GB (256\u202f060\u202f514\u202f304 bytes)", "handed to an outside party", "No later check is recorded", "legal advice privilege", "not in this folder", "1\u202f204 entries"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if len(terms) != 10 || strings.Count(text, "<h2 ") != 10 || strings.Count(text, "<dt>")-strings.Count(text, "<dd") > 0 {
		t.Errorf("%d words, %d sections", len(terms), strings.Count(text, "<h2 "))
	}
	p := sample()
	p.Case.Mode = incident.ModeLive
	live := string(render(t, p))
	if strings.Contains(strings.ReplaceAll(live, "@page exercise { @top-center { content: \"EXERCISE – a drill", ""), "EXERCISE") || strings.Contains(live, `class="exercise"`) {
		t.Error("a live case is marked as an exercise")
	}
	for _, no := range []string{"must notify", "no evidence of"} {
		if strings.Contains(strings.ToLower(text), no) {
			t.Errorf("the page says %q", no)
		}
	}
	p.Story = make([]Sentence, MaxStory+3)
	if text := string(render(t, p)); !strings.Contains(text, "3 more are in the record and not on this page") {
		t.Error("a cut list does not say that it is cut")
	}
}

// TestContrast computes WCAG's ratio for every text colour on its ground, light, dark and printed.
func TestContrast(t *testing.T) {
	rule := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6})`)
	sets := regexp.MustCompile(`:root \{[^}]*--paper[^}]*\}`).FindAllString(source, -1)
	if len(sets) != 3 {
		t.Fatalf("%d sets of colours", len(sets))
	}
	for _, s := range sets {
		c := map[string]float64{}
		for _, m := range rule.FindAllStringSubmatch(s, -1) {
			c[m[1]] = luminance(t, m[2])
		}
		for _, fore := range []string{"ink", "quiet", "accent", "warn"} {
			for _, back := range []string{"paper", "tint"} {
				hi, lo := max(c[fore], c[back]), min(c[fore], c[back])
				if ratio := (hi + 0.05) / (lo + 0.05); ratio < 4.5 {
					t.Errorf("%s on %s: %.2f in %s", fore, back, ratio, s)
				}
			}
		}
	}
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 4 {
		hex = string([]byte{'#', hex[1], hex[1], hex[2], hex[2], hex[3], hex[3]})
	}
	var rgb [3]int
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatal(err)
	}
	var l [3]float64
	for i, v := range rgb {
		l[i] = linear(float64(v) / 255)
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

// TestEvidenceIsNotLinked: no click on the page opens bytes of evidence, which a browser would take for whatever they are.
func TestEvidenceIsNotLinked(t *testing.T) {
	page := string(render(t, sample()))
	if strings.Contains(page, `="evidence/`) {
		t.Error("an item of evidence is linked")
	}
	if !strings.Contains(page, "Here, in") || !strings.Contains(page, "It is not linked from here") {
		t.Error("the page does not say where the evidence lies, and why it is not linked")
	}
}
