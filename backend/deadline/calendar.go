package deadline

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/us"
)

// calendars holds the holiday sets by name. "eu" knows weekends only: it stands for a zone whose national holidays are
// not carried, and the result then says so.
var calendars = map[string]*calendar{
	"us-federal":   {holidays: usFederal},
	"us-sec-edgar": {holidays: usFederal},
	"bank":         {holidays: usFederal}, // card-brand rules name bank days without a country
	"uk-england":   {holidays: gb.Holidays},
	"de":           {holidays: de.Holidays},
	"fr":           {holidays: fr.Holidays},
	"it":           {holidays: it.Holidays, fixed: []monthDay{{time.October, 4, 2026}}},
	"es":           {holidays: es.Holidays},
	"nl":           {holidays: nl.Holidays},
	"ie":           {holidays: ie.Holidays},
	"at":           {holidays: at.Holidays},
	"be":           {holidays: be.Holidays},
	"jp":           {holidays: jp.Holidays},
	"jp-ppc":       {holidays: jp.Holidays, fixed: jpClosure},
	"br-national":  {holidays: brNational, fixed: []monthDay{{time.November, 20, 2024}}},
	"au-nsw":       {holidays: au.HolidaysNSW},
	"eu":           {},
}

// usFederal is 5 U.S.C. 6103(a); inauguration day touches Washington alone, and closures by executive order come at
// short notice and are not known here.
var usFederal = []*cal.Holiday{
	us.NewYear, us.MlkDay, us.PresidentsDay, us.MemorialDay, us.Juneteenth, us.IndependenceDay, us.LaborDay,
	us.ColumbusDay, us.VeteransDay, us.ThanksgivingDay, us.ChristmasDay,
}

// brNational leaves carnival and Corpus Christi out: they are optional days, and counting them as working days is the
// cautious reading.
var brNational = []*cal.Holiday{
	br.AnoNovo, br.SextaFeiraSanta, br.Tiradentes, br.Trabalhador, br.Independencia, br.NossaSenhoraAparecida,
	br.Finados, br.Republica, br.Natal,
}

// jpClosure is 29 December to 3 January, when Japanese authorities are closed (Act 91 of 1988).
var jpClosure = []monthDay{
	{time.December, 29, 0}, {time.December, 30, 0}, {time.December, 31, 0},
	{time.January, 1, 0}, {time.January, 2, 0}, {time.January, 3, 0},
}

// monthDay is a yearly day that the library lacks, from a first year on.
type monthDay struct {
	month time.Month
	day   int
	since int
}

type calendar struct {
	holidays []*cal.Holiday
	fixed    []monthDay

	mu    sync.Mutex
	years map[int]map[string]bool
}

// KnownCalendar reports whether a holiday set has this name.
func KnownCalendar(name string) bool { return calendars[name] != nil }

// workday reports whether the civil day of t is neither a weekend nor a holiday. A holiday may be observed in the year
// before its own (1 January 2028 is a Saturday, observed on Friday 31 December 2027), so three years are looked at.
func (c *calendar) workday(t time.Time) bool {
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := t.Format(time.DateOnly)
	for y := t.Year() - 1; y <= t.Year()+1; y++ {
		if c.year(y)[key] {
			return false
		}
	}
	return true
}

func (c *calendar) year(y int) map[string]bool {
	if days, ok := c.years[y]; ok {
		return days
	}
	days := map[string]bool{}
	for _, h := range c.holidays {
		actual, observed := h.Calc(y)
		for _, d := range []time.Time{actual, observed} {
			if !d.IsZero() {
				days[d.Format(time.DateOnly)] = true
			}
		}
	}
	for _, f := range c.fixed {
		if y >= f.since {
			days[time.Date(y, f.month, f.day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)] = true
		}
	}
	if c.years == nil {
		c.years = map[int]map[string]bool{}
	}
	c.years[y] = days
	return days
}

// zoneCalendars says whose public holidays an EU deadline rolls over when nobody named a calendar: those of the state
// whose zone the person works in (Reg. 1182/71 Art 2(1)).
var zoneCalendars = map[string]string{
	"Europe/Berlin": "de", "Europe/Busingen": "de", "Europe/Paris": "fr", "Europe/Rome": "it", "Europe/Madrid": "es",
	"Atlantic/Canary": "es", "Europe/Amsterdam": "nl", "Europe/Dublin": "ie", "Europe/Vienna": "at",
	"Europe/Brussels": "be", "Europe/London": "uk-england",
}

// calendarFor picks the named calendar, else the one of the zone, else weekends only.
func calendarFor(name, zone string) (c *calendar, used string, ok bool) {
	if name == "" {
		name = zoneCalendars[zone]
	}
	if name == "" {
		name = "eu"
	}
	c = calendars[name]
	return c, name, c != nil
}
