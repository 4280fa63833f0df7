// The incident timeline: events that people promoted, each with the rows under it. This is what reports tell.
import { IconFlag3 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { usePromoted } from '../api/queries'
import { dayText } from '../domain/time'
import { plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Said } from '../ui/Origin'
import { RowCites } from '../ui/RowCites'
import { Empty, Loaded } from '../ui/States'
import { useShell } from '../ui/shell'
import { Time } from '../ui/Time'

export function PromotedList({ head }: { head: ReactNode }) {
  const promoted = usePromoted()
  const { zoneMode, caseView } = useShell()
  return (
    <>
      <div className="tl-head">
        <h1 className="sr">Incident timeline</h1>
        {head}
        <span className="quiet">{promoted.data && promoted.data.events.length > 0 ? `${plural(promoted.data.events.length, 'event')}, promoted by people` : ''}</span>
      </div>
      <div className="stage-body scroll" tabIndex={0} role="region" aria-label="Incident timeline">
        <Loaded query={promoted} what="the incident timeline">
          {({ events }) => (events.length === 0 ? (
            <Empty icon={<IconFlag3 size={34} stroke={1.3} />} title="Nothing promoted yet">Select rows that tell the story and press <kbd>p</kbd>. What stands here goes into the reports, with its rows as footnotes.</Empty>
          ) : (
            <ol className="story">
              {[...events].sort((a, b) => ((a.at ?? '~') < (b.at ?? '~') ? -1 : 1)).map((e, i, all) => {
                const day = e.at ? dayText(e.at, zoneMode, caseView.zone) : 'No time'
                const before = all[i - 1]
                const same = before?.at && e.at && dayText(before.at, zoneMode, caseView.zone) === day
                return (
                  <li key={e.id} className="story-item">
                    {!same && <h2 className="label story-day">{day}</h2>}
                    <div className="story-line">
                      <span className="story-time mono"><Time iso={e.at} form="grid" /></span>
                      <Said origin={{ kind: 'person', name: e.by, role: e.role, at: e.recorded }}>
                        <h3 className="wrap"><Inert text={e.title} /></h3>
                        {e.text && <p className="wrap"><Inert text={e.text} /></p>}
                        <RowCites rows={e.rows} first={2} />
                      </Said>
                    </div>
                  </li>
                )
              })}
            </ol>
          ))}
        </Loaded>
      </div>
    </>
  )
}
