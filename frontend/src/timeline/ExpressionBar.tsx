// The visible query. What is typed, clicked, brushed or asked ends up here, in one language.
import { IconArrowRight, IconX } from '@tabler/icons-react'
import { useState } from 'react'

export function ExpressionBar({ value, canonical, onSubmit }: { value: string; canonical: string; onSubmit: (q: string) => void }) {
  const [text, setText] = useState(value)
  return (
    <form className="expr" role="search" onSubmit={(e) => { e.preventDefault(); onSubmit(text.trim()) }}>
      <input
        id="expression" className="expr-input mono" value={text} onChange={(e) => setText(e.currentTarget.value)} aria-label="Query" spellCheck={false} autoComplete="off"
        placeholder='host.name:FS01 AND "coreupdater" AND NOT user.name:svc*' title={canonical && canonical !== value ? `Understood as ${canonical}` : undefined}
        onKeyDown={(e) => { if (e.key === 'Escape') { setText(value); e.currentTarget.blur() } }}
      />
      {text !== '' && <button type="button" className="icon-btn" aria-label="Clear the query" onClick={() => { setText(''); if (value !== '') onSubmit('') }}><IconX size={14} /></button>}
      {text.trim() !== value && <button type="submit" className="icon-btn" aria-label="Apply the query" title="Apply (Enter)"><IconArrowRight size={15} /></button>}
    </form>
  )
}
