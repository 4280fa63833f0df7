// Passphrase strength for the create form: a lower bound on guessing work, said in words, never as a percentage.

export type Strength = { level: 0 | 1 | 2 | 3 | 4; word: string; advice: string }

const COMMON = ['password', 'passwort', 'passphrase', 'qwerty', 'letmein', 'welcome', 'admin', 'summer', 'winter', 'secret', 'incident', 'adjutant', '12345', 'iloveyou']

/** Bits of a rough guess: distinct classes over length, with repeated, sequential and common pieces counted once. */
export function roughBits(text: string): number {
  let rest = text.toLowerCase()
  let bits = 0
  for (const word of COMMON) {
    if (rest.includes(word)) {
      rest = rest.replaceAll(word, '')
      bits += 8
    }
  }
  const words = text.trim().split(/[\s\-_.]+/).filter((w) => /^\p{L}{3,}$/u.test(w))
  const distinctWords = new Set(words.map((w) => w.toLowerCase()).filter((w) => !COMMON.includes(w)))
  if (distinctWords.size >= 3 && distinctWords.size === words.length) return Math.max(bits, distinctWords.size * 12.9)
  let alphabet = 0
  if (/[a-z]/.test(rest)) alphabet += 26
  if (/[A-Z]/.test(text)) alphabet += 26
  if (/[0-9]/.test(rest)) alphabet += 10
  if (/[^a-zA-Z0-9]/.test(rest)) alphabet += 20
  let effective = 0
  for (let i = 0; i < rest.length; i++) {
    const step = i === 0 ? 99 : rest.charCodeAt(i) - rest.charCodeAt(i - 1)
    effective += Math.abs(step) <= 1 ? 0.25 : 1
  }
  return bits + effective * Math.log2(Math.max(2, alphabet)) * 0.8
}

export function strength(text: string): Strength {
  if (text === '') return { level: 0, word: '', advice: 'Four or more unrelated words are strong and easy to type.' }
  const bits = roughBits(text)
  if (text.length < 8 || bits < 28) return { level: 1, word: 'Too weak', advice: 'A program guesses this easily. Use words that do not belong together.' }
  if (bits < 45) return { level: 2, word: 'Weak', advice: 'Add two more words.' }
  if (bits < 60) return { level: 3, word: 'Good', advice: 'One more word makes it strong.' }
  return { level: 4, word: 'Strong', advice: 'Write it on paper and keep that elsewhere: there is no way to recover it.' }
}
