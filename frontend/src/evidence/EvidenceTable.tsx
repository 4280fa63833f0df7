// Items with their receipts. A row opens in the inspector; the bar shows parsed, skipped and failed as parts of what was read.
import { IconLock, IconLink, IconFileOff } from '@tabler/icons-react'
import type { EvidenceItem } from '../api/types'
import { receiptParts, receiptWords, STATUS_WORD, statusTone } from '../domain/receipt'
import { fileName } from '../domain/words'
import { Inert } from '../ui/Inert'
import { useShell } from '../ui/shell'
import { Time } from '../ui/Time'

export function ReceiptBar({ item }: { item: EvidenceItem }) {
  const p = receiptParts(item)
  const part = (n: number) => ({ flexGrow: n, flexBasis: n > 0 ? 3 : 0 })
  if (p.read === 0) return <span className="receipt-bar receipt-none" aria-hidden="true" />
  return (
    <span className="receipt-bar" aria-hidden="true">
      <span className="receipt-parsed" style={part(p.parsed)} />
      <span className="receipt-skipped" style={part(p.skipped)} />
      <span className="receipt-failed" style={part(p.failed)} />
    </span>
  )
}

export function Seal({ item }: { item: EvidenceItem }) {
  if (item.sealed === 'sealed') return <span className="seal"><IconLock size={13} aria-hidden="true" />sealed</span>
  if (item.sealed === 'referenced') return <span className="seal"><IconLink size={13} aria-hidden="true" />referenced</span>
  return <span className="seal quiet"><IconFileOff size={13} aria-hidden="true" />not kept</span>
}

export function EvidenceTable({ items, filtered }: { items: EvidenceItem[]; filtered: boolean }) {
  const { inspect, subject } = useShell()
  if (items.length === 0) return <p className="quiet pad">{filtered ? 'No item matches these words.' : ''}</p>
  return (
    <div className="scroll evidence-scroll" tabIndex={0} role="region" aria-label="Items">
      <table className="table">
        <thead><tr><th>Item</th><th>Format</th><th>Receipt</th><th>First and last</th><th>Custody</th><th>Kept</th></tr></thead>
        <tbody>
          {items.map((i) => {
            const open = () => inspect({ kind: 'item', item: i })
            return (
              <tr key={`${i.path} ${i.sha256}`} data-current={subject?.kind === 'item' && subject.item.path === i.path} onClick={open} className="pick">
                <td className="ev-path">
                  <button type="button" className="ev-name" onClick={open}><Inert text={fileName(i.path)} /></button>
                  <div className="quiet mono tiny clip" title={i.path}><Inert text={i.path} /></div>
                </td>
                <td className="nowrap">{i.format || <span className="quiet">unknown</span>}</td>
                <td className="ev-receipt">
                  <div className="row"><span className={`status status-${statusTone(i.status)}`}>{STATUS_WORD[i.status]}</span><ReceiptBar item={i} /></div>
                  <div className="quiet small num"><Inert text={receiptWords(i)} /></div>
                </td>
                <td className="nowrap small num">{i.first ? <><div><Time iso={i.first} form="short" /></div><div><Time iso={i.last} form="short" /></div></> : <span className="quiet">none</span>}</td>
                <td className="small"><div className="wrap"><Inert text={i.custodian || 'not named'} /></div><div className="quiet nowrap"><Time iso={i.taken} form="short" /></div></td>
                <td className="small"><Seal item={i} /></td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
