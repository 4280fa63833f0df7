// The grid: up to ten million rows, time frozen at the left, a row and a cell under the cursor, any rows selected.
import { useLayoutEffect, useRef, type KeyboardEvent } from 'react'
import { moveCursor, ROW_HEIGHT, scrollHeight, visible } from '../domain/grid'
import { count } from '../domain/words'
import { useShell } from '../ui/shell'
import { HeadCell } from './HeadCell'
import { GridRow } from './GridRow'
import { template, totalWidth, type Column } from './columns'
import type { Scroll } from './useScroll'
import type { Rows } from './useTimeline'

export const HEAD_HEIGHT = 27

export interface Cursor { row: number; col: number }

interface Props {
  rows: Rows
  columns: Column[]
  scroll: Scroll
  cursor: Cursor
  selected: ReadonlySet<string>
  desc: boolean
  onCursor: (c: Cursor) => void
  onOpen: (row: number) => void
  onToggle: (row: number) => void
  onSort: () => void
  onWidth: (key: string, width: number) => void
}

export function Grid({ rows, columns, scroll, cursor, selected, desc, onCursor, onOpen, onToggle, onSort, onWidth }: Props) {
  const { zoneMode, caseView } = useShell()
  const { view, top, shift, show, attach } = scroll
  const window = visible(top, view)
  const drawn = Array.from({ length: Math.max(0, window.last - window.first) }, (_, i) => window.first + i)
  const moved = useRef(cursor.row)
  useLayoutEffect(() => {
    if (moved.current !== cursor.row) show(cursor.row)
    moved.current = cursor.row
  }, [cursor.row, show])

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || rows.total === 0) return
    const to = moveCursor(e.key, cursor.row, view)
    if (to !== null) {
      e.preventDefault()
      onCursor({ row: to, col: cursor.col })
    } else if (e.key === 'ArrowRight' || e.key === 'ArrowLeft') {
      e.preventDefault()
      onCursor({ row: cursor.row, col: Math.max(-1, Math.min(columns.length - 1, cursor.col + (e.key === 'ArrowRight' ? 1 : -1))) })
    } else if (e.key === 'Enter') {
      e.preventDefault()
      onOpen(cursor.row)
    }
  }
  const active = cursor.row >= window.first && cursor.row < window.last ? `grid-row-${cursor.row}` : undefined
  const width = totalWidth(columns)
  const columnsStyle = { '--cols': template(columns), minWidth: width } as React.CSSProperties
  return (
    <div
      ref={attach} className="grid scroll" role="grid" tabIndex={0} aria-label={`Rows, ${count(rows.total)} in all`} aria-rowcount={rows.total + 1}
      aria-colcount={columns.length + 2} aria-multiselectable="true" aria-activedescendant={active} onKeyDown={onKeyDown}
    >
      <div className="grid-head" role="rowgroup" style={columnsStyle}>
        <div className="grid-row grid-head-row" role="row" aria-rowindex={1}>
          <div className="cell cell-time" role="columnheader" aria-sort={desc ? 'descending' : 'ascending'} aria-colindex={1}>
            <button type="button" className="head-btn" onClick={onSort} title={desc ? 'Latest first' : 'Earliest first'}>
              Time <span className="quiet">{zoneMode === 'case' ? caseView.zone : 'UTC'}</span> <span aria-hidden="true">{desc ? '↓' : '↑'}</span>
            </button>
          </div>
          <div className="cell cell-marks" role="columnheader" aria-colindex={2}><span className="sr">Marks</span></div>
          {columns.map((c, i) => <HeadCell key={c.key} column={c} index={i} onWidth={onWidth} />)}
        </div>
      </div>
      <div className="grid-rows" role="rowgroup" style={{ ...columnsStyle, height: scrollHeight(view) }}>
        {drawn.map((index) => {
          const row = rows.at(index)
          return (
            <GridRow
              key={index} index={index} row={row} columns={columns} y={index * ROW_HEIGHT + shift} current={index === cursor.row ? cursor.col : null}
              selected={row !== undefined && selected.has(row.id)} zoneMode={zoneMode} onCursor={onCursor} onOpen={onOpen} onToggle={onToggle}
            />
          )
        })}
      </div>
    </div>
  )
}
