// The questions of this sitting and their answers, shared by palette and panel through the query cache.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Answer } from '../api/types'

export interface Asked { id: number; question: string; answer?: Answer; error?: unknown }
const KEY = ['ask.asked']
/** Older ones scroll away; the record keeps what was decided, not what was wondered. */
const KEEP = 30

export function useAsk() {
  const client = useQueryClient()
  const { data = [] } = useQuery<Asked[]>({ queryKey: KEY, queryFn: () => client.getQueryData<Asked[]>(KEY) ?? [], staleTime: Infinity, gcTime: Infinity, initialData: [] })
  const change = (f: (all: Asked[]) => Asked[]) => client.setQueryData<Asked[]>(KEY, (all) => f(all ?? []))
  const put = (question: string) => {
    const id = Date.now()
    change((all) => [...all.slice(-KEEP + 1), { id, question }])
    api.ask(question).then(
      (answer) => change((all) => all.map((a) => (a.id === id ? { ...a, answer } : a))),
      (error: unknown) => change((all) => all.map((a) => (a.id === id ? { ...a, error } : a))),
    )
  }
  return { asked: data, put }
}
