// Acts of custody: hand over, take over or refuse, explain, hold and release, delete. Each says before the signature what
// the record will say.
import { Autocomplete, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { usePeople } from '../api/queries'
import type { EvidenceItem, Hold, Mismatch, Transfer } from '../api/types'
import { useDraftOf } from '../api/useDraft'
import { ActDialog } from '../decision/ActDialog'
import { handoverMissing } from '../domain/custody'
import { besideCase } from '../domain/slug'
import { fileName, listing, plural } from '../domain/words'
import { FileDialog } from '../record/WitnessDialogs'
import { LONG_WHY, WhyField, whyMissing } from '../settings/fields'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { useShell } from '../ui/shell'

const CONDITIONS = ['sealed, seal unbroken', 'as taken in, no damage seen', 'copy on a new disk, hashes compared']

export function Named({ items, all }: { items: readonly EvidenceItem[]; all: boolean }) {
  return (
    <details className="named">
      <summary>{all ? `Every item of the case: ${items.length}` : plural(items.length, 'item')} <span className="quiet small">{listing(items.map((i) => fileName(i.path)), 3)}</span></summary>
      <ul>{items.map((i) => <li key={i.sha256} className="mono tiny wrap"><Inert text={i.path} /></li>)}</ul>
    </details>
  )
}

interface Handover { to: string; receiver: string; organisation: string; purpose: string; place: string; seal: string; condition: string }
const NOTHING: Handover = { to: '', receiver: '', organisation: '', purpose: '', place: '', seal: '', condition: '' }

export function HandoverDialog({ items, all, onClose, onDone }: { items: readonly EvidenceItem[]; all: boolean; onClose: () => void; onDone?: () => void }) {
  const { caseView } = useShell()
  const people = usePeople()
  const [h, change, draft] = useDraftOf<Handover>('custody.give', NOTHING)
  const [outside, setOutside] = useState(false)
  const to = outside ? '' : h.to
  const shas = items.map((i) => i.sha256)
  const others = (people.data?.people ?? []).filter((p) => p.known && p.id !== caseView.person.id)
  return (
    <ActDialog
      title="Hand over evidence" verb="Sign the handover" size={720} ask={[shas, outside, h]} missing={handoverMissing({ ...h, to, items: shas })} onClose={onClose} onSigned={() => { draft.clear(); onDone?.() }}
      preview={() => api.custodyGive({ ...h, items: shas, to, receiver: outside ? h.receiver.trim() : '' })}
    >
      <Named items={items} all={all} />
      <SegmentedControl aria-label="Who receives it" value={outside ? 'outside' : 'case'} onChange={(v) => setOutside(v === 'outside')} data={[{ value: 'case', label: 'A person of the case' }, { value: 'outside', label: 'Somebody outside' }]} className="seg-start" />
      {outside ? (
        <div className="form-two">
          <TextInput label="Receiver" withAsterisk description="They sign the receipt on paper" value={h.receiver} onChange={(e) => change({ receiver: e.currentTarget.value })} autoComplete="off" />
          <TextInput label="Organisation" description="Police, court, laboratory" value={h.organisation} onChange={(e) => change({ organisation: e.currentTarget.value })} autoComplete="off" />
        </div>
      ) : (
        <Select label="Receiver" withAsterisk description="They take over with their own signature; until then you stay custodian" data={others.map((p) => ({ value: p.id, label: p.name }))} value={h.to || null} onChange={(v) => change({ to: v ?? '' })} placeholder="Choose" />
      )}
      <div className="form-two">
        <TextInput label="What for" withAsterisk value={h.purpose} onChange={(e) => change({ purpose: e.currentTarget.value })} placeholder="Memory analysis" autoComplete="off" />
        <TextInput label="Where" withAsterisk value={h.place} onChange={(e) => change({ place: e.currentTarget.value })} placeholder="Server room, north quay" autoComplete="off" />
      </div>
      <div className="form-two">
        <Autocomplete size="xs" comboboxProps={{ withinPortal: false }} label="Condition" withAsterisk data={CONDITIONS.filter((c) => c !== h.condition)} value={h.condition} onChange={(v) => change({ condition: v })} placeholder="As handed over" />
        <TextInput label="Seal" value={h.seal} onChange={(e) => change({ seal: e.currentTarget.value })} placeholder="Number of the bag or seal" autoComplete="off" />
      </div>
    </ActDialog>
  )
}

export function TakeoverDialog({ transfer: t, accepted, onClose }: { transfer: Transfer; accepted: boolean; onClose: () => void }) {
  const [condition, setCondition] = useState('')
  const [place, setPlace] = useState(t.place)
  const missing = [...(condition.trim() === '' ? [accepted ? 'the condition as you found it' : 'why you refuse'] : []), ...(place.trim() === '' ? ['where'] : [])]
  return (
    <ActDialog
      title={accepted ? 'Take over evidence' : 'Refuse evidence'} verb={accepted ? 'Sign and take over' : 'Sign and refuse'} ask={[t.id, accepted, condition, place]} missing={missing} onClose={onClose}
      preview={() => api.custodyTake({ transfer: t.id, accepted, condition: condition.trim(), place: place.trim() })}
      lead={<>{plural(t.items.length, 'item')} from <Inert text={t.giver} />. {accepted ? 'Count them and look at the seal before you sign.' : 'Whoever offered them stays custodian.'}</>}
    >
      <Facts>
        <Fact label="Condition given"><Inert text={t.condition} /></Fact>
        {t.seal && <Fact label="Seal"><Inert text={t.seal} /></Fact>}
      </Facts>
      {accepted ? <Autocomplete size="xs" comboboxProps={{ withinPortal: false }} label="Condition as found" withAsterisk data={[...new Set([t.condition, ...CONDITIONS])].filter((c) => c !== condition)} value={condition} onChange={setCondition} data-autofocus /> : <Textarea label="Why you refuse" withAsterisk value={condition} onChange={(e) => setCondition(e.currentTarget.value)} autosize minRows={2} data-autofocus />}
      <TextInput label="Where" withAsterisk value={place} onChange={(e) => setPlace(e.currentTarget.value)} autoComplete="off" />
    </ActDialog>
  )
}

export function ExplainDialog({ mismatch: m, onClose }: { mismatch: Mismatch; onClose: () => void }) {
  const [text, setText] = useState('')
  return (
    <ActDialog
      title="Explain altered evidence" verb="Sign the explanation" ask={[m.sha256, text]} missing={whyMissing(text, LONG_WHY)} onClose={onClose} preview={() => api.custodyExplain(m.sha256, text.trim())}
      lead={<><span className="mono small"><Inert text={m.path} /></span> is not what was taken in. Your explanation goes with every copy; it changes nothing about the item.</>}
    >
      <WhyField label="What happened to it" value={text} onChange={setText} least={LONG_WHY} placeholder="What you know about how and when it changed, and what that means for what was read from it" autoFocus />
    </ActDialog>
  )
}

export function HoldDialog({ items, onClose }: { items: readonly EvidenceItem[]; onClose: () => void }) {
  const [matter, setMatter] = useState('')
  const [why, setWhy] = useState('')
  return (
    <ActDialog
      title="Place a legal hold" verb="Sign the hold" ask={[items.map((i) => i.sha256), matter, why]} missing={[...(matter.trim() === '' ? ['the matter'] : []), ...whyMissing(why)]} onClose={onClose}
      preview={() => api.holdPlace({ matter: matter.trim(), why: why.trim(), items: items.map((i) => i.sha256) })}
      lead={items.length === 0 ? 'On the whole case and all its evidence.' : undefined}
    >
      {items.length > 0 && <Named items={items} all={false} />}
      <TextInput label="Matter" withAsterisk value={matter} onChange={(e) => setMatter(e.currentTarget.value)} placeholder="Claim of the passengers, file 12-204" data-autofocus autoComplete="off" />
      <WhyField value={why} onChange={setWhy} placeholder="On whose order, and what has to be kept" />
    </ActDialog>
  )
}

export function ReleaseDialog({ hold: h, onClose }: { hold: Hold; onClose: () => void }) {
  const [why, setWhy] = useState('')
  return (
    <ActDialog title="Release a legal hold" verb="Sign the release" ask={[h.id, why]} missing={whyMissing(why)} onClose={onClose} preview={() => api.holdRelease(h.id, why.trim())} lead={<>The hold for <b><Inert text={h.matter} /></b>, placed by <Inert text={h.by} />.</>}>
      <WhyField value={why} onChange={setWhy} autoFocus />
    </ActDialog>
  )
}

export function PurgeDialog({ item: i, onClose }: { item: EvidenceItem; onClose: () => void }) {
  const name = fileName(i.path)
  const [typed, setTyped] = useState('')
  const [why, setWhy] = useState('')
  return (
    <ActDialog
      title="Delete evidence for good" verb="Sign and delete" danger ask={[i.sha256, typed === name, why]} missing={[...whyMissing(why), ...(typed.trim() === name ? [] : ['the name of the file, typed'])]} onClose={onClose}
      preview={() => api.custodyPurge(i.sha256, why.trim())}
      lead={<>The sealed bytes and the rows of <b className="mono"><Inert text={name} /></b> are removed from this laptop. Nobody can bring them back from this case. Its hash and its receipts stay.</>}
    >
      <WhyField value={why} onChange={setWhy} placeholder="On whose order it may no longer be kept" autoFocus />
      <TextInput label={<>Type the name to confirm: <span className="mono"><Inert text={name} /></span></>} aria-label="Type the name of the file" withAsterisk value={typed} onChange={(e) => setTyped(e.currentTarget.value)} autoComplete="off" spellCheck={false} classNames={{ input: 'mono' }} />
    </ActDialog>
  )
}

export function ReceiptDialog({ transfer: t, onClose }: { transfer: Transfer; onClose: () => void }) {
  const { caseView: c } = useShell()
  return (
    <FileDialog
      title="Receipt of the transfer" label="PDF of the receipt" verb="Make the receipt" start={besideCase(c.dir, c.name, `receipt-${t.id.slice(0, 8)}.pdf`)} onClose={onClose} run={(path) => api.receipt(t.id, path)}
      lead={<>{plural(t.items.length, 'item')} with their hashes, from <Inert text={t.giver} /> to <Inert text={t.receiver} />, with lines for both signatures.</>}
      done={(d) => <Facts><Fact label="Written to"><span className="mono small wrap">{d.path}</span></Fact></Facts>}
    />
  )
}
