// The arithmetic under the histogram: bars, axis ticks and the brush, without drawing.

export interface Buckets { from: string; to: string; bucket_seconds: number; counts: number[] }

export function bucketStart(h: Buckets, i: number): number {
  return Date.parse(h.from) + i * h.bucket_seconds * 1000
}

/** Heights from 0 to 1 on a square-root scale: a burst must not flatten a quiet night to nothing. */
export function heights(counts: readonly number[]): number[] {
  const max = Math.max(1, ...counts)
  return counts.map((n) => (n === 0 ? 0 : Math.max(0.06, Math.sqrt(n / max))))
}

/** Bucket under a horizontal position. */
export function bucketAt(x: number, width: number, buckets: number): number {
  if (width <= 0 || buckets <= 0) return 0
  return Math.min(buckets - 1, Math.max(0, Math.floor((x / width) * buckets)))
}

/** The window of time a brush over two buckets (either order) means; the end is the end of the later bucket. */
export function brushRange(h: Buckets, a: number, b: number): { from: string; to: string } {
  const [lo, hi] = a <= b ? [a, b] : [b, a]
  const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')
  return { from: iso(bucketStart(h, lo)), to: iso(bucketStart(h, hi + 1)) }
}

const STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400, 14 * 86400, 30 * 86400, 91 * 86400, 365 * 86400, 3650 * 86400]

/** About `wanted` round instants between the ends. */
export function ticks(fromMs: number, toMs: number, wanted: number): { at: number; day: boolean }[] {
  const span = (toMs - fromMs) / 1000
  if (!(span > 0) || wanted < 1) return []
  const step = (STEPS.find((s) => span / s <= wanted) ?? STEPS[STEPS.length - 1] as number) * 1000
  const out: { at: number; day: boolean }[] = []
  for (let at = Math.ceil(fromMs / step) * step; at < toMs; at += step) out.push({ at, day: at % 86_400_000 === 0 })
  return out
}
