// One row of the grid. Memoised: rendering rows, not fetching them, is what scrolling costs.
import { IconFlag3, IconNote, IconStarFilled } from '@tabler/icons-react'
import { memo } from 'react'
import type { Row } from '../api/types'
import { SEVERITIES } from '../domain/severity'
import type { ZoneMode } from '../domain/time'
import { clip, inert } from '../domain/inert'
import { hostParts } from '../domain/says'
import { Inert } from '../ui/Inert'
import { SeverityMark } from '../ui/Severity'
import { Time } from '../ui/Time'
import type { Column } from './columns'
import type { Cursor } from './Grid'

/** The name first; the domain follows, quiet, as far as there is room. */
function Host({ host }: { host: string }) {
  const [name, domain] = hostParts(host)
  return <span title={inert(host)}><Inert text={name} />{domain && <span className="quiet"><Inert text={domain} /></span>}</span>
}

interface Props {
  index: number
  row: Row | undefined
  columns: Column[]
  y: number
  /** The column under the cursor, -1 for time, null when the cursor is elsewhere. */
  current: number | null
  selected: boolean
  /** Not read here, but the shown time changes with it. */
  zoneMode: ZoneMode
  onCursor: (c: Cursor) => void
  onOpen: (row: number) => void
  onToggle: (row: number) => void
}

/** Longer values are cut on screen; the inspector has all of it. */
const CELL_CHARS = 400

export const GridRow = memo(function GridRow({ index, row, columns, y, current, selected, onCursor, onOpen, onToggle }: Props) {
  const style = { transform: `translateY(${y}px)` }
  if (!row) {
    return (
      <div className="grid-row grid-row-empty" role="row" aria-rowindex={index + 2} id={`grid-row-${index}`} style={style}>
        <div className="cell cell-time" role="gridcell"><span className="ghost" /></div>
        <div className="cell" role="gridcell" /><div className="cell" role="gridcell"><span className="ghost ghost-long" /></div>
      </div>
    )
  }
  const worst = row.findings.length > 0 ? row.findings.reduce((a, b) => (SEVERITIES.indexOf(b.severity) > SEVERITIES.indexOf(a.severity) ? b : a)) : null
  const tags = row.tags.filter((t) => t !== 'star')
  return (
    <div
      className="grid-row" role="row" id={`grid-row-${index}`} aria-rowindex={index + 2} aria-selected={selected} data-current={current !== null} data-even={index % 2 === 0}
      style={style} onDoubleClick={() => onOpen(index)}
    >
      <div className="cell cell-time" role="gridcell" aria-colindex={1} data-focus={current === -1} onClick={() => onCursor({ row: index, col: -1 })}>
        <span className="tick" data-on={selected} onClick={(e) => { e.stopPropagation(); onToggle(index) }} title="Select (x)" />
        <Time iso={row.at} original={row.original} zone={row.zone} assumed={row.assumed} form="grid" />
        {row.assumed && row.assumed !== '' && <span className="assumed" title="The zone of this time was assumed">~</span>}
      </div>
      <div className="cell cell-marks" role="gridcell" aria-colindex={2}>
        {worst && <span title={row.findings.map((f) => f.title).join('\n')} className="row-mark"><SeverityMark level={worst.severity} size={13} /><span className="sr">{worst.severity} finding</span></span>}
        {row.tags.includes('star') && <IconStarFilled size={12} className="star" aria-label="starred" />}
        {row.promoted && <IconFlag3 size={13} aria-label="promoted" />}
        {row.notes > 0 && <IconNote size={13} aria-label={`${row.notes} notes`} />}
      </div>
      {columns.map((c, i) => {
        const value = c.of(row)
        return (
          <div
            key={c.key} className={c.mono ? 'cell mono' : 'cell'} role="gridcell" aria-colindex={i + 3} data-focus={current === i}
            onClick={() => onCursor({ row: index, col: i })}
          >
            {c.key === 'message' && tags.map((t) => <span key={t} className="tag">{t}</span>)}
            {value === '' ? <span className="none" aria-label="no value">·</span> : c.key === 'host' ? <Host host={value} /> : <Inert text={clip(value, CELL_CHARS)} />}
          </div>
        )
      })}
    </div>
  )
})
