// Ctrl+K: commands by their words, and any question. What is asked opens in the panel with who answered it.
import { Modal } from '@mantine/core'
import { useState, type KeyboardEvent } from 'react'
import { useMantineColorScheme } from '@mantine/core'
import { api } from '../api/client'
import { looksLikeQuestion, matchCommands, type Command } from '../domain/palette'
import type { Stage } from '../domain/nav'
import { useShell } from '../ui/shell'
import { useAsk } from './useAsk'
import './ask.css'

interface Props { opened: boolean; onClose: () => void; onCard: () => void; onSeverity: () => void }
type Runnable = Command & { run: () => void }

export function Palette(props: Props) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} withCloseButton={false} size={620} yOffset="14vh" padding={0} attributes={{ content: { 'aria-label': 'Commands' } }} transitionProps={{ duration: 0 }}>
      {props.opened && <Body {...props} />}
    </Modal>
  )
}

function useCommands({ onClose, onCard, onSeverity }: Props): Runnable[] {
  const shell = useShell()
  const { setColorScheme } = useMantineColorScheme()
  const then = (run: () => void) => () => { onClose(); run() }
  const stage = (s: Stage, title: string, keys: string): Runnable => ({ id: s, title, group: 'Go to', keys, run: then(() => shell.stage(s)) })
  return [
    stage('board', 'Board', 'g b'), stage('evidence', 'Evidence', 'g e'), stage('timeline', 'Timeline', 'g t'), stage('triage', 'Findings', 'g f'), stage('decision', 'Decide', 'g d'),
    stage('deadline', 'Clocks', 'g c'), stage('document', 'Papers', 'g p'), stage('record', 'Record', 'g r'), stage('settings', 'Settings', 'g s'),
    stage('lane', 'Privilege', 'g l'),
    { id: 'people', title: 'People, keys and roles', group: 'Settings', run: then(() => shell.go({ stage: 'settings', id: 'people' })) },
    { id: 'glass', title: 'Take over a role, or break the glass', group: 'Settings', run: then(() => shell.go({ stage: 'settings', id: 'people' })) },
    { id: 'authority', title: 'Who may sign what', group: 'Settings', run: then(() => shell.go({ stage: 'settings', id: 'authority' })) },
    { id: 'incident', title: 'Incident timeline', group: 'Go to', run: then(() => shell.go({ stage: 'timeline', id: 'incident' })) },
    { id: 'severity', title: 'Declare the severity', group: 'Decide', run: then(onSeverity) },
    { id: 'detect', title: 'Run detection', group: 'Findings', run: then(() => void api.detectRun().then(() => shell.say('Detection runs.'), (e: { sentence: string }) => shell.say(e.sentence, { bad: true }))) },
    { id: 'zone', title: shell.zoneMode === 'utc' ? 'Times in the case zone' : 'Times in UTC', group: 'View', keys: 'z', run: then(() => shell.setZoneMode(shell.zoneMode === 'utc' ? 'case' : 'utc')) },
    { id: 'light', title: 'Light', group: 'View', run: then(() => setColorScheme('light')) },
    { id: 'dark', title: 'Dark', group: 'View', run: then(() => setColorScheme('dark')) },
    { id: 'keys', title: 'Keyboard card', group: 'View', keys: '?', run: then(onCard) },
    { id: 'lock', title: 'Lock the case', group: 'Case', run: then(() => void api.caseLock().then(() => location.reload(), () => undefined)) },
  ]
}

function Body(props: Props) {
  const shell = useShell()
  const ask = useAsk()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const commands = matchCommands(useCommands(props), text)
  const question: Runnable[] = text.trim() === '' ? [] : [{
    id: 'ask', title: `Ask: ${text.trim()}`, group: 'Ask', run: () => { props.onClose(); shell.inspect({ kind: 'ask' }); ask.put(text.trim()) },
  }]
  const all: Runnable[] = looksLikeQuestion(text) ? [...question, ...commands] : [...commands, ...question]
  const index = Math.min(at, all.length - 1)
  const key = (e: KeyboardEvent) => {
    if (e.key === 'ArrowDown') setAt((index + 1) % Math.max(1, all.length))
    else if (e.key === 'ArrowUp') setAt((index - 1 + all.length) % Math.max(1, all.length))
    else if (e.key === 'Enter') all[index]?.run()
    else return
    e.preventDefault()
  }
  return (
    <div className="palette">
      <input
        className="palette-input" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={all[index] ? `palette-${all[index].id}` : undefined} aria-label="Command or question"
        placeholder="Command, or a question: what did svc-backup do on FS01" value={text} onChange={(e) => { setText(e.currentTarget.value); setAt(0) }} onKeyDown={key} data-autofocus spellCheck={false} autoComplete="off"
      />
      <ul id="palette-list" className="palette-list scroll" role="listbox" aria-label="Commands" tabIndex={-1}>
        {all.map((c, i) => (
          <li key={c.id} id={`palette-${c.id}`} role="option" aria-selected={i === index} className="palette-item" onMouseMove={() => setAt(i)} onClick={c.run}>
            <span className="clip grow">{c.title}</span><span className="palette-group small">{c.group}</span>{c.keys && <span className="row">{c.keys.split(' ').map((k) => <kbd key={k}>{k}</kbd>)}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
