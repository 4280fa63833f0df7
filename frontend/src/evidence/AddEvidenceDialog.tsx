// Adding evidence in two steps: name files and see what each of them is, then answer the few questions these files raise
// and hand the import to a job. Nothing is taken in by looking. The answers of the last batch are offered again.
import { Button, Modal, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type AddEvidence } from '../api/client'
import { native } from '../api/native'
import { useAct } from '../api/queries'
import type { Examined } from '../api/types'
import { useDraftOf } from '../api/useDraft'
import { acquiredOf, examinedWords, needsOf, unsaid, yearOf } from '../domain/intake'
import { listing, plural } from '../domain/words'
import { Failed, Loading } from '../ui/States'
import { useShell } from '../ui/shell'
import { ExaminedTable } from './ExaminedTable'
import { MappingWizard } from './MappingWizard'
import { Questions, type Answers } from './Questions'

interface Props { paths: string[] | null; onClose: () => void; onStarted: (job: string) => void }

export function AddEvidenceDialog({ paths, onClose, onStarted }: Props) {
  return paths === null ? null : <Steps key={paths.join('\n')} given={paths} onClose={onClose} onStarted={onStarted} />
}

const TITLE = { files: 'Add evidence', questions: 'Add evidence: what these files are', mapping: 'Columns of a file' }
const SIZE = { files: 640, questions: 940, mapping: 1280 }

function Steps({ given, onClose, onStarted }: { given: string[] } & Omit<Props, 'paths'>) {
  const { caseView, say } = useShell()
  const zone = caseView.zone || 'UTC'
  const [a, change, draft] = useDraftOf<Answers>('evidence.add', { paths: '', keep: 'auto', zone, why: '', custodian: '', source: '', acquired: '', acquired_zone: zone, year: '', mapping: '', mapping_name: '' })
  const [text, setText] = useState<string | null>(given.length > 0 ? given.join('\n') : null)
  const [looked, setLooked] = useState<string[] | null>(given.length > 0 ? given : null)
  const [more, setMore] = useState(false)
  const [mapping, setMapping] = useState<Examined | null>(null)
  const lines = (text ?? a.paths).split('\n').map((l) => l.trim()).filter(Boolean)
  const setPaths = (v: string) => { setText(v); change({ paths: v }) }
  const seen = useQuery({ queryKey: ['examine', looked], queryFn: () => api.evidenceExamine(looked ?? []), enabled: looked !== null, staleTime: Infinity, gcTime: 0 })
  const files = seen.data?.files ?? []
  const needs = needsOf(files)
  // What cannot be told beforehand is asked: members of archives, and everything when looking failed.
  const asks = { zone: more || needs.zone > 0 || needs.archives > 0 || seen.isError, year: more || needs.year > 0, mapping: more || needs.columns.length > 0 }
  const acquired = acquiredOf(a.acquired, a.acquired_zone)
  const year = asks.year ? yearOf(a.year) : 0
  const batch = (): AddEvidence => ({
    paths: looked ?? [], keep: a.keep, zone: asks.zone ? a.zone : '', why: a.why.trim(), custodian: a.custodian.trim(), source: a.source.trim(),
    ...acquired, year: year ?? 0, mapping: asks.mapping ? a.mapping : '',
  })
  const add = useAct(() => api.evidenceAdd(batch()), {
    onSuccess: (d) => {
      change({ paths: '', acquired: '', year: '', mapping: '', mapping_name: '' })
      say('The import runs. Receipts appear here as they are signed.')
      onStarted(d.job)
      onClose()
    },
  })
  const choose = async (folder: boolean) => {
    const chosen = folder ? [await native.chooseFolder('Add a folder of evidence')] : await native.chooseFiles('Add evidence')
    const found = chosen.filter(Boolean)
    if (found.length > 0) setPaths([...new Set([...lines, ...found])].join('\n'))
  }
  const step = mapping ? 'mapping' : looked ? 'questions' : 'files'
  const not = unsaid(a)
  return (
    <Modal opened onClose={onClose} title={TITLE[step]} size={SIZE[step]}>
      {step === 'files' && (
        <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); if (lines.length > 0) setLooked(lines) }}>
          <Textarea
            label="Files, folders, archives" description="One path a line. Originals are only read." value={text ?? a.paths} onChange={(e) => setPaths(e.currentTarget.value)}
            autosize minRows={3} maxRows={10} spellCheck={false} classNames={{ input: 'mono' }} data-autofocus
          />
          {native.canChoose() && <div className="row"><Button variant="default" onClick={() => void choose(false)}>Choose files…</Button><Button variant="default" onClick={() => void choose(true)}>Choose a folder…</Button></div>}
          <div className="dialog-foot">
            <span className="quiet small right-gap">Nothing is taken in by looking.</span>
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" disabled={lines.length === 0}>See what they are</Button>
          </div>
        </form>
      )}
      {step === 'questions' && (
        <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); add.mutate(undefined) }}>
          {seen.isPending && <Loading what="what each file is" lines={4} />}
          {seen.error && <><Failed error={seen.error} inline retry={() => void seen.refetch()} /><p className="quiet">The {plural(looked?.length ?? 0, 'path')} can be taken in without looking first. Each file still gets its receipt.</p></>}
          {seen.data && (
            <div>
              <p className="examined-words num">{examinedWords(files, seen.data.more)}</p>
              <ExaminedTable files={files} mapped={a.mapping !== '' && asks.mapping} onMap={setMapping} />
            </div>
          )}
          <Questions
            a={a} change={change} asks={asks} needs={needs} acquiredBad={acquired === null} yearBad={year === null}
            onMap={() => setMapping(files.find((f) => f.needs.includes('columns')) ?? null)} onMore={more ? undefined : () => setMore(true)}
          />
          {add.error && <Failed error={add.error} inline />}
          <div className="dialog-foot stay-foot">
            <span className="quiet small right-gap">{draft.state === 'failed' ? 'These words could not be kept.' : <>Taken in as {caseView.person.name}, {caseView.person.acting_title || 'no role'}.{not.length > 0 && <> The record will not say {listing(not, 4)}.</>}</>}</span>
            <Button variant="default" onClick={() => { setPaths((looked ?? []).join('\n')); setLooked(null) }}>Other files</Button>
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" disabled={seen.isPending || acquired === null || year === null} loading={add.isPending}>Take in {plural(looked?.length ?? 0, 'path')}</Button>
          </div>
        </form>
      )}
      {mapping && (
        <MappingWizard
          source={{ path: mapping.path, sha256: '' }} name={mapping.path} initial={a.mapping} verb="Use for this batch"
          onUse={(m, name) => { change({ mapping: m, mapping_name: name }); setMapping(null) }} onCancel={() => setMapping(null)}
        />
      )}
    </Modal>
  )
}
