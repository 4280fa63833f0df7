// The narrative, sentence by sentence with its rows, and always with who made it: the twin's text and, when a
// model ran, the model's beside it. A sentence that failed its check is struck through and cannot leave.
import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { Narrative, Origin, Sentence } from '../api/types'
import { plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Said } from '../ui/Origin'
import { useShell } from '../ui/shell'

const FIRST = 8

export function NarrativeBlock({ narrative }: { narrative: Narrative }) {
  const [which, setWhich] = useState<'first' | 'other'>('first')
  const [all, setAll] = useState(false)
  const other = narrative.other
  const shown: { by: Origin; sentences: Sentence[] } = which === 'other' && other ? other : narrative
  return (
    <div className="narrative">
      {other && (
        <div className="narrative-switch">
          <SegmentedControl
            aria-label="Whose text" value={which} onChange={(v) => setWhich(v as 'first' | 'other')}
            data={[{ value: 'first', label: nameOf(narrative.by) }, { value: 'other', label: nameOf(other.by) }]}
          />
          <span className="quiet small"><Inert text={other.note} /></span>
        </div>
      )}
      {shown.sentences.length === 0 ? <p className="quiet">There is nothing to tell yet: the narrative is made from findings and promoted rows.</p> : (
        <Said origin={shown.by}><ul className="narrative-text">{(all ? shown.sentences : shown.sentences.slice(0, FIRST)).map((s, i) => <li key={i}><SentenceText sentence={s} /></li>)}</ul>
          {shown.sentences.length > FIRST && <button type="button" className="link small" onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${plural(shown.sentences.length, 'sentence')}`}</button>}
        </Said>
      )}
    </div>
  )
}

const nameOf = (o: Origin) => (o.kind === 'model' ? `By the model, ${o.name}` : 'By rules')

function SentenceText({ sentence }: { sentence: Sentence }) {
  const { inspect, subject } = useShell()
  return (
    <span>
      {sentence.checked ? <Inert text={sentence.text} /> : <s className="unchecked" title={sentence.failed ?? 'Not checked'}><Inert text={sentence.text} /></s>}
      {sentence.rows.map((id, i) => (
        <button key={id} type="button" className="cite-num num" data-current={subject?.kind === 'row' && subject.id === id} title="Open the row" aria-label={`Row ${i + 1} of this sentence`} onClick={() => inspect({ kind: 'row', id })}>{i + 1}</button>
      ))}
      {!sentence.checked && <span className="unchecked-why">cannot leave: <Inert text={sentence.failed ?? 'not checked'} /></span>}{' '}
    </span>
  )
}
