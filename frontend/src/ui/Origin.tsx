// Who says so: the product's one visual language, the same on every screen. Evidence is a value with a dotted
// line under it, a rule or computation a thin outline, a model a dotted edge, a person a solid edge.
import { IconCalculator, IconCpu, IconFileSearch, IconUser } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Origin as Who } from '../api/types'
import { roleTitle } from '../domain/says'
import { Inert } from './Inert'
import { Time } from './Time'

const ICON = { evidence: IconFileSearch, rule: IconCalculator, model: IconCpu, person: IconUser, computed: IconCalculator }

/** The words of the label, also used as accessible names. */
export function originWords(o: Who): string {
  switch (o.kind) {
    case 'evidence': return `evidence · ${o.name}`
    case 'rule': return ['rule', o.name, o.version].filter(Boolean).join(' · ')
    case 'computed': return ['computed aid', o.name, o.version].filter(Boolean).join(' · ')
    case 'model': return ['model', o.name, o.version, o.checked].filter(Boolean).join(' · ')
    case 'person': return [o.name, o.role && roleTitle(o.role)].filter(Boolean).join(', ')
  }
}

export function OriginLabel({ origin, time = true }: { origin: Who; time?: boolean }) {
  const Icon = ICON[origin.kind]
  return (
    <span className={`origin origin-${origin.kind}`}>
      <Icon size={12} stroke={1.8} aria-hidden="true" />
      <span className="origin-words"><Inert text={originWords(origin)} /></span>
      {time && origin.at && <span className="quiet">· <Time iso={origin.at} form="short" /></span>}
    </span>
  )
}

/** A block whose left edge tells who made it, with the label at its foot. */
export function Said({ origin, children, label = true }: { origin: Who; children: ReactNode; label?: boolean }) {
  return (
    <div className={`said said-${origin.kind}`}>
      <div className="said-body">{children}</div>
      {label && <OriginLabel origin={origin} />}
    </div>
  )
}

/** A value out of evidence; opens its row when it has one. */
export function EvidenceValue({ text, onOpen }: { text: string; onOpen?: () => void }) {
  if (!onOpen) return <span className="ev-value"><Inert text={text} /></span>
  return <button type="button" className="ev-value ev-link" onClick={onOpen} title="Open the row"><Inert text={text} /></button>
}
