// The bounds of taking in evidence: what they are, why they are there, and a signed way to move them for this case.
import { Button, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useLimits } from '../api/queries'
import type { IntakeLimits, Limit } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { bytes, count } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { WhyField, whyMissing } from './fields'

/** The program's names are those of the command line. */
const WORDS: Record<string, string> = {
  max_depth: 'Archives inside archives', max_members: 'Members of one archive', max_ratio: 'Unpacked to packed size', ratio_free_bytes: 'No ratio asked below', max_member_bytes: 'Unpacked size of one member',
  max_archive_bytes: 'Unpacked size of one archive', max_window_bytes: 'Memory of one unpacker', max_files: 'Files of one import', seal_below: 'Sealed up to',
}
const words = (l: Limit) => WORDS[l.name] ?? sentence(l.name.replaceAll('_', ' '))
const isBytes = (l: Limit) => l.unit.startsWith('bytes')
const value = (n: number, l: Limit) => (isBytes(l) ? bytes(n) : l.name === 'max_ratio' ? `${count(n)} : 1` : count(n))
const sentence = (s: string) => `${s.slice(0, 1).toUpperCase()}${s.slice(1)}`

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
                  <th scope="row"><Inert text={words(l)} /></th>
                  <td className="end num nowrap"><span className={l.value === l.usual ? undefined : 'strong'}>{value(l.value, l)}</span>{l.value !== l.usual && <div className="quiet small">usually {value(l.usual, l)}</div>}</td>
                  <td className="quiet"><Inert text={sentence(l.why)} /></td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="quiet small">{d.by ? <>Set by <Inert text={d.by} />{d.at && <>, <Time iso={d.at} form="short" /></>}{d.why && <>: <Inert text={d.why.replace(/\.$/, '')} /></>}.</> : 'Nothing was changed in this case.'} What a limit stops is named in the receipt; nothing is left out without a word.</p>
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
  const now = (l: Limit) => values[l.name] ?? l.value
  const changed = d.limits.some((l) => now(l) !== l.value)
  const bad = d.limits.find((l) => !(now(l) >= l.least && now(l) <= l.most))
  // An entry replaces the one before whole, so it names every bound that is not the usual one.
  const order = Object.fromEntries(d.limits.filter((l) => now(l) !== l.usual).map((l) => [l.name, now(l)]))
  return (
    <ActDialog
      title="Limits of taking in evidence" verb="Sign the limits" size={720} ask={[order, why]} onClose={onClose} preview={() => api.evidenceLimitsSet(order, why.trim())}
      missing={[...(bad ? [`for “${words(bad)}” a number from ${value(bad.least, bad)} to ${value(bad.most, bad)}`] : changed ? [] : ['a change']), ...whyMissing(why)]}
      lead="For this case, from the next import on. What was taken in before stays as it is."
    >
      <div className="limits-form">
        {d.limits.map((l) => (
          <NumberInput
            key={l.name} size="xs" label={<Inert text={words(l)} />} value={Number.isNaN(now(l)) ? '' : now(l)} min={l.least} max={l.most} clampBehavior="none" thousandSeparator="," allowDecimal={false} allowNegative={false} onChange={(v) => setValues({ ...values, [l.name]: v === '' ? NaN : Number(v) })}
            description={`${isBytes(l) ? `in bytes: ${bytes(now(l) || 0)}; ` : ''}usually ${value(l.usual, l)}`}
          />
        ))}
      </div>
      <WhyField value={why} onChange={setWhy} placeholder="The disk image unpacks to 400 GiB" />
    </ActDialog>
  )
}
