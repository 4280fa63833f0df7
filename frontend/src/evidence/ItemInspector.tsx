// One item: what it is, who took it and why, what the import read, and what it warned about.
import { Button } from '@mantine/core'
import { IconAlertOctagon, IconFileOff, IconScale } from '@tabler/icons-react'
import { useState } from 'react'
import { useCustody, useEvidence } from '../api/queries'
import type { EvidenceItem } from '../api/types'
import { custodyOf, type ItemCustody } from '../domain/custody'
import { undoable } from '../domain/intake'
import { earlier, newest, receiptParts, receiptWords, STATUS_WORD } from '../domain/receipt'
import { addClause, quoted } from '../domain/query'
import { assumedWords } from '../domain/says'
import { bytes, count, fileName, plural } from '../domain/words'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { InspectorFrame } from '../ui/InspectorFrame'
import { OriginLabel, Said } from '../ui/Origin'
import { Loaded } from '../ui/States'
import { useShell } from '../ui/shell'
import { Time } from '../ui/Time'
import { ExplainDialog, HandoverDialog, HoldDialog, PurgeDialog, ReceiptDialog } from './CustodyDialogs'
import { TransferWords } from './CustodyView'
import { ReceiptBar, Seal } from './EvidenceTable'
import { AgainDialog, UndoDialog } from './ImportDialogs'

type Doing = { what: 'give' | 'hold' | 'purge' | 'explain' | 'undo' | 'again' | 'map' } | { what: 'receipt'; id: string }

/** Whose members are read, not they themselves. */
const ARCHIVES = ['zip', 'tar', 'gzip', 'xz', 'zstd', 'bzip2', '7z']
/** What a mapping can be made for; '' and unknown are tables that no format knew. */
const TABLES = ['csv', 'jsonl', 'unknown', '']

