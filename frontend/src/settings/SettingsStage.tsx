// Settings: people and their keys, roles, the model and its fitness, isolation, and how the window looks.
import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { IconShieldCheck, IconShieldQuestion } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { contrast, setContrast, type Contrast } from '../ui/scheme'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { StageHead } from '../ui/StageHead'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { ModelSection } from './ModelSection'
import { PeopleSection } from './PeopleSection'
import './settings.css'

export function SettingsStage() {
  const { caseView: c } = useShell()
  return (
    <>
      <StageHead title="Settings" />
      <div className="stage-body scroll settings" tabIndex={0} role="region" aria-label="Settings">
        <Section title="People and roles" words="Each person signs with a key of their own. A role says what they may decide, and is stamped on every decision as it was held then."><PeopleSection /></Section>
        <Section title="Model" words="A model drafts and notes; it never decides, and every one of its functions has a twin without a model."><ModelSection /></Section>
        <Section title="Isolation" words="Nothing leaves this laptop.">
          <p className="row">{c.isolation.state === 'isolated' ? <IconShieldCheck size={18} aria-hidden="true" /> : <IconShieldQuestion size={18} aria-hidden="true" />}<b>{c.isolation.state}</b></p>
          <p className="wrap"><Inert text={c.isolation.text} /></p>
          <p className="quiet small">Provable at any time from the command line: <span className="mono">adjutant selftest isolation</span></p>
        </Section>
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
        <Section title="Looks" words="Kept on this laptop only."><Looks /></Section>
      </div>
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
