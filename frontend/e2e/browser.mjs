// One browser page that fails on what a person would not see: content policy violations, console errors, axe findings.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export async function openPage(base, { width = 1366, height = 768, scheme = 'light', executable = process.env.CHROMIUM ?? '/usr/bin/chromium' } = {}) {
  const browser = await chromium.launch({ executablePath: executable, args: ARGS })
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' })
  await context.addInitScript((value) => { localStorage.setItem('mantine-color-scheme-value', value) }, scheme)
  const page = await context.newPage()
  const faults = []
  await page.exposeFunction('__fault', (text) => { faults.push(text) })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) => window.__fault(`policy: ${e.violatedDirective} blocked ${e.blockedURI} at ${e.sourceFile ?? ''}:${e.lineNumber}`))
  })
  // The browser also logs each answer ≥ 400; those are shown to the person as sentences and judged by the flow.
  page.on('console', (m) => { if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) faults.push(`console: ${m.text()}`) })
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`))
  await page.goto(base, { waitUntil: 'load' })
  await page.waitForSelector('.frame, .start, .lonely')
  return { browser, page, faults }
}

let axeSource
/** Runs axe-core on what is shown; returns findings as lines. */
export async function axe(page, where) {
  axeSource ??= await readFile(require.resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(axeSource)
  const result = await page.evaluate(async () => {
    const r = await window.axe.run(document, { resultTypes: ['violations'] })
    return r.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`))
  })
  return result.map((line) => `axe at ${where}: ${line}`)
}