export function ItemInspector({ item }: { item: EvidenceItem }) {
  const evidence = useEvidence()
  // What was clicked on may have a newer receipt by now.
  const all = evidence.data?.items ?? []
  const i = newest(all).find((x) => x.sha256 === item.sha256 && x.path === item.path) ?? item
  const { go } = useShell()
  const before = earlier(all, i)
  const custody = useCustody()
  const [doing, setDoing] = useState<Doing | null>(null)
  const p = receiptParts(i)
  const c = custody.data && i.sha256 ? custodyOf(i, custody.data) : null
  const gone = c?.tombstone != null && !c.tombstone.awaits
  const readable = i.sha256 !== '' && !gone && !i.elsewhere && i.sealed !== 'none' && i.status !== 'behind-wall' && !ARCHIVES.includes(i.format)
  const close = () => setDoing(null)
  const transfer = doing?.what === 'receipt' ? c?.transfers.find((t) => t.id === doing.id) : undefined
  return (
    <InspectorFrame
      kind="Evidence item"
      mark={{ of: 'evidence', ref: i.sha256, title: fileName(i.path) }}
      title={<Inert text={fileName(i.path)} />}
      what={(
        <Facts>
          <Fact label="Path"><span className="mono small"><Inert text={i.path} /></span></Fact>
          <Fact label="Format">{i.format || 'unknown'}{i.parser_version && <span className="quiet">, parser version {i.parser_version}</span>}</Fact>
          <Fact label="Size"><span className="num">{bytes(i.bytes)}</span></Fact>
          <Fact label="SHA-256"><Copy value={i.sha256} label="SHA-256" short={false} /></Fact>
          <Fact label="Kept">{gone ? <span className="seal bad"><IconFileOff size={13} aria-hidden="true" />deleted</span> : <Seal item={i} />}</Fact>
          {i.duplicate_of && <Fact label="Same as"><span className="mono small"><Inert text={i.duplicate_of} /></span></Fact>}
        </Facts>
      )}
      who={(
        <>
          <Said origin={{ kind: 'person', name: i.taken_by, at: i.taken }} >
            <Facts>
              <Fact label="Had it before"><Inert text={i.custodian || 'not named'} /></Fact>
              <Fact label="Zone">{i.zone ? <><Inert text={i.zone} />{i.zone_by && <span className="quiet">, <Inert text={assumedWords(i.zone_by)} /></span>}</> : <span className="quiet">stated in the source</span>}</Fact>
              {i.skew_seconds !== undefined && i.skew_seconds !== 0 && <Fact label="Clock skew">corrected by <span className="num">{i.skew_seconds > 0 ? "+" : "−"}{count(Math.abs(i.skew_seconds))} s</span></Fact>}
            </Facts>
          </Said>
          {i.sha256 && (
            <div className="custody-of" role="group" aria-label="Custody">
              <h3 className="label">Custody</h3>
              <Loaded query={custody} what="custody" lines={3}>{() => c && <Chain c={c} onExplain={() => setDoing({ what: 'explain' })} onReceipt={(id) => setDoing({ what: 'receipt', id })} />}</Loaded>
            </div>
          )}
        </>
      )}
      why={<p className="wrap"><Inert text={i.why || 'No reason was given.'} /></p>}
      rowsTitle="Receipt"
      rows={(
        <>
          <div className="row"><b>{i.undone ? 'Import undone' : STATUS_WORD[i.status]}</b>{!i.undone && <ReceiptBar item={i} />}</div>
          {i.undone && <p className="wrap"><Inert text={i.undone} />. What it had read:</p>}
          <p className="quiet num"><Inert text={receiptWords({ ...i, undone: undefined })} /></p>
          {p.read > 0 && (
            <Facts>
              <Fact label="Read"><span className="num">{count(p.read)}</span></Fact>
              <Fact label="Parsed"><span className="num">{count(p.parsed)}</span></Fact>
              {i.skipped.map((s) => <Fact key={s.reason} label="Skipped"><span className="num">{count(s.count)}</span>: <Inert text={s.reason} /></Fact>)}
              {p.failed > 0 && <Fact label="Failed"><span className="num">{count(p.failed)}</span></Fact>}
              <Fact label="First"><Time iso={i.first} /></Fact>
              <Fact label="Last"><Time iso={i.last} /></Fact>
            </Facts>
          )}
          {i.note && <p className="wrap"><Inert text={i.note} /></p>}
          {(i.absent ?? []).length > 0 && (
            <div className="absent">
              <div className="label">Expected and not there</div>
              <ul>{(i.absent ?? []).map((a) => <li key={a} className="wrap"><Inert text={a} /></li>)}</ul>
              <button type="button" className="link small" onClick={() => go({ stage: 'evidence', id: 'blind' })}>Blind spots of the case</button>
            </div>
          )}
          {(i.warning_list ?? []).length > 0 && (
            <div>
              <div className="label">{plural(i.warnings, 'warning')}</div>
              <ul className="warnings">{(i.warning_list ?? []).map((w, n) => <li key={n}><span className="mono quiet tiny">at byte {count(w.offset)}</span> <Inert text={w.text} /></li>)}</ul>
            </div>
          )}
          {before.length > 0 && (
            <details className="before">
              <summary className="quiet small">{plural(before.length, 'earlier receipt')}</summary>
              <ul>{before.map((b, n) => <li key={n} className="small"><Time iso={b.taken} form="short" />: {STATUS_WORD[b.status]}, <Inert text={receiptWords({ ...b, undone: undefined })} />{b.format && <span className="quiet"> as {b.format}</span>}{b.undone && <span className="quiet">; <Inert text={b.undone} /></span>}</li>)}</ul>
            </details>
          )}
          <OriginLabel origin={{ kind: 'computed', name: 'receipt' }} />
        </>
      )}
      extra={i.sha256 ? (
        <>
          {doing?.what === 'undo' && <UndoDialog items={[i]} onClose={close} />}
          {(doing?.what === 'again' || doing?.what === 'map') && <AgainDialog item={i} wizard={doing.what === 'map'} onClose={close} />}
          {doing?.what === 'give' && <HandoverDialog items={[i]} all={false} onClose={close} />}
          {doing?.what === 'hold' && <HoldDialog items={[i]} onClose={close} />}
          {doing?.what === 'purge' && <PurgeDialog item={i} onClose={close} />}
          {doing?.what === 'explain' && c?.mismatch && <ExplainDialog mismatch={c.mismatch} onClose={close} />}
          {transfer && <ReceiptDialog transfer={transfer} onClose={close} />}
        </>
      ) : undefined}
      can={(p.parsed > 0 || i.sha256) ? (
        <>
          {p.parsed > 0 && !gone && !i.undone && <Button variant="default" onClick={() => go({ stage: 'timeline', query: addClause('', `adjutant.path:${quoted(i.path)}`) })}>Its rows in the timeline</Button>}
          {readable && <Button variant="default" onClick={() => setDoing({ what: 'again' })}>Read again…</Button>}
          {readable && TABLES.includes(i.format) && <Button variant="default" onClick={() => setDoing({ what: 'map' })}>Map its columns…</Button>}
          {!gone && undoable([i]).length > 0 && <Button variant="default" onClick={() => setDoing({ what: 'undo' })}>Undo the import…</Button>}
          {c && !gone && <Button variant="default" onClick={() => setDoing({ what: 'give' })}>Hand over…</Button>}
          {c && !gone && <Button variant="default" onClick={() => setDoing({ what: 'hold' })}>Hold…</Button>}
          {c && !gone && i.sealed === 'sealed' && <Button variant="default" className="btn-delete" disabled={c.holds.length > 0} title={c.holds.length > 0 ? 'A legal hold forbids deleting' : undefined} onClick={() => setDoing({ what: 'purge' })}>Delete for good…</Button>}
        </>
      ) : undefined}
    />
  )
}

