// Where we cannot see: a heat strip per host and day, and the same as sentences.
import type { BlindSpot } from '../api/types'
import { blindStrip } from '../domain/blindspots'
import { Inert } from './Inert'

export function BlindSpots({ spots }: { spots: BlindSpot[] }) {
  const strip = blindStrip(spots)
  if (spots.length === 0) return <p className="quiet">No blind spots are known. Sources that were never collected cannot show here.</p>
  return (
    <div className="blind">
      {strip.lines.length > 0 && (
        <div className="blind-strip" aria-hidden="true">
          <div className="blind-line blind-days">
            <span />
            <span className="blind-cells">{strip.days.map((d) => <span key={d} className="tiny quiet num">{Number(d.slice(8))}.{Number(d.slice(5, 7))}.</span>)}</span>
          </div>
          {strip.lines.map((line) => (
            <div key={`${line.host} ${line.source}`} className="blind-line">
              <span className="clip mono small"><Inert text={line.host} /> <span className="quiet"><Inert text={line.source} /></span></span>
              <span className="blind-cells">{line.cells.map((on, i) => <span key={i} className="blind-cell" data-on={on} title={on ? line.texts.join('\n') : undefined} />)}</span>
            </div>
          ))}
        </div>
      )}
      <ul className="blind-list">
        {spots.map((s, i) => <li key={i}><Inert text={s.text} /></li>)}
      </ul>
    </div>
  )
}
