// Timeline: query, chips, histogram and grid over all rows, and the acts on them. Opens where one left.
import { SegmentedControl } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { api } from '../api/client'
import { useDraftOf } from '../api/useDraft'
import type { Row } from '../api/types'
import { PAGE_ROWS, ROW_HEIGHT, visible } from '../domain/grid'
import { addClause, pivot, setTimeRange } from '../domain/query'
import { listing, plural } from '../domain/words'
import { useHotkeys } from '../ui/hotkeys'
import { Empty, Failed, Loading } from '../ui/States'
import { useShell } from '../ui/shell'
import { Chips } from './Chips'
import { clauseOf, columnsOf, DEFAULT_KEYS, extraFields } from './columns'
import { ExpressionBar } from './ExpressionBar'
import { FacetPanel } from './FacetPanel'
import { Grid, HEAD_HEIGHT, type Cursor } from './Grid'
import { HistogramView } from './HistogramView'
import { NoteDialog, PivotDialog, PromoteDialog, TagDialog } from './RowDialogs'
import { PromotedList } from './PromotedList'
import { useScroll } from './useScroll'
import { useTimeline } from './useTimeline'
import './timeline.css'

interface Kept { keys: string[]; widths: Record<string, number>; desc: boolean; facets: boolean; facet: string; left: { query: string; top: number } }
type Dialog = 'tag' | 'note' | 'promote' | 'pivot' | null
/** Below this width the rows need the room of the fields list while the inspector is open. */
const NARROW = 1500
const EMPTY: Kept = { keys: [...DEFAULT_KEYS], widths: {}, desc: false, facets: true, facet: 'host.name', left: { query: '', top: 0 } }

export function TimelineStage() {
  const [kept, keep, draft] = useDraftOf<Kept>('window.timeline', EMPTY)
  const { place, amendPlace } = useShell()
  const curated = place.id === 'incident'
  const head = (
    <SegmentedControl
      aria-label="Which timeline" value={curated ? 'incident' : 'rows'} onChange={(v) => amendPlace({ ...place, id: v === 'incident' ? 'incident' : undefined })}
      data={[{ value: 'rows', label: 'All rows' }, { value: 'incident', label: 'Incident' }]}
    />
  )
  if (curated) return <PromotedList head={head} />
  if (draft.state === 'loading') return <Loading what="the timeline" lines={14} />
  return <Rows key={place.query ?? ''} kept={kept} keep={keep} head={head} />
}

