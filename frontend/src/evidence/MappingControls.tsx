// The left side of the wizard: how the source is cut, its times in order of use, and what holds for every row.
import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconX } from '@tabler/icons-react'
import type { MappedColumn } from '../api/types'
import { inert } from '../domain/inert'
import { bestForm, DELIMITERS, firstTime, MEANINGS, withName, withTime, type Doubt, type Mapping, type MappedTime } from '../domain/mapping'
import { Inert } from '../ui/Inert'
import { ZoneOrNone } from './ZoneOrNone'

interface Props { m: Mapping; columns: MappedColumn[]; doubts: Doubt[]; change: (m: Mapping) => void }

export function MappingControls({ m, columns, doubts, change }: Props) {
  const yearless = m.times.some((t) => columns.find((c) => c.name === t.column)?.forms.find((f) => f.form === t.form)?.yearless) || m.year !== 0
  const free = columns.filter((c) => !m.times.some((t) => t.column === c.name))
  const add = (name: string | null) => {
    const c = columns.find((x) => x.name === name)
    if (c) change(withTime(m, c.name, { form: bestForm(c)?.form ?? 'auto' }))
  }
  return (
    <div className="scroll wizard-side" tabIndex={0} role="region" aria-label="Mapping">
      {m.shape === 'table' && (
        <section aria-label="How it is cut">
          <h3 className="label">How it is cut</h3>
          <div className="form-two">
            <Select size="xs" label="Between columns" value={m.delimiter} allowDeselect={false} data={[...DELIMITERS, ...(DELIMITERS.some((d) => d.value === m.delimiter) ? [] : [{ value: m.delimiter, label: m.delimiter }])]} onChange={(v) => change({ ...m, delimiter: v ?? ',' })} />
            <NumberInput size="xs" label="Lines above" value={m.skip} min={0} max={10_000} onChange={(v) => change({ ...m, skip: Number(v) || 0 })} />
          </div>
          <Checkbox size="xs" checked={m.header} onChange={(e) => change({ ...m, header: e.currentTarget.checked })} label="The first line names the columns" />
          <Checkbox size="xs" checked={m.no_quotes} onChange={(e) => change({ ...m, no_quotes: e.currentTarget.checked })} label="A quote is a character like others" />
        </section>
      )}
      <section aria-label="Times">
        <h3 className="label">Times</h3>
        {m.times.length > 1 && <p className="quiet small">The first that can be read in a row is the time of the event.</p>}
        {doubts.filter((d) => d.column === '').map((d) => <DoubtLine key={d.text} text={d.text} />)}
        <ul className="map-times">
          {m.times.map((t, n) => (
            <li key={t.column}>
              <TimeCard t={t} column={columns.find((c) => c.name === t.column)} columns={columns} doubts={doubts.filter((d) => d.column === t.column)} first={n === 0} change={(part) => change(withTime(m, t.column, part))} onFirst={() => change(firstTime(m, t.column))} />
            </li>
          ))}
        </ul>
        {free.length > 0 && <Select key={m.times.length} size="xs" aria-label="Add a time column" placeholder="Add a time column" searchable value={null} onChange={add} data={[...free].sort((a, b) => Number(b.kind === 'time') - Number(a.kind === 'time')).map((c) => ({ value: c.name, label: inert(c.name) }))} />}
      </section>
      <section aria-label="Where times state less">
        <h3 className="label">Where times state less</h3>
        <ZoneOrNone size="xs" label="Zone of times without one" none="as answered for the source" value={m.zone} onChange={(zone) => change({ ...m, zone })} />
        {yearless && <NumberInput size="xs" label="Year of the first row" placeholder="as answered, or the file’s date" value={m.year || ''} min={1970} max={2200} thousandSeparator="" onChange={(v) => change({ ...m, year: Number(v) || 0 })} />}
      </section>
      <section aria-label="The same in every row">
        <h3 className="label">The same in every row</h3>
        <TextInput size="xs" label="Host, where the file names none" value={m.constants['host.name'] ?? ''} onChange={(e) => change({ ...m, constants: withName(m.constants, 'host.name', e.currentTarget.value) })} autoComplete="off" spellCheck={false} />
      </section>
    </div>
  )
}

