// Question and answer: a visible query or a cited status answer, always with who made it.
import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useDraft } from '../api/useDraft'
import type { Answer } from '../api/types'
import { plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Said } from '../ui/Origin'
import { Failed, Loading } from '../ui/States'
import { useShell } from '../ui/shell'
import { useAsk, type Asked } from './useAsk'
import './ask.css'

const EXAMPLES = ['What did svc-backup do on FS01 between 2026-03-04 and 2026-03-05?', 'When did rclone first appear?', 'What is overdue?', 'Who decided what today?']

export function AskPanel() {
  const { inspect } = useShell()
  const { asked, put } = useAsk()
  const draft = useDraft('ask.question')
  const end = useRef<HTMLDivElement | null>(null)
  const input = useRef<HTMLTextAreaElement | null>(null)
  useEffect(() => { end.current?.scrollIntoView?.({ block: 'end' }) }, [asked])
  useEffect(() => { input.current?.focus() }, [])
  const send = () => {
    if (draft.text.trim() === '') return
    put(draft.text.trim())
    draft.clear()
  }
  return (
    <div className="insp">
      <div className="insp-head"><span className="label">Ask</span><button type="button" className="icon-btn right" aria-label="Close the inspector" onClick={() => inspect(null)}><IconX size={15} /></button></div>
      <div className="insp-body scroll ask-body" tabIndex={0} role="log" aria-label="Questions and answers">
        {asked.length === 0 && (
          <div className="ask-none">
            <p>A question becomes a query that you see, or an answer from the record with its sources.</p>
            <ul>{EXAMPLES.map((q) => <li key={q}><button type="button" className="link" onClick={() => draft.set(q)}>{q}</button></li>)}</ul>
          </div>
        )}
        {asked.map((a) => <One key={a.id} a={a} onAsk={put} />)}
        <div ref={end} />
      </div>
      <form className="ask-form" onSubmit={(e) => { e.preventDefault(); send() }}>
        <textarea
          ref={input} className="ask-input" rows={2} aria-label="Question" placeholder="Ask about rows, decisions, clocks" value={draft.text} onChange={(e) => draft.set(e.currentTarget.value)}
          onKeyDown={(e) => { if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); send() } }}
        />
        <Button type="submit" disabled={draft.text.trim() === ''}>Ask</Button>
      </form>
    </div>
  )
}

function One({ a, onAsk }: { a: Asked; onAsk: (q: string) => void }) {
  return (
    <div className="ask-one">
      <p className="ask-q wrap"><Inert text={a.question} /></p>
      {a.error !== undefined ? <Failed error={a.error} inline /> : a.answer ? <Reply answer={a.answer} onAsk={onAsk} /> : <Loading what="the answer" lines={2} />}
    </div>
  )
}

function Reply({ answer: r, onAsk }: { answer: Answer; onAsk: (q: string) => void }) {
  const { go } = useShell()
  return (
    <Said origin={r.by}>
      <div className="col">
        {r.text && <p className="wrap"><Inert text={r.text} /></p>}
        {r.query !== undefined && r.query !== '' && (
          <>
            <code className="ask-query mono wrap"><Inert text={r.query} /></code>
            <div className="row"><Button variant="default" onClick={() => go({ stage: 'timeline', query: r.query })}>{r.total === undefined ? 'Show the rows' : `Show ${plural(r.total, 'row')}`}</Button></div>
          </>
        )}
        {r.cites.length > 0 && <ul className="dash">{r.cites.map((c, i) => <li key={i}><button type="button" className="link wrap" onClick={() => go(c.link)}><Inert text={c.text} /></button></li>)}</ul>}
        {r.suggestions.length > 0 && <div><span className="quiet small">{r.kind === 'none' ? 'These can be answered:' : 'Next:'}</span><ul className="dash">{r.suggestions.map((s) => <li key={s}><button type="button" className="link wrap" onClick={() => onAsk(s)}><Inert text={s} /></button></li>)}</ul></div>}
      </div>
    </Said>
  )
}
