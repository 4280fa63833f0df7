// How times are shown: UTC unless the person switched to the case zone, always with the zone in the text, so that
// a copied time never loses it. Fractions are taken from the text, since Date keeps milliseconds only.

export type ZoneMode = 'utc' | 'case'

/** Years and offsets are the same for every reader, whatever the machine's locale says. */
const LOCALE = 'en-GB'
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  let f = formatters.get(zone)
  if (!f) {
    f = new Intl.DateTimeFormat(LOCALE, {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    })
    formatters.set(zone, f)
  }
  return f
}

export function zoneKnown(zone: string): boolean {
  try {
    formatter(zone)
    return true
  } catch {
    return false
  }
}

interface Wall { y: number; mo: number; d: number; h: number; mi: number; s: number }

function wall(ms: number, zone: string): Wall {
  const part: Record<string, number> = {}
  for (const p of formatter(zone).formatToParts(ms)) part[p.type] = Number(p.value)
  return { y: part.year ?? 0, mo: part.month ?? 0, d: part.day ?? 0, h: part.hour ?? 0, mi: part.minute ?? 0, s: part.second ?? 0 }
}

const two = (n: number) => String(n).padStart(2, '0')

/** Minutes east of UTC at that instant in that zone. */
export function offsetMinutes(ms: number, zone: string): number {
  const w = wall(ms, zone)
  return Math.round((Date.UTC(w.y, w.mo - 1, w.d, w.h, w.mi, w.s) - Math.floor(ms / 1000) * 1000) / 60000)
}

export function offsetText(minutes: number): string {
  const a = Math.abs(minutes)
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(a / 60))}:${two(a % 60)}`
}

/** The fraction as written, at most three digits, without padding: "" when the source had whole seconds. */
function fraction(iso: string): string {
  const digits = /\.(\d+)/.exec(iso)?.[1]?.slice(0, 3).padEnd(3, '0') ?? ''
  return digits === '' || digits === '000' ? '' : `.${digits}`
}

export interface Shown { date: string; clock: string; zone: string }

/** Splits a time for display. `zone` is only used in mode "case". */
export function splitTime(iso: string, mode: ZoneMode, zone: string): Shown {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return { date: iso, clock: '', zone: '' }
  const use = mode === 'case' && zoneKnown(zone) ? zone : 'UTC'
  const w = wall(ms, use)
  return {
    date: `${w.y}-${two(w.mo)}-${two(w.d)}`,
    clock: `${two(w.h)}:${two(w.mi)}:${two(w.s)}${fraction(iso)}`,
    zone: use === 'UTC' ? 'UTC' : offsetText(offsetMinutes(ms, use)),
  }
}

/** One line with its zone, as it is copied: "2026-03-04 02:11:07.123 UTC". */
export function fullTime(iso: string, mode: ZoneMode, zone: string): string {
  const t = splitTime(iso, mode, zone)
  return [t.date, t.clock, t.zone].filter(Boolean).join(' ')
}

/** "4 Mar 02:11 UTC": for headings and lists where seconds only make noise. */
export function shortTime(iso: string, mode: ZoneMode, zone: string): string {
  const t = splitTime(iso, mode, zone)
  if (!t.clock) return t.date
  const [, month, day] = t.date.split('-')
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${t.clock.slice(0, 5)} ${t.zone}`
}

/** "02:11:07 UTC": for moments of one day, to the second. */
export function clockText(iso: string, mode: ZoneMode, zone: string): string {
  const t = splitTime(iso, mode, zone)
  return t.clock ? `${t.clock.slice(0, 8)} ${t.zone}` : t.date
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export function dayText(iso: string, mode: ZoneMode, zone: string): string {
  const [year, month, day] = splitTime(iso, mode, zone).date.split('-')
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`
}

const UNITS: [number, string][] = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']]

/** Two largest units: "2 d 4 h", "11 h 20 m", "40 s". */
export function duration(seconds: number): string {
  let rest = Math.max(0, Math.floor(Math.abs(seconds)))
  const out: string[] = []
  for (const [size, name] of UNITS) {
    const n = Math.floor(rest / size)
    rest -= n * size
    if (n > 0) out.push(`${n} ${name}`)
    else if (out.length > 0) break
    if (out.length === 2) break
  }
  return out.join(' ') || '0 s'
}

/** Time until or since a deadline: minutes are enough until the last one. */
export function untilText(seconds: number): string {
  const s = Math.abs(seconds)
  return duration(s >= 60 ? s - (s % 60) : s)
}

/** "3 h ago", from two instants; used for recorded times only, never for evidence. */
export function ago(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000
  if (Number.isNaN(seconds)) return iso
  if (seconds < 45) return 'just now'
  return `${duration(seconds).split(' ').slice(0, 2).join(' ')} ago`
}

/** Turns a wall-clock text ("2026-03-04 02:11" or with T and seconds) in a zone into an instant; null when it is no time. */
export function parseWall(text: string, zone: string): string | null {
  const m = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim())
  if (!m) return null
  const [y, mo, d, h, mi, s] = m.slice(1).map((x) => Number(x ?? 0)) as [number, number, number, number, number, number]
  const guess = Date.UTC(y, mo - 1, d, h, mi, s)
  const back = new Date(guess)
  if (back.getUTCMonth() !== mo - 1 || back.getUTCDate() !== d || h > 23 || mi > 59 || s > 59) return null
  if (!zoneKnown(zone)) return null
  // Two rounds settle every instant except the hour that a clock change skips.
  let at = guess - offsetMinutes(guess, zone) * 60000
  at = guess - offsetMinutes(at, zone) * 60000
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/** The wall-clock text of an instant in a zone, to the minute; the inverse of parseWall. */
export function wallText(iso: string, zone: string): string {
  const w = wall(Date.parse(iso), zoneKnown(zone) ? zone : 'UTC')
  return `${w.y}-${two(w.mo)}-${two(w.d)} ${two(w.h)}:${two(w.mi)}`
}
