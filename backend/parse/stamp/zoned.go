package stamp

import "adjutant/backend/event"

// Zoned is Civil for times whose source states how far its clock is from UTC, in seconds east of it.
func (r *Reader) Zoned(year, month, day, hour, min, sec, nsec, offset int, original string) (event.Time, error) {
	p := parts{year: year, month: month, day: day, hour: hour, min: min, sec: sec, nsec: nsec, zoned: true, offset: offset}
	return r.fields(p, original)
}
