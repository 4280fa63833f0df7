package windefender

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func u32(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }
func u64(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }

func wide(s string) (b []byte) {
	for _, c := range utf16.Encode([]rune(s + "\x00")) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return b
}

// val is one value of a file as the product writes it.
func val(kind uint32, data []byte) []byte {
	b := append(append(u32(uint32(len(data))), u32(kind)...), data...)
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	return b
}

func track(key string, kind uint32, data []byte) []byte {
	k := wide(key)
	b := append(append(u32(uint32(len(k))), k...), u32(kind)...)
	if kind == 6 {
		b = append(b, u32(uint32(len(data)))...)
	}
	return append(b, data...)
}

const start = 133029415478302783 // 2022-07-22T05:32:27.8302783Z

// sample is a detection written for this test; there was no such machine.
func sample() []byte {
	var b []byte
	add := func(kind uint32, data []byte) { b = append(b, val(kind, data)...) }
	add(typeLong, u64(2147519003))
	add(typeGUID, []byte{0xa0, 0x33, 0xfe, 0x6a, 0xba, 0x19, 0xff, 0x4f, 0x89, 0x2f, 0xb7, 0, 0x53, 0x9d, 0x7d, 0x63})
	add(typeText, wide("Magic.Version:1.2"))
	add(typeText, wide("Virus:DOS/Test"))
	for _, n := range []uint32{0, 5, 42, 3} {
		add(typeNumber, u32(n))
	}
	resource := func(kind, location string, data []byte) {
		add(typeText, wide("Magic.Version:1.2"))
		add(typeText, wide(kind))
		add(typeText, wide(location))
		add(typeNumber, u32(1))
		add(typeNumber, u32(uint32(len(data))))
		add(typeBytes, data)
	}
	list := append(track("ThreatTrackingSha256", 6, wide("275a")), track("ThreatTrackingStartTime", 4, u64(start))...)
	list = append(list, track("ThreatTrackingSize", 4, u64(68))...)
	list = append(list, track("ThreatTrackingIsEsuSig", 5, []byte{1})...)
	list = append(list, track("ThreatTrackingResearchData", 7, []byte{1, 2, 3, 4, 5})...)
	head := append(append(u32(1), u32(20)...), make([]byte, 12)...)
	resource("containerfile", `C:\x.zip`, head)
	resource("file", `C:\x.zip->x.com`, append(append(head, u32(uint32(len(list)+4))...), list...))
	resource("webfile", `C:\x.zip|https://x.example/x.zip|pid:7,ProcessStart:1`, head)
	add(typeFiletime, u64(start+10_000_000))
	add(5, u32(9))
	for range 4 {
		add(typeNumber, u32(3))
	}
	add(typeText, wide(`WS01\ann`))
	add(typeNumber, u32(4))
	add(typeText, wide(`C:\Windows\explorer.exe`))
	for range 3 {
		add(typeNumber, u32(0))
	}
	add(typeFiletime, u64(start+1_000_000))
	add(typeNumber, u32(0))
	add(typeFiletime, u64(0))
	return b
}

func TestRecord(t *testing.T) {
	b := sample()
	if s := New().Detect(b, "x"); s != 100 {
		t.Fatalf("detected with %d", s)
	}
	res, events := parsetest.Run(t, New(), b, "x", parse.Assume{})
	parsetest.ValidText(t, events)
	if res.Status != parse.StatusOK || len(events) != 1 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	parsetest.AllFields(t, "sample", events[0], map[string]string{
		"@": "2022-07-22T05:32:27.8302783Z", "@recorded": "2022-07-22T05:32:27.9302783Z", "@modified": "2022-07-22T05:32:28.8302783Z", "@ended": "",
		"windefender.threat_id": "2147519003", "windefender.detection_id": "6AFE33A0-19BA-4FFF-892F-B700539D7D63", "threat.name": "Virus:DOS/Test",
		"windefender.severity": "5", "windefender.severity_name": "Severe", "windefender.category": "42", "windefender.category_name": "VIRUS",
		"windefender.threat_value_2": "0", "windefender.threat_value_5": "3", "windefender.resource_flags": "1 1 1",
		"windefender.resource.containerfile": `C:\x.zip`, "windefender.resource.file": `C:\x.zip->x.com`, "file.path": `C:\x.zip->x.com`,
		"windefender.resource.webfile": `C:\x.zip|https://x.example/x.zip|pid:7,ProcessStart:1`, "url.original": "https://x.example/x.zip",
		"file.hash.sha256": "275a", "windefender.file.ThreatTrackingSize": "68", "windefender.file.ThreatTrackingIsEsuSig": "1", "windefender.file.ThreatTrackingResearchData": "0102030405",
		"windefender.value_1": "9", "windefender.value_2": "3", "windefender.value_3": "3", "windefender.value_4": "3", "windefender.value_5": "3", "user.domain": "WS01", "user.name": "ann",
		"windefender.value_7": "4", "process.executable": `C:\Windows\explorer.exe`, "windefender.process": `C:\Windows\explorer.exe`,
		"windefender.value_9": "0", "windefender.value_10": "0", "windefender.value_11": "0", "windefender.value_13": "0",
		"event.kind": "alert", "event.category": "malware", "event.action": "detection", "event.module": "windows", "event.dataset": "windows.defender_history",
		"message": `Windows Defender detected Virus:DOS/Test in C:\x.zip->x.com, user WS01\ann, process C:\Windows\explorer.exe`,
	})
	parsetest.EmitErrorStops(t, New(), b, parse.Assume{})
}

