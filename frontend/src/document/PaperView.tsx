// One paper: what can be filled in, its clauses with who says each, the checks that are left, and its page.
import { Button, Modal, Tabs, TextInput, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { Paper, PaperDetail } from '../api/types'
import { roleTitle } from '../domain/says'
import { count, listing, plural } from '../domain/words'
import { MarkMenu } from '../lane/MarkMenu'
import { Copy } from '../ui/Copy'
import { Inert } from '../ui/Inert'
import { OriginLabel } from '../ui/Origin'
import { Failed, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { PdfPage } from './PdfPage'
import { STATE_WORD } from './PapersStage'

const SAVE_MS = 700

export function PaperView({ id }: { id: string }) {
  const paper = useQuery({ queryKey: ['document', id], queryFn: () => api.document(id) })
  return <div className="paper"><Loaded query={paper} what="the paper" lines={12}>{(d) => <Body d={d} />}</Loaded></div>
}

/** A paper that the record names and that cannot be read here: what that means, and the one way on. */
export function NotHere({ p }: { p: Paper }) {
  const client = useQueryClient()
  const { say } = useShell()
  const again = useAct(() => api.documentSlots(p.id, {}), {
    onSuccess: (d) => { client.setQueryData(['document', p.id], d); say(`Drafted again: ${d.paper.title}.`) },
    onError: (e) => say(`${e.sentence} ${e.hint}`, { bad: true }),
  })
  return (
    <div className="paper">
      <div className="paper-edit">
        <header className="paper-head">
          <div className="grow">
            <h2 className="wrap">{p.title}</h2>
            <div className="quiet small"><b className={`paper-state paper-${p.state}`}>{STATE_WORD[p.state]}</b> · as of record {p.as_of.slice(0, 8)}</div>
          </div>
          <Button loading={again.isPending} onClick={() => again.mutate(undefined)}>Draft again here</Button>
        </header>
        {p.approved && <div className="said said-person paper-approved"><span><b>{p.approved.by}</b>, {roleTitle(p.approved.role)}</span><span className="quiet small">approved <Time iso={p.approved.at} form="short" /> the text that is not here</span></div>}
        {p.state === 'elsewhere' ? (
          <p className="paper-why">Texts of papers do not travel with a copy of the case. The record here holds this paper’s hash, who drafted it and who approved it, and cannot print it: print it on the laptop where it was drafted, or take it from <code>documents/</code> of a court folder made there. Drafted again here it is a new text, which needs an approval of its own.</p>
        ) : (
          <p className="paper-why">It says what evidence behind the wall of a lane says. Drafted again it leaves that out, with empty fields, and needs an approval of its own.</p>
        )}
        <Copy value={p.hash} label="hash of its text" short={false} />
      </div>
    </div>
  )
}

function Body({ d }: { d: PaperDetail }) {
  const [approving, setApproving] = useState(false)
  const failed = d.checks.filter((c) => !c.ok)
  const p = d.paper
  const why = failed.length > 0 ? listing(failed.map((c) => c.text), 2) : !p.can_approve ? `Approved by the ${p.needs_role_title}` : ''
  return (
    <>
      <div className="paper-edit">
        <header className="paper-head">
          <div className="grow">
            <h2 className="wrap">{p.title}</h2>
            <div className="quiet small"><b className={`paper-state paper-${p.state}`}>{STATE_WORD[p.state]}</b> · as of record {p.as_of.slice(0, 8)}{p.pages > 0 && <> · {plural(p.pages, 'page')}</>}</div>
          </div>
          {p.state !== 'approved' && p.state !== 'awaiting' && <Button disabled={why !== ''} onClick={() => setApproving(true)} title={why || undefined}>Approve…</Button>}
          <MarkMenu target={{ of: 'document', ref: p.id, title: p.title }} />
        </header>
        {p.approved && <div className="said said-person paper-approved"><span><b>{p.approved.by}</b>, {roleTitle(p.approved.role)}</span><span className="quiet small">approved <Time iso={p.approved.at} form="short" />; any edit voids it</span></div>}
        {p.awaits && <div className="said said-person paper-approved"><span><b>{p.awaits.by}</b>, {roleTitle(p.awaits.role)}</span><span className="quiet small">approved <Time iso={p.awaits.at} form="short" />; not in force until a second person signs, from the list of things to do. It prints as a draft until then; any edit voids it</span></div>}
        {why && p.state !== 'approved' && p.state !== 'awaiting' && <p className="quiet small paper-why">{why}.</p>}
        <Tabs defaultValue={d.slots.length > 0 ? 'fill' : 'text'} className="paper-tabs" keepMounted={false}>
          <Tabs.List>
            {d.slots.length > 0 && <Tabs.Tab value="fill">To fill in</Tabs.Tab>}
            <Tabs.Tab value="text">Clauses</Tabs.Tab>
            <Tabs.Tab value="checks">Checks {failed.length > 0 && <b className="num">{count(failed.length)}</b>}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="fill" className="paper-panel scroll"><Slots d={d} /></Tabs.Panel>
          <Tabs.Panel value="text" className="paper-panel scroll"><Clauses d={d} /></Tabs.Panel>
          <Tabs.Panel value="checks" className="paper-panel scroll">
            <ul className="checks">{d.checks.map((c, i) => <li key={i} data-ok={c.ok}>{c.ok ? <IconCheck size={15} aria-label="passed" /> : <IconAlertTriangle size={15} aria-label="failed" />}<span className="wrap">{c.text}</span></li>)}</ul>
          </Tabs.Panel>
        </Tabs>
      </div>
      <PdfPage id={p.id} version={`${p.hash} ${p.state} ${p.approved?.at ?? ''} ${d.shown}`} />
      {approving && <ApproveDialog d={d} onClose={() => setApproving(false)} />}
    </>
  )
}

/** Typed words are sent as they are typed; the page at the right follows. */
function Slots({ d }: { d: PaperDetail }) {
  const client = useQueryClient()
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(d.slots.map((s) => [s.name, s.value])))
  const [state, setState] = useState<'kept' | 'keeping' | 'failed'>('kept')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const waiting = useRef<Record<string, string> | null>(null)
  const save = useRef(() => undefined as void)
  useEffect(() => {
    save.current = () => {
      const v = waiting.current
      waiting.current = null
      clearTimeout(timer.current)
      if (!v) return
      api.documentSlots(d.paper.id, v).then((next) => {
        client.setQueryData(['document', d.paper.id], next)
        void client.invalidateQueries({ queryKey: ['documents'] })
        setState('kept')
      }, () => setState('failed'))
    }
  })
  useEffect(() => () => save.current(), [])
  const set = (name: string, value: string) => {
    const next = { ...values, [name]: value }
    setValues(next)
    setState('keeping')
    waiting.current = next
    clearTimeout(timer.current)
    timer.current = setTimeout(() => save.current(), SAVE_MS)
  }
  return (
    <div className="slots">
      {d.paper.approved && <p className="quiet">Any change here voids the approval.</p>}
      {d.slots.map((s) => (s.value.length > 80 || s.hint.length > 90 ? (
        <Textarea key={s.name} label={s.label} description={s.hint} withAsterisk={s.required} value={values[s.name] ?? ''} onChange={(e) => set(s.name, e.currentTarget.value)} autosize minRows={2} maxRows={8} />
      ) : (
        <TextInput key={s.name} label={s.label} description={s.hint} withAsterisk={s.required} value={values[s.name] ?? ''} onChange={(e) => set(s.name, e.currentTarget.value)} autoComplete="off" />
      )))}
      <p className="quiet small" role="status">{state === 'failed' ? 'The last words could not be kept; type on to try again.' : state === 'keeping' ? 'keeping…' : 'Kept. The page at the right shows it.'}</p>
    </div>
  )
}

function Clauses({ d }: { d: PaperDetail }) {
  const { inspect } = useShell()
  return (
    <div className="clauses">
      {d.sections.map((s) => (
        <section key={s.title}>
          <h3>{s.title}</h3>
          {s.clauses.map((c) => (
            <div key={c.number} className={`clause said said-${c.origin.kind}`} data-failed={c.failed !== undefined}>
              <p><span className="clause-num num">{c.number}</span>{c.failed ? <s className="unchecked"><Inert text={c.text} /></s> : <Inert text={c.text} />}
                {c.rows.map((r, i) => <button key={r} type="button" className="cite-num num" aria-label={`Row ${i + 1} of clause ${c.number}`} title="Open the row" onClick={() => inspect({ kind: 'row', id: r })}>{i + 1}</button>)}
              </p>
              {c.failed && <span className="unchecked-why">cannot leave: <Inert text={c.failed} /></span>}
              <OriginLabel origin={c.origin} />
            </div>
          ))}
        </section>
      ))}
    </div>
  )
}

function ApproveDialog({ d, onClose }: { d: PaperDetail; onClose: () => void }) {
  const { caseView, say } = useShell()
  const act = useAct(() => api.documentApprove(d.paper.id, d.shown), { onSuccess: () => { say('Approved; the DRAFT mark is gone.'); onClose() } })
  return (
    <Modal opened onClose={onClose} title="Approve this paper" size={520}>
      <div className="col form-gap" onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) act.mutate(undefined) }}>
        <p><b>{d.paper.title}</b>{d.paper.pages > 0 && `, ${plural(d.paper.pages, 'page')}`}. Your signature covers exactly the text shown, under this hash:</p>
        <Copy value={d.shown} label="hash of what is shown" short={false} />
        <p className="quiet">The DRAFT mark goes. Any later edit voids the approval; sending it remains an act of its own.</p>
        {act.error && <Failed error={act.error} inline />}
        <div className="sign-foot declare-foot">
          <div className="said said-person sign-block grow"><span className="strong">{caseView.person.name}</span><span className="quiet">{caseView.person.acting_title || 'no role'}</span></div>
          <Button variant="default" onClick={onClose} data-autofocus>Close</Button>
          <Button loading={act.isPending} onClick={() => act.mutate(undefined)} title="Ctrl+Enter">Sign approval</Button>
        </div>
      </div>
    </Modal>
  )
}
