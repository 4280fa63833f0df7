// The commander's home: what changed since the last visit, what waits for a person, what runs out, what is known
// and by whom, and where we cannot see.
import { IconChevronRight } from '@tabler/icons-react'
import { useBoard } from '../api/queries'
import type { Board } from '../api/types'
import { plural } from '../domain/words'
import { ClockLine } from '../deadline/ClockLine'
import { sortClocks } from '../domain/clocks'
import { momentOf, placeOf } from '../domain/replay'
import { ReplayBar } from '../replay/ReplayBar'
import { ThenBoard, useThen } from '../replay/ThenBoard'
import { BlindSpots } from '../ui/BlindSpots'
import { Inert } from '../ui/Inert'
import { OriginLabel } from '../ui/Origin'
import { SeverityMark } from '../ui/Severity'
import { StageHead } from '../ui/StageHead'
import { Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { useNow } from '../ui/Strip'
import { NarrativeBlock } from './NarrativeBlock'
import { ToDoList } from './ToDoList'
import './board.css'

export function BoardStage() {
  const board = useBoard()
  const { place, go, amendPlace } = useShell()
  const moment = momentOf(place)
  const then = useThen(moment)
  const at = moment === null ? null : 'at' in moment ? moment.at : then.data?.at ?? null
  const person = moment !== null && 'at' in moment ? moment.person : ''
  const toNow = () => go(placeOf(null))
  // Leaving now is a step that "back" undoes; walking along the slider is not a hundred of them.
  const move = (next: string | null) => {
    if (next === null) { if (moment !== null) toNow(); return }
    const to = placeOf({ at: next, person })
    if (moment !== null && 'at' in moment) amendPlace(to)
    else go(to)
  }
  return (
    <>
      <StageHead title="Board" counts={moment === null && board.data && <>your last visit: <Time iso={board.data.since} form="short" /></>} />
      <ReplayBar moment={moment} at={at} onMove={move} />
      <div className="stage-body scroll" tabIndex={0} role="region" aria-label="Board">
        {moment !== null ? <ThenBoard key={'entry' in moment ? moment.entry : 'time'} moment={moment} onPerson={(id) => amendPlace(placeOf({ at: at ?? '', person: id }))} onNow={toNow} />
          : <Loaded query={board} what="the board" lines={12}>{(b) => <BoardBody board={b} />}</Loaded>}
      </div>
    </>
  )
}

function BoardBody({ board }: { board: Board }) {
  const now = useNow()
  const { go } = useShell()
  return (
    <div className="board">
      <div className="board-main">
        <section className="block">
          <h2 className="block-title">Since your last visit <span className="quiet num">{board.changed.length}</span></h2>
          <Changed board={board} />
        </section>
        <section className="block">
          <h2 className="block-title">What happened, as far as the rows show</h2>
          <NarrativeBlock narrative={board.narrative} />
        </section>
        <section className="block">
          <h2 className="block-title">Blind spots</h2>
          <BlindSpots spots={board.blind_spots} />
        </section>
      </div>
      <div className="board-side">
        <section className="block">
          <h2 className="block-title">Decisions that wait <span className="quiet num">{board.open_decisions.length}</span></h2>
          {board.open_decisions.length === 0 ? <p className="quiet">Nothing waits for a decision now.</p> : (
            <ul className="lines">
              {board.open_decisions.slice(0, 8).map((d) => (
                <li key={d.id}><button type="button" className="line-btn" onClick={() => go(d.link)}>
                  <SeverityMark level={d.severity} /><span className="sr">{d.severity}</span><span className="grow wrap"><Inert text={d.title} /></span><IconChevronRight size={14} className="quiet" aria-hidden="true" />
                </button></li>
              ))}
            </ul>
          )}
          {board.open_decisions.length > 8 && <button type="button" className="link small" onClick={() => go({ stage: 'decision' })}>All {plural(board.open_decisions.length, 'decision')}</button>}
        </section>
        <section className="block" aria-label="To do">
          <h2 className="block-title">To do <span className="quiet num">{board.todo.length}</span></h2>
          <ToDoList items={board.todo} />
        </section>
        <section className="block">
          <h2 className="block-title">Clocks</h2>
          {board.clocks.length === 0 ? (
            <p className="quiet">No clock runs. A clock starts when a person declares its trigger. <button type="button" className="link" onClick={() => go({ stage: 'deadline' })}>Go to clocks</button></p>
          ) : <ul className="lines">{sortClocks(board.clocks, now).slice(0, 6).map((c) => <li key={c.id}><ClockLine clock={c} now={now} /></li>)}</ul>}
        </section>
        <section className="block">
          <h2 className="block-title">Key facts</h2>
          {board.facts.length === 0 ? <p className="quiet">No facts yet. They come from rows, rules and what people sign.</p> : (
            <ul className="board-facts">
              {board.facts.map((f) => (
                <li key={f.label} className={`said said-${f.origin.kind}`}>
                  <div className="quiet small"><Inert text={f.label} /></div>
                  <div className={f.origin.kind === 'evidence' ? 'ev-value' : 'strong'}><Inert text={f.value} /></div>
                  <OriginLabel origin={f.origin} />
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
    </div>
  )
}

function Changed({ board }: { board: Board }) {
  const { go } = useShell()
  if (board.changed.length === 0) return <p className="quiet">Nothing was recorded since then.</p>
  return (
    <ul className="lines">
      {board.changed.map((c, i) => {
        const line = (
          <>
            <span className="changed-time quiet num small"><Time iso={c.at} form="short" /></span>
            <span className="grow"><span className="wrap"><Inert text={c.text} /></span> <OriginLabel origin={c.origin} time={false} /></span>
          </>
        )
        return <li key={i}>{c.link ? <button type="button" className="line-btn" onClick={() => c.link && go(c.link)}>{line}<IconChevronRight size={14} className="quiet" aria-hidden="true" /></button> : <div className="line-btn line-still">{line}</div>}</li>
      })}
    </ul>
  )
}
