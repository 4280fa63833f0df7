package winrecord

import (
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/jsonrec"
)

func (b *builder) text(keys ...string) string { return jsonrec.TextOf(b.v, keys...) }

// beat reads a document of winlogbeat. Its own ECS fields stay where the event's mapping has none.
func (b *builder) beat() {
	w := b.v.Get("winlog")
	wt := func(keys ...string) string { return jsonrec.TextOf(w, keys...) }
	provider, code, computer := wt("provider_name"), wt("event_id"), wt("computer_name")
	if provider == "" {
		provider = b.text("event", "provider")
	}
	if code == "" {
		code = b.text("event", "code")
	}
	if computer == "" {
		computer = b.text("host", "name")
	}
	b.attr("Provider", "Name", provider)
	b.attr("Provider", "Guid", wt("provider_guid"))
	b.put("EventID", code)
	b.put("Version", wt("version"))
	b.put("Task", wt("task"))
	b.put("Opcode", wt("opcode"))
	b.put("Keywords", scalarOf(w.Get("keywords")))
	b.put("EventRecordID", wt("record_id"))
	b.put("Channel", wt("channel"))
	b.put("Computer", computer)
	b.attr("Security", "UserID", wt("user", "identifier"))
	b.attr("Execution", "ProcessID", wt("process", "pid"))
	b.attr("Execution", "ThreadID", wt("process", "thread", "id"))
	b.attr("Correlation", "ActivityID", wt("activity_id"))
	b.attr("Correlation", "RelatedActivityID", wt("related_activity_id"))
	b.object(w.Get("event_data"))
	if u := w.Get("user_data"); u != nil && u.Type() == fastjson.TypeObject {
		children(b.r, elementNamed(b.child(&b.root, "UserData"), "UserData"), u)
	}
	b.rendered(b.text("message"))
	b.created = b.text("@timestamp")
	if t := wt("time_created"); t != "" {
		b.created = t
	}
	b.keep = true
	b.other(b.v, "@timestamp", "message")
	kept := b.others[:0]
	for _, l := range b.others {
		if !strings.HasPrefix(l.Name, "winlog.event_data.") {
			kept = append(kept, l)
		}
	}
	b.others = kept
}

// rendered keeps the tool's own sentence beside ours, where an event with RenderingInfo has it.
func (b *builder) rendered(message string) {
	if message != "" {
		el := elementNamed(b.child(&b.root, "RenderingInfo"), "Message")
		el.Texts = append(el.Texts, message)
	}
}

func leavesOf(v *fastjson.Value) []jsonrec.Leaf {
	if v == nil {
		return nil
	}
	return jsonrec.Flatten(nil, "", v)
}

func scalarOf(v *fastjson.Value) string {
	if v == nil {
		return ""
	}
	return scalar(v)
}

func (b *builder) oldBeat() {
	b.attr("Provider", "Name", b.text("source_name"))
	b.attr("Provider", "Guid", b.text("provider_guid"))
	b.put("EventID", b.text("event_id"))
	b.put("Version", b.text("version"))
	b.put("Task", b.text("task"))
	b.put("Opcode", b.text("opcode"))
	b.put("Keywords", scalarOf(b.v.Get("keywords")))
	b.put("EventRecordID", b.text("record_number"))
	b.put("Channel", b.text("log_name"))
	b.put("Computer", b.text("computer_name"))
	b.attr("Security", "UserID", b.text("user", "identifier"))
	b.attr("Execution", "ProcessID", b.text("process_id"))
	b.attr("Execution", "ThreadID", b.text("thread_id"))
	b.attr("Correlation", "ActivityID", b.text("activity_id"))
	b.object(b.v.Get("event_data"))
	b.object(b.v.Get("user_data"))
	b.rendered(b.text("message"))
	b.created = b.text("@timestamp")
	b.beside = "winlogbeat"
	b.other(b.v, "@timestamp", "source_name", "provider_guid", "event_id", "version", "task", "opcode", "keywords", "record_number", "log_name",
		"computer_name", "process_id", "thread_id", "activity_id", "event_data", "user_data", "message")
}

