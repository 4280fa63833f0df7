// One group: what it is, who says so, why with factors in words, its rows, and the verdict that a person gives.
import { Button } from '@mantine/core'
import type { Group, Verdict } from '../api/types'
import { addClause, rowsQuery, setTimeRange, term } from '../domain/query'
import { VERDICTS, verdictWord } from '../domain/severity'
import { count, listing, plural } from '../domain/words'
import { Fact, Facts } from '../ui/Facts'
import { Factors } from '../ui/Factors'
import { Inert } from '../ui/Inert'
import { OriginLabel, Said } from '../ui/Origin'
import { RowCites } from '../ui/RowCites'
import { Severity } from '../ui/Severity'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'

interface Props { group: Group; busy: boolean; onVerdict: (v: Verdict) => void; onOverride: () => void; onNext: () => void }

export function GroupDetail({ group: g, busy, onVerdict, onOverride, onNext }: Props) {
  const { go } = useShell()
  const around = () => {
    const host = g.hosts.length === 1 && g.hosts[0] ? addClause('', term('host.name', g.hosts[0])) : ''
    go({ stage: 'timeline', query: g.first && g.last ? setTimeRange(host, { from: g.first, to: g.last }) : host })
  }
  return (
    <div className="group">
      <div className="group-body scroll" tabIndex={0} role="region" aria-label="Group">
        <div className="group-head">
          <Severity level={g.severity} />
          <h2 className="wrap"><Inert text={g.title} /></h2>
          <span className="group-score num" title="Sum of the factors below">score {g.score.toFixed(1)}</span>
        </div>
        <Facts>
          <Fact label="When">{g.first ? <><Time iso={g.first} /> {g.last && g.last !== g.first && <>to <Time iso={g.last} /></>}</> : <span className="quiet">no time</span>}</Fact>
          <Fact label="Where">{listing(g.hosts, 4) || <span className="quiet">no host named</span>}</Fact>
          {g.users.length > 0 && <Fact label="Who"><Inert text={listing(g.users, 4)} /></Fact>}
          {g.techniques.length > 0 && <Fact label="ATT&CK"><span className="row-wrap">{g.techniques.map((t) => <span key={t} className="mono small">{t}</span>)}</span></Fact>}
        </Facts>
        {g.verdict && (
          <section className="group-sec">
            <h3 className="label">Verdict</h3>
            <Said origin={{ kind: 'person', name: g.verdict.by, role: g.verdict.role, at: g.verdict.at }}>
              <p className="strong">{verdictWord(g.verdict.verdict)}</p>
              {g.verdict.reason && <p className="wrap">“<Inert text={g.verdict.reason} />”</p>}
            </Said>
          </section>
        )}
        <section className="group-sec">
          <h3 className="label">Who says so</h3>
          <ul className="col">
            {g.findings.map((f) => (
              <li key={f.id} className="finding">
                <div className="row-wrap"><span className="strong"><Inert text={f.rule.title || f.title} /></span><span title={`${f.rule.id}\n${f.rule.pack}\n${f.rule.hash}`}><OriginLabel origin={{ kind: 'rule', name: f.rule.pack.split(' ')[0] || f.rule.author, version: f.rule.hash.slice(0, 8) }} /></span></div>
                {f.text && <p className="wrap quiet"><Inert text={f.text} /></p>}
                {f.matched.length > 0 && <ul className="matched">{f.matched.map((m, i) => <li key={i}><span className="quiet mono small"><Inert text={m.field} /></span> <span className="ev-value"><Inert text={m.value} /></span></li>)}</ul>}
              </li>
            ))}
          </ul>
        </section>
        <section className="group-sec"><h3 className="label">Why this score</h3><Factors factors={g.factors} /></section>
        <section className="group-sec">
          <div className="spread"><h3 className="label">Rows <span className="num">{count(g.rows.length)}</span></h3><span className="row"><button type="button" className="link small" onClick={() => go({ stage: 'timeline', query: rowsQuery(g.rows) })}>These rows in the timeline</button><button type="button" className="link small" onClick={around}>Everything on this host then</button></span></div>
          <RowCites rows={g.rows} first={6} />
        </section>
      </div>
      <footer className="group-foot">
        <div className="group-suggest">
          <span className="label">Suggested</span>
          <div><b>{verdictWord(g.suggested)}</b> <span className="quiet"><Inert text={g.suggested_why} /></span></div>
          <OriginLabel origin={{ kind: 'computed', name: 'triage' }} />
        </div>
        <div className="verdicts" role="group" aria-label="Verdict">
          {VERDICTS.map((v, i) => (
            <button key={v.verdict} type="button" className="verdict" disabled={busy} data-suggested={v.verdict === g.suggested} aria-pressed={g.verdict?.verdict === v.verdict} onClick={() => onVerdict(v.verdict)} title={v.says}>
              <kbd>{i + 1}</kbd><span>{v.word}</span>
            </button>
          ))}
          <Button variant="subtle" onClick={onOverride} title="o">Override…</Button>
          <Button variant="subtle" onClick={onNext} title="n">Next</Button>
        </div>
      </footer>
      <span className="sr" role="status">{plural(g.count, 'finding')} in this group</span>
    </div>
  )
}