function Rows({ kept, keep, head }: { kept: Kept; keep: (k: Partial<Kept>) => void; head: React.ReactNode }) {
  const { place, go, inspect, subject, say } = useShell()
  const client = useQueryClient()
  const query = place.query ?? ''
  // Where one left this very filter; another filter starts at its first row.
  const [startTop] = useState(kept.left.query === query ? kept.left.top : 0)
  const [cursor, setCursor] = useState<Cursor>({ row: Math.ceil(startTop / ROW_HEIGHT), col: -1 })
  const [selected, setSelected] = useState<Map<string, Row>>(new Map())
  const [dialog, setDialog] = useState<Dialog>(null)
  const columns = useMemo(() => columnsOf(kept.keys, kept.widths), [kept.keys, kept.widths])
  const [total, setTotal] = useState(0)
  const scroll = useScroll(total, HEAD_HEIGHT, startTop)
  const rows = useTimeline(query, kept.desc, extraFields(kept.keys), visible(scroll.top, scroll.view))
  if (rows.total !== total && !rows.pending) setTotal(rows.total)

  const landOn = useRef<string | null>(place.id ?? null)
  const { show } = scroll
  useEffect(() => {
    if (!landOn.current || rows.pending) return
    const first = Array.from({ length: Math.min(PAGE_ROWS, rows.total) }, (_, i) => rows.at(i)?.id)
    const index = first.indexOf(landOn.current)
    landOn.current = null
    if (index < 0) return
    setCursor({ row: index, col: -1 })
    show(index)
  }, [rows, show])
  const lastTop = useRef(startTop)
  useEffect(() => {
    if (scroll.top === lastTop.current) return
    const timer = setTimeout(() => { lastTop.current = scroll.top; keep({ left: { query, top: scroll.top } }) }, 800)
    return () => clearTimeout(timer)
  })

  // The program's reading of the query, once it is there: a blank between words is an AND in it.
  const shown = rows.pending || rows.query === '*' ? query : rows.query
  const crowded = subject !== null && window.innerWidth < NARROW
  const current = rows.at(cursor.row)
  const targets = selected.size > 0 ? [...selected.values()] : current ? [current] : []
  const setQuery = useCallback((q: string) => go({ stage: 'timeline', query: q }), [go])
  const open = useCallback((row: number) => { const r = rows.at(row); if (r) inspect({ kind: 'row', id: r.id }) }, [rows, inspect])
  const move = useCallback((c: Cursor) => {
    setCursor(c)
    const r = rows.at(c.row)
    if (r && subject?.kind === 'row') inspect({ kind: 'row', id: r.id })
  }, [rows, subject, inspect])
  const toggle = useCallback((row: number) => {
    const r = rows.at(row)
    if (!r) return
    setSelected((s) => { const n = new Map(s); if (!n.delete(r.id)) n.set(r.id, r); return n })
  }, [rows])
  const refresh = () => { void client.invalidateQueries({ queryKey: ['timeline'] }); void client.invalidateQueries({ queryKey: ['row'] }) }
  const tag = (name: string, remove: boolean, of: Row[]) => {
    const ids = of.map((r) => r.id)
    api.tag(ids, name, remove).then(() => {
      refresh()
      say(`${remove ? 'Took' : 'Put'} “${name}” ${remove ? 'from' : 'on'} ${plural(ids.length, 'row')}.`, { undo: () => tag(name, !remove, of) })
    }, (e: { sentence: string }) => say(e.sentence, { bad: true }))
  }
  const filter = (exclude: boolean) => {
    const c = columns[cursor.col]
    const value = current && c ? c.of(current) : ''
    if (c && value !== '') setQuery(addClause(shown, clauseOf(c, value, exclude)))
    else say(c ? 'This cell is empty.' : 'Move to a cell with → first, or click one.')
  }
  useHotkeys({
    x: () => toggle(cursor.row),
    t: () => { if (targets.length > 0) setDialog('tag') },
    s: () => { if (targets.length > 0) tag('star', targets.every((r) => r.tags.includes('star')), targets) },
    n: () => { if (current) setDialog('note') },
    p: () => { if (targets.length > 0) setDialog('promote') },
    '.': () => { if (current?.at) setDialog('pivot') },
    '+': () => filter(false),
    '-': () => filter(true),
    '/': () => document.getElementById('expression')?.focus(),
    Escape: () => setSelected(new Map()),
  })
  const around = (minutes: number) => {
    setDialog(null)
    if (current?.at) go({ stage: 'timeline', query: pivot(current.at, minutes), id: current.id })
  }
  return (
    <>
      <div className="tl-head">
        <h1 className="sr">Timeline</h1>
        {head}
        <ExpressionBar value={query} canonical={rows.query} onSubmit={setQuery} />
        <button type="button" className="tool" aria-pressed={kept.facets && !crowded} onClick={() => { if (crowded) { inspect(null); keep({ facets: true }) } else keep({ facets: !kept.facets }) }} title="Fields, their values and counts">Fields</button>
      </div>
      <Chips
        query={shown} rows={rows} selected={selected.size} onQuery={setQuery}
        onClear={() => setSelected(new Map())} selectedActs={{ tag: () => setDialog('tag'), promote: () => setDialog('promote') }}
      />
      <HistogramView query={query} onRange={(r) => setQuery(setTimeRange(shown, r))} />
      <div className="tl-body">
        {kept.facets && !crowded && <FacetPanel query={shown} keys={kept.keys} open={kept.facet} onOpen={(facet) => keep({ facet })} onQuery={setQuery} onKeys={(keys) => keep({ keys })} />}
        <div className="tl-main">
          {rows.error ? <Failed error={rows.error} retry={rows.retry} /> : rows.pending && total === 0 ? <Loading what="rows" lines={18} height={14} /> : rows.total === 0 ? (
            <Empty title={query === '' ? 'No rows yet' : 'No row matches'}>
              {query === '' ? 'The timeline fills as evidence is taken in.' : <>Not seen in what was collected, with this filter. Look at the blind spots before you conclude that it did not happen. <button type="button" className="link" onClick={() => setQuery('')}>Clear the filter</button></>}
            </Empty>
          ) : (
            <Grid
              rows={rows} columns={columns} scroll={scroll} cursor={cursor} selected={new Set(selected.keys())} desc={kept.desc} onCursor={move} onOpen={open} onToggle={toggle}
              onSort={() => keep({ desc: !kept.desc })} onWidth={(key, width) => keep({ widths: { ...kept.widths, [key]: width } })}
            />
          )}
        </div>
      </div>
      {dialog === 'tag' && <TagDialog rows={targets} onTag={(name, remove) => { setDialog(null); tag(name, remove, targets) }} onClose={() => setDialog(null)} />}
      {dialog === 'note' && current && <NoteDialog about={current.id} title={listing([current.host, current.message], 2)} onClose={() => { setDialog(null); refresh() }} />}
      {dialog === 'promote' && <PromoteDialog rows={targets} onClose={(done) => { setDialog(null); if (done) { refresh(); setSelected(new Map()) } }} />}
      {dialog === 'pivot' && <PivotDialog onPick={around} onClose={() => setDialog(null)} />}
    </>
  )
}
