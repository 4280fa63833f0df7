// Loading and caching: one hook per thing shown. What a person's act or a finished job changes is asked again.
import { QueryClient, useMutation, useQuery, useQueryClient, type UseMutationOptions } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, type CallError } from './client'
import type { Job } from './types'

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 5_000, gcTime: 300_000 } },
  })
}

export const useStart = () => useQuery({ queryKey: ['start'], queryFn: api.start })
export const useCase = () => useQuery({ queryKey: ['case'], queryFn: api.case, refetchInterval: 15_000 })
export const useBoard = () => useQuery({ queryKey: ['board'], queryFn: api.board })
/** `live`: receipts come in one by one while an import runs. */
export const useEvidence = (live = false) => useQuery({ queryKey: ['evidence'], queryFn: api.evidence, refetchInterval: live ? 2_000 : false })
export const useFormats = () => useQuery({ queryKey: ['formats'], queryFn: api.evidenceFormats, staleTime: Infinity })
export const useMappings = () => useQuery({ queryKey: ['mappings'], queryFn: api.evidenceMappings })
export const useLimits = () => useQuery({ queryKey: ['limits'], queryFn: api.evidenceLimits })
export const useFindings = () => useQuery({ queryKey: ['findings'], queryFn: api.findings })
export const useTriage = () => useQuery({ queryKey: ['triage'], queryFn: api.triage })
export const useRecommendations = () => useQuery({ queryKey: ['recommendations'], queryFn: api.recommendations })
export const useReasons = () => useQuery({ queryKey: ['reasons'], queryFn: api.reasons, staleTime: Infinity })
export const useDecisions = () => useQuery({ queryKey: ['decisions'], queryFn: api.decisions })
export const useClocks = () => useQuery({ queryKey: ['clocks'], queryFn: api.clocks, refetchInterval: 60_000 })
export const useDocuments = () => useQuery({ queryKey: ['documents'], queryFn: api.documents })
export const usePeople = () => useQuery({ queryKey: ['people'], queryFn: api.people })
export const useAuthority = () => useQuery({ queryKey: ['authority'], queryFn: api.authority })
export const useToDo = () => useQuery({ queryKey: ['todo'], queryFn: api.todo })
export const useAxes = () => useQuery({ queryKey: ['axes'], queryFn: api.replayAxes })
export const useLanes = (enabled = true) => useQuery({ queryKey: ['lanes'], queryFn: api.lanes, enabled })
export const useSlots = () => useQuery({ queryKey: ['slots'], queryFn: api.slots })
export const useModel = () => useQuery({ queryKey: ['model'], queryFn: api.model })
export const useCustody = () => useQuery({ queryKey: ['custody'], queryFn: api.custody })
export const useConflicts = () => useQuery({ queryKey: ['conflicts'], queryFn: api.conflicts })
export const useRefused = () => useQuery({ queryKey: ['refused'], queryFn: api.refused })
export const useWitnesses = () => useQuery({ queryKey: ['witnesses'], queryFn: api.witnesses })
export const usePromoted = () => useQuery({ queryKey: ['promoted'], queryFn: api.promoted })
export const useFields = () => useQuery({ queryKey: ['fields'], queryFn: api.fields, staleTime: 60_000 })
export const useRow = (id: string | null) =>
  useQuery({ queryKey: ['row', id], queryFn: () => api.row(id ?? ''), enabled: id !== null, staleTime: 60_000 })

/** Polls quickly while something runs, slowly otherwise, and refreshes everything shown when a job ends. */
export function useJobs(): Job[] {
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey: ['jobs'],
    queryFn: api.jobs,
    refetchInterval: (q) => (q.state.data?.jobs.some((j) => j.state === 'running') ? 700 : 4_000),
  })
  const running = useRef(new Set<string>())
  useEffect(() => {
    const now = new Set((data?.jobs ?? []).filter((j) => j.state === 'running').map((j) => j.id))
    const ended = [...running.current].some((id) => !now.has(id))
    running.current = now
    if (ended) void client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'jobs' })
  }, [data, client])
  return data?.jobs ?? []
}

/** One job that this screen started. When it has ended everything shown is asked again, also when it ended between two polls. */
export function useJob(id: string): Job | undefined {
  const client = useQueryClient()
  const job = useJobs().find((j) => j.id === id)
  const ended = job !== undefined && job.state !== 'running'
  useEffect(() => { if (ended) void client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'jobs' }) }, [ended, client])
  return job
}

/** A person's act. Afterwards everything shown is asked again: an entry in the record can change any screen. */
export function useAct<In, Out>(fn: (input: In) => Promise<Out>, options: Omit<UseMutationOptions<Out, CallError, In>, 'mutationFn'> = {}) {
  const client = useQueryClient()
  const { onSuccess, ...rest } = options
  return useMutation<Out, CallError, In>({
    ...rest,
    mutationFn: fn,
    onSuccess: (...args) => {
      void client.invalidateQueries()
      return onSuccess?.(...args)
    },
  })
}
