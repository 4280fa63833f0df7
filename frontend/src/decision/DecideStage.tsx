// Recommendations that wait for a person, and what people decided. The program recommends; only people act.
import { Button, SegmentedControl } from '@mantine/core'
import { IconGavel, IconHistory, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import { useDecisions, useRecommendations } from '../api/queries'
import type { Decision, Recommendation } from '../api/types'
import type { Outcome } from '../domain/reason'
import { decidedWords, valueWords } from '../domain/says'
import { bySeverity } from '../domain/severity'
import { count, listing, plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { OriginLabel, Said } from '../ui/Origin'
import { RowCites } from '../ui/RowCites'
import { Severity } from '../ui/Severity'
import { StageHead } from '../ui/StageHead'
import { Empty, Loaded, ReadOnly } from '../ui/States'
import { useShell } from '../ui/shell'
import { CosignDialog } from './CosignDialog'
import { RecommendationDialog } from './RecommendationDialog'
import './decision.css'

type View = 'open' | 'decided'

export function DecideStage() {
  const recs = useRecommendations()
  const decisions = useDecisions()
  const { place, caseView } = useShell()
  const [view, setView] = useState<View>('open')
  const [signing, setSigning] = useState<{ r: Recommendation; outcome: Outcome } | null>(null)
  const all = recs.data?.recommendations ?? []
  const open = all.filter((r) => !r.decision).sort(bySeverity)
  const focus = place.id
  const ordered = focus ? [...open].sort((a, b) => Number(b.id === focus) - Number(a.id === focus)) : open
  return (
    <>
      <StageHead title="Decide" counts={recs.data && <>{plural(open.length, 'recommendation')} open · {count((decisions.data?.decisions ?? []).length)} decided</>}>
        <SegmentedControl aria-label="View" value={view} onChange={(v) => setView(v as View)} data={[{ value: 'open', label: 'Waiting' }, { value: 'decided', label: 'Decided' }]} />
      </StageHead>
      {!caseView.person.acting && <ReadOnly>You hold no role in this case, so you can read and not sign. The Incident Commander can give you one under Settings.</ReadOnly>}
      <div className="stage-body scroll" tabIndex={0} role="region" aria-label={view === 'open' ? 'Waiting recommendations' : 'Decisions'}>
        {view === 'open' ? (
          <Loaded query={recs} what="recommendations" lines={12}>
            {() => (open.length === 0 ? (
              <Empty icon={<IconGavel size={34} stroke={1.3} />} title="Nothing waits for a decision">Recommendations appear as findings are triaged. Each says why, cites its rows, and waits here for a named person.</Empty>
            ) : <div className="recs">{ordered.map((r) => <Card key={r.id} r={r} first={r.id === focus} onSign={(outcome) => setSigning({ r, outcome })} />)}</div>)}
          </Loaded>
        ) : (
          <Loaded query={decisions} what="decisions">
            {(d) => (d.decisions.length === 0 ? <Empty title="No decisions yet">What people sign stands here, with what had been recommended and why they decided as they did.</Empty> : <ul className="decided">{[...d.decisions].sort((a, b) => (a.at < b.at ? 1 : -1)).map((x) => <li key={x.id}><Decided d={x} /></li>)}</ul>)}
          </Loaded>
        )}
      </div>
      {signing && <RecommendationDialog key={signing.r.id} recommendation={signing.r} start={signing.outcome} onClose={() => setSigning(null)} />}
    </>
  )
}

function Card({ r, first, onSign }: { r: Recommendation; first: boolean; onSign: (o: Outcome) => void }) {
  const { inspect, subject } = useShell()
  const who = listing(r.may_decide.map((x) => x.title), 3)
  return (
    <article className="rec" data-first={first} data-current={subject?.kind === 'recommendation' && subject.id === r.id} aria-label={r.title}>
      <div className="rec-sev"><Severity level={r.severity} /></div>
      <h2 className="wrap"><button type="button" className="rec-title" onClick={() => inspect({ kind: 'recommendation', id: r.id })}><Inert text={r.title} /></button></h2>
      <p className="wrap"><Inert text={r.why} /></p>
      <OriginLabel origin={{ kind: 'rule', name: r.rule, version: r.rule_version }} />
      <div className="rec-cols">
        <section><h3 className="label">It would change</h3><List items={r.changes} none="Nothing outside the record" /></section>
        <section><h3 className="label">What could go wrong</h3><List items={r.risks} none="No risk is on file" /></section>
        <section><h3 className="label">Cited rows <span className="num">{r.rows.length}</span></h3><RowCites rows={r.rows} first={2} /></section>
      </div>
      {r.awaiting && <section className="rec-awaits" aria-label="Signed once"><Decided d={r.awaiting} /></section>}
      <div className="rec-foot">
        <span className="quiet small grow">{r.can_decide ? <>May decide: {who}.</> : <>Not yours to decide in the role you act in. May decide: {who}.</>}</span>
        <Button variant="default" disabled={!r.can_decide} onClick={() => onSign('reject')}>Reject…</Button>
        <Button variant="default" disabled={!r.can_decide} onClick={() => onSign('override')}>Change…</Button>
        <Button disabled={!r.can_decide} onClick={() => onSign('accept')}>Accept…</Button>
      </div>
    </article>
  )
}

function List({ items, none }: { items: string[]; none: string }) {
  if (items.length === 0) return <p className="quiet">{none}</p>
  return <ul className="dash">{items.map((t) => <li key={t}><Inert text={t} /></li>)}</ul>
}

const SUBJECT = { recommendation: 'Recommendation', severity: 'Severity', verdict: 'Verdict' }

/** Signed by one person; the line says that it does not count yet, and where the second signs. */
function Awaits({ entry }: { entry: string }) {
  const [signing, setSigning] = useState(false)
  return (
    <div className="dec-awaits">
      <IconUsers size={15} aria-hidden="true" /><span className="grow"><b>Awaits a second person.</b> Not in force until then.</span>
      <Button variant="default" size="compact-sm" onClick={() => setSigning(true)}>Sign as second person…</Button>
      {signing && <CosignDialog entry={entry} onClose={() => setSigning(false)} />}
    </div>
  )
}

export function Decided({ d }: { d: Decision }) {
  const { go } = useShell()
  return (
    <article className="dec" data-awaits={d.awaits}>
      <div className="dec-left">
        <span className="label">{SUBJECT[d.subject]}</span>
        <p className="wrap quiet">Recommended: <Inert text={valueWords(d.recommended) || 'nothing'} /></p>
        <OriginLabel origin={d.recommended_by} />
      </div>
      <Said origin={{ kind: 'person', name: d.by, role: d.role_title || d.role, at: d.at }}>
        <p className="strong wrap"><Inert text={decidedWords(d)} /></p>
        {d.reason && <p className="wrap">“<Inert text={d.reason} />”</p>}
        {d.reason_code && <p className="quiet small">reason code {d.reason_code}</p>}
        {d.awaits && <Awaits entry={d.id} />}
        <button type="button" className="link small dec-then" onClick={() => go({ stage: 'board', id: d.id })}><IconHistory size={13} aria-hidden="true" />What was known then</button>
      </Said>
    </article>
  )
}
