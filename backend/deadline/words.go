package deadline

import (
	"fmt"
	"strings"
	"time"
)

// Words is the rule of a stage as a sentence for people who do not count days for a living.
func (s *Stage) Words() string {
	d := s.Deadline
	from := fromWords(d.From)
	switch d.Kind {
	case "asap":
		return fmt.Sprintf("No fixed period: %s%s.", d.Standard, from)
	case "on_request":
		return fmt.Sprintf("No clock of its own: %s.", d.Standard)
	}
	text := fmt.Sprintf("%d %s%s", d.Amount, unitWords(d.Unit, d.Amount), from)
	switch d.Unit {
	case "hours":
		text += "; elapsed time, weekends and holidays count"
	case "calendar_days":
		if d.Counting == "day_of_event_is_day_1" {
			text += "; the day of the event is day 1"
		} else {
			text += "; the day of the event is not counted"
		}
	case "business_days":
		text += "; weekends and public holidays are not counted"
	case "months":
		text += "; same date, or the last day of a shorter month"
	}
	switch {
	case d.Cutoff != "":
		text += fmt.Sprintf("; the recipient closes the day at %s (%s)", d.Cutoff, d.Zone)
	case d.End == "end_of_day":
		text += "; ends with the local day"
	}
	switch d.Kind {
	case "guideline":
		text += ". A yardstick of the authority, not a period set by law"
		if d.Text != "" {
			text += ": " + d.Text
		}
	case "not_before":
		text = "Not before " + text
	case "minimum_hold":
		text = "Kept for at least " + text
	}
	return text + "."
}

func unitWords(unit string, n int) string {
	w := map[string]string{"hours": "hour", "calendar_days": "calendar day", "business_days": "business day", "months": "month"}[unit]
	if n != 1 {
		w += "s"
	}
	return w
}

func fromWords(from string) string {
	kind, id, linked := strings.Cut(from, ":")
	switch {
	case linked && kind == "stage":
		return " from the submission of “" + strings.ReplaceAll(id, "_", " ") + "”"
	case linked && kind == "deadline":
		return " from the limit of “" + id + "”"
	case anchorWords[from].Title != "":
		return " from “" + anchorWords[from].Title + "”"
	}
	return ""
}

// Left says in words how far at is from now: "2 days 4 hours left", "35 minutes ago".
func Left(now, at time.Time) string {
	d, tail := at.Sub(now), "left"
	if d < 0 {
		d, tail = -d, "ago"
	}
	plural := func(n int64, w string) string {
		if n != 1 {
			w += "s"
		}
		return fmt.Sprintf("%d %s", n, w)
	}
	days, hours, minutes := int64(d/(24*time.Hour)), int64(d%(24*time.Hour)/time.Hour), int64(d%time.Hour/time.Minute)
	switch {
	case days > 0 && hours > 0:
		return plural(days, "day") + " " + plural(hours, "hour") + " " + tail
	case days > 0:
		return plural(days, "day") + " " + tail
	case hours > 0 && minutes > 0:
		return plural(hours, "hour") + " " + plural(minutes, "minute") + " " + tail
	case hours > 0:
		return plural(hours, "hour") + " " + tail
	case minutes > 0:
		return plural(minutes, "minute") + " " + tail
	}
	return "less than a minute " + tail
}
