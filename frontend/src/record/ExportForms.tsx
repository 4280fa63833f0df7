// The questions before a copy leaves: form, who gets it, who can open it, what goes along, where it is written.
import { Checkbox, MultiSelect, PasswordInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useDocuments, useLanes, usePeople } from '../api/queries'
import { FORM_WORDS, type ExportForm, type ExportWords } from '../domain/export'
import { KIND_GROUPS, kindWords } from '../domain/kinds'
import { PassphraseStrength } from '../start/PassphraseStrength'
import { PathField } from '../start/PathField'
import { useShell } from '../ui/shell'

interface Props { w: ExportWords; change: (c: Partial<ExportWords>) => void; onForm: (f: ExportForm) => void; passphrase: string; again: string; setPassphrase: (t: string) => void; setAgain: (t: string) => void }

export function ExportForms(p: Props) {
  const { w, change } = p
  return (
    <>
      <SegmentedControl aria-label="Form of the copy" className="seg-start" value={w.form} onChange={(v) => p.onForm(v as ExportForm)} data={[{ value: 'plain', label: 'Plain folder' }, { value: 'parcel', label: 'Encrypted parcel' }, { value: 'extract', label: 'Extract' }]} />
      <p className="quiet">{FORM_WORDS[w.form]}</p>
      <div className="form-two">
        <TextInput label="Who gets it" withAsterisk description="In words, as the record will tell it" value={w.to} onChange={(e) => change({ to: e.currentTarget.value })} autoComplete="off" placeholder="Maya Okafor, counsel" />
        <PathField label={w.form === 'parcel' ? 'File' : 'Folder'} description="Must not exist yet" value={w.out} onChange={(out) => change({ out })} choose="save" title="Where the copy is written" />
      </div>
      {w.form === 'parcel' && <Lock {...p} />}
      {w.form === 'extract' ? <Chosen {...p} /> : <Along {...p} />}
      <Lanes {...p} />
    </>
  )
}

function Lock({ w, change, passphrase, again, setPassphrase, setAgain }: Props) {
  const people = usePeople()
  return (
    <>
      <div>
        <div className="field-label" id="lock-label">Who can open it</div>
        <SegmentedControl aria-labelledby="lock-label" value={w.lock} onChange={(v) => change({ lock: v as ExportWords['lock'] })} data={[{ value: 'people', label: 'People with their keys' }, { value: 'passphrase', label: 'Whoever has a passphrase' }]} />
      </div>
      {w.lock === 'people' ? (
        <div className="form-two">
          <MultiSelect size="xs" comboboxProps={{ withinPortal: false }} label="People of the case" description="With every key of theirs that counts" data={(people.data?.people ?? []).filter((x) => x.known).map((x) => ({ value: x.id, label: x.name }))} value={w.people} onChange={(v) => change({ people: v })} placeholder={w.people.length === 0 ? 'Choose' : ''} />
          <Textarea label="Other keys" description="One a line: age1…, or the file of a card" value={w.keys} onChange={(e) => change({ keys: e.currentTarget.value })} autosize minRows={1} maxRows={4} spellCheck={false} classNames={{ input: 'mono' }} />
        </div>
      ) : (
        <>
          <div className="form-two">
            <PasswordInput label="Passphrase of the parcel" description="Hand it over by another way" value={passphrase} onChange={(e) => setPassphrase(e.currentTarget.value)} autoComplete="new-password" />
            <PasswordInput label="Passphrase again" description="Not kept anywhere" value={again} onChange={(e) => setAgain(e.currentTarget.value)} error={again !== '' && again !== passphrase ? 'The two differ' : undefined} autoComplete="new-password" />
          </div>
          <PassphraseStrength text={passphrase} />
        </>
      )}
    </>
  )
}

const EVIDENCE = { plain: 'None: hashes and receipts only', parcel: 'All sealed evidence' }

function Along({ w, change }: Props) {
  const form = w.form === 'parcel' ? 'parcel' : 'plain'
  const evidence = w.evidence || (form === 'parcel' ? 'all' : 'none')
  return (
    <div className="form-two">
      <div className="col">
        <Select label="Evidence" allowDeselect={false} value={evidence} onChange={(v) => change({ evidence: (v ?? '') as ExportWords['evidence'] })} data={[{ value: 'all', label: EVIDENCE.parcel }, { value: 'none', label: EVIDENCE.plain }]} />
        {evidence === 'all' && <Checkbox checked={w.referenced} onChange={(e) => change({ referenced: e.currentTarget.checked })} label="Also files that were left where they lie, when they are at hand" />}
      </div>
      <Select label="Papers" allowDeselect={false} value={w.papers || 'approved'} onChange={(v) => change({ papers: (v ?? '') as ExportWords['papers'] })} data={[{ value: 'approved', label: 'Approved papers' }, { value: 'all', label: 'All papers, drafts too' }, { value: 'none', label: 'None' }]} />
    </div>
  )
}

function Chosen({ w, change }: Props) {
  const documents = useDocuments()
  return (
    <>
      <TextInput label="What for" withAsterisk description="Stands in the extract and in the record" value={w.reason} onChange={(e) => change({ reason: e.currentTarget.value })} autoComplete="off" placeholder="Answer to the question of the supervisory authority of 4 March" />
      <div className="form-two">
        <MultiSelect size="xs" comboboxProps={{ withinPortal: false }} label="Entries of these kinds" searchable data={KIND_GROUPS.map((g) => ({ group: g.title, items: g.kinds.map(([k]) => ({ value: k, label: kindWords(k) })) }))} value={w.kinds} onChange={(v) => change({ kinds: v })} maxDropdownHeight={300} placeholder={w.kinds.length === 0 ? 'None' : ''} />
        <MultiSelect size="xs" comboboxProps={{ withinPortal: false }} label="Papers, with what was signed about them" data={(documents.data?.documents ?? []).map((d) => ({ value: d.id, label: d.title }))} value={w.documents} onChange={(v) => change({ documents: v })} placeholder={w.documents.length === 0 ? 'None' : ''} />
      </div>
    </>
  )
}

/** Only counsel lets the words of a lane out, and only by name. */
function Lanes({ w, change }: Props) {
  const { caseView } = useShell()
  const counsel = caseView.person.acting === 'legal-counsel'
  const lanes = useLanes(counsel)
  const list = counsel ? lanes.data?.lanes ?? [] : []
  if (list.length === 0) return null
  return (
    <Checkbox.Group label="Let out the words of a lane" description="Everything marked or sealed stays out otherwise" value={w.lanes} onChange={(v) => change({ lanes: v })}>
      <div className="choices">{list.map((l) => <Checkbox key={l.id} value={l.id} label={l.name} />)}</div>
    </Checkbox.Group>
  )
}
