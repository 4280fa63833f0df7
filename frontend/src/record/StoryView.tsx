// The record as a readable story: who did what, in which role, when; verified on top, filtered by kind and person.
import { Button, Select } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { RecordEntry, RecordPage, Verification } from '../api/types'
import { roleTitle } from '../domain/says'
import { dayText } from '../domain/time'
import { count, plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Empty, Failed, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'

const PAGE = 200

export function StoryView() {
  const [kind, setKind] = useState('')
  const [author, setAuthor] = useState('')
  const [limit, setLimit] = useState(PAGE)
  const record = useQuery({ queryKey: ['record', kind, author, limit], queryFn: () => api.record({ kind, author, offset: 0, limit }), placeholderData: keepPreviousData })
  const all = record.data
  const filtered = kind !== '' || author !== ''
  return (
    <>
      <Verified />
      <div className="story-bar">
        <Select aria-label="Kind" placeholder="Every kind" data={(all?.kinds ?? []).map((k) => ({ value: k.kind, label: `${k.kind} (${count(k.count)})` }))} value={kind || null} onChange={(v) => setKind(v ?? '')} clearable w={220} />
        <Select aria-label="Author" placeholder="Every author" data={(all?.authors ?? []).map((a) => ({ value: a.id, label: `${a.name} (${count(a.count)})` }))} value={author || null} onChange={(v) => setAuthor(v ?? '')} clearable w={210} />
        {filtered && all && <span className="quiet num">{plural(all.total, 'entry', 'entries')} shown</span>}
      </div>
      <div className="stage-body scroll" tabIndex={0} role="region" aria-label="Entries">
        <Loaded query={record} what="the record" lines={14}>
          {(page) => (page.entries.length === 0 ? <Empty title="No entry of this kind">Clear the filters to see the whole record.</Empty> : (
            <>
              <Story page={page} />
              {page.entries.length < page.total && <div className="record-more"><Button variant="default" onClick={() => setLimit(limit + PAGE)}>Show older entries ({count(page.total - page.entries.length)})</Button></div>}
            </>
          ))}
        </Loaded>
      </div>
    </>
  )
}

const VERDICT: Record<Verification['verdict'], string> = { good: 'verified', damaged: 'damaged', incomplete: 'incomplete', equivocation: 'two versions of one entry' }

function Verified() {
  const { caseView } = useShell()
  const verify = useAct(() => api.recordVerify())
  const v = verify.data
  const bad = v !== undefined && v.verdict !== 'good'
  return (
    <div className="verified" data-bad={bad}>
      {bad ? <IconShieldX size={20} stroke={1.6} aria-hidden="true" /> : <IconShieldCheck size={20} stroke={1.6} aria-hidden="true" />}
      <div className="grow">
        {v ? (
          <>
            <div><b className="num">{plural(v.entries, 'entry', 'entries')}, {plural(v.authors, 'author')}, {VERDICT[v.verdict]}</b> <span className="quiet"><Time iso={v.at} form="short" /></span></div>
            <div className="quiet small">{v.anchored ? 'Tied to the opener’s key, which lies on this laptop. Whether an end was cut off only a head held by someone else shows.' : 'Consistent with itself. Against a rewrite by the owner of this laptop only a head held by someone else helps.'} Head <span className="mono">{v.head_code}</span></div>
          </>
        ) : (
          <>
            <div><b className="num">{plural(caseView.entries, 'entry', 'entries')}</b>{caseView.verified ? <>, verified at opening <Time iso={caseView.verified} form="short" /></> : ', not verified since opening'}</div>
            <div className="quiet small">Verifying re-derives every hash, chain and signature from the bytes. Head <span className="mono">{caseView.head.slice(0, 20)}</span></div>
          </>
        )}
        {(v?.problems ?? caseView.problems).length > 0 && <ul className="problems">{(v?.problems ?? caseView.problems).map((p, i) => <li key={i}><b>{p.mended ? 'Mended' : p.code}</b> <span className="wrap"><Inert text={p.text} /></span> {p.entry && <span className="mono tiny">{p.entry.slice(0, 16)}</span>}</li>)}</ul>}
        {verify.error && <Failed error={verify.error} inline />}
      </div>
      <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate(undefined)}>Verify now</Button>
    </div>
  )
}

function Story({ page }: { page: RecordPage }) {
  const { zoneMode, caseView } = useShell()
  const days: { day: string; entries: RecordEntry[] }[] = []
  for (const e of page.entries) {
    const day = dayText(e.recorded, zoneMode, caseView.zone)
    const last = days[days.length - 1]
    if (last?.day === day) last.entries.push(e)
    else days.push({ day, entries: [e] })
  }
  return <>{days.map((d) => <section key={d.day} className="rec-day"><h2 className="label">{d.day}</h2><ul>{d.entries.map((e) => <Entry key={e.id} e={e} />)}</ul></section>)}</>
}

function Entry({ e }: { e: RecordEntry }) {
  const { inspect, subject } = useShell()
  return (
    <li>
      <button type="button" className="entry" data-current={subject?.kind === 'entry' && subject.entry.id === e.id} data-refused={e.refused !== undefined && e.refused !== ''} onClick={() => inspect({ kind: 'entry', entry: e })}>
        <span className="entry-time mono"><Time iso={e.recorded} form="short" /></span>
        <span className="entry-story">
          <span className="wrap"><Inert text={e.story} /></span>
          {e.awaits && <span className="entry-awaits">not in force until a second person signs</span>}
          {e.refused && <span className="entry-refused">set aside: <Inert text={e.refused} /></span>}
          {e.withheld && <span className="quiet small">body withheld</span>}
        </span>
        <span className="entry-who"><b><Inert text={e.author_name} /></b><span className="quiet">{roleTitle(e.role)}</span></span>
        <span className="entry-kind quiet mono small">{e.kind}</span>
      </button>
    </li>
  )
}
