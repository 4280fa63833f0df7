// The designed states of every view: empty, loading, partial, failed, read-only. Each says what there is to do.
import { Button, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconEye, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { CallError } from '../api/client'
import type { ApiError } from '../api/types'

export function Empty({ icon, title, children, action }: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state-empty">
      {icon && <div className="state-icon" aria-hidden="true">{icon}</div>}
      <h2>{title}</h2>
      {children && <div className="quiet state-words">{children}</div>}
      {action}
    </div>
  )
}

export function asApiError(e: unknown): ApiError {
  if (e instanceof CallError) return e
  return { code: 'window.unexpected', sentence: 'Something in the window went wrong.', hint: 'Nothing was lost. Try again.' }
}

/** What failed: sentence, way out, code. */
export function Failed({ error, retry, inline = false }: { error: unknown; retry?: () => void; inline?: boolean }) {
  const e = asApiError(error)
  return (
    <div className={inline ? 'failed failed-inline' : 'failed'} role="alert">
      <IconAlertTriangle size={18} aria-hidden="true" />
      <div className="grow">
        <div className="strong wrap">{e.sentence}</div>
        {e.hint && <div className="wrap">{e.hint}</div>}
        <div className="mono quiet tiny wrap">{e.code}{e.about ? ` · ${e.about}` : ''}</div>
      </div>
      {retry && <Button variant="default" onClick={retry}>Try again</Button>}
    </div>
  )
}

export function Loading({ lines = 6, height = 16, what }: { lines?: number; height?: number; what: string }) {
  return (
    <div className="col state-loading" role="status" aria-label={`Loading ${what}`}>
      {Array.from({ length: lines }, (_, i) => <Skeleton key={i} height={height} width={`${92 - ((i * 17) % 40)}%`} radius={3} />)}
    </div>
  )
}

export function Partial({ children }: { children: ReactNode }) {
  return <div className="banner banner-warn" role="note"><IconInfoCircle size={15} aria-hidden="true" /><div>{children}</div></div>
}

export function ReadOnly({ children }: { children: ReactNode }) {
  return <div className="banner" role="note"><IconEye size={15} aria-hidden="true" /><div>{children}</div></div>
}

/** Chooses between the states of one query, so that no view forgets one. */
export function Loaded<T>({ query, what, children, lines }: {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown }
  what: string
  lines?: number
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  return <Loading what={what} lines={lines} />
}
