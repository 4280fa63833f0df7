package cli

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"adjutant/backend/workbench"
)

// bar shows progress on a terminal and nothing elsewhere.
type bar struct {
	mu    sync.Mutex
	pool  *mpb.Progress
	b     *mpb.Bar
	label string
}

func (p *program) bar(unit string) *bar {
	f, ok := p.err.(*os.File)
	if p.quiet || p.json || !ok || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	x := &bar{pool: mpb.New(mpb.WithOutput(f), mpb.WithWidth(40), mpb.WithRefreshRate(200*time.Millisecond))}
	rate := decor.Any(func(s decor.Statistics) string { return fmt.Sprintf("%d/%d %s", s.Current, s.Total, unit) })
	if unit == "bytes" {
		rate = decor.CountersKibiByte("% .1f / % .1f")
	}
	x.b = x.pool.AddBar(0, mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return fmt.Sprintf("%-28.28s", x.text()) })),
		mpb.AppendDecorators(rate, decor.Name(" "), decor.AverageETA(decor.ET_STYLE_MMSS)))
	return x
}

func (x *bar) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return printable(x.label)
}

func (x *bar) report(pr workbench.Progress) {
	if x.b == nil {
		return
	}
	x.mu.Lock()
	x.label = pr.Message
	x.mu.Unlock()
	x.b.SetTotal(pr.Total, false)
	x.b.SetCurrent(pr.Done)
}

func (x *bar) done() {
	if x.b != nil {
		x.b.Abort(true)
		x.pool.Wait()
	}
}
