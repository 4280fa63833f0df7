// Short messages with undo. They never hold anything that a person must read to go on.
import { IconX } from '@tabler/icons-react'
import { useShell } from './shell'

export function Toasts() {
  const { toasts, hush } = useShell()
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((t) => (
        <div key={t.id} className="toast" data-bad={t.bad}>
          <span className="grow">{t.text}</span>
          {t.undo && <button type="button" className="toast-undo" onClick={() => { t.undo?.(); hush(t.id) }}>Undo</button>}
          <button type="button" className="icon-btn" aria-label="Dismiss" onClick={() => hush(t.id)}><IconX size={14} /></button>
        </div>
      ))}
    </div>
  )
}
