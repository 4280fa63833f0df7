// Half-typed words survive a crash: every change is stored in the case within half a second, and at once when the
// field goes away. A draft is not an entry; it becomes one when the person commits it.
import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from './client'

export type DraftState = 'loading' | 'kept' | 'keeping' | 'failed'
const DELAY_MS = 450

export interface Draft { text: string; set: (text: string) => void; clear: () => void; state: DraftState }

export function useDraft(key: string): Draft {
  const [text, setText] = useState('')
  const [state, setState] = useState<DraftState>('loading')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const waiting = useRef<{ key: string; text: string } | null>(null)
  const touched = useRef(false)

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    const job = waiting.current
    waiting.current = null
    if (!job) return
    api.draftPut(job.key, job.text).then(() => { if (!waiting.current) setState('kept') }, () => setState('failed'))
  }, [])

  useEffect(() => {
    let gone = false
    touched.current = false
    api.draft(key).then(
      (d) => { if (!gone && !touched.current) { setText(d.text ?? ''); setState('kept') } },
      () => { if (!gone && !touched.current) { setText(''); setState('kept') } },
    )
    return () => { gone = true; flush() }
  }, [key, flush])

  const set = useCallback((next: string) => {
    touched.current = true
    setText(next)
    setState('keeping')
    waiting.current = { key, text: next }
    clearTimeout(timer.current)
    timer.current = setTimeout(flush, DELAY_MS)
  }, [key, flush])

  const clear = useCallback(() => { set(''); flush() }, [set, flush])
  return { text, set, clear, state }
}

/** The same for a small object; unreadable drafts count as none. */
export function useDraftOf<T extends object>(key: string, empty: T): [T, (change: Partial<T>) => void, Draft] {
  const draft = useDraft(key)
  let value = empty
  try {
    if (draft.text) value = { ...empty, ...(JSON.parse(draft.text) as Partial<T>) }
  } catch { /* keep the empty value */ }
  const change = (part: Partial<T>) => draft.set(JSON.stringify({ ...value, ...part }))
  return [value, change, draft]
}
