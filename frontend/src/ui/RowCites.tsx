// Cited rows in short: time, host and message of each, opening in the inspector. The rows are read one by one and
// cached, because a citation must show what the row says and not only that it exists.
import { useState } from 'react'
import { useRow } from '../api/queries'
import type { Row } from '../api/types'
import { plural } from '../domain/words'
import { EvidenceValue } from './Origin'
import { Inert } from './Inert'
import { Time } from './Time'
import { useShell } from './shell'

const FIRST = 5

export function RowCites({ rows, first = FIRST }: { rows: string[]; first?: number }) {
  const [all, setAll] = useState(false)
  if (rows.length === 0) return <p className="quiet">Cites no rows.</p>
  const shown = all ? rows.slice(0, 60) : rows.slice(0, first)
  return (
    <div className="cites">
      <ul>{shown.map((id) => <li key={id}><RowCite id={id} /></li>)}</ul>
      {!all && rows.length > first && <button type="button" className="link small" onClick={() => setAll(true)}>Show {plural(rows.length - first, 'more row')}</button>}
      {all && rows.length > 60 && <p className="quiet small">and {plural(rows.length - 60, 'more row')}: open them in the timeline.</p>}
    </div>
  )
}

function RowCite({ id }: { id: string }) {
  const { data, error } = useRow(id)
  if (data) return <RowLine row={data.row} />
  return <div className="cite quiet small">{error ? `Row ${id.slice(0, 12)} cannot be read now.` : '…'}</div>
}

export function RowLine({ row }: { row: Row }) {
  const { inspect, subject } = useShell()
  const open = () => inspect({ kind: 'row', id: row.id })
  return (
    <div className="cite" data-current={subject?.kind === 'row' && subject.id === row.id}>
      <span className="cite-head mono"><Time iso={row.at} form="grid" /> <span className="quiet"><Inert text={row.host || row.source} /></span></span>
      <EvidenceValue text={row.message || row.action || row.code} onOpen={open} />
    </div>
  )
}
