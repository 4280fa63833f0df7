// Settings in five parts: people with keys and roles, who may sign what, the case and what opens it, the model, and looks.
import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { IconShieldCheck, IconShieldQuestion } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { contrast, setContrast, type Contrast } from '../ui/scheme'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { StageHead } from '../ui/StageHead'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { AuthorityTab } from './AuthorityTab'
import { LimitsSection } from './LimitsSection'
import { ModelSection } from './ModelSection'
import { PeopleTab } from './PeopleTab'
import { SlotsSection } from './SlotsSection'
import './settings.css'

type Tab = 'people' | 'authority' | 'case' | 'model' | 'looks'
const TABS: { value: Tab; label: string }[] = [{ value: 'people', label: 'People' }, { value: 'authority', label: 'Authority' }, { value: 'case', label: 'Case' }, { value: 'model', label: 'Model' }, { value: 'looks', label: 'Looks' }]

export function SettingsStage() {
  const { place, amendPlace } = useShell()
  const tab = TABS.find((t) => t.value === place.id)?.value ?? 'people'
  return (
    <>
      <StageHead title="Settings">
        <SegmentedControl aria-label="Part of the settings" value={tab} onChange={(v) => amendPlace({ stage: 'settings', id: v })} data={TABS} />
      </StageHead>
      <div className={`stage-body scroll settings settings-${tab}`} tabIndex={0} role="region" aria-label={`Settings: ${TABS.find((t) => t.value === tab)?.label ?? ''}`}>
        {tab === 'people' && <PeopleTab />}
        {tab === 'authority' && <AuthorityTab />}
        {tab === 'case' && <CaseTab />}
        {tab === 'model' && <Section title="Model" words="A model drafts and notes; it never decides, and every one of its functions has a twin without a model."><ModelSection /></Section>}
        {tab === 'looks' && <Section title="Looks" words="Kept on this laptop only."><Looks /></Section>}
      </div>
    </>
  )
}

function CaseTab() {
  const { caseView: c } = useShell()
  return (
    <>
      <Section title="Case" words="What this case is and where it lies.">
        <Facts>
          <Fact label="Name"><Inert text={c.name} /></Fact>
          <Fact label="Folder"><span className="mono small"><Inert text={c.dir} /></span></Fact>
          <Fact label="Mode">{c.mode}</Fact>
          <Fact label="Sharing limit">TLP:{c.tlp}</Fact>
          <Fact label="Zone">{c.zone}</Fact>
          <Fact label="Created"><Time iso={c.created} /></Fact>
          <Fact label="Head"><span className="mono small">{c.head}</span></Fact>
        </Facts>
      </Section>
      <Section title="What opens the folder" words="Passphrases and keys of the case on this laptop. Whoever has one reads all of it; signing needs a person’s own key as well."><SlotsSection /></Section>
      <Section title="Taking in evidence" words="Bounds that keep an archive or a folder from filling this laptop. A change is signed and counts for this case."><LimitsSection /></Section>
      <Section title="Isolation" words="Nothing leaves this laptop.">
        <p className="row">{c.isolation.state === 'isolated' ? <IconShieldCheck size={18} aria-hidden="true" /> : <IconShieldQuestion size={18} aria-hidden="true" />}<b>{c.isolation.state}</b></p>
        <p className="wrap"><Inert text={c.isolation.text} /></p>
        <p className="quiet small">Provable at any time from the command line: <span className="mono">adjutant selftest isolation</span></p>
      </Section>
    </>
  )
}

function Section({ title, words, children }: { title: string; words: string; children: ReactNode }) {
  return <section className="set-sec" aria-label={title}><div className="set-lead"><h2>{title}</h2><p className="quiet">{words}</p></div><div className="set-body">{children}</div></section>
}

function Looks() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { zoneMode, setZoneMode, caseView } = useShell()
  const [c, setC] = useState<Contrast>(contrast)
  return (
    <div className="looks">
      <span>Colours</span>
      <SegmentedControl aria-label="Colours" value={colorScheme} onChange={(v) => setColorScheme(v as 'light' | 'dark' | 'auto')} data={[{ value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }, { value: 'auto', label: 'As the system' }]} />
      <span>Contrast</span>
      <SegmentedControl aria-label="Contrast" value={c} onChange={(v) => { setContrast(v as Contrast); setC(v as Contrast) }} data={[{ value: 'normal', label: 'Normal' }, { value: 'high', label: 'High' }, { value: 'auto', label: 'As the system' }]} />
      <span>Times</span>
      <SegmentedControl aria-label="Times" value={zoneMode} onChange={(v) => setZoneMode(v as 'utc' | 'case')} data={[{ value: 'utc', label: 'UTC' }, { value: 'case', label: caseView.zone || 'Case zone' }]} />
    </div>
  )
}
