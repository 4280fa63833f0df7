// One item: what it is, who took it and why, what the import read, and what it warned about.
import { Button } from '@mantine/core'
import type { EvidenceItem } from '../api/types'
import { receiptParts, receiptWords, STATUS_WORD } from '../domain/receipt'
import { addClause, quoted } from '../domain/query'
import { assumedWords } from '../domain/says'
import { bytes, count, fileName, plural } from '../domain/words'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { InspectorFrame } from '../ui/InspectorFrame'
import { OriginLabel, Said } from '../ui/Origin'
import { useShell } from '../ui/shell'
import { Time } from '../ui/Time'
import { ReceiptBar, Seal } from './EvidenceTable'

export function ItemInspector({ item: i }: { item: EvidenceItem }) {
  const { go } = useShell()
  const p = receiptParts(i)
  return (
    <InspectorFrame
      kind="Evidence item"
      title={<Inert text={fileName(i.path)} />}
      what={(
        <Facts>
          <Fact label="Path"><span className="mono small"><Inert text={i.path} /></span></Fact>
          <Fact label="Format">{i.format || 'unknown'}</Fact>
          <Fact label="Size"><span className="num">{bytes(i.bytes)}</span></Fact>
          <Fact label="SHA-256"><Copy value={i.sha256} label="SHA-256" short={false} /></Fact>
          <Fact label="Kept"><Seal item={i} /></Fact>
          {i.duplicate_of && <Fact label="Same as"><span className="mono small"><Inert text={i.duplicate_of} /></span></Fact>}
        </Facts>
      )}
      who={(
        <>
          <Said origin={{ kind: 'person', name: i.taken_by, at: i.taken }} >
            <Facts>
              <Fact label="Custodian"><Inert text={i.custodian || 'not named'} /></Fact>
              <Fact label="Zone">{i.zone ? <><Inert text={i.zone} />{i.zone_by && <span className="quiet">, <Inert text={assumedWords(i.zone_by)} /></span>}</> : <span className="quiet">stated in the source</span>}</Fact>
              {i.skew_seconds !== undefined && i.skew_seconds !== 0 && <Fact label="Clock skew">corrected by <span className="num">{i.skew_seconds > 0 ? "+" : "−"}{count(Math.abs(i.skew_seconds))} s</span></Fact>}
            </Facts>
          </Said>
        </>
      )}
      why={<p className="wrap"><Inert text={i.why || 'No reason was given.'} /></p>}
      rowsTitle="Receipt"
      rows={(
        <>
          <div className="row"><b>{STATUS_WORD[i.status]}</b><ReceiptBar item={i} /></div>
          <p className="quiet num"><Inert text={receiptWords(i)} /></p>
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
          {(i.warning_list ?? []).length > 0 && (
            <div>
              <div className="label">{plural(i.warnings, 'warning')}</div>
              <ul className="warnings">{(i.warning_list ?? []).map((w, n) => <li key={n}><span className="mono quiet tiny">at byte {count(w.offset)}</span> <Inert text={w.text} /></li>)}</ul>
            </div>
          )}
          <OriginLabel origin={{ kind: 'computed', name: 'receipt' }} />
        </>
      )}
      can={p.parsed > 0 ? <Button variant="default" onClick={() => go({ stage: 'timeline', query: addClause('', `adjutant.path:${quoted(i.path)}`) })}>Its rows in the timeline</Button> : undefined}
    />
  )
}
