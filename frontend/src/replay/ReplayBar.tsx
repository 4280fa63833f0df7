// The slider "as known at …": two times on two lines. Above when things happened, below when they became known. What had
// happened and nobody knew yet is hollow, so that hindsight shows as such.
import { IconHistory } from '@tabler/icons-react'
import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { useAxes } from '../api/queries'
import type { Axes, AxisMark } from '../api/types'
import { atShare, gathered, share, step, stopsOf, type Moment } from '../domain/replay'
import { clockText, fullTime, shortTime } from '../domain/time'
import { plural } from '../domain/words'
import { useShell } from '../ui/shell'
import './replay.css'

interface Props { moment: Moment; at: string | null; onMove: (at: string | null) => void }

export function ReplayBar({ moment, at, onMove }: Props) {
  const axes = useAxes()
  const a = axes.data
  if (!a || Number.isNaN(Date.parse(a.from))) return null
  return <Bar a={a} moment={moment} at={at} onMove={onMove} />
}

function Bar({ a, moment, at, onMove }: Props & { a: Axes }) {
  const { zoneMode, caseView } = useShell()
  const track = useRef<HTMLDivElement>(null)
  const stops = stopsOf(a)
  // A case of an hour needs seconds to tell its moments apart.
  const quick = Date.parse(a.to) - Date.parse(a.from) < 6 * HOUR
  const short = (iso: string) => (quick && Math.abs(Date.parse(iso) - Date.parse(a.to)) < 24 * HOUR ? clockText(iso, zoneMode, caseView.zone) : shortTime(iso, zoneMode, caseView.zone))
  const x = at === null ? 1 : share(at, a.from, a.to)
  const known = (m: AxisMark) => at === null || Date.parse(m.recorded) <= Date.parse(at)
  const key = (e: KeyboardEvent) => {
    const to = step(e.key, at, stops)
    if (to === undefined) return
    e.preventDefault()
    e.stopPropagation()
    onMove(to)
  }
  const point = (e: PointerEvent<HTMLDivElement>) => {
    const box = track.current?.getBoundingClientRect()
    if (!box || box.width === 0) return
    onMove(atShare((e.clientX - box.left) / box.width, a.from, a.to))
  }
  const happened = axisOf(a)
  const most = Math.max(1, ...a.hours.map((h) => h.entries))
  return (
    <section className="replay" aria-label="As known at" data-on={moment !== null}>
      <span className="replay-word"><IconHistory size={15} aria-hidden="true" /><span>As known at <b className="num">{at === null ? 'now' : short(at)}</b></span></span>
      <div className="replay-lines">
        {happened && (
          <>
            <span className="replay-side quiet">happened</span>
            <div className="replay-line replay-happened" role="img" aria-label={`${plural(a.happened.length, 'event')} happened from ${short(happened.from)} to ${short(happened.to)}; ${a.happened.filter(known).length} known at this moment`}>
              {gathered(a.happened, (m) => share(m.at, happened.from, happened.to)).map((g) => {
                const n = g.marks.filter(known).length
                return <span key={g.x} className="replay-dot" data-known={n > 0} style={{ left: `${g.x * 100}%` }} title={g.marks.slice(0, 4).map((m) => `${short(m.at)}  ${m.text}${known(m) ? '' : '  (not known yet)'}`).join('\n')} />
              })}
              <span className="replay-end replay-from quiet num">{short(happened.from)}</span><span className="replay-end replay-to quiet num">{short(happened.to)}</span>
            </div>
          </>
        )}
        <span className="replay-side quiet">known</span>
        <div
          ref={track} className="replay-line replay-known" role="slider" tabIndex={0} aria-label="As known at" aria-orientation="horizontal" aria-valuemin={0} aria-valuemax={stops.length}
          aria-valuenow={at === null ? stops.length : stops.filter((s) => Date.parse(s) <= Date.parse(at)).length} aria-valuetext={at === null ? 'now' : fullTime(at, zoneMode, caseView.zone)}
          onKeyDown={key} onPointerDown={(e) => { e.currentTarget.setPointerCapture(e.pointerId); point(e) }} onPointerMove={(e) => { if (e.buttons === 1) point(e) }}
          title="Arrow keys: from mark to mark. Page keys: by the hour. Home and End: beginning and now."
        >
          {a.hours.map((h) => <span key={h.hour} className="replay-hour" style={{ left: `${share(h.hour, a.from, a.to) * 100}%`, width: `max(2px, ${widthOf(a) * 100}%)`, height: `${20 + (h.entries / most) * 80}%` }} />)}
          {gathered(a.marks, (m) => share(m.recorded, a.from, a.to)).map((g) => <span key={g.x} className="replay-tick" data-known={g.marks.some(known)} style={{ left: `${g.x * 100}%` }} title={g.marks.slice(0, 4).map((m) => `${short(m.recorded)}  ${m.text}`).join('\n')} />)}
          <span className="replay-thumb" style={{ left: `${x * 100}%` }} />
          <span className="replay-end replay-from quiet num">{short(a.from)}</span><span className="replay-end replay-to quiet num">now</span>
        </div>
      </div>
    </section>
  )
}

/** The upper line's ends: what the events say, widened to what the evidence covers when that is not far beyond. */
function axisOf(a: Axes): { from: string; to: string } | null {
  const all = a.happened.map((m) => m.at).filter((t) => !Number.isNaN(Date.parse(t))).sort((x, y) => Date.parse(x) - Date.parse(y))
  const [from, to] = [all[0], all[all.length - 1]]
  return from === undefined || to === undefined ? null : { from, to }
}

const HOUR = 3600_000
function widthOf(a: Axes): number {
  const span = Date.parse(a.to) - Date.parse(a.from)
  return span <= HOUR ? 0.01 : Math.min(0.04, HOUR / span)
}
