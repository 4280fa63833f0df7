// Items with their receipts and who has them. A row opens in the inspector; the bar shows parsed, skipped and failed as
// parts of what was read. Items are chosen for acts of custody with their boxes.
import { Checkbox } from '@mantine/core'
import { IconAlertOctagon, IconCloudOff, IconFileOff, IconLink, IconLock, IconScale } from '@tabler/icons-react'
import type { Custody, EvidenceItem } from '../api/types'
import { custodyOf } from '../domain/custody'
import { receiptParts, receiptWords, STATUS_WORD, statusTone } from '../domain/receipt'
import { inert } from '../domain/inert'
import { count, fileName } from '../domain/words'
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
  if (item.elsewhere) return <span className="seal" title="Sealed in another copy of the case; its bytes are not on this laptop"><IconCloudOff size={13} aria-hidden="true" />not here</span>
  if (item.sealed === 'sealed') return <span className="seal"><IconLock size={13} aria-hidden="true" />sealed</span>
  if (item.sealed === 'referenced') return <span className="seal"><IconLink size={13} aria-hidden="true" />referenced</span>
  return <span className="seal quiet"><IconFileOff size={13} aria-hidden="true" />not kept</span>
}

interface Props { items: EvidenceItem[]; custody?: Custody; filtered: boolean; selected: ReadonlySet<string>; onSelect: (s: ReadonlySet<string>) => void }

export function EvidenceTable({ items, custody, filtered, selected, onSelect }: Props) {
  const { inspect, subject } = useShell()
  if (items.length === 0) return <p className="quiet pad">{filtered ? 'No item matches these words.' : ''}</p>
  const able = [...new Set(items.map((i) => i.sha256).filter((s) => s !== ''))]
  const chosen = able.filter((s) => selected.has(s)).length
  const toggle = (sha: string, on: boolean) => {
    const next = new Set(selected)
    if (on) next.add(sha)
    else next.delete(sha)
    onSelect(next)
  }
  const all = (on: boolean) => onSelect(on ? new Set([...selected, ...able]) : new Set([...selected].filter((s) => !able.includes(s))))
  return (
    <div className="scroll evidence-scroll" tabIndex={0} role="region" aria-label="Items">
      <table className="table evidence-table">
        <thead><tr><th className="ev-box"><Checkbox aria-label="Select every item shown" checked={chosen > 0 && chosen === able.length} indeterminate={chosen > 0 && chosen < able.length} onChange={(e) => all(e.currentTarget.checked)} /></th><th>Item</th><th>Format</th><th>Receipt</th><th>First and last</th><th>Custody</th><th>Kept</th></tr></thead>
        <tbody>
          {items.map((i) => {
            const open = () => inspect({ kind: 'item', item: i })
            const c = custody && i.sha256 ? custodyOf(i, custody) : null
            const own = c?.holds.filter((h) => h.items.length > 0) ?? []
            const gone = c?.tombstone != null && !c.tombstone.awaits
            return (
              <tr key={`${i.path} ${i.sha256}`} data-current={subject?.kind === 'item' && subject.item.path === i.path && subject.item.sha256 === i.sha256} data-gone={gone} onClick={open} className="pick">
                <td className="ev-box" onClick={(e) => e.stopPropagation()}>{i.sha256 && <Checkbox aria-label={`Select ${inert(fileName(i.path))}`} checked={selected.has(i.sha256)} onChange={(e) => toggle(i.sha256, e.currentTarget.checked)} />}</td>
                <td className="ev-path">
                  <button type="button" className="ev-name" onClick={open}><Inert text={fileName(i.path)} /></button>
                  <div className="quiet mono tiny clip" title={inert(i.path)}><Inert text={i.path} /></div>
                </td>
                <td className="nowrap">{i.format || <span className="quiet">unknown</span>}</td>
                <td className="ev-receipt">
                  <div className="row"><span className={`status status-${i.undone ? 'plain' : statusTone(i.status)}`}>{i.undone ? 'Import undone' : STATUS_WORD[i.status]}</span>{!i.undone && <ReceiptBar item={i} />}</div>
                  <div className="quiet small num"><Inert text={receiptWords(i)} />{(i.absent ?? []).length > 0 && <>, <b className="ev-absent">{count((i.absent ?? []).length)} expected and absent</b></>}</div>
                </td>
                <td className="nowrap small num">{i.first ? <><div><Time iso={i.first} form="short" /></div><div><Time iso={i.last} form="short" /></div></> : <span className="quiet">none</span>}</td>
                <td className="small ev-custody">
                  <div className="wrap"><Inert text={c?.custodian || i.custodian || 'not named'} />{own.length > 0 && <span className="ev-hold" title={`On hold for ${own.map((h) => inert(h.matter)).join(', ')}`}><IconScale size={13} aria-hidden="true" /><span className="sr"> on hold</span></span>}</div>
                  {c?.offered ? <div className="ev-offered">offered to <Inert text={c.offered.receiver} /></div> : <div className="quiet nowrap"><Time iso={i.taken} form="short" /></div>}
                </td>
                <td className="small">
                  {gone ? <span className="seal bad"><IconFileOff size={13} aria-hidden="true" />deleted</span> : <Seal item={i} />}
                  {c?.mismatch && <div className="seal bad strong"><IconAlertOctagon size={13} aria-hidden="true" />altered</div>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
