// The first rows as the mapping cuts them, with the name that each column gets.
import { Autocomplete } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import type { MappingPreview } from '../api/types'
import { clip, inert } from '../domain/inert'
import { ECS_NAMES, isField, type Mapping } from '../domain/mapping'
import { plural } from '../domain/words'
import { Inert } from '../ui/Inert'

const MAX_CELL = 160

export function MappingTable({ m, preview: p, onField }: { m: Mapping; preview: MappingPreview; onField: (column: string, field: string) => void }) {
  if (p.rows.length === 0) return <p className="quiet pad">No row was cut out of the beginning of this file.</p>
  return (
    <div className="scroll mapping-table" tabIndex={0} role="region" aria-label={`The first ${plural(p.rows.length, 'row')}`}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col" className="mapping-n"><span className="sr">Row</span></th>
            {p.columns.map((c) => {
              const time = m.times.findIndex((t) => t.column === c.name)
              const field = m.fields[c.name] ?? ''
              return (
                <th key={c.name} scope="col" data-time={time >= 0}>
                  <span className="row mapping-head"><span className="mono clip" title={inert(c.name)}><Inert text={c.name} /></span><span className="mapping-kind">{time >= 0 ? <><IconClock size={11} aria-hidden="true" />{time === 0 ? 'time' : `time ${time + 1}`}</> : c.kind}</span></span>
                  <Autocomplete
                    size="xs" aria-label={`Name of ${inert(c.name)}`} placeholder={time >= 0 ? 'also as a field' : 'keep its own name'} value={field} onChange={(v) => onField(c.name, v)} data={ECS_NAMES} limit={12} spellCheck={false}
                    error={field !== '' && !isField(field)} classNames={{ input: 'mono' }} comboboxProps={{ width: 230, position: 'bottom-start' }}
                  />
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {p.rows.map((r, n) => (
            <tr key={n}>
              <td className="mapping-n num quiet tiny">{n + 1}</td>
              {p.columns.map((c, i) => <td key={c.name} className="mono small clip" data-time={m.times.some((t) => t.column === c.name)} title={(r[i] ?? '').length > 24 ? inert(clip(r[i] ?? '', 400)) : undefined}><Inert text={clip(r[i] ?? '', MAX_CELL)} /></td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