// nxlogOwn are the members of NXLog that are no data of the event. Everything else is: the tool puts EventData flat beside them.
var nxlogOwn = map[string]bool{"EventReceivedTime": true, "SourceModuleName": true, "SourceModuleType": true, "SeverityValue": true, "Severity": true,
	"EventType": true, "Category": true, "Opcode": true, "AccountName": true, "AccountType": true, "Domain": true, "TaskName": true}

func (b *builder) nxlog() {
	read := map[string]func(string){
		"SourceName": func(s string) { b.attr("Provider", "Name", s) }, "ProviderGuid": func(s string) { b.attr("Provider", "Guid", s) },
		"EventID": func(s string) { b.put("EventID", s) }, "Version": func(s string) { b.put("Version", s) }, "LevelValue": func(s string) { b.put("Level", s) },
		"Task": func(s string) { b.put("Task", s) }, "TaskValue": func(s string) { b.put("Task", s) }, "OpcodeValue": func(s string) { b.put("Opcode", s) },
		"Keywords": func(s string) { b.put("Keywords", s) }, "RecordNumber": func(s string) { b.put("EventRecordID", s) }, "RecordID": func(s string) { b.put("EventRecordID", s) },
		"Channel": func(s string) { b.put("Channel", s) }, "Hostname": func(s string) { b.put("Computer", s) }, "UserID": func(s string) { b.attr("Security", "UserID", s) },
		"ProcessID": func(s string) { b.attr("Execution", "ProcessID", s) }, "ThreadID": func(s string) { b.attr("Execution", "ThreadID", s) },
		"ExecutionProcessID": func(s string) { b.attr("Execution", "ProcessID", s) }, "ExecutionThreadID": func(s string) { b.attr("Execution", "ThreadID", s) },
		"ActivityID": func(s string) { b.attr("Correlation", "ActivityID", s) }, "RelatedActivityID": func(s string) { b.attr("Correlation", "RelatedActivityID", s) },
		"Message": b.rendered, "EventTime": func(s string) { b.created = s },
	}
	// An event of Sysmon has a ProcessId of its own; the pair of NXLog's names says which is which.
	if b.v.Exists("ExecutionProcessID") {
		delete(read, "ProcessID")
	}
	b.beside = "nxlog"
	b.v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		name := jsonrec.Valid(string(key))
		switch put, known := read[name]; {
		case known:
			put(scalar(c))
		case nxlogOwn[name]:
			b.others = jsonrec.Flatten(b.others, name, c)
		case c.Type() == fastjson.TypeObject:
			children(b.r, elementNamed(b.child(&b.root, "EventData"), name), c)
		default:
			b.data(name, scalar(c))
		}
	})
}

func (b *builder) artifact() {
	b.attr("Provider", "Name", firstOf(b.v, "Provider", "ProviderName"))
	b.put("EventID", scalarOf(b.v.Get("EventID")))
	b.put("Channel", b.text("Channel"))
	b.put("Computer", b.text("Computer"))
	b.put("EventRecordID", firstOf(b.v, "EventRecordID", "RecordID"))
	b.put("Level", b.text("Level"))
	b.attr("Security", "UserID", firstOf(b.v, "UserSID", "SID"))
	b.object(b.v.Get("EventData"))
	if u := b.v.Get("UserData"); u != nil && u.Type() == fastjson.TypeObject {
		children(b.r, b.child(&b.root, "UserData"), u)
	}
	b.rendered(b.text("Message"))
	b.created = firstOf(b.v, "EventTime", "TimeCreated", "Timestamp", "_ts")
	b.other(b.v, "Provider", "ProviderName", "EventID", "Channel", "Computer", "EventRecordID", "RecordID", "Level", "UserSID", "SID", "EventData", "UserData", "Message")
}

