package documenttest

import (
	"fmt"
	"strings"
	"time"

	"adjutant/backend/document"
	"adjutant/backend/incident"
	"adjutant/backend/witness/slip"
)

var formCase = document.Case{ID: Hash("case")[:32], Name: "Sundfähre booking system", Mode: incident.ModeExercise, TLP: incident.TLPAmber}

var formHead = document.AsOf{Head: Hash("head"), Code: slip.ShortCode(Hash("head")), Entries: 148, At: at("2026-11-20T14:03:12Z")}

var formLetterhead = document.Letterhead{Organisation: "Sundfähre Linien A/S", Unit: "Incident response"}

func key(name string) string { return slip.ShortCode(Hash("key " + name)) }

// Slip is the made-up departure of a bundle.
func Slip() document.CourierSlip {
	s := document.CourierSlip{
		Case: formCase, AsOf: formHead, Generated: at("2026-11-20T14:05:00Z"), Letterhead: formLetterhead,
		File:     document.SlipFile{Name: "sundfaehre-2026-11-20.adjb", Bytes: 48_211_904, SHA256: Hash("bundle file"), Withheld: 3, Evidence: 5, Protection: "encrypted for 2 recipients"},
		Giver:    document.Party{Name: "Mikkel Okafor", Role: "Operations Section Chief", Organisation: "Sundfähre Linien A/S", Key: key("Mikkel")},
		Receiver: document.Party{Name: "Dr. Helene Brandt", Organisation: "Nordlab Forensik GmbH", Key: key("Helene")},
	}
	for i, name := range []string{"Rasmus Vos", "Ida Holm", "Mikkel Okafor"} {
		s.Checkpoints = append(s.Checkpoints, document.SlipCheckpoint{Author: name, Entries: 40 + 17*i, Code: slip.ShortCode(Hash("checkpoint " + name))})
	}
	return s
}

// Arrived is the same slip at the place of arrival, compared with what the text of its square would say of head.
func Arrived(head string) document.CourierSlip {
	s := Slip()
	s.Courier = document.Party{Name: "Jonas Friis", Organisation: "Falster Kurér ApS"}
	s.Generated = at("2026-11-20T19:42:00Z")
	code, err := slip.Slip{Case: s.Case.ID, Head: head, File: s.File.SHA256}.Code()
	if err != nil {
		panic("documenttest: " + err.Error())
	}
	r, err := slip.Compare(code, slip.Slip{Case: s.Case.ID, Head: s.AsOf.Head, File: s.File.SHA256})
	if err != nil {
		panic("documenttest: " + err.Error())
	}
	s.Arrival = &document.SlipArrival{At: at("2026-11-20T19:40:11Z"), Result: r}
	return s
}

// Receipt is a made-up transfer of n items.
func Receipt(state document.ReceiptState, n int) document.CustodyReceipt {
	r := document.CustodyReceipt{
		Case: formCase, AsOf: formHead, Generated: at("2026-11-20T14:05:00Z"), Letterhead: formLetterhead, Transfer: "T-7", State: state,
		Giver:    document.Party{Name: "Mikkel Okafor", Role: "Operations Section Chief", Organisation: "Sundfähre Linien A/S", Key: key("Mikkel")},
		Receiver: document.Party{Name: "Dr. Helene Brandt", Organisation: "Nordlab Forensik GmbH"},
		Purpose:  "Imaging of the disks and analysis of the service TideSync", Place: "Havnegade 12, Nykøbing Falster, server room", Given: at("2026-11-20T13:40:00Z"),
		OfferEntry: Hash("entry offer"),
	}
	switch state {
	case document.ReceiptReceived:
		r.Answered, r.Condition, r.ReplyEntry = at("2026-11-20T13:52:00Z"), "Two sealed bags, seals whole; one label torn at a corner", Hash("entry reply")
		r.Receiver.Key = key("Helene")
	case document.ReceiptRefused:
		r.Answered, r.Condition, r.Reason = at("2026-11-20T13:52:00Z"), "Seal of bag 2 broken", "The seal of the second bag was broken on arrival and nobody could say when"
	}
	for i := 0; i < n; i++ {
		x := document.ReceiptItem{Path: fmt.Sprintf("triage-FS%02d.zip", i+1), Bytes: int64(1_048_576*i*i + 4096), SHA256: Hash(fmt.Sprint("item ", i)), Seal: fmt.Sprintf("B %06d", 204417+i)}
		switch i % 5 {
		case 1:
			x.Path = "images/BOOKING-DB/disk0/partition2/var/lib/postgresql/15/main/base/16384/pg_wal_archive_2026-11-17_until_2026-11-20.tar.zst"
		case 2:
			x.Seal = ""
		}
		r.Items = append(r.Items, x)
	}
	return r
}

// Privileged is a made-up log of n withheld entries.
func Privileged(n int) document.PrivilegeLog {
	l := document.PrivilegeLog{Case: formCase, AsOf: formHead, Generated: at("2026-11-20T14:05:00Z"), Letterhead: formLetterhead, For: "sundfaehre-2026-11-20.adjb"}
	for i := 0; i < n; i++ {
		r := document.PrivilegeRow{Entry: Hash(fmt.Sprint("privileged ", i)), At: at("2026-11-19T09:00:00Z").Add(time.Duration(n-i) * 37 * time.Minute), Author: "Ida Holm", Matter: "Notification", Track: "advice",
			Basis: "Legal advice on the duty to notify, asked for by the Incident Commander", Recipients: []string{"Rasmus Vos", "Ida Holm"}}
		if i%3 == 1 {
			r.Author, r.Track, r.Matter, r.Recipients = "Mikkel Okafor", "fact", "Insurance claim "+strings.Repeat("2026-", 3)+"11", nil
			r.Basis = "Prepared at counsel's direction"
		}
		l.Rows = append(l.Rows, r)
	}
	return l
}
