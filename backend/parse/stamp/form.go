package stamp

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"adjutant/backend/event"
)

// Form is one way to write a time, named so that a person can choose it and an entry can sign it.
type Form struct {
	Name  string // "auto", "epoch-ms", "pattern:dd.MM.yyyy HH:mm" …
	Title string // for people
	read  func(r *Reader, text, original string) (event.Time, error)
	wall  func(text string) (Wall, bool) // of forms that state no year
}

// Wall is a time as a clock on the wall shows it; Year 0 means that the text states none.
type Wall struct{ Year, Month, Day, Hour, Min, Sec, Nsec int }

// Auto is the form that knows by the text how it is written, and refuses what could be two things.
const Auto = "auto"

// PatternPrefix stands in front of a pattern of letters as Windows, Java and spreadsheets write them.
const PatternPrefix = "pattern:"

// ErrForm says that a form is not known or a pattern cannot be followed.
var ErrForm = errors.New("stamp: unknown form of time")

// Forms are all forms but patterns, in the order in which a person is offered them.
func Forms() []Form { return forms }

// FormNamed finds a form by its name, or follows a pattern.
func FormNamed(name string) (Form, error) {
	if p, ok := strings.CutPrefix(name, PatternPrefix); ok {
		return patternForm(p)
	}
	for _, f := range forms {
		if f.Name == name {
			return f, nil
		}
	}
	return Form{}, fmt.Errorf("%w %q", ErrForm, name)
}

// Yearless says that texts of this form state no year; they are read with Wall, and somebody else gives the year.
func (f Form) Yearless() bool { return f.wall != nil }

// Wall takes a text of a yearless form apart.
func (f Form) Wall(s string) (Wall, bool) {
	if f.wall == nil {
		return Wall{}, false
	}
	return f.wall(strings.TrimSpace(s))
}

// Read reads a text of this form. ErrNotTime when it is none, ErrAmbiguous when only the order of day and month is missing.
func (f Form) Read(r *Reader, s string) (event.Time, error) {
	text := strings.TrimSpace(s)
	if f.read == nil || text == "" || len(text) > 64 {
		return event.Time{}, ErrNotTime
	}
	return f.read(r, text, s)
}

var forms = []Form{
	{Name: Auto, Title: "as the text shows", read: func(r *Reader, _, s string) (event.Time, error) { return r.Read(s) }},
	{Name: "iso", Title: "year, month, day, time", read: func(r *Reader, text, s string) (event.Time, error) {
		if p, ok := iso(text); ok {
			return r.fields(p, s)
		}
		return event.Time{}, ErrNotTime
	}},
	{Name: "dmy", Title: "day, month, year, time", read: func(r *Reader, text, s string) (event.Time, error) { return r.inOrder(text, s, DayFirst) }},
	{Name: "mdy", Title: "month, day, year, time", read: func(r *Reader, text, s string) (event.Time, error) { return r.inOrder(text, s, MonthFirst) }},
	{Name: "named", Title: "with the month's name", read: func(r *Reader, text, s string) (event.Time, error) { return r.named(text, s) }},
	{Name: "date", Title: "a day without a time", read: func(r *Reader, text, s string) (event.Time, error) { return r.day(text, s) }},
	{Name: "syslog", Title: "month and day without a year", wall: syslogWall},
	count("epoch-s", "seconds since 1970", 1e9, epoch1970),
	count("epoch-ms", "milliseconds since 1970", 1e6, epoch1970),
	count("epoch-us", "microseconds since 1970", 1e3, epoch1970),
	count("epoch-ns", "nanoseconds since 1970", 1, epoch1970),
	count("filetime", "Windows FILETIME (100 ns since 1601)", 100, epoch1601),
	count("webkit", "Chrome (microseconds since 1601)", 1e3, epoch1601),
	count("ticks", ".NET ticks (100 ns since the year 1)", 100, epoch0001),
	count("cocoa", "Apple (seconds since 2001)", 1e9, epoch2001),
	count("excel", "days since 1899-12-30 (spreadsheets)", 86400e9, epoch1899),
}

// Epochs as seconds before 1970.
const (
	epoch1970 = 0
	epoch1601 = 11644473600
	epoch0001 = 62135596800
	epoch2001 = -978307200
	epoch1899 = 2209161600
)

// count is a form that counts units of so many nanoseconds since an epoch. Zero means "none" wherever such numbers are used.
func count(name, title string, unit int64, epoch int64) Form {
	return Form{Name: name, Title: title, read: func(r *Reader, text, s string) (event.Time, error) {
		digits := text
		if hex, ok := strings.CutPrefix(strings.ToLower(text), "0x"); ok {
			n, ok := new(big.Int).SetString(hex, 16)
			if !ok || len(hex) > 16 {
				return event.Time{}, ErrNotTime
			}
			digits = n.String()
		}
		whole, fraction, _ := strings.Cut(strings.TrimPrefix(digits, "-"), ".")
		if whole == "" || len(whole) > 20 || len(fraction) > 12 || strings.Trim(whole+fraction, "0123456789") != "" || strings.Trim(whole+fraction, "0") == "" {
			return event.Time{}, ErrNotTime
		}
		n, ok := new(big.Int).SetString(whole, 10)
		if !ok {
			return event.Time{}, ErrNotTime
		}
		n.Mul(n, big.NewInt(unit))
		n.Add(n, big.NewInt(fractionOf(fraction, unit)))
		if digits[0] == '-' {
			n.Neg(n)
		}
		n.Sub(n, new(big.Int).Mul(big.NewInt(epoch), big.NewInt(1e9)))
		sec, nsec := new(big.Int).DivMod(n, big.NewInt(1e9), new(big.Int))
		if !sec.IsInt64() || sec.Int64() < -epoch1601 || sec.Int64() > 253402300799 {
			return event.Time{}, ErrNotTime
		}
		return stated(time.Unix(sec.Int64(), nsec.Int64()).UTC(), s, "UTC"), nil
	}}
}

func (r *Reader) inOrder(text, s string, order Order) (event.Time, error) {
	p, proved, ok := ordered(text)
	if !ok || proved != Unknown && proved != order && p.day != p.month {
		return event.Time{}, ErrNotTime
	}
	if order == MonthFirst {
		p.day, p.month = p.month, p.day
	}
	return r.fields(p, s)
}

// day reads a date alone, as the midnight with which it begins, and keeps the doubt.
func (r *Reader) day(text, s string) (event.Time, error) {
	if len(text) < 6 || len(text) > 24 {
		return event.Time{}, ErrNotTime
	}
	full := text + " 00:00"
	t, err := func() (event.Time, error) {
		if p, ok := iso(full); ok {
			return r.fields(p, s)
		}
		p, order, ok := ordered(full)
		if !ok {
			return event.Time{}, ErrNotTime
		}
		if order == Unknown {
			order = r.Order
		}
		switch order {
		case Unknown:
			return event.Time{}, ErrAmbiguous
		case MonthFirst:
			p.day, p.month = p.month, p.day
		}
		return r.fields(p, s)
	}()
	if err == nil {
		r.doubts.note("only the day is known")
	}
	return t, err
}

// syslogWall reads "Jan _2 15:04:05" with an optional fraction.
func syslogWall(s string) (Wall, bool) {
	p, ok := syslogPattern.read(strings.Join(strings.Fields(s), " "))
	return p.wall(), ok
}
