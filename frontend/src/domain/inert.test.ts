import { describe, expect, it } from 'vitest'
import { clip, inert, inertParts } from './inert'

describe('inert', () => {
  it('shows characters that change direction or hide', () => {
    expect(inert('invoice\u202Efdp.exe')).toBe('invoice⟨U+202E⟩fdp.exe')
    expect(inert('a\u200bb\ufeffc')).toBe('a⟨U+200B⟩b⟨U+FEFF⟩c')
    expect(inert('x\u{e0041}y')).toBe('x⟨U+E0041⟩y')
  })
  it('shows controls and keeps lines only where asked', () => {
    expect(inert('a\nb\tc\u0007')).toBe('a⏎b⇥c⟨U+0007⟩')
    expect(inert('a\nb\tc\r', true)).toBe('a\nb\tc␍')
  })
  it('leaves ordinary text of any script alone', () => {
    for (const t of ['Käyttäjä', 'пользователь', '日本語', 'שלום', '😀']) expect(inertParts(t)).toEqual([{ text: t, escaped: false }])
  })
  it('shows half of a surrogate pair instead of passing it on', () => {
    expect(inert('a\ud83d')).toBe('a⟨U+D83D⟩')
  })
  it('loses no visible character', () => {
    const text = '\u0000start\u2028mid\u202dend'
    expect(inertParts(text).filter((p) => !p.escaped).map((p) => p.text).join('')).toBe('startmidend')
  })
})

describe('clip', () => {
  it('never cuts inside a surrogate pair', () => {
    expect(clip('ab😀cd', 4)).toBe('ab…')
    expect(clip('short', 10)).toBe('short')
  })
})
