package evtx

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// hostilePack are logs that try to hang the reader, to make it fall, or to make it take memory.
func hostilePack() map[string][]byte {
	pack := map[string][]byte{}
	one := func(name string, body func(x *xml)) {
		m := newMaker()
		m.logon(day, "before", "10.0.0.1")
		m.record(day, body)
		m.logon(day, "after", "10.0.0.2")
		pack[name] = m.file()
	}
	// instance begins a template instance whose definition follows, and returns where that stands.
	instance := func(x *xml) uint32 {
		x.raw([]byte{tokTemplate, 1}, u32b(1))
		here := uint32(x.base + len(x.b) + 4)
		x.raw(u32b(here))
		return here
	}
	one("a template that holds itself", func(x *xml) {
		here := instance(x)
		def := &xml{base: int(here) + 24}
		def.open("Event")
		def.raw([]byte{tokTemplate, 1}, u32b(1), u32b(here), u32b(0))
		def.close()
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(0))
	})
	one("two templates that hold each other", func(x *xml) {
		here := instance(x)
		second := here + 24 + 100
		def := &xml{base: int(here) + 24}
		def.raw([]byte{tokTemplate, 1}, u32b(1), u32b(second), u32b(0))
		def.raw(make([]byte, 100-len(def.b)))
		def.raw(u32b(0), make([]byte, 16), u32b(14), []byte{tokTemplate, 1}, u32b(1), u32b(here), u32b(0))
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(0))
	})
	one("a value that holds its own record", func(x *xml) {
		here := instance(x)
		def := &xml{base: int(here) + 24}
		def.open("Event")
		def.subst(0, typeBinXML)
		def.close()
		def.raw([]byte{tokEOF})
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(1))
		inner := append([]byte{tokTemplate, 1}, append(u32b(1), u32b(here)...)...)
		for range 50 { // each value is one more instance of the same template, down to the last
			inner = append(append([]byte{tokTemplate, 1}, append(u32b(1), u32b(here)...)...), append(append(u32b(1), append(u16b(len(inner)), typeBinXML, 0)...), inner...)...)
		}
		x.raw(u16b(len(inner)), []byte{typeBinXML, 0}, inner)
	})
	one("a definition of 4 GiB", func(x *xml) {
		instance(x)
		x.raw(u32b(0), make([]byte, 16), u32b(0xffffffff), u32b(0))
	})
	one("a definition behind the chunk", func(x *xml) { x.raw([]byte{tokTemplate, 1}, u32b(1), u32b(0xfffffff0), u32b(0)) })
	one("4 billion values", func(x *xml) {
		here := instance(x)
		def := &xml{base: int(here) + 24}
		def.leaf("Event", "x")
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(0xffffffff))
	})
	one("values longer than the record", func(x *xml) {
		here := instance(x)
		def := &xml{base: int(here) + 24}
		def.open("Event")
		def.subst(0, typeString)
		def.close()
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(3))
		for range 3 {
			x.raw(u16b(0xffff), []byte{typeString, 0})
		}
	})
	one("one value in ten thousand places", func(x *xml) {
		here := instance(x)
		def := &xml{base: int(here) + 24}
		def.open("Event")
		def.open("EventData")
		for range 9000 {
			def.subst(0, typeString)
		}
		def.close()
		def.close()
		def.raw([]byte{tokEOF})
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(1), u16b(8000), []byte{typeString, 0}, utf16b(strings.Repeat("x", 4000)))
	})
	one("one value in a thousand fields", func(x *xml) {
		here := instance(x)
		def := &xml{base: int(here) + 24}
		def.open("Event")
		def.open("EventData")
		for i := range 900 {
			def.open(fmt.Sprint("n", i))
			def.subst(0, typeString)
			def.close()
		}
		def.close()
		def.close()
		def.raw([]byte{tokEOF})
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(1), u16b(20000), []byte{typeString, 0}, utf16b(strings.Repeat("x", 10000)))
	})
	one("an array in a thousand fields", func(x *xml) {
		here := instance(x)
		def := &xml{base: int(here) + 24}
		def.open("Event")
		def.open("EventData")
		for i := range 900 {
			def.open(fmt.Sprint("n", i))
			def.subst(0, typeString|typeArray)
			def.close()
		}
		def.close()
		def.close()
		def.raw([]byte{tokEOF})
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(1), u16b(20000), []byte{typeString | typeArray, 0}, utf16b(strings.Repeat("x\x00", 5000)))
	})
	one("a slot of number 65535", func(x *xml) {
		here := instance(x)
		def := &xml{base: int(here) + 24}
		def.open("Event")
		def.subst(0xffff, typeString)
		def.close()
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b, u32b(0))
	})
	one("ten thousand open elements", func(x *xml) {
		name := uint32(0)
		for range 1500 {
			if name == 0 {
				x.raw([]byte{tokOpen}, u16b(0xffff), u32b(0))
				name = uint32(x.base + len(x.b) + 4)
				x.name("a")
			} else {
				x.raw([]byte{tokOpen}, u16b(0xffff), u32b(0), u32b(name))
			}
			x.raw([]byte{tokCloseStart})
		}
	})
	one("a name that is its own offset", func(x *xml) {
		x.raw([]byte{tokOpen}, u16b(0xffff), u32b(0))
		at := uint32(x.base + len(x.b))
		x.raw(u32b(at), []byte{tokCloseEmpty})
	})
	one("a name of 4 GiB", func(x *xml) {
		x.raw([]byte{tokOpen}, u16b(0xffff), u32b(0), u32b(uint32(x.base+len(x.b)+4)), u32b(0), u16b(0), u16b(0xffff), []byte{tokCloseEmpty})
	})
	one("an element with ten thousand attributes", func(x *xml) {
		x.raw([]byte{tokOpen | tokMore}, u16b(0xffff), u32b(0))
		x.name("Event")
		x.raw(u32b(0))
		at := uint32(x.base + len(x.b) + 5)
		x.raw([]byte{tokAttribute})
		x.name("n")
		for range 8000 {
			x.raw([]byte{tokAttribute}, u32b(at))
		}
		x.raw([]byte{tokCloseEmpty})
	})
	one("more names than places", func(x *xml) {
		x.open("Event")
		for i := range 2200 {
			x.raw([]byte{tokOpen}, u16b(0xffff), u32b(0))
			x.name(string([]rune{rune('0' + i%64), rune('0' + i/64)}))
			x.raw([]byte{tokCloseEmpty})
		}
		x.leaf("0", "text")
		x.close()
	})
	// Each record is a kind of its own, so that each would be compiled and kept.
	kinds := newMaker()
	for i := range 150 {
		kinds.record(day, func(x *xml) {
			x.open("Event")
			x.open("EventData")
			for j := range 4 {
				x.leaf(fmt.Sprint("n", i, "x", j), "v")
			}
			x.close()
			x.close()
		})
	}
	pack["every record another kind"] = kinds.file()
	ids := newMaker()
	for i := range 300 {
		ids.record(day, func(x *xml) {
			x.open("Event")
			x.open("System")
			x.leaf("EventID", fmt.Sprint(i))
			x.close()
			x.close()
		})
	}
	pack["every record another event id"] = ids.file()
	return pack
}

// TestHostilePack: whatever a record does, it ends soon, and the records beside it are there. What programs say is what
// steps say.
func TestHostilePack(t *testing.T) {
	for name, b := range hostilePack() {
		start := time.Now()
		res, events := run(t, b, name)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if strings.HasPrefix(name, "every") {
			if res.Parsed != res.Read || res.Parsed < 150 {
				t.Errorf("%s: %+v", name, res)
			}
		} else if len(events) < 2 || events[0].Get("user.name") != "before" || events[len(events)-1].Get("user.name") != "after" {
			t.Errorf("%s: %d events; %+v", name, len(events), res)
		}
		both(t, b, name)
	}
}
