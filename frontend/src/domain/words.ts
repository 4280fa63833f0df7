// Numbers and lists in the interface's words. Locale is fixed: a machine set to "C" must not change what papers say.

const grouped = new Intl.NumberFormat('en-GB')

/** 42409 → "42,409". */
export function count(n: number): string {
  return grouped.format(n)
}

/** "1 row", "42,409 rows". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function bytes(n: number): string {
  let size = n
  let unit = 0
  while (size >= 1024 && unit < SIZES.length - 1) {
    size /= 1024
    unit++
  }
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${SIZES[unit]}`
}

/** First and last characters of a hash; the whole one stays in the title and in the copy. */
export function shortHash(hash: string): string {
  return hash.length <= 16 ? hash : `${hash.slice(0, 8)}…${hash.slice(-4)}`
}

/** "A", "A and B", "A, B and 3 more". */
export function listing(items: readonly string[], max = 3): string {
  if (items.length === 0) return ''
  if (items.length === 1) return items[0] ?? ''
  if (items.length <= max) return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
  return `${items.slice(0, max - 1).join(', ')} and ${count(items.length - max + 1)} more`
}

/** Shortens a path from the left, since its end tells more. */
export function tailPath(path: string, max = 48): string {
  return path.length <= max ? path : `…${path.slice(path.length - max + 1)}`
}

export function fileName(path: string): string {
  return path.split(/[\\/!]/).filter(Boolean).pop() ?? path
}
