// The board as it was known at a moment, to read and not to act on: severity, decisions, clocks, papers and people as of
// then. What was learned later stands in grey beside it and never mixes in.
import { Button, Select, Switch } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { usePeople } from '../api/queries'
import type { DecisionThen, LaterFact, Then } from '../api/types'
import { sortClocks } from '../domain/clocks'
import { laterWords, type Moment } from '../domain/replay'
import { valueWords } from '../domain/says'
import { verdictWord } from '../domain/severity'
import { count, listing, plural } from '../domain/words'
import { ClockLeft } from '../deadline/ClockLine'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { Said } from '../ui/Origin'
import { Severity } from '../ui/Severity'
import { Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'

export function useThen(moment: Moment) {
  return useQuery({ queryKey: ['replay', moment], queryFn: () => api.replay(moment ?? { at: '', person: '' }), enabled: moment !== null, placeholderData: keepPreviousData, staleTime: 60_000 })
}

export function ThenBoard({ moment, onPerson, onNow }: { moment: NonNullable<Moment>; onPerson: (id: string) => void; onNow: () => void }) {
  const then = useThen(moment)
  const people = usePeople()
  const pinned = 'entry' in moment
  const [later, setLater] = useState<boolean | null>(null)
  // Of a decision one asks what they could not know; of a time first what was known.
  const show = later ?? pinned
  return (
    <Loaded query={then} what="what was known then" lines={12}>
      {(t) => (
        <>
          <div className="then-banner" role="status">
            <IconHistory size={18} aria-hidden="true" />
            <div className="grow">
              {t.of ? <p>You look at what <b><Inert text={t.of.author_name} /></b> knew when they signed: <b><Inert text={t.of.story} /></b></p> : <p>You look at the case as known {t.person && <>to <b><Inert text={t.person.name} /></b> </>}at <b><Time iso={t.at} /></b>.</p>}
              <p className="small">{t.of && <><Time iso={t.at} />, </>}head <span className="mono">{t.head_code || 'none yet'}</span>, {count(t.entries)} of {plural(t.entries_now, 'entry', 'entries')}; {laterWords(t)} Times are those of the laptops that recorded. Nothing can be signed here.</p>
            </div>
            {!pinned && <Select aria-label="Known to" placeholder="Known to anybody" data={(people.data?.people ?? []).filter((p) => p.known).map((p) => ({ value: p.id, label: `Known to ${p.name}` }))} value={moment.person || null} onChange={(v) => onPerson(v ?? '')} clearable w={210} />}
            <Switch label="Show later" checked={show} onChange={(e) => setLater(e.currentTarget.checked)} />
            <Button onClick={onNow}>Back to now</Button>
          </div>
          <Body t={t} later={show} />
        </>
      )}
    </Loaded>
  )
}

function Body({ t, later }: { t: Then; later: boolean }) {
  const now = Date.parse(t.at)
  const learned = t.later.facts.filter((f) => f.learned)
  const decided = t.later.facts.filter((f) => !f.learned)
  return (
    <div className="board then">
      <div className="board-main">
        <section className="block" aria-label="Decisions then">
          <h2 className="block-title">Decisions by then <span className="quiet num">{t.decisions.length}</span></h2>
          {t.decisions.length === 0 ? <p className="quiet">No recommendation had been decided.</p> : <ul className="then-decisions">{t.decisions.map((d) => <li key={d.id}><Decision d={d} /></li>)}</ul>}
        </section>
        {later && (
          <section className="block then-later" aria-label="Learned later">
            <h2 className="block-title">Learned later <span className="quiet num">{learned.length}</span></h2>
            <LaterList facts={learned} none="Nothing about what happened was learned later." />
            {decided.length > 0 && <><h2 className="block-title then-second">Decided later <span className="quiet num">{decided.length}</span></h2><LaterList facts={decided} none="" /></>}
            {t.later.left > 0 && <p className="quiet small">{plural(t.later.left, 'more entry', 'more entries')} of these kinds stand in the record.</p>}
          </section>
        )}
      </div>
      <div className="board-side">
        <section className="block" aria-label="Known then">
          <h2 className="block-title">Known then</h2>
          <Facts>
            <Fact label="Severity">{t.severity ? <><Severity level={t.severity.level} /> <span className="quiet">by <Inert text={t.severity.by} />, <Time iso={t.severity.at} form="short" /></span></> : <span className="quiet">not declared, or not in force</span>}</Fact>
            <Fact label="Evidence">{plural(t.evidence, 'item')}</Fact>
            <Fact label="Incident line">{plural(t.promoted, 'event')} promoted, {plural(t.notes, 'note')}</Fact>
            <Fact label="Verdicts">{t.verdicts.length === 0 ? <span className="quiet">none</span> : listing(t.verdicts.map((v) => `${count(v.count)} ${verdictWord(v.verdict).toLowerCase()}`), 6)}</Fact>
            {(t.conflicts > 0 || t.set_aside > 0) && <Fact label="Open">{plural(t.conflicts, 'conflict')}, {count(t.set_aside)} set aside</Fact>}
          </Facts>
        </section>
        <section className="block" aria-label="Clocks then">
          <h2 className="block-title">Clocks then</h2>
          {t.clocks.length === 0 ? <p className="quiet">No clock ran.</p> : <ul className="lines">{sortClocks(t.clocks, now).map((c) => <li key={c.id} className="then-clock"><span className="grow"><span className="strong">{c.regime_name}</span> <span className="quiet">{c.stage_name}</span></span><ClockLeft clock={c} now={now} /></li>)}</ul>}
          {t.triggers.length > 0 && <ul className="then-small">{t.triggers.map((x) => <li key={x.id} className="small quiet"><Inert text={x.anchor} />: <Time iso={x.at} form="short" />, declared by <Inert text={x.by} /> <Time iso={x.recorded} form="short" />{x.awaits && ', not in force: a second person had not signed'}</li>)}</ul>}
        </section>
        <section className="block" aria-label="Papers then">
          <h2 className="block-title">Papers then</h2>
          {t.documents.length === 0 ? <p className="quiet">No paper was drafted.</p> : <ul className="lines">{t.documents.map((d) => <li key={d.id} className="then-clock"><span className="grow wrap"><Inert text={d.title} /></span><span className="quiet">{d.state}, <Time iso={d.at} form="short" /></span></li>)}</ul>}
        </section>
        <section className="block" aria-label="People then">
          <h2 className="block-title">People then</h2>
          <ul className="then-small">{t.people.map((p) => <li key={p.id}><span className="strong"><Inert text={p.name} /></span> <span className="quiet">{p.roles.join(', ') || 'no role'}</span></li>)}</ul>
        </section>
      </div>
    </div>
  )
}

const OUTCOME = { accept: 'Accepted', override: 'Decided otherwise', reject: 'Rejected' }

function Decision({ d }: { d: DecisionThen }) {
  const { go } = useShell()
  return (
    <Said origin={{ kind: 'person', name: d.by, role: d.role, at: d.at }}>
      <p className="strong wrap">{OUTCOME[d.outcome]}: <Inert text={valueWords(d.instead || d.recommended)} /></p>
      {d.instead && <p className="quiet wrap">Recommended: <Inert text={d.recommended} /></p>}
      {d.reason && <p className="wrap">“<Inert text={d.reason} />”</p>}
      {d.awaits && <p className="small"><b>Not in force then:</b> a second person had not signed.</p>}
      <button type="button" className="link small" onClick={() => go({ stage: 'board', id: d.id })}>What was known when this was signed</button>
    </Said>
  )
}

function LaterList({ facts, none }: { facts: LaterFact[]; none: string }) {
  if (facts.length === 0) return none ? <p className="quiet">{none}</p> : null
  return (
    <ul className="later">
      {facts.map((f) => (
        <li key={f.id}>
          <span className="later-time num"><Time iso={f.recorded} form="short" /></span>
          <span className="grow wrap"><Inert text={f.story} />{f.happened && <span className="later-happened"> happened <Time iso={f.happened} form="short" /></span>}</span>
        </li>
      ))}
    </ul>
  )
}
