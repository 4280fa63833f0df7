// What would leave, before anything does: size, what goes along, what stays out and why, and what the record will say.
import { Button } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { UseMutationResult } from '@tanstack/react-query'
import type { CallError } from '../api/client'
import type { CopyPlan, ExtractPlan, Signed } from '../api/types'
import { ActSays } from '../decision/ActSays'
import { planWords, stayWords } from '../domain/export'
import { bytes, count, fileName, plural } from '../domain/words'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { Failed } from '../ui/States'

const FIRST = 10

export function CopyPlanView({ p }: { p: CopyPlan }) {
  const away = p.items.filter((i) => !i.here)
  const here = p.items.filter((i) => i.here)
  const papers = p.papers.filter((x) => x.left === '')
  const stays = stayWords(p)
  return (
    <div className="merge scroll" tabIndex={0} role="region" aria-label="What would leave">
      <Facts>
        <Fact label="To"><span className="mono small wrap"><Inert text={p.out} /></span></Fact>
        <Fact label="Holds"><span className="num">{planWords(p)}</span></Fact>
        <Fact label="Head until now"><Copy value={p.head_code} label="head code" short={false} /></Fact>
        {p.form === 'parcel' && <Fact label="Opens with">{p.recipients.length === 0 ? 'its passphrase' : <span className="entry-lines">{p.recipients.map((r) => <span key={r} className="wrap"><Inert text={r} /></span>)}</span>}</Fact>}
        {p.verifiers.length > 0 && <Fact label="Verifiers">{p.verifiers.join(', ')}</Fact>}
        {stays && <Fact label="Stays out"><b>{stays}</b></Fact>}
      </Facts>
      <Notes notes={p.notes} />
      <div className="merge-cols">
        <section aria-label="Evidence">
          <h3 className="block-title">Evidence <span className="quiet num">{count(here.length)} of {count(p.items.length)}</span></h3>
          {p.items.length === 0 && <p className="quiet">The case holds none.</p>}
          <ul className="lines merge-items">
            {[...away, ...here].slice(0, FIRST).map((i) => <li key={i.sha256}><span className="wrap" title={i.path}><Inert text={fileName(i.path)} />{!i.here && i.why && <span className="quiet small"> <Inert text={i.why} /></span>}</span><span className="quiet small num nowrap">{bytes(i.bytes)}</span><span className={i.here ? 'small' : 'small merge-away'}>{i.here ? 'goes along' : 'named only'}</span></li>)}
          </ul>
          {p.items.length > FIRST && <p className="quiet small">and {count(p.items.length - FIRST)} more</p>}
        </section>
        <section aria-label="Papers">
          <h3 className="block-title">Papers <span className="quiet num">{count(papers.length)}</span></h3>
          {p.papers.length === 0 && <p className="quiet">None.</p>}
          <ul className="lines">{p.papers.map((x) => <li key={x.document} className="merge-person"><Inert text={x.title} />{x.left && <div className="small merge-away">stays out: <Inert text={x.left} /></div>}</li>)}</ul>
        </section>
      </div>
      <ActSays act={p.act} />
    </div>
  )
}

export function ExtractPlanView({ p, checkpoint }: { p: ExtractPlan; checkpoint: UseMutationResult<Signed, CallError, undefined> }) {
  return (
    <div className="merge scroll" tabIndex={0} role="region" aria-label="What would leave">
      <Facts>
        <Fact label="To"><span className="mono small wrap"><Inert text={p.out} /></span></Fact>
        <Fact label="Shows"><span className="num">{plural(p.chosen, 'chosen entry', 'chosen entries')}, {count(p.shown_entries)} with what their signers rest on</span></Fact>
        {p.withheld > 0 && <Fact label="Without words">{plural(p.withheld, 'chosen entry', 'chosen entries')}</Fact>}
        {p.papers.length > 0 && <Fact label="Papers"><span className="entry-lines">{p.papers.map((x) => <span key={x} className="mono small wrap"><Inert text={x} /></span>)}</span></Fact>}
      </Facts>
      <Notes notes={p.notes} />
      {p.needs_checkpoint && (
        <div className="conflict-note col">
          <p>The proof needs a checkpoint of yours that reaches these entries. There is none yet.</p>
          {checkpoint.error && <Failed error={checkpoint.error} inline />}
          <div><Button variant="default" loading={checkpoint.isPending} onClick={() => checkpoint.mutate(undefined)}>Sign a checkpoint now</Button></div>
        </div>
      )}
      <ActSays act={p.act} />
    </div>
  )
}

function Notes({ notes }: { notes: string[] }) {
  if (notes.length === 0) return null
  return <ul className="plan-notes">{notes.map((n) => <li key={n}><IconInfoCircle size={15} aria-hidden="true" /><span className="wrap"><Inert text={n} /></span></li>)}</ul>
}
