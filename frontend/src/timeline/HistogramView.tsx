// Rows over time, with a brush: drag to set the window of time, or walk the bars with the arrow keys, extend with
// Shift and press Enter. The bars follow the filter.
import { useQuery } from '@tanstack/react-query'
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { api } from '../api/client'
import type { Histogram } from '../api/types'
import { brushRange, bucketAt, bucketStart, heights, ticks } from '../domain/histogram'
import { fullTime, splitTime } from '../domain/time'
import { count, plural } from '../domain/words'
import { useShell } from '../ui/shell'

const BARS = 180
const HEIGHT = 40

export function HistogramView({ query, onRange }: { query: string; onRange: (r: { from: string; to: string }) => void }) {
  const { data, error, isPending } = useQuery({ queryKey: ['histogram', query], queryFn: () => api.histogram(query, BARS), placeholderData: (old) => old })
  return (
    <div className="histo" data-pending={isPending}>
      {data && data.counts.length > 0 ? <Bars h={data} onRange={onRange} /> : <div className="histo-none quiet small">{error ? 'The histogram cannot be drawn for this query.' : isPending ? '' : 'No dated rows in this filter.'}</div>}
    </div>
  )
}

function Bars({ h, onRange }: { h: Histogram; onRange: (r: { from: string; to: string }) => void }) {
  const { zoneMode, caseView } = useShell()
  const box = useRef<HTMLDivElement | null>(null)
  const [width, setWidth] = useState(900)
  const [brush, setBrush] = useState<{ a: number; b: number } | null>(null)
  const [hover, setHover] = useState<number | null>(null)
  const n = h.counts.length
  useLayoutEffect(() => {
    const el = box.current
    if (!el || typeof ResizeObserver === 'undefined') return
    const o = new ResizeObserver(() => setWidth(el.clientWidth))
    o.observe(el)
    return () => o.disconnect()
  }, [])
  const at = (e: PointerEvent<HTMLDivElement>) => bucketAt(e.clientX - e.currentTarget.getBoundingClientRect().left, e.currentTarget.clientWidth, n)
  const down = (e: PointerEvent<HTMLDivElement>) => {
    if (e.button !== 0) return
    e.currentTarget.setPointerCapture(e.pointerId)
    setBrush({ a: at(e), b: at(e) })
  }
  const move = (e: PointerEvent<HTMLDivElement>) => {
    setHover(at(e))
    if (e.buttons === 1 && brush) setBrush({ a: brush.a, b: at(e) })
  }
  const up = () => { if (brush) { onRange(brushRange(h, brush.a, brush.b)); setBrush(null) } }
  const key = (e: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[e.key]
    const now = brush ?? { a: hover ?? 0, b: hover ?? 0 }
    if (step !== undefined) {
      const b = Math.min(n - 1, Math.max(0, now.b + step))
      setBrush({ a: e.shiftKey ? now.a : b, b })
    } else if (e.key === 'Home' || e.key === 'End') setBrush({ a: e.shiftKey ? now.a : e.key === 'Home' ? 0 : n - 1, b: e.key === 'Home' ? 0 : n - 1 })
    else if (e.key === 'Enter' && brush) up()
    else if (e.key === 'Escape' && brush) setBrush(null)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  const say = (i: number, to = i) => {
    const [lo, hi] = i <= to ? [i, to] : [to, i]
    const rows = h.counts.slice(lo, hi + 1).reduce((x, y) => x + y, 0)
    const r = brushRange(h, lo, hi)
    return `${fullTime(r.from, zoneMode, caseView.zone)} to ${fullTime(r.to, zoneMode, caseView.zone)}: ${plural(rows, 'row')}`
  }
  const from = bucketStart(h, 0)
  const to = bucketStart(h, n)
  const tall = heights(h.counts)
  const w = width / n
  const [lo, hi] = brush ? [Math.min(brush.a, brush.b), Math.max(brush.a, brush.b)] : [-1, -1]
  const focus = brush?.b ?? hover ?? 0
  return (
    <>
      <div
        ref={box} className="histo-box" role="slider" tabIndex={0} aria-label="Rows over time" aria-valuemin={0} aria-valuemax={n - 1} aria-valuenow={focus} aria-valuetext={say(brush?.a ?? focus, focus)}
        onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerLeave={() => setHover(null)} onKeyDown={key}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {tall.map((t, i) => (t === 0 ? null : (
            <rect key={i} x={i * w} y={HEIGHT - t * HEIGHT} width={Math.max(1, w - 1)} height={t * HEIGHT} className={i >= lo && i <= hi || i === hover ? 'bar bar-on' : 'bar'} />
          )))}
          {brush && <rect x={lo * w} y={0} width={(hi - lo + 1) * w} height={HEIGHT} className="brush" />}
        </svg>
        <div className="histo-ticks tiny quiet num" aria-hidden="true">
          {ticks(from, to, Math.max(2, Math.floor(width / 110))).map((t) => {
            const s = splitTime(new Date(t.at).toISOString(), zoneMode, caseView.zone)
            return <span key={t.at} style={{ left: `${((t.at - from) / (to - from)) * 100}%` }}>{t.day || h.bucket_seconds >= 3600 ? s.date.slice(5) : ''} {t.day ? '' : s.clock.slice(0, 5)}</span>
          })}
        </div>
      </div>
      {(brush ?? hover) !== null && <div className="histo-say num">{say(brush?.a ?? focus, focus)}{brush && ' · Enter or release to filter'}</div>}
      {h.undated > 0 && <span className="histo-undated tiny quiet num">{count(h.undated)} undated</span>}
    </>
  )
}
