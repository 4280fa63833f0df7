// Small dialogs on rows: tag, note, promote, look around. Half-typed notes are drafts of the case.
import { Button, Modal, TextInput, Textarea } from '@mantine/core'
import { useState, type KeyboardEvent } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import { useDraft, useDraftOf } from '../api/useDraft'
import type { Row } from '../api/types'
import { clip, inert } from '../domain/inert'
import { plural } from '../domain/words'
import { Failed } from '../ui/States'
import { useShell } from '../ui/shell'

const COMMON = ['suspicious', 'lateral-movement', 'persistence', 'exfiltration', 'credential-access', 'ours', 'ask']

export function TagDialog({ rows, onTag, onClose }: { rows: Row[]; onTag: (tag: string, remove: boolean) => void; onClose: () => void }) {
  const [text, setText] = useState('')
  const present = [...new Set(rows.flatMap((r) => r.tags))].filter((t) => t !== 'star').sort()
  const offer = COMMON.filter((t) => !present.includes(t) && t.includes(text.trim().toLowerCase()))
  return (
    <Modal opened onClose={onClose} title={`Tag ${plural(rows.length, 'row')}`} size={420}>
      <form className="col" onSubmit={(e) => { e.preventDefault(); if (text.trim()) onTag(text.trim(), false) }}>
        <TextInput label="Tag" value={text} onChange={(e) => setText(e.currentTarget.value)} data-autofocus autoComplete="off" spellCheck={false} />
        <div className="row-wrap">{offer.map((t) => <button key={t} type="button" className="chip" onClick={() => onTag(t, false)}>{t}</button>)}</div>
        {present.length > 0 && <div className="row-wrap"><span className="quiet small">On these rows:</span>{present.map((t) => <button key={t} type="button" className="chip chip-tag" onClick={() => onTag(t, true)} title="Take it off">{inert(t)} ×</button>)}</div>}
        <div className="dialog-foot"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" disabled={text.trim() === ''}>Tag</Button></div>
      </form>
    </Modal>
  )
}

const ctrlEnter = (run: () => void) => (e: KeyboardEvent) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); run() } }

export function NoteDialog({ about, title, onClose }: { about: string; title: string; onClose: () => void }) {
  const { caseView, say } = useShell()
  const draft = useDraft(`note.${about}`)
  const act = useAct(() => api.note(about, draft.text.trim()), { onSuccess: () => { draft.clear(); say('The note is signed and in the record.'); onClose() } })
  const sign = () => { if (draft.text.trim() !== '') act.mutate(undefined) }
  return (
    <Modal opened onClose={onClose} title="Note" size={520}>
      <div className="col" onKeyDown={ctrlEnter(sign)}>
        <p className="quiet small wrap">{clip(inert(title), 160)}</p>
        <Textarea label="What you want to remember" value={draft.text} onChange={(e) => draft.set(e.currentTarget.value)} autosize minRows={4} maxRows={12} data-autofocus />
        {act.error && <Failed error={act.error} inline />}
        <div className="dialog-foot">
          <span className="quiet small right-gap">{draft.state === 'failed' ? 'The draft could not be kept.' : 'Kept as a draft until you sign it'}</span>
          <Button variant="default" onClick={onClose}>Close</Button>
          <Button onClick={sign} disabled={draft.text.trim() === ''} loading={act.isPending}>Sign as {caseView.person.name}</Button>
        </div>
      </div>
    </Modal>
  )
}

export function PromoteDialog({ rows, onClose }: { rows: Row[]; onClose: (done: boolean) => void }) {
  const { caseView, say } = useShell()
  const first = rows[0]
  const [v, change, draft] = useDraftOf(`promote.${first?.id ?? ''}`, { title: '', text: '' })
  const act = useAct(() => api.promote(rows.map((r) => r.id), v.title.trim(), v.text.trim()), {
    onSuccess: () => { draft.clear(); say(`“${v.title.trim()}” is now on the incident timeline.`); onClose(true) },
  })
  const sign = () => { if (v.title.trim() !== '') act.mutate(undefined) }
  return (
    <Modal opened onClose={() => onClose(false)} title="Promote to the incident timeline" size={560}>
      <div className="col form-gap" onKeyDown={ctrlEnter(sign)}>
        <p className="quiet">{plural(rows.length, 'row')} will stand under this event as its evidence.</p>
        <TextInput label="What happened" placeholder="First logon of svc-backup on FS01 from outside" value={v.title} onChange={(e) => change({ title: e.currentTarget.value })} data-autofocus autoComplete="off" />
        <Textarea label="What it means" description="Optional; a reader of the report sees it" value={v.text} onChange={(e) => change({ text: e.currentTarget.value })} autosize minRows={3} maxRows={8} />
        {act.error && <Failed error={act.error} inline />}
        <div className="dialog-foot"><Button variant="default" onClick={() => onClose(false)}>Cancel</Button><Button onClick={sign} disabled={v.title.trim() === ''} loading={act.isPending}>Promote as {caseView.person.name}</Button></div>
      </div>
    </Modal>
  )
}

export function PivotDialog({ onPick, onClose }: { onPick: (minutes: number) => void; onClose: () => void }) {
  const keys: Record<string, number> = { '1': 1, '5': 5, '3': 30 }
  return (
    <Modal opened onClose={onClose} title="What happened around this row" size={400}>
      <div className="col" onKeyDown={(e) => { const m = keys[e.key]; if (m) { e.preventDefault(); onPick(m) } }}>
        <div className="row">
          {[1, 5, 30].map((m) => <Button key={m} variant="default" onClick={() => onPick(m)} data-autofocus={m === 5 || undefined}>± {m} min</Button>)}
        </div>
        <p className="quiet small">All hosts and sources, nothing else filtered. <kbd>[</kbd> brings back the filter you had.</p>
      </div>
    </Modal>
  )
}
