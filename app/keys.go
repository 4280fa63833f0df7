package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"

	"adjutant/app/view"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/workbench"
)

// keyRoutes holds what people do about keys: their own passphrase and card, a card that somebody handed over, and what
// opens the folder of the case.
func (s *Server) keyRoutes() {
	on(s, "POST /api/keys/card/read", func(_ context.Context, _ *workbench.Bench, in struct {
		Path string `json:"path"`
	}, _ *http.Request) (any, error) {
		p, err := workbench.ReadCard(in.Path)
		if err != nil {
			return nil, err
		}
		f, err := os.Open(in.Path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		text, err := io.ReadAll(io.LimitReader(f, identity.MaxCardBytes+1))
		if err != nil {
			return nil, err
		}
		// The file may have become another one in between; what the person compares must be what is admitted.
		if again, err := identity.ReadCard(text); err != nil || again.Key != p.Key {
			return nil, fmt.Errorf("%w: %s changed while it was read", workbench.ErrUsage, in.Path)
		}
		return view.Card{ID: string(p.ID), Name: p.Name, Fingerprint: caserecord.KeyCode(p.Key), Made: stamp(p.Created), Card: string(text)}, nil
	})
	on(s, "POST /api/keys/card/export", func(_ context.Context, b *workbench.Bench, in struct {
		Path string `json:"path"`
	}, _ *http.Request) (any, error) {
		me, err := b.Me()
		if err != nil {
			return nil, err
		}
		card, err := identity.ExportCard(me)
		if err != nil {
			return nil, err
		}
		if err := writeNew(in.Path, card); err != nil {
			return nil, err
		}
		p := me.Person()
		return view.Card{ID: string(p.ID), Name: p.Name, Fingerprint: caserecord.KeyCode(p.Key), Made: stamp(p.Created), Path: in.Path}, nil
	})
	on(s, "POST /api/keys/passphrase", func(_ context.Context, b *workbench.Bench, in struct {
		Old string `json:"old"`
		New string `json:"new"`
	}, _ *http.Request) (any, error) {
		p, err := workbench.ChangePassphrase(s.env, string(b.MyID()), []byte(in.Old), []byte(in.New))
		if err != nil {
			return nil, err
		}
		return view.Card{ID: string(p.ID), Name: p.Name, Fingerprint: caserecord.KeyCode(p.Key), Made: stamp(p.Created)}, nil
	})
	on(s, "GET /api/slots", func(_ context.Context, b *workbench.Bench, _ none, _ *http.Request) (any, error) {
		out := []view.Slot{}
		for _, x := range b.Slots() {
			out = append(out, view.Slot{Number: x.Number, Kind: x.Kind, Recipient: x.Recipient})
		}
		return map[string]any{"slots": out}, nil
	})
	on(s, "POST /api/slots/preview", func(_ context.Context, b *workbench.Bench, in slotsInput, _ *http.Request) (any, error) {
		p, err := b.ProposeSlots(in.change())
		if err != nil {
			return nil, err
		}
		return slotsPreview(b, p)
	})
	on(s, "POST /api/slots/change", func(ctx context.Context, b *workbench.Bench, in slotsInput, _ *http.Request) (any, error) {
		p, err := b.ProposeSlots(in.change())
		if err != nil {
			return nil, err
		}
		v, err := slotsPreview(b, p)
		if err != nil {
			return nil, err
		}
		if v.Shown != in.Shown {
			return nil, workbench.ErrShownChanged
		}
		a, err := sign(b, p)
		if err != nil {
			return nil, err
		}
		e, err := b.ChangeSlots(ctx, a, in.change())
		if err != nil {
			return nil, err
		}
		return signedView(b, e), nil
	})
}

// slotsInput is one change of what opens the folder; Do says which.
type slotsInput struct {
	Do         string `json:"do"` // add, recipient, remove, replace, confirm
	Passphrase string `json:"passphrase"`
	Recipient  string `json:"recipient"`
	Number     int    `json:"number"`
	Old        string `json:"old"`
	Shown      string `json:"shown"`
}

func (in slotsInput) change() workbench.SlotChange {
	switch in.Do {
	case "add":
		return workbench.SlotChange{Passphrase: []byte(in.Passphrase)}
	case "recipient":
		return workbench.SlotChange{Recipient: in.Recipient}
	case "replace":
		return workbench.SlotChange{Old: []byte(in.Old), New: []byte(in.Passphrase)}
	case "confirm":
		return workbench.SlotChange{Confirm: true}
	}
	return workbench.SlotChange{Remove: in.Number}
}

func slotsPreview(b *workbench.Bench, p workbench.Proposal) (view.ActPreview, error) {
	var shown struct {
		What string `json:"what"`
	}
	if err := json.Unmarshal(p.Shown, &shown); err != nil {
		return view.ActPreview{}, err
	}
	d := &caserecord.SlotsChangedData{What: shown.What}
	return actPreview(b, workbench.ActProposal{Proposal: p, Data: d, Sentence: caserecord.Deed(d, b.MyName(), b.State())}), nil
}

// writeNew writes a file that was not there: what lies at the path may be somebody's.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %s is there already; choose another name", workbench.ErrUsage, path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}
