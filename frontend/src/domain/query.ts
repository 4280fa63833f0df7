// Editing the visible query. The program's parser is the judge of the language (backend/doc/query.md); this module
// only splits top-level AND clauses and adds or removes them, so that chips, +/−, pivot and brush all write the same text.

/** Top-level clauses of "a AND b AND c"; a query with a top-level OR is one clause. Quotes, brackets and /regex/ are respected. */
export function clauses(query: string): string[] {
  const text = query.trim()
  if (text === '') return []
  const out: string[] = []
  let depth = 0
  let quote = ''
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c === '\\') { i++; continue }
    if (quote) {
      if (c === quote) quote = ''
      continue
    }
    if (c === '"') quote = c
    else if (c === '/' && (i === 0 || /[\s:(]/.test(text[i - 1] as string))) quote = c
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c)) depth = Math.max(0, depth - 1)
    else if (depth === 0 && /\s/.test(c)) {
      const word = /^\s+(AND|OR)\s+/.exec(text.slice(i))
      if (word?.[1] === 'OR') return [text]
      if (word) {
        out.push(text.slice(from, i).trim())
        from = i + word[0].length
        i = from - 1
      }
    }
  }
  out.push(text.slice(from).trim())
  return out.filter(Boolean)
}

export function join(parts: readonly string[]): string {
  return parts.map((p) => (parts.length > 1 && hasTopLevelOr(p) ? `(${p})` : p)).join(' AND ')
}

function hasTopLevelOr(part: string): boolean {
  return / OR /.test(part) && !/^(NOT )?\(.*\)$/.test(part) && !/^[\w.@]+:[("/[{]/.test(part) && !/^["/]/.test(part)
}

/** A value as the language wants it: bare when it is one plain word, else quoted. */
export function quoted(value: string): string {
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.@-]*$/u.test(value) && !/^(AND|OR|NOT|TO)$/.test(value)) return value
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

export function term(field: string, value: string, exclude = false): string {
  return `${exclude ? 'NOT ' : ''}${field}:${quoted(value)}`
}

/** Adds a clause once; its opposite is replaced rather than contradicted. */
export function addClause(query: string, clause: string): string {
  const opposite = clause.startsWith('NOT ') ? clause.slice(4) : `NOT ${clause}`
  const kept = clauses(query).filter((c) => c !== opposite)
  return kept.includes(clause) ? join(kept) : join([...kept, clause])
}

export function removeClause(query: string, clause: string): string {
  return join(clauses(query).filter((c) => c !== clause))
}

const RANGE = /^@timestamp:[[{](\S+) TO (\S+)[\]}]$/

export interface Range { from: string; to: string }

/** The window of time that the query names at top level; "*" for an open end. */
export function timeRange(query: string): Range | null {
  for (const c of clauses(query)) {
    const m = RANGE.exec(c)
    if (m) return { from: m[1] as string, to: m[2] as string }
  }
  return null
}

/** Replaces the window of time; null removes it. */
export function setTimeRange(query: string, range: Range | null): string {
  const rest = clauses(query).filter((c) => !RANGE.test(c))
  return join(range ? [...rest, `@timestamp:[${range.from} TO ${range.to}]`] : rest)
}

/** Exactly these rows, as many as a query may name. */
export function rowsQuery(rows: readonly string[]): string {
  const some = rows.slice(0, 200).map((r) => `"${r}"`)
  return `adjutant.row_id:${some.length === 1 ? some[0] : `(${some.join(' OR ')})`}`
}

/** Pivot: the same minutes around a row, and nothing else of the old filter, so that the neighbours show. */
export function pivot(at: string, minutes: number): string {
  const ms = Date.parse(at)
  const iso = (x: number) => new Date(x).toISOString().replace('.000Z', 'Z')
  return setTimeRange('', { from: iso(ms - minutes * 60_000), to: iso(ms + minutes * 60_000) })
}
