// Screenshots of the real program on the sample incident. usage: node shots.mjs URL CASE OUT
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { axe, openPage } from '../../frontend/e2e/browser.mjs'

const [url, dir, out] = process.argv.slice(2)
mkdirSync(out, { recursive: true })
const problems = []
const rail = (page, word) => page.getByRole('navigation', { name: 'Stages' }).getByRole('button', { name: new RegExp(`^${word}`) }).click()

const SCREENS = [
  ['board', (p) => rail(p, 'Board')],
  ['evidence', (p) => rail(p, 'Evidence')],
  ['timeline', async (p) => {
    await rail(p, 'Timeline')
    await p.locator('#expression').fill('event.code:7045 OR event.code:1102 OR event.code:4698 OR "vssadmin" OR "lsass"')
    await p.keyboard.press('Enter')
    await p.waitForTimeout(600)
    await p.getByRole('grid').focus()
    for (const k of ['j', 'j', 'Enter']) await p.keyboard.press(k)
    await p.waitForTimeout(600)
  }],
  ['findings', (p) => rail(p, 'Findings')],
  ['decide', (p) => rail(p, 'Decide')],
  ['override', async (p) => {
    await rail(p, 'Decide')
    await p.getByRole('button', { name: 'Change…' }).first().click()
    await p.waitForTimeout(700)
  }],
  ['clocks', async (p) => { await p.keyboard.press('Escape'); await rail(p, 'Clocks') }],
  ['papers', async (p) => {
    await rail(p, 'Papers')
    await p.getByText('Notification of a personal data breach').first().click()
    await p.waitForSelector('canvas')
    await p.waitForTimeout(2500)
  }],
  ['record', (p) => rail(p, 'Record')],
  ['record-copies', async (p) => { await p.locator('.mantine-SegmentedControl-label', { hasText: /^Copies$/ }).click() }],
  ['custody', async (p) => { await rail(p, 'Evidence'); await p.locator('.mantine-SegmentedControl-label', { hasText: /^Custody/ }).click() }],
  ['settings', (p) => rail(p, 'Settings').catch(() => p.getByRole('button', { name: 'Settings' }).click())],
]

for (const scheme of ['light', 'dark']) {
  for (const [width, height] of [[1366, 768], [1920, 1080]]) {
    const { browser, page, faults } = await openPage(url, { width, height, scheme })
    const opened = await page.evaluate(async (d) => {
      await fetch('/api/case/close', { method: 'POST' })
      const r = await fetch('/api/case/open', { method: 'POST', body: JSON.stringify({ dir: d, passphrase: 'kragsund exercise' }) })
      return r.status
    }, dir)
    if (opened !== 200) problems.push(`the case does not open: ${opened}`)
    await page.reload()
    await page.waitForSelector('.frame')
    for (const [name, walk] of SCREENS) {
      try {
        await walk(page)
        await page.waitForTimeout(900)
        await page.screenshot({ path: join(out, `${name}-${width}-${scheme}.png`) })
        problems.push(...(await axe(page, `${name} ${scheme} ${width}`)))
      } catch (e) {
        problems.push(`${name} ${scheme} ${width}: ${String(e.message).split('\n')[0]}`)
      }
    }
    problems.push(...faults.splice(0).map((f) => `${scheme} ${width}: ${f}`))
    await browser.close()
  }
}
for (const p of problems) console.log(p)
console.log(problems.length === 0 ? 'screens: no finding' : `screens: ${problems.length} findings`)
process.exit(problems.length === 0 ? 0 : 1)
