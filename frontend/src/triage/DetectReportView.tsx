// What detection did and, more important, what it could not do: rules that lacked their fields or failed, and blind spots.
import type { BlindSpot, DetectReport } from '../api/types'
import { count } from '../domain/words'
import { BlindSpots } from '../ui/BlindSpots'
import { Inert } from '../ui/Inert'
import { Time } from '../ui/Time'

export function DetectReportView({ report: r, spots }: { report: DetectReport; spots: BlindSpot[] }) {
  return (
    <div className="report">
      <ul className="report-nums">
        <li><b className="num">{count(r.loaded)}</b><span>rules loaded</span></li>
        <li><b className="num">{count(r.matched)}</b><span>matched rows</span></li>
        <li><b className="num">{count(r.not_applicable)}</b><span>had no source to read</span></li>
        <li><b className="num">{count(r.unmapped.length)}</b><span>ask for fields we lack</span></li>
        <li><b className="num">{count(r.failed.length)}</b><span>failed</span></li>
      </ul>
      <p className="quiet">{r.ran ? <>Ran <Time iso={r.ran} /> with <Inert text={r.pack} />.</> : 'Detection has not run yet.'}</p>
      {r.failed.length > 0 && <section className="block"><h2 className="block-title">Failed</h2><ul className="col">{r.failed.map((f, i) => <li key={i}><b><Inert text={f.rule} /></b> <span className="wrap"><Inert text={f.reason} /></span></li>)}</ul></section>}
      {r.unmapped.length > 0 && <section className="block"><h2 className="block-title">Ask for fields we lack</h2><ul className="col">{r.unmapped.map((f, i) => <li key={i}><Inert text={f.rule} /> <span className="mono small quiet"><Inert text={f.field} /></span></li>)}</ul></section>}
      <section className="block"><h2 className="block-title">Blind spots</h2><BlindSpots spots={spots} /></section>
    </div>
  )
}
