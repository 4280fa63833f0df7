// The dialog behind every signature: left what was recommended, by whom and on which rows; right what the person
// decides, what follows from it, and the name and role that will stand under it. Ctrl+Enter signs, Esc keeps a draft.
import { Button, Modal } from '@mantine/core'
import { IconArrowNarrowRight, IconSignature } from '@tabler/icons-react'
import type { KeyboardEvent, ReactNode } from 'react'
import type { DraftState } from '../api/useDraft'
import type { Factor, Origin, Row } from '../api/types'
import { valueWords } from '../domain/says'
import { listing } from '../domain/words'
import { Factors } from '../ui/Factors'
import { Inert } from '../ui/Inert'
import { OriginLabel } from '../ui/Origin'
import { RowCites, RowLine } from '../ui/RowCites'
import { Failed, Loading } from '../ui/States'
import './decision.css'

export interface Recommended { text: string; by: Origin; why: string; factors: Factor[]; rows: Row[] | string[] }

interface Props {
  title: string
  /** null while it is being computed. */
  recommended: Recommended | null
  recommendedTitle?: string
  consequences: string[] | null
  signsAs: { person: string; role_title: string }
  refused: string | null
  missing: string[]
  error: unknown
  pending: boolean
  draft: DraftState
  verb: string
  children: ReactNode
  onSign: () => void
  onClose: () => void
}

export function SignDialog(p: Props) {
  const ready = p.missing.length === 0 && !p.refused && p.recommended !== null && p.consequences !== null && !p.pending
  const key = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey)) return
    e.preventDefault()
    if (ready) p.onSign()
  }
  return (
    <Modal opened onClose={p.onClose} title={p.title} size={1080} centered classNames={{ body: 'sign-modal-body' }}>
      <div className="sign" onKeyDown={key}>
        <section className="sign-left scroll" aria-label="What was recommended" tabIndex={0}>
          <h3 className="label">{p.recommendedTitle ?? 'Recommended'}</h3>
          {p.recommended ? <Left r={p.recommended} /> : <Loading what="the recommendation" lines={8} />}
        </section>
        <section className="sign-right scroll" aria-label="What you decide" tabIndex={0}>
          <h3 className="label">You decide</h3>
          {p.children}
          <div className="sign-effects" aria-live="polite">
            <h3 className="label">What follows</h3>
            {p.consequences === null ? <p className="quiet">computing…</p> : p.consequences.length === 0 ? <p className="quiet">Nothing else changes.</p> : (
              <ul>{p.consequences.map((c) => <li key={c}><IconArrowNarrowRight size={14} aria-hidden="true" /><Inert text={c} /></li>)}</ul>
            )}
          </div>
          {p.error !== null && p.error !== undefined && <Failed error={p.error} inline />}
        </section>
      </div>
      <div className="sign-foot">
        <div className="said said-person sign-block">
          <span className="strong"><Inert text={p.signsAs.person} /></span>
          <span className="quiet"><Inert text={p.signsAs.role_title || 'no role'} /></span>
        </div>
        <div className="grow small" role="status">
          {p.refused ? <span className="sign-refused"><Inert text={p.refused} /></span> : p.missing.length > 0 ? <span className="quiet">Still needed: {listing(p.missing, 4)}.</span> : <span className="quiet">Signed into the record; it can be superseded, never edited.</span>}
          <div className="quiet tiny">{p.draft === 'failed' ? 'The draft could not be kept.' : 'Esc closes and keeps this as a draft.'}</div>
        </div>
        <Button variant="default" onClick={p.onClose}>Close</Button>
        <Button leftSection={<IconSignature size={15} />} disabled={!ready} loading={p.pending} onClick={p.onSign} title="Ctrl+Enter">{p.verb}</Button>
      </div>
    </Modal>
  )
}

function Left({ r }: { r: Recommended }) {
  const rows = r.rows
  return (
    <div className="col sign-rec">
      <p className="sign-text wrap"><Inert text={valueWords(r.text)} /></p>
      <OriginLabel origin={r.by} />
      {r.why && <p className="wrap"><Inert text={r.why} /></p>}
      {r.factors.length > 0 && <><h3 className="label">Factors</h3><Factors factors={r.factors} /></>}
      <h3 className="label">Cited rows</h3>
      {rows.length === 0 ? <p className="quiet">It cites no rows.</p> : typeof rows[0] === 'string' ? <RowCites rows={rows as string[]} first={4} /> : (
        <div className="cites"><ul>{(rows as Row[]).slice(0, 8).map((row) => <li key={row.id}><RowLine row={row} /></li>)}</ul></div>
      )}
    </div>
  )
}
