// Clocks and anchors of the made-up case.
import type { Anchor, Clock } from '../types'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
const H = 3600e3

export const ANCHORS: Anchor[] = [
  { id: 'aware', title: 'Became aware', words: 'A reasonable degree of certainty that a personal data breach has occurred.', regimes: ['GDPR Art. 33'] },
  { id: 'aware-significant', title: 'Became aware of a significant incident', words: 'Aware that the incident is significant in the sense of the directive.', regimes: ['NIS2 early warning', 'NIS2 notification'] },
  { id: 'determined-material', title: 'Determined to be material', words: 'The registrant determined that the incident is material.', regimes: ['SEC Form 8-K Item 1.05'] },
]

interface Shape { id: string; regime: string; regime_name: string; stage: string; stage_name: string; jurisdiction: string; citation: string; text: string; recipient: string; hours: number; content: string[] }

const SHAPES: Record<string, Shape[]> = {
  aware: [{
    id: 'gdpr-33', regime: 'gdpr-art-33', regime_name: 'GDPR Art. 33', stage: 'notification', stage_name: 'notification', jurisdiction: 'EU', citation: 'Regulation (EU) 2016/679, Art. 33(1)', recipient: 'Supervisory authority', hours: 72,
    text: 'In the case of a personal data breach, the controller shall without undue delay and, where feasible, not later than 72 hours after having become aware of it, notify the personal data breach to the supervisory authority competent in accordance with Article 55, unless the personal data breach is unlikely to result in a risk to the rights and freedoms of natural persons.',
    content: ['Nature of the breach, categories and numbers of people and records', 'Name and contact of the data protection officer', 'Likely consequences', 'Measures taken or proposed'],
  }],
  'aware-significant': [
    { id: 'nis2-early', regime: 'nis2-art-23', regime_name: 'NIS2 Art. 23', stage: 'early-warning', stage_name: 'early warning', jurisdiction: 'EU', citation: 'Directive (EU) 2022/2555, Art. 23(4)(a)', recipient: 'CSIRT or competent authority', hours: 24, text: 'without undue delay and in any event within 24 hours of becoming aware of the significant incident, an early warning', content: ['Whether unlawful or malicious acts are suspected', 'Whether there could be cross-border impact'] },
    { id: 'nis2-notice', regime: 'nis2-art-23', regime_name: 'NIS2 Art. 23', stage: 'notification', stage_name: 'incident notification', jurisdiction: 'EU', citation: 'Directive (EU) 2022/2555, Art. 23(4)(b)', recipient: 'CSIRT or competent authority', hours: 72, text: 'without undue delay and in any event within 72 hours of becoming aware of the significant incident, an incident notification', content: ['Initial assessment, severity and impact', 'Indicators of compromise where available'] },
  ],
  'determined-material': [{ id: 'sec-8k', regime: 'sec-8k-105', regime_name: 'SEC Form 8-K Item 1.05', stage: 'filing', stage_name: 'filing', jurisdiction: 'US', citation: '17 CFR 249.308, Form 8-K General Instruction B.1', recipient: 'SEC (EDGAR)', hours: 96, text: 'within four business days after the registrant determines that the incident is material', content: ['Nature, scope and timing', 'Material impact or reasonably likely material impact'] }],
}

function clock(s: Shape, trigger: Clock['trigger'], extendedHours = 0): Clock {
  const at = trigger ? Date.parse(trigger.at) : 0
  return {
    ...s, trigger, precision: 'to the hour', edition: '2024-10', status: trigger ? 'no draft yet' : 'waits for a trigger', state: trigger ? 'running' : 'waiting', strict: trigger ? iso(at + s.hours * H) : null,
    extended: trigger && extendedHours ? iso(at + (s.hours + extendedHours) * H) : null, extended_basis: extendedHours ? 'hours of a public holiday are not counted (Reg. 1182/71, Art. 3)' : undefined,
  }
}

export function clocksOf(base: number): Clock[] {
  const by = (anchor: string, h: number, basis: string) => ({ anchor, at: iso(base - h * H), tz: 'Europe/Helsinki', by: 'Maya Okafor', role: 'Legal counsel', recorded: iso(base - (h - 1) * H), basis })
  const aware = by('Became aware', 60.6, 'The file list of the passenger share was compared with the transfer; counsel was told at once.')
  const sig = by('Became aware of a significant incident', 23.2, 'Ticketing was down on two lines for over an hour.')
  const [early, notice] = SHAPES['aware-significant'] as [Shape, Shape]
  return [clock(SHAPES.aware?.[0] as Shape, aware, 12), clock(early, sig), clock(notice, sig), clock(SHAPES['determined-material']?.[0] as Shape, null)]
}

export function declareClocks(now: Clock[], d: { anchor: string; at: string; tz: string; basis: string }, by: { by: string; role: string; at: string }): Clock[] {
  const title = ANCHORS.find((a) => a.id === d.anchor)?.title ?? d.anchor
  const made = (SHAPES[d.anchor] ?? []).map((s) => clock(s, { anchor: title, at: d.at, tz: d.tz, basis: d.basis, by: by.by, role: by.role, recorded: by.at }))
  return [...now.filter((c) => !made.some((m) => m.id === c.id)), ...made]
}
