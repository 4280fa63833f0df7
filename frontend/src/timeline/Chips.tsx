// Counts and the active filter as chips, each removable; and what one can do with selected rows.
import { IconX } from '@tabler/icons-react'
import { clauses, removeClause, timeRange } from '../domain/query'
import { shortTime } from '../domain/time'
import { count, plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { useShell } from '../ui/shell'
import type { Rows } from './useTimeline'

interface Props { query: string; rows: Rows; selected: number; onQuery: (q: string) => void; onClear: () => void; selectedActs: { tag: () => void; promote: () => void } }

export function Chips({ query, rows, selected, onQuery, onClear, selectedActs }: Props) {
  const { zoneMode, setZoneMode, caseView } = useShell()
  const parts = clauses(query)
  const words = (clause: string) => {
    const r = timeRange(clause)
    if (!r) return clause
    const end = (t: string, open: string) => (t === '*' ? open : shortTime(t, zoneMode, caseView.zone))
    return `${end(r.from, 'the start')} – ${end(r.to, 'the end')}`
  }
  return (
    <div className="chips">
      <span className="num nowrap" role="status">
        <b>{rows.pending ? '…' : count(rows.total)}</b> {rows.total === 1 ? 'row' : 'rows'}
        {!rows.pending && <span className="quiet"> in {rows.ms < 10 ? rows.ms.toFixed(1) : Math.round(rows.ms)} ms</span>}
      </span>
      {rows.partial && <span className="chip chip-warn" title="Some blocks could not be read, so these counts are a lower bound.">partial</span>}
      {parts.map((p) => (
        <span key={p} className="chip" title={p}>
          <span className="clip mono small"><Inert text={words(p)} /></span>
          <button type="button" aria-label={`Remove ${p}`} onClick={() => onQuery(removeClause(query, p))}><IconX size={12} /></button>
        </span>
      ))}
      {parts.length > 1 && <button type="button" className="link small" onClick={() => onQuery('')}>Clear all</button>}
      <span className="right row">
        {selected > 0 && (
          <span className="row small"><b className="num nowrap">{plural(selected, 'row')} selected</b>
            <button type="button" className="link" onClick={selectedActs.tag}>Tag</button>
            <button type="button" className="link" onClick={selectedActs.promote}>Promote</button>
            <button type="button" className="link" onClick={onClear}>Clear</button>
          </span>
        )}
        <button type="button" className="tool" onClick={() => setZoneMode(zoneMode === 'utc' ? 'case' : 'utc')} title="Times in UTC or in the zone of the case (z)">{zoneMode === 'utc' ? 'UTC' : caseView.zone}</button>
      </span>
    </div>
  )
}