interface CardProps { t: MappedTime; column?: MappedColumn; columns: MappedColumn[]; doubts: Doubt[]; first: boolean; change: (part: Partial<MappedTime> | null) => void; onFirst: () => void }

const NONE = ' none'

function TimeCard({ t, column, columns, doubts, first, change, onFirst }: CardProps) {
  const forms = column?.forms ?? []
  const form = forms.find((f) => f.form === t.form)
  const pattern = t.form.startsWith('pattern:')
  const others = [{ value: NONE, label: 'none' }, ...columns.filter((c) => c.name !== t.column).map((c) => ({ value: c.name, label: inert(c.name) }))]
  const name = inert(t.column)
  return (
    <div className="map-time">
      <div className="row"><b className="mono clip grow"><Inert text={t.column} /></b>{!first && <button type="button" className="link small nowrap" onClick={onFirst}>use first</button>}<button type="button" className="icon-btn" aria-label={`${name} is no time`} title="It is no time" onClick={() => change(null)}><IconX size={13} /></button></div>
      {!column && <p className="quiet small">This file has no such column.</p>}
      <Select
        size="xs" aria-label={`How ${name} is written`} value={pattern ? 'pattern:' : t.form} allowDeselect={false} onChange={(v) => change({ form: v === 'pattern:' ? 'pattern:dd.MM.yyyy HH:mm:ss' : v ?? 'auto' })}
        data={[...forms.filter((f) => !f.form.startsWith('pattern:')).map((f) => ({ value: f.form, label: f.words })), ...(form || pattern ? [] : [{ value: t.form, label: t.form === 'auto' ? 'as the text shows' : t.form }]), { value: 'pattern:', label: 'by a pattern…' }]}
      />
      {pattern && <TextInput size="xs" aria-label={`Pattern of ${name}`} value={t.form.slice('pattern:'.length)} onChange={(e) => change({ form: `pattern:${e.currentTarget.value}` })} classNames={{ input: 'mono' }} spellCheck={false} autoComplete="off" />}
      {form && form.readings.length > 0 && <ul className="readings mono tiny">{form.readings.slice(0, 3).map((r, n) => <li key={n}><Inert text={r} /></li>)}</ul>}
      {form && form.readings.length === 0 && <p className="quiet small">No value of the first rows can be read so.</p>}
      {doubts.map((d) => <DoubtLine key={d.kind} text={d.text} />)}
      <Select size="xs" aria-label={`What ${name} means`} value={t.meaning} allowDeselect={false} data={MEANINGS.map((x) => ({ value: x.value, label: `when ${x.label}` }))} onChange={(v) => change({ meaning: v ?? 'occurred' })} />
      <details className="map-more" open={t.clock !== '' || t.zone_column !== '' || t.utc || undefined}>
        <summary className="quiet small">Clock and zone of it</summary>
        <Select size="xs" label="Clock in another column" value={t.clock || NONE} allowDeselect={false} data={others} onChange={(v) => change({ clock: v === NONE || v === null ? '' : v })} />
        <Select size="xs" label="Zone in another column" value={t.zone_column || NONE} allowDeselect={false} data={others} disabled={t.utc} onChange={(v) => change({ zone_column: v === NONE || v === null ? '' : v })} />
        <Checkbox size="xs" checked={t.utc} disabled={t.zone_column !== ''} onChange={(e) => change({ utc: e.currentTarget.checked })} label="The source writes UTC" />
      </details>
    </div>
  )
}

function DoubtLine({ text }: { text: string }) {
  return <p className="doubt small"><IconAlertTriangle size={14} aria-hidden="true" /><span className="wrap">{text}</span></p>
}
