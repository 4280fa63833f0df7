// One way to show a time: UTC or case zone by the switch, original text and who assumed the zone on hover, and a
// copy that carries the zone.
import type { ClipboardEvent } from 'react'
import { inert } from '../domain/inert'
import { assumedWords } from '../domain/says'
import { fullTime, shortTime, splitTime } from '../domain/time'
import { useShell } from './shell'

interface Props { iso: string | null; original?: string; zone?: string; assumed?: string; form?: 'full' | 'short' | 'grid' }

export function Time({ iso, original, zone, assumed, form = 'full' }: Props) {
  const { zoneMode, caseView } = useShell()
  if (!iso) return <span className="quiet">no time</span>
  const copy = (e: ClipboardEvent) => {
    if (String(window.getSelection()).trim() === '') return
    e.clipboardData.setData('text/plain', fullTime(iso, zoneMode, caseView.zone))
    e.preventDefault()
  }
  const t = splitTime(iso, zoneMode, caseView.zone)
  const text = form === 'short' ? shortTime(iso, zoneMode, caseView.zone) : form === 'grid' ? `${t.date} ${t.clock}` : fullTime(iso, zoneMode, caseView.zone)
  const title = hover({ iso, original, zone, assumed }, caseView.zone)
  return <time dateTime={iso} title={title} className={form === 'grid' ? 'num' : 'num nowrap'} onCopy={copy}>{text}</time>
}

function hover(p: Props, caseZone: string): string {
  const lines = [fullTime(p.iso ?? '', 'utc', 'UTC')]
  if (caseZone && caseZone !== 'UTC') lines.push(`${fullTime(p.iso ?? '', 'case', caseZone)} (${caseZone})`)
  if (p.original) lines.push(`written in the source: ${inert(p.original)}`)
  if (p.zone) lines.push(`zone used: ${inert(p.zone)}${p.assumed ? `, ${inert(assumedWords(p.assumed))}` : ''}`)
  return lines.join('\n')
}
