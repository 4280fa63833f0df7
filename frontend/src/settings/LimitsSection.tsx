// The bounds of taking in evidence: what they are, why they are there, and a signed way to move them for this case.
import { Button, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useLimits } from '../api/queries'
import type { IntakeLimit, IntakeLimits } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { bytes, count } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { WhyField, whyMissing } from './fields'

const value = (n: number, unit: string) => (unit === 'bytes' ? bytes(n) : `${count(n)} ${unit}`.trim())

export function LimitsSection() {
  const limits = useLimits()
  const [changing, setChanging] = useState(false)
  return (
    <Loaded query={limits} what="the limits" lines={6}>
      {(d) => (
        <>
          <table className="limits">
            <thead><tr><th scope="col">Limit</th><th scope="col" className="end">In this case</th><th scope="col">Why</th></tr></thead>
            <tbody>
              {d.limits.map((l) => (
                <tr key={l.name} data-changed={l.value !== l.usual}>
                  <th scope="row"><Inert text={l.name} /></th>
                  <td className="end num nowrap"><span className={l.value === l.usual ? undefined : 'strong'}>{value(l.value, l.unit)}</span>{l.value !== l.usual && <div className="quiet small">usually {value(l.usual, l.unit)}</div>}</td>
                  <td className="quiet"><Inert text={l.why} /></td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="quiet small">{d.by ? <>Set by <Inert text={d.by} />{d.at && <>, <Time iso={d.at} form="short" /></>}.</> : 'Nothing was changed in this case.'} What a limit stops is named in the receipt; nothing is left out without a word.</p>
          <Button variant="default" onClick={() => setChanging(true)}>Change the limits…</Button>
          {changing && <LimitsDialog d={d} onClose={() => setChanging(false)} />}
        </>
      )}
    </Loaded>
  )
}

function LimitsDialog({ d, onClose }: { d: IntakeLimits; onClose: () => void }) {
  const [values, setValues] = useState<Record<string, number>>(() => Object.fromEntries(d.limits.map((l) => [l.name, l.value])))
  const [why, setWhy] = useState('')
  const now = (l: IntakeLimit) => values[l.name] ?? l.value
  const changed = d.limits.some((l) => now(l) !== l.value)
  const bad = d.limits.filter((l) => !(now(l) >= 1))
  // An entry replaces the one before whole, so it names every bound that is not the usual one.
  const order = Object.fromEntries(d.limits.filter((l) => now(l) !== l.usual).map((l) => [l.name, now(l)]))
  return (
    <ActDialog
      title="Limits of taking in evidence" verb="Sign the limits" size={720} ask={[order, why]} onClose={onClose} preview={() => api.evidenceLimitsSet(order, why.trim())}
      missing={[...(bad.length > 0 ? [`a number for ${bad[0]?.name ?? ''}`] : changed ? [] : ['a change']), ...whyMissing(why)]}
      lead="For this case, from the next import on. What was taken in before stays as it is."
    >
      <div className="limits-form">
        {d.limits.map((l) => (
          <NumberInput
            key={l.name} size="xs" label={<Inert text={l.name} />} aria-label={l.name} value={now(l)} min={1} thousandSeparator="," allowDecimal={false} allowNegative={false} onChange={(v) => setValues({ ...values, [l.name]: v === '' ? 0 : Number(v) })}
            description={`${l.unit === 'bytes' ? `bytes: ${bytes(now(l))}; ` : l.unit ? `${l.unit}; ` : ''}usually ${value(l.usual, l.unit)}`}
          />
        ))}
      </div>
      <WhyField value={why} onChange={setWhy} placeholder="The disk image unpacks to 400 GiB" />
    </ActDialog>
  )
}
