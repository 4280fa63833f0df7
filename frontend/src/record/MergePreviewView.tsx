// What a copy would bring, told before anything is changed: what is new and by whom, what it lacks, what will not count,
// which conflicts arise, and what is wrong with it.
import { IconAlertOctagon, IconArrowsJoin2, IconCircleCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { MergePreview, Problem } from '../api/types'
import { ActSays } from '../decision/ActSays'
import { authorsWords, COPY_KIND, evidenceWords, mergeMood, moodWords } from '../domain/merge'
import { bytes, count, fileName, plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Time } from '../ui/Time'
import { Aside } from './ConflictsView'
import { ConflictPair } from './ConflictPair'

const FIRST = 12

export function MergePreviewView({ p }: { p: MergePreview }) {
  const mood = mergeMood(p)
  const Icon = mood === 'refused' ? IconAlertOctagon : mood === 'nothing' ? IconCircleCheck : IconArrowsJoin2
  return (
    <div className="merge scroll" tabIndex={0} role="region" aria-label="What this copy would bring">
      <div className="merge-mood" data-mood={mood} role={mood === 'refused' ? 'alert' : undefined}>
        <Icon size={20} stroke={1.6} aria-hidden="true" />
        <div className="grow">
          <p className="strong">{moodWords(p)}</p>
          <p className="quiet small wrap">{COPY_KIND[p.kind]} <span className="mono"><Inert text={p.from} /></span></p>
        </div>
      </div>
      {mood === 'refused' && <Wrong p={p} />}
      <Conflicts p={p} />
      <div className="merge-cols">
        <Entries p={p} />
        <div className="col merge-side">
          <Evidence p={p} />
          <People p={p} />
          <Lacks p={p} />
        </div>
      </div>
      {p.set_aside.length > 0 && (
        <Part title="Will be set aside" n={p.set_aside.length}>
          <p className="quiet">They come in and are kept, but they will not count.</p>
          <ul className="lines">{p.set_aside.slice(0, FIRST).map((r) => <li key={r.entry}><Aside r={r} /></li>)}</ul>
          <More n={p.set_aside.length - FIRST} />
        </Part>
      )}
      {p.signs && mood !== 'nothing' && <ActSays act={p.act} />}
    </div>
  )
}

function Part({ title, n, children }: { title: string; n?: number; children: ReactNode }) {
  return <section className="merge-part" aria-label={title}><h3 className="block-title">{title}{n !== undefined && <span className="quiet num">{count(n)}</span>}</h3>{children}</section>
}

function More({ n }: { n: number }) {
  return n > 0 ? <p className="quiet small">and {count(n)} more</p> : null
}

function Wrong({ p }: { p: MergePreview }) {
  const list: Problem[] = [...p.equivocations, ...p.problems]
  return (
    <section className="merge-wrong" aria-label="What is wrong with the copy">
      <ul>{list.slice(0, FIRST).map((x, i) => <li key={i}><b>{x.code}</b> <span className="wrap"><Inert text={x.text} /></span>{x.entry && <span className="mono tiny"> {x.entry.slice(0, 16)}</span>}</li>)}</ul>
      <More n={p.problem_count + p.equivocations.length - Math.min(FIRST, list.length)} />
      {p.equivocations.length > 0 && <p>Somebody signed two different entries under one number. That does not happen by accident in this program: talk to the person whose key it is, by another way than this copy.</p>}
      {p.blocked && <p>Ask for the copy again. If it comes out the same, the other laptop’s disk or the stick is at fault, or somebody changed it.</p>}
    </section>
  )
}

function Conflicts({ p }: { p: MergePreview }) {
  if (p.conflicts.length === 0 && p.settled === 0) return null
  return (
    <section className="merge-conflicts" aria-label="Conflicts that arise">
      {p.conflicts.length > 0 && <p className="strong">{plural(p.conflicts.length, 'conflict')} will arise, for a person to settle after the merge.</p>}
      {p.conflicts.slice(0, FIRST).map((c) => <ConflictPair key={c.field} conflict={c} />)}
      <More n={p.conflicts.length - FIRST} />
      {p.settled > 0 && <p>{plural(p.settled, 'conflict')} that {p.settled === 1 ? 'is' : 'are'} open here {p.settled === 1 ? 'was' : 'were'} settled in the copy.</p>}
    </section>
  )
}

function Entries({ p }: { p: MergePreview }) {
  return (
    <Part title="New entries" n={p.entries}>
      {p.entries === 0 ? <p className="quiet">None.{p.bodies > 0 && ` The copy has the words of ${plural(p.bodies, 'entry', 'entries')} that ${p.bodies === 1 ? 'stands' : 'stand'} here without.`}</p> : (
        <>
          <p>{authorsWords(p)}.</p>
          <p className="merge-kinds">{p.kinds.map((k) => <span key={k.id} className="chip"><span className="mono small">{k.id}</span><span className="num">{count(k.count)}</span></span>)}</p>
          <ul className="lines merge-stories">
            {p.stories.slice(0, FIRST * 2).map((x) => <li key={x.entry}><span className="entry-time mono"><Time iso={x.recorded} form="short" /></span><span className="wrap"><Inert text={x.story} /></span></li>)}
          </ul>
          <More n={p.entries - Math.min(p.stories.length, FIRST * 2)} />
          {p.withheld > 0 && <p className="quiet small">{plural(p.withheld, 'entry comes', 'entries come')} without words: whoever made the copy left them out. The hashes still verify.</p>}
          {p.bodies > 0 && <p className="quiet small">The copy also has the words of {plural(p.bodies, 'entry', 'entries')} that {p.bodies === 1 ? 'stands' : 'stand'} here without.</p>}
        </>
      )}
    </Part>
  )
}

function Evidence({ p }: { p: MergePreview }) {
  if (p.evidence_new === 0 && p.rows === 0) return null
  return (
    <Part title="Evidence" n={p.evidence_new}>
      <p>{evidenceWords(p)}.</p>
      <ul className="lines merge-items">
        {p.evidence.slice(0, FIRST).map((e) => <li key={e.sha256}><span className="wrap" title={e.path}><Inert text={fileName(e.path)} /></span><span className="quiet small num nowrap">{bytes(e.bytes)}</span><span className={e.state === 'comes' ? 'small' : 'small merge-away'}>{e.state === 'comes' ? 'comes' : 'stays elsewhere'}</span></li>)}
      </ul>
      <More n={p.evidence_new - Math.min(p.evidence.length, FIRST)} />
      {p.evidence_away > 0 && <p className="quiet small">Of what stays elsewhere no rows can be made here; what decisions cite of it keeps its text.</p>}
    </Part>
  )
}

function People({ p }: { p: MergePreview }) {
  if (p.people.length === 0) return null
  return (
    <Part title="People and keys" n={p.people.length}>
      <ul className="lines">{p.people.map((x) => <li key={x.key} className="merge-person"><b><Inert text={x.name} /></b> <span className="quiet small">{x.new ? 'new in this case' : 'another key of theirs'}</span><div className="mono tiny quiet">{x.key}</div></li>)}</ul>
      <p className="quiet small">Compare the codes with them by voice.</p>
    </Part>
  )
}

function Lacks({ p }: { p: MergePreview }) {
  return (
    <Part title="What they lack">
      <p>{p.lacking === 0 ? 'Nothing: they have every entry that is here.' : `${plural(p.lacking, 'entry', 'entries')} that ${p.lacking === 1 ? 'is' : 'are'} here ${p.lacking === 1 ? 'is' : 'are'} not in their copy. Give them a copy back after the merge.`}</p>
      {p.gaps.length > 0 && !p.blocked && <p className="quiet small">{plural(p.gaps.length, 'entry', 'entries')} that the copy names {p.gaps.length === 1 ? 'is' : 'are'} in neither of both.</p>}
      {p.clocks.length > 0 && <p className="quiet small">{plural(p.clocks.length, 'entry', 'entries')} with a time before what its author had seen: a clock that was set back, or was wrong. The order of the record does not rest on clocks.</p>}
    </Part>
  )
}
