// Evidence and model text is hostile. This module is the one place that decides how such text may appear:
// invisible, direction-changing and control characters become visible escapes, so that what a person reads is
// what the bytes say. Nothing here touches the DOM.

/** A piece of text: plain, or one character that had to be made visible. */
export interface InertPart { text: string; escaped: boolean }

// C0/C1 controls, soft hyphen, Arabic letter mark, Mongolian vowel separator, zero width and bidi marks,
// line/paragraph separators, invisible operators, variation selectors, BOM, interlinear marks, tags, lone surrogates.
const HIDDEN =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- these very characters are the subject
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu

const NAMES: Record<string, string> = { '\n': '⏎', '\r': '␍', '\t': '⇥', '\0': '␀' }

/** How one hidden character is shown: a short symbol for the common ones, else its code point. */
export function escapeOf(char: string): string {
  return NAMES[char] ?? `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
}

/** Splits text into plain and escaped parts. With `lines`, newlines and tabs stay as they are (for raw text panes). */
export function inertParts(text: string, lines = false): InertPart[] {
  const parts: InertPart[] = []
  let from = 0
  for (const match of text.matchAll(HIDDEN)) {
    const char = match[0]
    if (lines && (char === '\n' || char === '\t')) continue
    if (match.index > from) parts.push({ text: text.slice(from, match.index), escaped: false })
    parts.push({ text: escapeOf(char), escaped: true })
    from = match.index + char.length
  }
  if (from < text.length) parts.push({ text: text.slice(from), escaped: false })
  return parts
}

/** The same as one string, for places that only take text: titles, accessible names, copies for a person to read. */
export function inert(text: string, lines = false): string {
  return inertParts(text, lines).map((p) => p.text).join('')
}

/** Cuts long text in the middle of nowhere but never inside a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const end = /[\ud800-\udbff]/.test(text[max - 2] ?? '') ? max - 2 : max - 1
  return `${text.slice(0, end)}…`
}
