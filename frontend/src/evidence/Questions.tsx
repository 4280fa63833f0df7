// The answers for a batch, in one place. Only what these files raise is asked; the rest opens when somebody wants it.
import { Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { AddEvidence } from '../api/client'
import { zoneWords, type Needs } from '../domain/intake'
import { mappingWords } from '../domain/mapping'
import { wallText } from '../domain/time'
import { fileName, listing, plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { ZoneSelect } from '../ui/ZoneSelect'
import { MappingSelect } from './MappingSelect'

/** As typed; `paths` one a line, `year` and `acquired` still text. */
export interface Answers { paths: string; keep: AddEvidence['keep']; zone: string; why: string; custodian: string; source: string; acquired: string; acquired_zone: string; year: string; mapping: string; mapping_name: string }

interface Props {
  a: Answers; change: (part: Partial<Answers>) => void; asks: { zone: boolean; year: boolean; mapping: boolean }; needs: Needs
  acquiredBad: boolean; yearBad: boolean; onMap: () => void; onMore?: () => void
}

export function Questions({ a, change, asks, needs, acquiredBad, yearBad, onMap, onMore }: Props) {
  const [opened] = useState(() => new Date())
  const year = opened.getUTCFullYear()
  return (
    <div className="questions">
      <TextInput label="Custodian" description="Who had it until now" value={a.custodian} onChange={(e) => change({ custodian: e.currentTarget.value })} autoComplete="off" />
      <TextInput label="Where from" description="Machine, disk, export, place" value={a.source} onChange={(e) => change({ source: e.currentTarget.value })} autoComplete="off" />
      <TextInput label="Why it is taken" description="As it will stand in the record" value={a.why} onChange={(e) => change({ why: e.currentTarget.value })} autoComplete="off" />
      <TextInput
        label="Acquired" description="When it left its source, as a clock showed it" value={a.acquired} onChange={(e) => change({ acquired: e.currentTarget.value })} placeholder={wallText(opened.toISOString(), a.acquired_zone)} autoComplete="off"
        error={acquiredBad ? 'Year-month-day hour:minute, for example 2026-03-04 09:15' : undefined}
      />
      <ZoneSelect label="Zone of that clock" description="Only for the time of acquisition" value={a.acquired_zone} onChange={(acquired_zone) => change({ acquired_zone })} />
      <Select
        label="Keep" description="Sealed copies go into the case, encrypted" value={a.keep} allowDeselect={false} onChange={(v) => change({ keep: (v ?? 'auto') as Answers['keep'] })}
        data={[{ value: 'auto', label: 'Seal; reference what is too large' }, { value: 'sealed', label: 'Seal a copy in the case' }, { value: 'referenced', label: 'Reference where it lies' }]}
      />
      {asks.zone && <div className="span-two"><ZoneSelect label="Zone of times without one" description={zoneWords(a.zone, year)} value={a.zone} onChange={(zone) => change({ zone })} /></div>}
      {asks.year && (
        <TextInput
          label="Year of the first line" description={`${needs.year > 0 ? `${plural(needs.year, 'file')} ${needs.year === 1 ? 'writes' : 'write'} no year. ` : ''}Empty: the file’s date decides`} value={a.year} onChange={(e) => change({ year: e.currentTarget.value })} placeholder={String(year)} inputMode="numeric" autoComplete="off"
          error={yearBad ? 'Four digits, for example 2026' : undefined}
        />
      )}
      {asks.mapping && <MappingQuestion a={a} change={change} files={needs.columns} onMap={onMap} />}
      {onMore && !(asks.zone && asks.year && asks.mapping) && <button type="button" className="link span" onClick={onMore}>Answer {listing([...(asks.zone ? [] : ['a zone']), ...(asks.year ? [] : ['a year']), ...(asks.mapping ? [] : ['a mapping'])])} too, though these files do not ask for it</button>}
    </div>
  )
}

function MappingQuestion({ a, change, files, onMap }: { a: Answers; change: (part: Partial<Answers>) => void; files: string[]; onMap: () => void }) {
  const words = a.mapping !== '' ? `${mappingWords(a.mapping)}. Used for every table and JSON file of this batch; take files with other columns in on their own.`
    : files.length > 0 ? `Without one ${listing(files.map(fileName), 3)} may come in undated or not at all; each can be read again with a mapping later.` : 'For tables and JSON whose columns no format knows'
  return <MappingSelect value={a.mapping} name={a.mapping_name} none="None: columns are told by their names" description={<Inert text={words} />} onChange={(mapping, mapping_name) => change({ mapping, mapping_name })} onOpen={files.length > 0 ? onMap : undefined} />
}
