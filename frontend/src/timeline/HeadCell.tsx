// A column's head with a grip for its width, by mouse or with the arrow keys.
import type { KeyboardEvent, PointerEvent } from 'react'
import { MIN_WIDTH, type Column } from './columns'

export function HeadCell({ column, index, onWidth }: { column: Column; index: number; onWidth: (key: string, width: number) => void }) {
  const drag = (e: PointerEvent<HTMLDivElement>) => {
    if (e.buttons !== 1) return
    const left = e.currentTarget.parentElement?.getBoundingClientRect().left ?? 0
    onWidth(column.key, Math.max(MIN_WIDTH, Math.round(e.clientX - left)))
  }
  const key = (e: KeyboardEvent) => {
    const step = e.key === 'ArrowRight' ? 12 : e.key === 'ArrowLeft' ? -12 : 0
    if (step === 0) return
    e.preventDefault()
    e.stopPropagation()
    onWidth(column.key, Math.max(MIN_WIDTH, column.width + step))
  }
  return (
    <div className="cell cell-head" role="columnheader" aria-colindex={index + 3} title={column.field}>
      <span className="clip">{column.title}</span>
      <div
        className="head-grip" role="separator" tabIndex={-1} aria-orientation="vertical" aria-label={`Width of ${column.title}`} aria-valuenow={column.width} aria-valuemin={MIN_WIDTH} aria-valuemax={2000}
        onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)} onPointerMove={drag} onKeyDown={key}
      />
    </div>
  )
}
