// The keyboard card, in one list: what the `?` card prints is what the code listens for.

export interface KeyLine { keys: string[]; does: string }
export interface KeyGroup { title: string; lines: KeyLine[] }

/** `g` then one of these letters goes to a stage. */
export const STAGE_KEYS = {
  b: 'board', e: 'evidence', t: 'timeline', f: 'triage', d: 'decision', c: 'deadline', p: 'document', r: 'record', l: 'lane', s: 'settings',
} as const

export const KEY_CARD: KeyGroup[] = [
  {
    title: 'Anywhere',
    lines: [
      { keys: ['Ctrl', 'K'], does: 'Commands and questions' },
      { keys: ['?'], does: 'This card' },
      { keys: ['['], does: 'Back' },
      { keys: [']'], does: 'Forward' },
      { keys: ['z'], does: 'Times in UTC or in the case zone' },
      { keys: ['Esc'], does: 'Close, clear the selection' },
    ],
  },
  {
    title: 'Go to',
    lines: [
      { keys: ['g', 'b'], does: 'Board' },
      { keys: ['g', 'e'], does: 'Evidence' },
      { keys: ['g', 't'], does: 'Timeline' },
      { keys: ['g', 'f'], does: 'Findings' },
      { keys: ['g', 'd'], does: 'Decide' },
      { keys: ['g', 'c'], does: 'Clocks' },
      { keys: ['g', 'p'], does: 'Papers' },
      { keys: ['g', 'r'], does: 'Record' },
      { keys: ['g', 'l'], does: 'Privilege, for counsel and members of a lane' },
      { keys: ['g', 's'], does: 'Settings' },
    ],
  },
  {
    title: 'Timeline',
    lines: [
      { keys: ['j', 'k'], does: 'Next and previous row' },
      { keys: ['/'], does: 'Edit the query' },
      { keys: ['x'], does: 'Select the row' },
      { keys: ['t'], does: 'Tag' },
      { keys: ['s'], does: 'Star' },
      { keys: ['n'], does: 'Note' },
      { keys: ['p'], does: 'Promote to the incident timeline' },
      { keys: ['+'], does: 'Only rows with this value' },
      { keys: ['-'], does: 'Without this value' },
      { keys: ['.'], does: 'What happened around this row' },
      { keys: ['Enter'], does: 'Open the row' },
    ],
  },
  {
    title: 'Findings',
    lines: [
      { keys: ['1', '–', '5'], does: 'Verdict on the group' },
      { keys: ['o'], does: 'Override with a reason' },
      { keys: ['n'], does: 'Next group without a verdict' },
      { keys: ['j', 'k'], does: 'Next and previous group' },
    ],
  },
  {
    title: 'As known at',
    lines: [
      { keys: ['←', '→'], does: 'From mark to mark' },
      { keys: ['PgUp', 'PgDn'], does: 'By the hour' },
      { keys: ['Home', 'End'], does: 'Beginning, now' },
    ],
  },
  {
    title: 'Signing',
    lines: [
      { keys: ['Ctrl', 'Enter'], does: 'Sign' },
      { keys: ['Esc'], does: 'Close and keep the draft' },
    ],
  },
]

/** True when the key press belongs to a text field and no hot key may take it. */
export function typing(target: EventTarget | null): boolean {
  const el = target as { tagName?: string; isContentEditable?: boolean; type?: string } | null
  if (!el?.tagName) return false
  if (el.isContentEditable) return true
  if (el.tagName === 'TEXTAREA' || el.tagName === 'SELECT') return true
  return el.tagName === 'INPUT' && !['checkbox', 'radio', 'button'].includes(el.type ?? '')
}