func firstOf(v *fastjson.Value, keys ...string) string {
	for _, k := range keys {
		if s := jsonrec.TextOf(v, k); s != "" {
			return s
		}
	}
	return ""
}

func (b *builder) winEvent() {
	b.attr("Provider", "Name", b.text("ProviderName"))
	b.attr("Provider", "Guid", b.text("ProviderId"))
	b.put("EventID", b.text("Id"))
	b.put("Version", b.text("Version"))
	b.put("Level", b.text("Level"))
	b.put("Task", b.text("Task"))
	b.put("Opcode", b.text("Opcode"))
	b.put("Keywords", b.text("Keywords"))
	b.put("EventRecordID", b.text("RecordId"))
	b.put("Channel", b.text("LogName"))
	b.put("Computer", b.text("MachineName"))
	b.attr("Execution", "ProcessID", b.text("ProcessId"))
	b.attr("Execution", "ThreadID", b.text("ThreadId"))
	b.attr("Correlation", "ActivityID", b.text("ActivityId"))
	user := b.text("UserId", "Value")
	if user == "" {
		user = b.text("UserId")
	}
	b.attr("Security", "UserID", user)
	for _, p := range b.v.GetArray("Properties") {
		b.data("Data", scalarOf(p.Get("Value")))
	}
	b.rendered(b.text("Message"))
	b.created = b.text("TimeCreated")
	if c := b.v.Get("TimeCreated"); c != nil && c.Type() == fastjson.TypeObject { // PowerShell 5 writes some dates as objects
		b.created = jsonrec.TextOf(c, "value")
	}
	b.beside = "powershell"
	b.other(b.v, "ProviderName", "ProviderId", "Id", "Version", "Level", "Task", "Opcode", "Keywords", "RecordId", "LogName", "MachineName", "ProcessId", "ThreadId",
		"ActivityId", "UserId", "Properties", "Message", "TimeCreated")
}

// wazuh reads what the JSON decoder of Wazuh makes of the XML: names begin with a small letter.
func (b *builder) wazuh(v *fastjson.Value) {
	sys := map[string]func(string){
		"providerName": func(s string) { b.attr("Provider", "Name", s) }, "providerGuid": func(s string) { b.attr("Provider", "Guid", s) },
		"eventSourceName": func(s string) { b.attr("Provider", "EventSourceName", s) }, "eventID": func(s string) { b.put("EventID", s) },
		"version": func(s string) { b.put("Version", s) }, "level": func(s string) { b.put("Level", s) }, "task": func(s string) { b.put("Task", s) },
		"opcode": func(s string) { b.put("Opcode", s) }, "keywords": func(s string) { b.put("Keywords", s) }, "systemTime": func(s string) { b.created = s },
		"eventRecordID": func(s string) { b.put("EventRecordID", s) }, "processID": func(s string) { b.attr("Execution", "ProcessID", s) },
		"threadID": func(s string) { b.attr("Execution", "ThreadID", s) }, "channel": func(s string) { b.put("Channel", s) }, "computer": func(s string) { b.put("Computer", s) },
		"message": func(s string) { b.rendered(strings.Trim(s, `"`)) },
	}
	v.GetObject("system").Visit(func(key []byte, c *fastjson.Value) {
		name := jsonrec.Valid(string(key))
		if put, ok := sys[name]; ok {
			put(scalar(c))
			return
		}
		b.others = append(b.others, jsonrec.Leaf{Name: "data.win.system." + name, Kind: event.KindString, Value: scalar(c)})
	})
	for _, l := range leavesOf(v.Get("eventdata")) {
		name := l.Name
		if name == "" {
			name = "Data"
		}
		if c := name[0]; c >= 'a' && c <= 'z' {
			name = string(c-0x20) + name[1:]
		}
		b.data(name, l.Value)
	}
	for _, l := range leavesOf(v.Get("userdata")) {
		b.others = append(b.others, jsonrec.Leaf{Name: "data.win.userdata." + l.Name, Kind: l.Kind, Value: l.Value})
	}
}
