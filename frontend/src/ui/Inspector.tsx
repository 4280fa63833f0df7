// The right-hand column: shows the one thing looked at. Its width is the person's and stays.
import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { AskPanel } from '../ask/AskPanel'
import { ClockInspector } from '../deadline/ClockInspector'
import { RecommendationInspector } from '../decision/RecommendationInspector'
import { ItemInspector } from '../evidence/ItemInspector'
import { EntryInspector } from '../record/EntryInspector'
import { RowInspector } from '../timeline/RowInspector'
import { ErrorBoundary } from './ErrorBoundary'
import { useShell } from './shell'

const MIN = 280
const MAX = 640
const KEY = 'adjutant.inspector'

export function Inspector() {
  const { subject } = useShell()
  const [width, setWidth] = useState(() => Math.min(MAX, Math.max(MIN, Number(localStorage.getItem(KEY)) || 360)))
  if (!subject) return null
  const keep = (w: number) => {
    const next = Math.min(MAX, Math.max(MIN, w))
    setWidth(next)
    localStorage.setItem(KEY, String(next))
  }
  const drag = (e: PointerEvent<HTMLDivElement>) => { if (e.buttons === 1) keep(window.innerWidth - e.clientX) }
  const key = (e: KeyboardEvent) => {
    if (e.key === 'ArrowLeft') keep(width + 20)
    if (e.key === 'ArrowRight') keep(width - 20)
  }
  return (
    <aside className="inspector" style={{ width }} aria-label="Inspector">
      <div
        className="inspector-grip" role="separator" tabIndex={0} aria-orientation="vertical" aria-label="Width of the inspector"
        aria-valuenow={width} aria-valuemin={MIN} aria-valuemax={MAX} onKeyDown={key}
        onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)} onPointerMove={drag}
      />
      <ErrorBoundary at={JSON.stringify(subject).slice(0, 80)}>
        {subject.kind === 'row' && <RowInspector id={subject.id} />}
        {subject.kind === 'clock' && <ClockInspector id={subject.clock.id} />}
        {subject.kind === 'recommendation' && <RecommendationInspector id={subject.id} />}
        {subject.kind === 'entry' && <EntryInspector entry={subject.entry} />}
        {subject.kind === 'item' && <ItemInspector item={subject.item} />}
        {subject.kind === 'ask' && <AskPanel />}
      </ErrorBoundary>
    </aside>
  )
}
