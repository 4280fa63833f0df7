// Factors of a score as signed bars with words: right of the line raises, left lowers.
import type { Factor } from '../api/types'
import { Inert } from './Inert'

export function Factors({ factors }: { factors: Factor[] }) {
  const parts = factors.map((f) => ({ ...f, adds: f.weight * f.value }))
  const max = Math.max(0.0001, ...parts.map((p) => Math.abs(p.adds)))
  if (parts.length === 0) return <p className="quiet">No factors were recorded.</p>
  return (
    <ul className="factors">
      {parts.map((p) => (
        <li key={p.name} className="factor">
          <span className="factor-words"><Inert text={p.words} /><span className="quiet tiny mono"> {p.name}</span></span>
          <span className="factor-bar" aria-hidden="true">
            <span className={p.adds < 0 ? 'factor-fill factor-down' : 'factor-fill factor-up'} style={{ width: `${(Math.abs(p.adds) / max) * 50}%` }} />
          </span>
          <span className="num factor-num">{p.adds < 0 ? '−' : '+'}{Math.abs(p.adds).toFixed(1)}</span>
        </li>
      ))}
    </ul>
  )
}
