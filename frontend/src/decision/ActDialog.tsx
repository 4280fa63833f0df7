// The one dialog for acts that need no comparison with a recommendation: inputs, then the sentence that the record will
// tell, what follows, and the signature. When the matrix asks two persons, the second signs right here.
import { Button, Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowNarrowRight, IconSignature } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { ActPreview, Signed } from '../api/types'
import { listing } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Failed } from '../ui/States'
import { useShell } from '../ui/shell'
import { CosignForm } from './CosignForm'
import './decision.css'

interface Props {
  title: string
  /** What the dialog is for, in a sentence or two. */
  lead?: ReactNode
  verb: string
  /** Asks the program what signing this would say. `ask` must change whenever an input does. */
  preview: () => Promise<ActPreview>
  ask: unknown
  /** What is still needed, in words; while there is something nothing is asked. */
  missing: string[]
  children?: ReactNode
  /** Signs what was shown, where that is not the ordinary way. */
  sign?: (shown: string) => Promise<Signed>
  onSigned?: (s: Signed) => void
  onClose: () => void
  size?: number
  /** For what cannot be undone. */
  danger?: boolean
}

export function ActDialog({ title, lead, verb, preview, ask, missing, children, sign = api.actSign, onSigned, onClose, size = 640, danger = false }: Props) {
  const { caseView, say } = useShell()
  const [settled] = useDebouncedValue(JSON.stringify(ask), 250)
  const [awaiting, setAwaiting] = useState<Signed | null>(null)
  const shown = useQuery({ queryKey: ['act', title, settled], queryFn: preview, enabled: missing.length === 0, staleTime: 0, gcTime: 0, retry: false })
  const fresh = settled === JSON.stringify(ask) && !shown.isFetching
  const p = missing.length === 0 && fresh ? shown.data : undefined
  const act = useAct(() => sign(p?.shown ?? ''), {
    onSuccess: (s) => {
      if (s.awaits.length > 0) { setAwaiting(s); return }
      say('Signed into the record.')
      onSigned?.(s)
      onClose()
    },
  })
  const ready = p !== undefined && !p.refused && !act.isPending
  const key = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey)) return
    e.preventDefault()
    if (ready) act.mutate(undefined)
  }
  const done = (s: Signed) => { say('Both have signed: it is in force.'); onSigned?.(s); onClose() }
  const signsAs = p?.signs_as ?? { person: caseView.person.name, role_title: caseView.person.acting_title }
  if (awaiting) {
    return <Modal opened onClose={onClose} title="A second person signs too" size={560}><CosignForm entry={awaiting.entry} roles={awaiting.awaits} onDone={done} onLater={onClose} /></Modal>
  }
  return (
    <Modal opened onClose={onClose} title={title} size={size}>
      <div className="col form-gap" onKeyDown={key}>
        {lead && <p className="quiet">{lead}</p>}
        {children}
        <div className="act-says" aria-live="polite">
          <h3 className="label">The record will say</h3>
          {p ? <p className="said said-person wrap"><Inert text={p.sentence} /></p> : <p className="quiet">{missing.length > 0 ? `Still needed: ${listing(missing, 4)}.` : shown.error ? 'Nothing yet.' : 'computing…'}</p>}
          {p && p.consequences.length > 0 && <ul>{p.consequences.map((c) => <li key={c}><IconArrowNarrowRight size={14} aria-hidden="true" /><Inert text={c} /></li>)}</ul>}
          {p && p.second.length > 0 && <p className="act-two">Two persons sign this: after you somebody else who is {p.second.map((r) => r.title).join(' or ')}.</p>}
        </div>
        {p?.refused && <p className="sign-refused" role="alert"><Inert text={p.refused} /></p>}
        {(act.error ?? (missing.length === 0 ? shown.error : null)) && <Failed error={act.error ?? shown.error} inline />}
        <div className="dialog-foot act-foot">
          <span className="grow small quiet"><Inert text={`${signsAs.person}, ${signsAs.role_title || 'no role'}`} /></span>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button className={danger ? 'btn-danger' : undefined} leftSection={<IconSignature size={15} />} disabled={!ready} loading={act.isPending} onClick={() => act.mutate(undefined)} title="Ctrl+Enter">{verb}</Button>
        </div>
      </div>
    </Modal>
  )
}
