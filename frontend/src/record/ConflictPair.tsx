// Answers that people gave without having seen each other, side by side in amber: what each says, who signed it in which
// role and when, and how far they had seen the others. One of them stands until a person settles it.
import { Button } from '@mantine/core'
import { IconArrowsSplit2 } from '@tabler/icons-react'
import type { Conflict, ConflictAnswer } from '../api/types'
import { plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Said } from '../ui/Origin'
import { Time } from '../ui/Time'

export function ConflictPair({ conflict: c, onChoose, current = false }: { conflict: Conflict; onChoose?: (entry: string) => void; current?: boolean }) {
  return (
    <article className="conflict" aria-label={`Conflict: ${c.title}`} data-current={current}>
      <h3><IconArrowsSplit2 size={16} stroke={1.8} aria-hidden="true" /><span>{plural(c.answers.length, 'answer')} to: <Inert text={c.title} /></span></h3>
      <div className="pair">{c.answers.map((a) => <Answer key={a.entry} a={a} onChoose={onChoose} />)}</div>
    </article>
  )
}

export function Answer({ a, onChoose }: { a: ConflictAnswer; onChoose?: (entry: string) => void }) {
  return (
    <section className="answer" aria-label={`Answer of ${a.name}`} data-shown={a.shown}>
      <Said origin={{ kind: 'person', name: a.name, role: a.role, at: a.recorded }}><p className="answer-says wrap"><Inert text={a.says} /></p></Said>
      <Knew a={a} />
      <div className="answer-foot">
        {a.shown && <span className="small strong">Stands until it is settled: it was signed later.</span>}
        {onChoose && <Button variant="default" className="right" onClick={() => onChoose(a.entry)}>Choose this…</Button>}
      </div>
    </section>
  )
}

function Knew({ a }: { a: ConflictAnswer }) {
  if (a.knew.length === 0) return null
  return (
    <ul className="quiet small knew">
      {a.knew.map((k) => <li key={k.name}>{k.up_to ? <>When signing, had seen what <Inert text={k.name} /> wrote up to <Time iso={k.up_to} form="short" /></> : <>When signing, had seen nothing that <Inert text={k.name} /> wrote</>}</li>)}
    </ul>
  )
}