// TestDamage: a cut file gives what it holds, with a warning where it ends; without the threat's name it is no detection.
func TestDamage(t *testing.T) {
	b := sample()
	for n := range b {
		res, events := parsetest.Run(t, New(), b[:n], "x", parse.Assume{})
		parsetest.ValidText(t, events)
		switch {
		case n == 0 && res.Status != parse.StatusEmpty, n > 0 && len(events) == 0 && res.Status != parse.StatusFailed, len(events) == 1 && n < len(b)-8 && res.Status != parse.StatusPartial:
			t.Fatalf("%d of %d bytes: %+v", n, len(b), res)
		}
	}
	huge := append([]byte(nil), b...)
	binary.LittleEndian.PutUint32(huge[0x28:], 0xffffffff)
	if res, events := parsetest.Run(t, New(), huge, "x", parse.Assume{}); len(events) != 0 || res.Status != parse.StatusFailed {
		t.Errorf("%+v", res)
	}
	for _, text := range []string{"", "hello\n", strings.Repeat("\x08\x00\x00\x00", 40)} {
		if s := New().Detect([]byte(text), "x"); s != 0 {
			t.Errorf("%q: %d", text, s)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample())
	f.Add(sample()[:400])
	f.Fuzz(func(t *testing.T, b []byte) {
		New().Detect(b, "")
		res, events, err := parsetest.Collect(New(), b, "x", parse.Assume{})
		if err != nil {
			t.Fatal(err)
		}
		parsetest.Counts(t, "fuzzed", res, events)
		parsetest.ValidText(t, events)
	})
}

// TestPlaso compares counts and every published value.
func TestPlaso(t *testing.T) {
	for _, file := range []string{"windefender_history/FC380697-A68D-4C94-B67F-9B6449039463", "windefender_history/6AFE33A0-19BA-4FFF-892F-B700539D7D63"} {
		a := answersPlaso(t, file)
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 || a.Values != 7 && a.Values != 8 {
			t.Errorf("%+v", a)
		}
	}
}

func answersPlaso(t *testing.T, file string) parsetest.Answers {
	return parsetest.Plaso(t, New(), parse.Assume{}, file, nil, func(e *event.Event, field string) (string, bool) {
		list := func(name string) string {
			b, err := json.Marshal(e.All(name))
			if err != nil {
				t.Fatal(err)
			}
			return strings.NewReplacer(`\u003e`, ">", `\u0026`, "&").Replace(string(b))
		}
		switch field {
		case "filename":
			return e.Get("file.path"), true
		case "host_and_user":
			return e.Get("user.domain") + `\` + e.Get("user.name"), true
		case "process":
			return e.Get("windefender.process"), true
		case "sha256":
			return e.Get("file.hash.sha256"), true
		case "threat_name":
			return e.Get("threat.name"), true
		case "recorded_time":
			last := parsetest.PrimaryTime(e) // the other tool keeps the time of the last resource alone; here the first is the primary one
			for _, at := range e.Times {
				if at.Meaning == event.Started {
					last = event.FormatTime(at.At)
				}
			}
			return last, true
		case "web_filenames":
			return list("windefender.resource.webfile"), true
		case "container_filenames":
			return list("windefender.resource.containerfile"), true
		}
		return "", field != "data_type"
	})
}
