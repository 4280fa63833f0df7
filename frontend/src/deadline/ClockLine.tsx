// One clock on one line, with its urgency as weight and fill, never as colour alone.
import type { Clock } from '../api/types'
import { leftText, urgency } from '../domain/clocks'
import { useShell } from '../ui/shell'

export function ClockLeft({ clock, now }: { clock: Clock; now: number }) {
  return <span className={`left left-${urgency(clock, now)} num`}>{leftText(clock, now)}</span>
}

export function ClockLine({ clock, now }: { clock: Clock; now: number }) {
  const { inspect, subject } = useShell()
  return (
    <button type="button" className="line-btn" data-current={subject?.kind === 'clock' && subject.clock.id === clock.id} onClick={() => inspect({ kind: 'clock', clock })}>
      <span className="grow"><span className="strong">{clock.regime_name}</span> <span className="quiet">{clock.stage_name}</span></span>
      <ClockLeft clock={clock} now={now} />
    </button>
  )
}
