// One row down to its bytes: fields, times with their zones, source text, hex, notes, and the acts on it.
import { Button, Tabs } from '@mantine/core'
import { IconMinus, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct, useRow } from '../api/queries'
import type { RowDetail } from '../api/types'
import { addClause, pivot, term } from '../domain/query'
import { clip } from '../domain/inert'
import { assumedWords } from '../domain/says'
import { bytes, count } from '../domain/words'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { InspectorFrame } from '../ui/InspectorFrame'
import { OriginLabel, Said } from '../ui/Origin'
import { Severity } from '../ui/Severity'
import { Loaded } from '../ui/States'
import { useShell } from '../ui/shell'
import { Time } from '../ui/Time'
import { HexView } from './HexView'
import { NoteDialog, PromoteDialog } from './RowDialogs'

export function RowInspector({ id }: { id: string }) {
  const row = useRow(id)
  return <Loaded query={row} what="the row" lines={12}>{(d) => <Body key={id} d={d} />}</Loaded>
}

function Body({ d }: { d: RowDetail }) {
  const { go, place, say } = useShell()
  const [dialog, setDialog] = useState<'note' | 'promote' | null>(null)
  const star = useAct(() => api.tag([d.row.id], 'star', d.row.tags.includes('star')), { onError: (e) => say(e.sentence, { bad: true }) })
  const r = d.row
  const at = r.at
  return (
    <>
      <InspectorFrame
        kind="Row"
        title={<span className="mono insp-message"><Inert text={clip(r.message || r.action || r.code, 600)} /></span>}
        what={(
          <Facts>
            <Fact label="Time"><Time iso={r.at} original={r.original} zone={r.zone} assumed={r.assumed} /></Fact>
            {d.times.filter((t) => t.at !== r.at || t.meaning !== r.time_kind).map((t) => <Fact key={t.meaning + t.at} label={t.meaning}><Time iso={t.at} original={t.original} zone={t.zone} assumed={t.assumed} /></Fact>)}
            {r.original && <Fact label="As written"><span className="mono small"><Inert text={r.original} /></span>{r.assumed && <span className="quiet"> zone {r.zone}, <Inert text={assumedWords(r.assumed)} /></span>}</Fact>}
            {r.host && <Fact label="Host"><Inert text={r.host} /></Fact>}
            {r.user && <Fact label="User"><Inert text={r.user} /></Fact>}
          </Facts>
        )}
        who={(
          <>
            <Facts>
              <Fact label="Source"><span className="mono small"><Inert text={d.evidence.path} /></span></Fact>
              <Fact label="Place"><span className="mono small"><Inert text={d.evidence.locator} /></span></Fact>
              <Fact label="SHA-256"><Copy value={d.evidence.sha256} label="SHA-256 of the source" /></Fact>
              <Fact label="Parser">{d.evidence.parser}</Fact>
            </Facts>
            {!d.evidence.present && <p className="quiet">The source is not here now. The row and its hash stay.</p>}
          </>
        )}
        why={r.findings.length > 0 ? <ul className="col">{r.findings.map((f) => <li key={f.title} className="row"><Severity level={f.severity} quiet /><span className="wrap"><Inert text={f.title} /></span></li>)}</ul> : undefined}
        rowsTitle="Record"
        rows={(
          <Tabs defaultValue="fields" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="fields">Fields</Tabs.Tab>
              <Tabs.Tab value="raw">Text</Tabs.Tab>
              <Tabs.Tab value="hex">Bytes</Tabs.Tab>
              <Tabs.Tab value="json">JSON</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="fields"><Fields d={d} /></Tabs.Panel>
            <Tabs.Panel value="raw">{d.raw ? <pre className="raw mono" tabIndex={0}><Inert text={d.raw.text} lines /></pre> : <p className="quiet pad-y">The source bytes cannot be read now.</p>}{d.raw?.truncated && <p className="quiet small">Only the first {bytes(d.raw.length)} are shown.</p>}</Tabs.Panel>
            <Tabs.Panel value="hex">{d.raw ? <HexView hex={d.raw.hex} offset={d.raw.offset} /> : <p className="quiet pad-y">The source bytes cannot be read now.</p>}</Tabs.Panel>
            <Tabs.Panel value="json"><pre className="raw mono" tabIndex={0}><Inert text={d.json} lines /></pre></Tabs.Panel>
          </Tabs>
        )}
        extra={(r.tags.length > 0 || d.notes.length > 0) && (
          <section className="insp-sec">
            <h3 className="label">Added by people</h3>
            {r.tags.length > 0 && <div className="row-wrap">{r.tags.map((t) => <span key={t} className="chip chip-tag"><Inert text={t} /></span>)}</div>}
            {d.notes.map((n) => <Said key={n.id} origin={{ kind: 'person', name: n.by, role: n.role, at: n.at }}><p className="wrap"><Inert text={n.text} lines /></p></Said>)}
          </section>
        )}
        can={(
          <>
            <Button variant="default" onClick={() => setDialog('promote')} disabled={r.promoted}>{r.promoted ? 'Promoted' : 'Promote'}</Button>
            <Button variant="default" onClick={() => setDialog('note')}>Note</Button>
            <Button variant="default" onClick={() => star.mutate(undefined)}>{r.tags.includes('star') ? 'Unstar' : 'Star'}</Button>
            {at && <Button variant="default" onClick={() => go({ stage: 'timeline', query: pivot(at, 5), id: r.id })} title="Everything within five minutes">± 5 min</Button>}
            {place.stage !== 'timeline' && at && <OriginLabel origin={{ kind: 'evidence', name: r.source }} />}
          </>
        )}
      />
      {dialog === 'note' && <NoteDialog about={r.id} title={r.message} onClose={() => setDialog(null)} />}
      {dialog === 'promote' && <PromoteDialog rows={[r]} onClose={() => setDialog(null)} />}
    </>
  )
}

function Fields({ d }: { d: RowDetail }) {
  const { go, place } = useShell()
  const filter = (field: string, value: string, exclude: boolean) => go({ stage: 'timeline', query: addClause(place.stage === 'timeline' ? place.query ?? '' : '', term(field, value, exclude)) })
  return (
    <table className="fields">
      <caption className="sr">{count(d.fields.length)} fields</caption>
      <tbody>
        {d.fields.map((f) => f.values.map((v, i) => (
          <tr key={`${f.name} ${i}`}>
            <th scope="row" className="wrap"><Inert text={f.name} /></th>
            <td className="mono wrap"><Inert text={clip(v, 2000)} /></td>
            <td className="fields-acts">
              <button type="button" className="icon-btn" aria-label={`Only ${f.name} ${clip(v, 40)}`} title="Only these" onClick={() => filter(f.name, v, false)}><IconPlus size={12} /></button>
              <button type="button" className="icon-btn" aria-label={`Without ${f.name} ${clip(v, 40)}`} title="Without these" onClick={() => filter(f.name, v, true)}><IconMinus size={12} /></button>
            </td>
          </tr>
        )))}
      </tbody>
    </table>
  )
}
