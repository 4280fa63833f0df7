// One entry: what it says in facts, how it stands now (second signature, ground of the role, corrections), and as signed,
// byte for byte.
import { Button } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { usePeople } from '../api/queries'
import type { EntryDetail, RecordEntry } from '../api/types'
import { CosignDialog } from '../decision/CosignDialog'
import { entryFacts, type EntryFact } from '../domain/entryfacts'
import { kindWords } from '../domain/kinds'
import { count, listing } from '../domain/words'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { InspectorFrame } from '../ui/InspectorFrame'
import { Said } from '../ui/Origin'
import { Loaded } from '../ui/States'
import { Time } from '../ui/Time'

function pretty(text: string): string {
  try { return JSON.stringify(JSON.parse(text), null, 2) } catch { return text }
}

export function EntryInspector({ entry: e }: { entry: RecordEntry }) {
  const detail = useQuery({ queryKey: ['entry', e.id], queryFn: () => api.entry(e.id) })
  const people = usePeople()
  const [second, setSecond] = useState(false)
  const names = new Map((people.data?.people ?? []).map((p) => [p.id, p.name]))
  const facts = entryFacts(e.body, names)
  const d = detail.data
  return (
    <InspectorFrame
      kind="Entry" mark={{ of: 'entry', ref: e.id, title: e.story }} title={<Inert text={e.story} />}
      what={(
        <Facts>
          <Fact label="Kind"><span className="mono small">{e.kind}</span> <span className="quiet small">{kindWords(e.kind) !== e.kind && kindWords(e.kind)}</span></Fact>
          <Fact label="Number"><span className="num">{count(e.seq)}</span> of this author</Fact>
          <Fact label="Entry"><Copy value={e.id} label="entry id" /></Fact>
          <Fact label="Key"><Copy value={e.author} label="author key" /></Fact>
        </Facts>
      )}
      who={<Said origin={{ kind: 'person', name: e.author_name, role: e.role, at: e.recorded }}><span className="quiet">Signed with this person’s key.</span></Said>}
      why={e.refused ? <p className="wrap entry-refused">Set aside: <Inert text={e.refused} /></p> : undefined}
      extra={(
        <>
          <section className="insp-sec"><h3 className="label">How it stands</h3><Loaded query={detail} what="how it stands" lines={2}>{(x) => <Stands d={x} refused={e.refused !== undefined && e.refused !== ''} />}</Loaded></section>
          <section className="insp-sec">
            <h3 className="label">What it says</h3>
            {e.withheld && <p className="quiet">The body is withheld; its hash in the header still verifies.</p>}
            {!e.withheld && facts.length === 0 && <p className="quiet">{e.body === '' ? 'Its words are not for you to read here.' : 'Nothing beside its kind.'}</p>}
            {facts.length > 0 && <Facts>{facts.map((f) => <Fact key={f.label} label={f.label}><Value f={f} /></Fact>)}</Facts>}
          </section>
          <section className="insp-sec">
            <h3 className="label">As signed</h3>
            {!e.withheld && e.body !== '' && <details><summary className="quiet small">The body</summary><pre className="raw mono" tabIndex={0}><Inert text={pretty(e.body)} lines /></pre></details>}
            <details><summary className="quiet small">The line itself</summary><pre className="raw mono" tabIndex={0}><Inert text={e.line} lines /></pre></details>
          </section>
          {second && <CosignDialog entry={e.id} onClose={() => setSecond(false)} />}
        </>
      )}
      can={d && d.awaits.length > 0 ? <Button leftSection={<IconUsers size={15} />} onClick={() => setSecond(true)}>Sign as second person…</Button> : undefined}
    />
  )
}

function Stands({ d, refused }: { d: EntryDetail; refused: boolean }) {
  return (
    <ul className="stands">
      {d.awaits.length > 0 && <li className="entry-awaits">Awaits a second person: {listing(d.awaits.map((r) => r.title), 4)}. Not in force until then.</li>}
      {d.cosigned && <li>In force with a second signature: <b><Inert text={d.cosigned.name} /></b>, {d.cosigned.text}, <Time iso={d.cosigned.at} form="short" /></li>}
      {d.awaits.length === 0 && !d.cosigned && !refused && <li>It counts. One signature was enough.</li>}
      {refused && <li>Without effect. It is kept as it was signed.</li>}
      {d.ground && <li className="wrap"><Inert text={d.ground.text} />{d.ground.at && <> <Time iso={d.ground.at} form="short" /></>}</li>}
      {d.corrections.map((c) => <li key={c.entry} className="wrap">Corrected: “<Inert text={c.text} />” <span className="quiet">· <Inert text={c.name} />, <Time iso={c.at} form="short" /></span></li>)}
    </ul>
  )
}

function Value({ f }: { f: EntryFact }) {
  if (f.form === 'time') return <Time iso={f.text} />
  if (f.form === 'hash') return <Copy value={f.text} label={f.label} />
  if (f.form === 'lines') return <span className="entry-lines">{f.text.split('\n').map((l, i) => (/^[0-9a-f]{32,}$/.test(l) ? <Copy key={i} value={l} label={f.label} /> : <span key={i} className="wrap"><Inert text={l} /></span>))}</span>
  return <span className="wrap"><Inert text={f.text} /></span>
}
