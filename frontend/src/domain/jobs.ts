// A job in words: how far, how fast, how long still, or how it ended.
import type { Job } from '../api/types'
import { duration } from './time'
import { bytes, count } from './words'

const amount = (n: number, unit: string) => (unit === 'bytes' || unit === 'B' ? bytes(n) : `${count(n)} ${unit}`)

export function jobWords(j: Job): string {
  if (j.state === 'running') {
    const parts = [j.total > 0 ? `${amount(j.done, j.unit)} of ${amount(j.total, j.unit)}` : amount(j.done, j.unit)]
    if (j.rate > 0) parts.push(`${amount(Math.round(j.rate), j.unit)}/s`)
    if (j.remaining_seconds !== null) parts.push(`about ${duration(j.remaining_seconds)} left`)
    return parts.join(' · ')
  }
  if (j.state === 'failed') return j.error ? `${j.error.sentence} ${j.error.hint}` : 'failed'
  if (j.state === 'cancelled') return 'cancelled; what was finished before is kept'
  return j.message || 'done'
}
