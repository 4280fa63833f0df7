// Privilege: the circles of people around legal counsel, their sealed words, what is marked for them, and the log of what
// copies leave out. In the rail for counsel and for whoever is in a lane.
import { Button, SegmentedControl, Switch, Textarea } from '@mantine/core'
import { IconLock, IconLockOpen, IconPlus, IconScale } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '../api/client'
import { useLanes } from '../api/queries'
import { useDraft } from '../api/useDraft'
import type { Lane, LaneMark, Lanes, LaneWord } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { keysWords, laneOf, MARK_OF, TRACK } from '../domain/lane'
import { kindWords } from '../domain/kinds'
import { listing, plural, shortHash } from '../domain/words'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { OriginLabel } from '../ui/Origin'
import { StageHead } from '../ui/StageHead'
import { Empty, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { LaneModelDialog, LiftDialog, MembersDialog, OpenLaneDialog, ShareDialog } from './LaneDialogs'
import './lane.css'

type View = 'lanes' | 'marks' | 'log'
type Doing = { what: 'open' } | { what: 'members' | 'model'; lane: Lane } | { what: 'share'; lane: Lane; word: LaneWord } | { what: 'lift'; mark: LaneMark } | null

export function LaneStage() {
  const lanes = useLanes()
  const { place, amendPlace, caseView } = useShell()
  const [view, setView] = useState<View>('lanes')
  const [doing, setDoing] = useState<Doing>(null)
  const counsel = caseView.person.acting === 'legal-counsel'
  const close = () => setDoing(null)
  return (
    <>
      <StageHead title="Privilege" counts={lanes.data && <>{plural(lanes.data.lanes.length, 'lane')} · {plural(lanes.data.marks.length, 'mark')}</>}>
        <SegmentedControl aria-label="Part" value={view} onChange={(v) => setView(v as View)} data={[{ value: 'lanes', label: 'Lanes' }, { value: 'marks', label: 'Marks' }, { value: 'log', label: 'Privilege log' }]} />
        {counsel && <Button leftSection={<IconPlus size={15} />} onClick={() => setDoing({ what: 'open' })}>Open a lane…</Button>}
      </StageHead>
      <Loaded query={lanes} what="privilege" lines={10}>
        {(d) => {
          const lane = laneOf(d.lanes, place.stage === 'lane' ? place.id : undefined)
          return (
            <>
              {view === 'lanes' && (lane ? (
                <div className="lanes">
                  <nav className="lane-list scroll" aria-label="Lanes">
                    <ul>{d.lanes.map((l) => (
                      <li key={l.id}><button type="button" className="paper-item lane-item" aria-current={l.id === lane.id || undefined} onClick={() => amendPlace({ stage: 'lane', id: l.id })}>
                        <span className="strong wrap"><Inert text={l.name} /></span>
                        <span className="quiet small">{l.mine ? <IconLockOpen size={12} aria-hidden="true" /> : <IconLock size={12} aria-hidden="true" />} {l.mine ? 'you are in it' : 'you are not in it'} · {plural(l.words.length, 'note')}</span>
                      </button></li>
                    ))}</ul>
                  </nav>
                  <LaneView key={lane.id} lane={lane} onDo={setDoing} />
                </div>
              ) : (
                <Empty icon={<IconScale size={34} stroke={1.3} />} title="No lane yet">
                  A lane is a circle of people around legal counsel. {counsel ? 'Open one at somebody’s direction and for a matter; then its members write words that only they can read, and you mark what belongs to it.' : 'Legal counsel opens one; acting as counsel you see the button here.'}
                </Empty>
              ))}
              {view === 'marks' && <Marks d={d} onLift={(mark) => setDoing({ what: 'lift', mark })} />}
              {view === 'log' && <Log d={d} />}
              {doing?.what === 'open' && <OpenLaneDialog onClose={close} />}
              {doing?.what === 'members' && <MembersDialog lane={doing.lane} onClose={close} />}
              {doing?.what === 'model' && <LaneModelDialog lane={doing.lane} onClose={close} />}
              {doing?.what === 'share' && <ShareDialog lane={doing.lane} word={doing.word} onClose={close} />}
              {doing?.what === 'lift' && <LiftDialog mark={doing.mark} onClose={close} />}
            </>
          )
        }}
      </Loaded>
    </>
  )
}

function LaneView({ lane, onDo }: { lane: Lane; onDo: (d: Doing) => void }) {
  const { caseView } = useShell()
  const counsel = caseView.person.acting === 'legal-counsel'
  return (
    <div className="lane scroll" tabIndex={0} role="region" aria-label={`Lane: ${lane.name}`}>
      <header className="lane-head">
        <div className="grow">
          <h2><Inert text={lane.name} /></h2>
          <Facts>
            {lane.matter && <Fact label="Matter"><Inert text={lane.matter} /></Fact>}
            <Fact label="Direction"><Inert text={lane.direction} /></Fact>
            <Fact label="Members"><Inert text={listing(lane.members, 12)} /></Fact>
            <Fact label="Model">{lane.model ? 'may read what is marked; never sealed words' : 'reads nothing of it'}</Fact>
          </Facts>
          <OriginLabel origin={{ kind: 'person', name: lane.by, role: 'legal-counsel', at: lane.at }} />
        </div>
        {counsel && <div className="col lane-acts"><Button variant="default" onClick={() => onDo({ what: 'members', lane })}>Members…</Button><Button variant="default" onClick={() => onDo({ what: 'model', lane })}>Model…</Button></div>}
      </header>
      <section className="lane-words read" aria-label="Words">
        {lane.words.length === 0 && <p className="quiet">Nothing was written yet.</p>}
        <ol>{lane.words.map((w) => <li key={w.entry}><Word w={w} share={counsel && w.open ? () => onDo({ what: 'share', lane, word: w }) : undefined} /></li>)}</ol>
      </section>
      {lane.mine ? <Write key={caseView.person.id} lane={lane} /> : <p className="lane-out quiet"><IconLock size={15} aria-hidden="true" />You are not in this lane. Its words are sealed to its members; no passphrase of the case opens them.</p>}
    </div>
  )
}

function Word({ w, share }: { w: LaneWord; share?: () => void }) {
  const track = <span className={`track track-${w.track}`}>{TRACK[w.track].word}</span>
  if (!w.open) {
    return (
      <div className="word word-sealed">
        <p><IconLock size={15} aria-hidden="true" /> sealed for {keysWords(w.keys)} {track}</p>
        <p className="quiet small"><Inert text={w.why} /> Sealed to <Inert text={listing(w.to, 4)} />.</p>
        <OriginLabel origin={{ kind: 'person', name: w.author, at: w.recorded }} />
      </div>
    )
  }
  return (
    <div className="word said said-person">
      <p className="word-text wrap"><Inert text={w.text} lines /></p>
      {w.about && <p className="quiet small wrap">about <Inert text={w.about} /></p>}
      <div className="row-wrap"><OriginLabel origin={{ kind: 'person', name: w.author, at: w.recorded }} />{track}<span className="quiet small">sealed for {keysWords(w.keys)}</span>{share && <button type="button" className="link small" onClick={share}>Pass on to a member…</button>}</div>
    </div>
  )
}

function Write({ lane }: { lane: Lane }) {
  const draft = useDraft(`lane/${lane.id}`)
  const [advice, setAdvice] = useState(true)
  const [signing, setSigning] = useState(false)
  const track = advice ? 'advice' : 'fact'
  const text = draft.text
  return (
    <section className="lane-write" aria-label="Write">
      <Textarea label="Write into the lane" value={text} onChange={(e) => draft.set(e.currentTarget.value)} autosize minRows={3} maxRows={12} onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && text.trim()) { e.preventDefault(); setSigning(true) } }} />
      <div className="spread">
        <Switch label={advice ? 'Advice' : 'Facts'} checked={advice} onChange={(e) => setAdvice(e.currentTarget.checked)} description={TRACK[track].says} />
        <span className="quiet small grow" role="status">{draft.state === 'failed' ? 'What you type is not kept on the disk; it is gone when you leave.' : 'What you type is kept sealed to your key alone, until you sign or clear it.'}</span>
        <Button disabled={text.trim() === ''} onClick={() => setSigning(true)} title="Ctrl+Enter">Seal and sign…</Button>
      </div>
      {signing && (
        <ActDialog
          title="Seal these words" verb="Seal and sign" ask={[lane.id, track, text]} preview={() => api.laneNote({ lane: lane.id, track, about: '', text })} missing={[]}
          onSigned={() => draft.clear()} onClose={() => setSigning(false)}
        />
      )}
    </section>
  )
}

