// Pages of rows for what is on screen. Page 0 also tells the totals; other pages are asked when scrolling rests,
// so that a fling through millions of rows does not ask for every page on the way.
import { useQueries, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { api } from '../api/client'
import type { Row } from '../api/types'
import { PAGE_ROWS, pagesOf, type Window } from '../domain/grid'

const REST_MS = 45

export interface Rows {
  total: number
  at: (index: number) => Row | undefined
  query: string
  partial: boolean
  ms: number
  error: unknown
  pending: boolean
  retry: () => void
}

export function useTimeline(q: string, desc: boolean, columns: string, window: Window): Rows {
  const page = (n: number) => ({
    queryKey: ['timeline', q, desc, columns, n],
    queryFn: () => api.timeline({ q, offset: n * PAGE_ROWS, limit: PAGE_ROWS, desc, columns }),
    staleTime: 60_000,
  })
  const head = useQuery(page(0))
  const wanted = pagesOf(window).filter((n) => n !== 0).join(',')
  const [asked, setAsked] = useState(wanted)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), REST_MS)
    return () => clearTimeout(timer)
  }, [wanted])
  const numbers = useMemo(() => (asked === '' ? [] : asked.split(',').map(Number)), [asked])
  const others = useQueries({ queries: numbers.map(page) })

  const loaded = new Map<number, Row[]>()
  if (head.data) loaded.set(0, head.data.rows)
  numbers.forEach((n, i) => {
    const rows = others[i]?.data?.rows
    if (rows) loaded.set(n, rows)
  })
  return {
    total: head.data?.total ?? 0,
    at: (index) => loaded.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
    query: head.data?.query ?? q,
    partial: head.data?.partial ?? false,
    ms: head.data?.ms ?? 0,
    error: head.error ?? others.find((o) => o.error)?.error ?? null,
    pending: head.isPending,
    retry: () => void head.refetch(),
  }
}
