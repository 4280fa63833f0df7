// High contrast is a filling of the same tokens; it follows the system until the person chooses.

export type Contrast = 'auto' | 'normal' | 'high'
const KEY = 'adjutant.contrast'

export function contrast(): Contrast {
  const v = localStorage.getItem(KEY)
  return v === 'normal' || v === 'high' ? v : 'auto'
}

export function applyContrast(): void {
  const c = contrast()
  const wanted = c === 'high' || (c === 'auto' && typeof window.matchMedia === 'function' && window.matchMedia('(prefers-contrast: more)').matches)
  document.documentElement.dataset.contrast = wanted ? 'high' : 'normal'
}

export function setContrast(c: Contrast): void {
  localStorage.setItem(KEY, c)
  applyContrast()
}