/** Who has it now, through whose hands it went, what holds it, and whether it is still what was taken in. */
function Chain({ c, onExplain, onReceipt }: { c: ItemCustody; onExplain: () => void; onReceipt: (id: string) => void }) {
  return (
    <div className="chain">
      {c.tombstone && (
        <div className="tombstone" data-awaits={c.tombstone.awaits}>
          <p className="strong">{c.tombstone.awaits ? 'One of two has signed to delete it. Nothing is deleted yet.' : 'Its bytes were deleted.'}</p>
          <p className="wrap small"><Inert text={c.tombstone.why} /></p>
          <p className="quiet small"><Inert text={c.tombstone.by} />, <Time iso={c.tombstone.at} form="short" />. Hash, receipts and cited rows stay.</p>
        </div>
      )}
      {c.mismatch && (
        <div className="tombstone" role="alert">
          <p className="strong row"><IconAlertOctagon size={16} aria-hidden="true" />Not what was taken in</p>
          <p className="small">Found by <Inert text={c.mismatch.found_by} />, <Time iso={c.mismatch.found_at} form="short" />. No copy of the case leaves until somebody explains it.</p>
          <div><Button variant="default" size="compact-sm" onClick={onExplain}>Explain…</Button></div>
        </div>
      )}
      {c.explained.map((x) => <p key={x.at} className="small wrap">Altered, and explained: “<Inert text={x.text} />” <span className="quiet"><Inert text={x.by} />, <Time iso={x.at} form="short" /></span></p>)}
      <Facts><Fact label="Has it now"><b><Inert text={c.custodian || 'not named'} /></b>{c.offered && <span className="quiet">, offered to <Inert text={c.offered.receiver} /></span>}</Fact></Facts>
      {c.holds.map((h) => <p key={h.id} className="hold-mark small"><IconScale size={14} aria-hidden="true" /><span className="wrap">On hold for <b><Inert text={h.matter} /></b> <span className="quiet">by <Inert text={h.by} />, <Time iso={h.at} form="short" /></span></span></p>)}
      {c.transfers.length > 0 ? (
        <ol className="hands">
          {c.transfers.map((t) => (
            <li key={t.id} data-state={t.state}>
              <span className="quiet small"><Time iso={t.at} form="short" /></span>
              <TransferWords t={t} />
              <button type="button" className="link small" onClick={() => onReceipt(t.id)}>Receipt as PDF…</button>
            </li>
          ))}
        </ol>
      ) : <p className="quiet small">It has not changed hands since it was taken in.</p>}
    </div>
  )
}