function Marks({ d, onLift }: { d: Lanes; onLift: (m: LaneMark) => void }) {
  const { caseView } = useShell()
  const counsel = caseView.person.acting === 'legal-counsel'
  if (d.marks.length === 0) return <Empty icon={<IconLock size={34} stroke={1.3} />} title="Nothing is marked">Evidence, entries and papers are marked from their inspector, in the menu beside the title.</Empty>
  return (
    <div className="stage-body scroll" tabIndex={0} role="region" aria-label="Marks">
      <p className="lane-limit">{d.limit}</p>
      <table className="table lane-table">
        <thead><tr><th>What</th><th>Lane</th><th>Track</th><th>On what basis</th><th>Marked by</th><th><span className="sr">Lift</span></th></tr></thead>
        <tbody>
          {d.marks.map((m) => (
            <tr key={m.entry}>
              <td className="wrap"><span className="quiet">{MARK_OF[m.of]}</span> {m.title ? <Inert text={m.title} /> : <span className="quiet">behind the wall</span>}<div className="mono tiny quiet">{shortHash(m.ref)}</div></td>
              <td><Inert text={d.lanes.find((l) => l.id === m.lane)?.name ?? shortHash(m.lane)} /></td>
              <td><span className={`track track-${m.track}`}>{TRACK[m.track].word}</span></td>
              <td className="wrap"><Inert text={m.basis} /></td>
              <td><Inert text={m.by} /><div className="quiet small"><Time iso={m.at} form="short" /></div></td>
              <td>{counsel && <button type="button" className="link" aria-label={`Lift the mark on ${m.title || MARK_OF[m.of]}`} onClick={() => onLift(m)}>Lift…</button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Log({ d }: { d: Lanes }) {
  if (d.log.length === 0) return <Empty title="The log is empty">Copies of this case leave nothing out on the ground of privilege.</Empty>
  return (
    <div className="stage-body scroll" tabIndex={0} role="region" aria-label="Privilege log">
      <p className="lane-limit">What copies leave out unless counsel lets it go along: who wrote what kind of thing, when, to whom and on what ground, and nothing of what it says. Every copy carries this log.</p>
      <table className="table lane-table">
        <thead><tr><th>When</th><th>Who</th><th>What</th><th>Lane and matter</th><th>Track</th><th>Basis</th><th>To</th></tr></thead>
        <tbody>
          {d.log.map((l) => (
            <tr key={l.entry}>
              <td className="nowrap"><Time iso={l.recorded} form="short" /></td>
              <td><Inert text={l.author} /></td>
              <td>{kindWords(l.kind)}</td>
              <td className="wrap"><Inert text={l.lane} />{l.matter && <div className="quiet small"><Inert text={l.matter} /></div>}</td>
              <td><span className={`track track-${l.track}`}>{TRACK[l.track].word}</span></td>
              <td className="wrap"><Inert text={l.basis} /></td>
              <td className="wrap"><Inert text={listing(l.recipients, 4)} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
