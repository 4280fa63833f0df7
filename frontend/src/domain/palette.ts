// Matching commands for the palette: every typed word must start a word of the command; better places first.

export interface Command { id: string; title: string; group: string; keys?: string }

export function matchCommands<T extends Command>(commands: readonly T[], typed: string): T[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...commands]
  const scored = commands.flatMap((c) => {
    const parts = `${c.title} ${c.group}`.toLowerCase().split(/[^\p{L}\p{N}]+/u)
    let score = 0
    for (const w of words) {
      const at = parts.findIndex((p) => p.startsWith(w))
      if (at < 0) return []
      score += at
    }
    return [{ c, score }]
  })
  return scored.sort((a, b) => a.score - b.score).map((x) => x.c)
}

/** More than two words, a question mark or a question word: the person asks rather than commands. */
export function looksLikeQuestion(typed: string): boolean {
  const t = typed.trim().toLowerCase()
  return t.endsWith('?') || /^(who|what|when|where|which|why|how|did|does|is|are|show|list)\b/.test(t) || t.split(/\s+/).length > 3
}
