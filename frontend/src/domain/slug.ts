// A folder name for a new case, safe on every system that the case may be carried to.

const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/

export function slug(name: string): string {
  const text = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '')
  if (text === '') return 'case'
  return RESERVED.test(text) ? `case-${text}` : text
}

/** Joins with the separator that the folder itself uses. */
export function joinPath(folder: string, name: string): string {
  const sep = folder.includes('\\') && !folder.includes('/') ? '\\' : '/'
  return folder === '' ? name : `${folder.replace(/[\\/]+$/, '')}${sep}${name}`
}

/** A path for a file about a case, beside its folder. */
export function besideCase(dir: string, name: string, file: string): string {
  return joinPath(dir.replace(/[\\/][^\\/]*[\\/]?$/, ''), `${slug(name)}-${file}`)
}

/** A file name for a checkpoint that does not collide with the one before: a file that exists is never written over. */
export function datedNote(now = new Date()): string {
  return `checkpoint-${now.toISOString().slice(0, 19).replace(/[:T-]/g, '')}.note`
}
