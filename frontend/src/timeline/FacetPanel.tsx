// Fields with their most frequent values under the active filter. A value filters in or out; a field becomes a column.
import { IconChevronDown, IconChevronRight, IconColumns, IconMinus, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api } from '../api/client'
import { useFields } from '../api/queries'
import { addClause, term } from '../domain/query'
import { count, plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { BASE_COLUMNS } from './columns'

/** What a responder reaches for first; the rest follows by how many rows have it. */
const FIRST = ['host.name', 'user.name', 'event.provider', 'event.code', 'event.action', 'source.ip', 'process.executable', 'process.name']
const VALUES = 12

interface Props { query: string; keys: string[]; open: string; onOpen: (field: string) => void; onQuery: (q: string) => void; onKeys: (k: string[]) => void }

export function FacetPanel({ query, keys, open, onOpen, onQuery, onKeys }: Props) {
  const fields = useFields()
  const [find, setFind] = useState('')
  const shown = useMemo(() => {
    const all = (fields.data?.fields ?? []).filter((f) => f.name.toLowerCase().includes(find.trim().toLowerCase()) && f.name !== '@timestamp')
    const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
    return all.sort((a, b) => rank(a.name) - rank(b.name) || b.count - a.count || (a.name < b.name ? -1 : 1))
  }, [fields.data, find])
  const column = (field: string) => BASE_COLUMNS.find((c) => c.field === field)?.key ?? field
  const toggleColumn = (field: string) => {
    const key = column(field)
    const rest = keys.filter((k) => k !== key)
    if (rest.length < keys.length) onKeys(rest)
    else onKeys(keys.includes('message') && key !== 'message' ? keys.flatMap((k) => (k === 'message' ? [key, k] : [k])) : [...keys, key])
  }
  return (
    <aside className="facets" aria-label="Fields and values">
      <input className="facet-find" placeholder="Find a field" aria-label="Find a field" value={find} onChange={(e) => setFind(e.currentTarget.value)} spellCheck={false} />
      <div className="facet-list scroll" tabIndex={0} role="region" aria-label="Fields">
        {shown.slice(0, 200).map((f) => (
          <div key={f.name} className="facet" data-open={open === f.name}>
            <div className="facet-head">
              <button type="button" className="facet-name" aria-expanded={open === f.name} onClick={() => onOpen(open === f.name ? '' : f.name)} title={`${f.name}: ${plural(f.count, 'row')}`}>
                {open === f.name ? <IconChevronDown size={12} aria-hidden="true" /> : <IconChevronRight size={12} aria-hidden="true" />}<span className="clip"><Inert text={f.name} /></span>
              </button>
              <button type="button" className="icon-btn facet-col" aria-pressed={keys.includes(column(f.name))} aria-label={`Column ${f.name}`} title={keys.includes(column(f.name)) ? 'Remove the column' : 'Add as a column'} onClick={() => toggleColumn(f.name)}><IconColumns size={13} /></button>
            </div>
            {open === f.name && <Values field={f.name} query={query} onQuery={onQuery} />}
          </div>
        ))}
        {fields.data && shown.length === 0 && <p className="quiet small pad">No field with this name.</p>}
      </div>
    </aside>
  )
}

function Values({ field, query, onQuery }: { field: string; query: string; onQuery: (q: string) => void }) {
  const { data, error } = useQuery({ queryKey: ['facet', query, field], queryFn: () => api.facet(query, field, VALUES), placeholderData: (old) => (old?.field === field ? old : undefined) })
  if (error) return <p className="quiet small facet-note">These values cannot be counted now.</p>
  if (!data) return <p className="quiet small facet-note">counting…</p>
  const max = Math.max(1, ...data.values.map((v) => v.count))
  return (
    <div className="facet-values">
      {data.values.map((v) => (
        <div key={v.value} className="facet-value" title={v.value}>
          <span className="facet-bar" style={{ width: `${(v.count / max) * 100}%` }} aria-hidden="true" />
          <button type="button" className="facet-word mono clip" onClick={() => onQuery(addClause(query, term(field, v.value)))}><Inert text={v.value || '(empty)'} /></button>
          <span className="facet-count num quiet">{count(v.count)}</span>
          <span className="facet-acts">
            <button type="button" className="icon-btn" aria-label={`Only ${v.value}`} title="Only these (+)" onClick={() => onQuery(addClause(query, term(field, v.value)))}><IconPlus size={12} /></button>
            <button type="button" className="icon-btn" aria-label={`Without ${v.value}`} title="Without these (-)" onClick={() => onQuery(addClause(query, term(field, v.value, true)))}><IconMinus size={12} /></button>
          </span>
        </div>
      ))}
      <p className="quiet tiny facet-note num">{data.distinct > data.values.length ? `${plural(data.distinct, 'value')} in all` : plural(data.distinct, 'value')}{data.missing > 0 ? ` · ${count(data.missing)} rows without` : ''}</p>
    </div>
  )
}
