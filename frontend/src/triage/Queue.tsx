// The queue: severity, title, where and when, score. Done groups stay at the end with their verdict.
import { IconCheck } from '@tabler/icons-react'
import type { Group } from '../api/types'
import { hostParts } from '../domain/says'
import { verdictWord } from '../domain/severity'
import { count, listing } from '../domain/words'
import { Inert } from '../ui/Inert'
import { SeverityMark } from '../ui/Severity'

export function Queue({ groups, current, onPick }: { groups: Group[]; current: Group; onPick: (g: Group) => void }) {
  return (
    <ul className="queue scroll" aria-label="Groups" tabIndex={0}>
      {groups.map((g) => (
        <li key={g.id}>
          <button type="button" className="queue-item" data-current={g.id === current.id} data-done={g.verdict !== null} aria-current={g.id === current.id || undefined} onClick={() => onPick(g)}>
            <span className="queue-mark">{g.verdict ? <IconCheck size={14} aria-hidden="true" /> : <SeverityMark level={g.severity} size={14} />}<span className="sr">{g.severity}</span></span>
            <span className="grow">
              <span className="queue-title"><Inert text={g.title} /></span>
              <span className="queue-sub quiet small"><Inert text={g.verdict ? verdictWord(g.verdict.verdict) : listing(g.hosts.map((h) => hostParts(h)[0]), 2) || 'no host'} /> · <span className="num">{count(g.count)}</span></span>
            </span>
            <span className="queue-score num" title="Score of named factors">{g.score.toFixed(0)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
