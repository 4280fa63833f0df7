// The mapping wizard: how a table is cut, which columns are times and how they are written, what the others are called.
// Every change is asked of the program, which reads the first rows anew; nothing is read in before somebody says so.
import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { ActDialog } from '../decision/ActDialog'
import { doubts, mappingWords, readMapping, withName, writeMapping, type Mapping } from '../domain/mapping'
import { Inert } from '../ui/Inert'
import { Failed, Loading } from '../ui/States'
import { MappingControls } from './MappingControls'
import { MappingTable } from './MappingTable'

interface Props {
  source: { path: string; sha256: string }; name: string
  /** A mapping to begin with; '' asks the program for a proposal. */
  initial: string
  verb: string; onUse: (mapping: string, name: string) => void; onCancel: () => void
}

export function MappingWizard({ source, name, initial, verb, onUse, onCancel }: Props) {
  const [text, setText] = useState(initial)
  const [settled] = useDebouncedValue(text, 250)
  const [keep, setKeep] = useState(() => readMapping(initial)?.name ?? '')
  const [kept, setKept] = useState('')
  const [saving, setSaving] = useState(false)
  const shown = useQuery({ queryKey: ['mapping', source, settled], queryFn: () => api.mappingPreview({ ...source, mapping: settled }), placeholderData: keepPreviousData, staleTime: Infinity, gcTime: 0 })
  const p = shown.data
  const m = readMapping(text || (p?.mapping ?? ''))
  const fresh = p !== undefined && settled === text && !shown.isFetching && !shown.isError
  if (!p || !m) {
    return (
      <div className="col form-gap">
        {shown.error ? <Failed error={shown.error} inline retry={() => void shown.refetch()} /> : <Loading what="the first rows" lines={8} />}
        {p && !m && <p role="alert">The program proposes no mapping for this file. <Inert text={p.problem} /></p>}
        <div className="dialog-foot"><Button variant="default" onClick={onCancel}>Back</Button></div>
      </div>
    )
  }
  const change = (next: Mapping) => setText(writeMapping(next))
  const open = doubts(m, p.columns)
  const undecided = open.some((d) => d.kind === 'order' && m.times.find((t) => t.column === d.column)?.form === 'auto')
  return (
    <div className="col form-gap">
      <p className="quiet mono small clip"><Inert text={name} /></p>
      <div className="wizard" aria-busy={!fresh}>
        <MappingControls m={m} columns={p.columns} doubts={open} change={change} />
        <MappingTable m={m} preview={p} onField={(column, field) => change({ ...m, fields: withName(m.fields, column, field) })} />
      </div>
      <div aria-live="polite" className="wizard-says">
        {p.problem && <p className="mapping-problem" role="alert"><IconAlertTriangle size={15} aria-hidden="true" /><Inert text={p.problem} /></p>}
        {p.consequence && !p.problem && <p className="wrap"><Inert text={p.consequence} /></p>}
      </div>
      {shown.error && <Failed error={shown.error} inline retry={() => void shown.refetch()} />}
      <div className="dialog-foot wizard-foot">
        <TextInput aria-label="Name to keep it under" placeholder="Name, to keep it for other files" value={keep} onChange={(e) => setKeep(e.currentTarget.value)} autoComplete="off" w={250} />
        <Button variant="default" disabled={!fresh || p.problem !== '' || keep.trim() === ''} onClick={() => setSaving(true)}>Keep…</Button>
        <span className="quiet small grow">{kept && <>Kept as “<Inert text={kept} />”.</>}{undecided && ' Choose whether the day or the month comes first.'}</span>
        <Button variant="default" onClick={onCancel}>Back</Button>
        <Button disabled={!fresh || p.problem !== '' || undecided} onClick={() => onUse(p.mapping, kept)}>{verb}</Button>
      </div>
      {saving && <KeepDialog name={keep.trim()} m={m} onClose={() => setSaving(false)} onKept={(k, signed) => { setText(signed); setKept(k) }} />}
    </div>
  )
}

function KeepDialog({ name, m, onClose, onKept }: { name: string; m: Mapping; onClose: () => void; onKept: (name: string, mapping: string) => void }) {
  const mapping = writeMapping({ ...m, name })
  return (
    <ActDialog title="Keep a mapping" verb="Sign and keep" size={560} ask={[name, mapping]} missing={[]} onClose={onClose} onSigned={() => onKept(name, mapping)} preview={() => api.evidenceMapping(name, mapping)} lead="A mapping kept under a name that is taken replaces that one; the older stays in the record.">
      <p className="wrap"><b><Inert text={name} /></b>: <Inert text={mappingWords(mapping)} /></p>
    </ActDialog>
  )
}
