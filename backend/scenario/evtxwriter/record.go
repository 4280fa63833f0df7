package evtxwriter

import "time"

// Record is one event. Fields carry the names of the <System> element (Windows event schema); zero values are written
// as 0 where Windows writes a number always, and left out where it may be absent.
type Record struct {
	Provider    string
	GUID        GUID   // of the provider; the zero GUID is left out
	EventSource string // EventSourceName, for classic providers such as the Service Control Manager
	EventID     uint16
	Qualifiers  *uint16 // classic providers only
	Version     uint8
	Level       uint8
	Task        uint16
	Opcode      uint8
	Keywords    uint64
	Time        time.Time // written to the record header and to TimeCreated, 100 ns resolution
	RecordID    uint64    // 0: the next one
	ActivityID  GUID      // the zero GUID is left out
	PID, TID    uint32
	Channel     string
	Computer    string
	UserSID     SID      // "" is left out
	Data        []Pair   // <EventData>, in this order
	UserData    *Element // <UserData> instead of <EventData>
}

// Pair is one <Data Name="…">. An empty name is written without the attribute, as classic providers do. Value is one of
// the types listed at Value types in value.go.
type Pair struct {
	Name  string
	Value any
}

// Element is one element of <UserData>. It holds a value or children, not both.
type Element struct {
	Name     string
	XMLNS    string
	Value    any
	Children []*Element
}

const eventNamespace = "http://schemas.microsoft.com/win/2004/08/events/event"

// Indexes of the values of the outer template. Windows' own order up to UserID.
const (
	subLevel = iota
	subOpcode
	subTask
	subEventID
	subQualifiers
	subKeywords
	subTime
	subActivity
	subPID
	subTID
	subRecordID
	subVersion
	subUserID
	subComputer
	subPayload // the nested fragment with EventData or UserData stays last
	subCount
)

// event writes the binary XML of a record: a fragment with one instance of the outer template, whose last value is a
// fragment of its own with the payload's template, as providers with a manifest are stored.
func (e *encoder) event(r *Record) error {
	values := make([]value, subCount)
	for i, v := range []any{subLevel: r.Level, subOpcode: r.Opcode, subTask: r.Task, subEventID: r.EventID, subKeywords: Hex64(r.Keywords),
		subTime: r.Time, subPID: r.PID, subTID: r.TID, subRecordID: r.RecordID, subVersion: r.Version, subComputer: r.Computer} {
		var err error
		if values[i], err = encodeValue(v); err != nil {
			return err
		}
	}
	if r.Qualifiers != nil {
		values[subQualifiers], _ = encodeValue(*r.Qualifiers)
	}
	if r.ActivityID != (GUID{}) {
		values[subActivity], _ = encodeValue(r.ActivityID)
	}
	if r.UserSID != "" {
		v, err := encodeValue(r.UserSID)
		if err != nil {
			return err
		}
		values[subUserID] = v
	}
	payload, inner, err := r.payload()
	if err != nil {
		return err
	}
	if payload != nil {
		values[subPayload] = value{kind: typeBinXML, nested: func(e *encoder) error {
			e.fragment()
			if err := e.instance(payload, inner); err != nil {
				return err
			}
			e.u8(tokEOF)
			return nil
		}}
	}
	e.fragment()
	if err := e.instance(r.outer(), values); err != nil {
		return err
	}
	e.u8(tokEOF)
	return nil
}

// outer is the template of <Event><System>…</System>payload</Event>.
func (r *Record) outer() *node {
	sub := func(i int, t valueType) content { return content{index: i, kind: t, optional: true} }
	leaf := func(name string, i int, t valueType) *node {
		c := sub(i, t)
		return &node{name: name, content: &c}
	}
	provider := &node{name: "Provider", attrs: []attribute{{"Name", fixed(r.Provider)}}}
	if r.GUID != (GUID{}) {
		provider.attrs = append(provider.attrs, attribute{"Guid", fixed(r.GUID.String())})
	}
	if r.EventSource != "" {
		provider.attrs = append(provider.attrs, attribute{"EventSourceName", fixed(r.EventSource)})
	}
	channel := fixed(r.Channel)
	eventID := leaf("EventID", subEventID, typeUint16)
	eventID.attrs = []attribute{{"Qualifiers", sub(subQualifiers, typeUint16)}}
	system := &node{name: "System", children: []*node{
		provider,
		eventID,
		leaf("Version", subVersion, typeUint8),
		leaf("Level", subLevel, typeUint8),
		leaf("Task", subTask, typeUint16),
		leaf("Opcode", subOpcode, typeUint8),
		leaf("Keywords", subKeywords, typeHex64),
		{name: "TimeCreated", attrs: []attribute{{"SystemTime", sub(subTime, typeFiletime)}}},
		leaf("EventRecordID", subRecordID, typeUint64),
		{name: "Correlation", attrs: []attribute{{"ActivityID", sub(subActivity, typeGUID)}}},
		{name: "Execution", attrs: []attribute{{"ProcessID", sub(subPID, typeUint32)}, {"ThreadID", sub(subTID, typeUint32)}}},
		{name: "Channel", content: &channel},
		leaf("Computer", subComputer, typeString),
		{name: "Security", attrs: []attribute{{"UserID", sub(subUserID, typeSID)}}},
	}}
	payload := sub(subPayload, typeBinXML)
	return &node{name: "Event", attrs: []attribute{{"xmlns", fixed(eventNamespace)}}, children: []*node{system}, tail: &payload}
}

// payload returns the inner template and its values, or nil when the record has none.
func (r *Record) payload() (*node, []value, error) {
	var values []value
	add := func(v any) (content, error) {
		x, err := encodeValue(v)
		if err != nil {
			return content{}, err
		}
		values = append(values, x)
		c := content{index: len(values) - 1, kind: x.kind}
		if x.kind == typeNull { // a template states the type a value would have; libevtx refuses null elsewhere
			c.kind, c.optional = typeString, true
		}
		return c, nil
	}
	switch {
	case r.UserData != nil:
		root, err := r.UserData.node(add)
		if err != nil {
			return nil, nil, err
		}
		return &node{name: "UserData", children: []*node{root}}, values, nil
	case len(r.Data) > 0:
		root := &node{name: "EventData"}
		for _, p := range r.Data {
			c, err := add(p.Value)
			if err != nil {
				return nil, nil, err
			}
			n := &node{name: "Data", content: &c}
			if p.Name != "" {
				n.attrs = []attribute{{"Name", fixed(p.Name)}}
			}
			root.children = append(root.children, n)
		}
		return root, values, nil
	}
	return nil, nil, nil
}

func (x *Element) node(add func(any) (content, error)) (*node, error) {
	n := &node{name: x.Name}
	if x.XMLNS != "" {
		n.attrs = []attribute{{"xmlns", fixed(x.XMLNS)}}
	}
	for _, c := range x.Children {
		child, err := c.node(add)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	if len(x.Children) == 0 {
		c, err := add(x.Value)
		if err != nil {
			return nil, err
		}
		n.content = &c
	}
	return n, nil
}
