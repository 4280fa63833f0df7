// Walks the main job in a real browser: create → import → filter → triage → override with reason → declare trigger →
// notice PDF. By accessible roles and labels only, so that what it can do a screen reader's user can do.
//
// Usage: node e2e/flow.mjs BASE [--dir CASEDIR] [--evidence PATH]… [--query Q] [--shots DIR] [--scheme light|dark]
//   BASE        address of `adjutant serve` (or of e2e/serve-fake.mjs)
//   --dir       folder of the case to create (must not exist); default is what the form proposes
//   --evidence  what to take in, as paths that the program sees; several are possible
//   --query     the filter to try; default host.name:FS01
// Exit 0 when every step passed and there was no policy violation, console error or axe finding; else 1 with lines.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { axe, openPage } from './browser.mjs'
import { walkCopies } from './flow-copies.mjs'
import { walkIntake } from './flow-intake.mjs'

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: 'string' }, evidence: { type: 'string', multiple: true, default: [] }, query: { type: 'string', default: 'host.name:FS01' }, shots: { type: 'string' }, scheme: { type: 'string', default: 'light' },
    passphrase: { type: 'string', default: 'quiet lantern orbit mustard pelican' }, wait: { type: 'string', default: '180' },
  },
})
const base = positionals[0]
if (!base) {
  console.error('usage: node e2e/flow.mjs BASE [options]')
  process.exit(2)
}
const LONG = Number(args.wait) * 1000
const { browser, page, faults } = await openPage(base, { scheme: args.scheme })
page.setDefaultTimeout(15_000)
const problems = []
let passed = 0

async function finish() {
  problems.push(...faults)
  await browser.close()
  for (const p of problems) console.log(p)
  console.log(`${passed} passed, ${problems.length} failed`)
  process.exit(problems.length === 0 ? 0 : 1)
}

async function step(name, walk) {
  const started = Date.now()
  try {
    await walk()
    await page.waitForTimeout(250)
    problems.push(...await axe(page, name))
    passed++
    console.log(`ok    ${name} (${Date.now() - started} ms)`)
  } catch (e) {
    problems.push(`${name}: ${String(e.message).split('\n').slice(0, 3).join(' ')}`)
    console.log(`FAIL  ${name}`)
    await page.screenshot({ path: join(args.shots ?? '/tmp', `failed-${name.replace(/\W+/g, '-')}.png`) }).catch(() => undefined)
    if (passed === 0) return finish()
    await page.keyboard.press('Escape').catch(() => undefined)
  }
  if (args.shots) {
    mkdirSync(args.shots, { recursive: true })
    await page.screenshot({ path: join(args.shots, `${String(passed).padStart(2, '0')}-${name.replace(/\W+/g, '-')}.png`) }).catch(() => undefined)
  }
}
const button = (name, within = page) => within.getByRole('button', { name, exact: typeof name === 'string' })
const field = (name, within = page) => within.getByLabel(name, { exact: typeof name === 'string' })
const rail = (word) => page.getByRole('navigation', { name: 'Stages' }).getByRole('button', { name: new RegExp(`^${word}`) }).click()
/** A segmented control's radios are drawn by their labels. */
const segment = (word) => page.locator('.mantine-SegmentedControl-label', { hasText: new RegExp(`^${word}$`) }).click()
const dialog = () => page.getByRole('dialog')
const closed = () => dialog().waitFor({ state: 'hidden', timeout: LONG })
async function choose(label, option, within = page) {
  await within.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).first().click()
}

/** The fake-mode build opens inside a case; the program opens at the start screen. */
if (await page.locator('.frame').count()) {
  await page.getByTitle('Who you are and the role you act in').click()
  await page.getByRole('menuitem', { name: 'Close the case' }).click()
}

await step('create a case', async () => {
  await button(/New case/).click()
  await field('Name of the case').fill('Harbor Lights')
  await field('Who are you').fill('Ana Ruiz')
  if (args.dir) await field('Folder').fill(args.dir)
  await field('Passphrase').fill(args.passphrase)
  await field('Passphrase again').fill(args.passphrase)
  await segment('Exercise')
  await button('Create the case').click()
  await page.locator('.frame').waitFor({ timeout: LONG })
})

await step('take in evidence', async () => {
  await rail('Evidence')
  await button('Add evidence').click()
  await field('Files, folders, archives').fill((args.evidence.length ? args.evidence : ['/media/usb/collect/FS01.zip']).join('\n'))
  await button('See what they are').click()
  const files = page.getByRole('region', { name: 'Files to take in' })
  await files.waitFor({ timeout: LONG })
  if (await files.getByRole('row').count() < 2) throw new Error('no file was looked at')
  await field('Acquired').fill('2026-03-04 09:15')
  await field('Custodian').fill('J. Lindqvist, IT')
  await field('Where from').fill('File server FS01, server room north quay')
  await field('Why it is taken').fill('Suspected intrusion on FS01')
  await button(/^Take in \d/).click()
  await closed()
  await page.getByRole('region', { name: 'Items' }).waitFor({ timeout: LONG })
  // The import is done when no job runs; its receipts stand in the table.
  await page.waitForFunction(async () => {
    const answer = await window.fetch('/api/jobs').then((r) => (r.ok ? r.json() : { jobs: [] }), () => ({ jobs: [] }))
    return answer.jobs.every((j) => j.state !== 'running')
  }, null, { timeout: LONG, polling: 500 })
})

await step('read a receipt', async () => {
  const items = page.getByRole('region', { name: 'Items' })
  await items.getByRole('button').first().click()
  await page.getByRole('region', { name: 'Evidence item: details' }).getByText('SHA-256').waitFor()
  await button('Close the inspector').click()
})

await step('filter the timeline', async () => {
  await rail('Timeline')
  const grid = page.getByRole('grid')
  await grid.waitFor({ timeout: LONG })
  const before = Number(await grid.getAttribute('aria-rowcount'))
  await field('Query').fill(args.query)
  await page.keyboard.press('Enter')
  await page.waitForFunction((n) => { const g = document.querySelector('[role=grid]'); return g && Number(g.getAttribute('aria-rowcount')) < n }, before)
  if (Number(await grid.getAttribute('aria-rowcount')) < 2) throw new Error(`no row matches ${args.query}`)
})

await step('open a row, star it, promote it', async () => {
  const grid = page.getByRole('grid')
  await grid.focus()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Row: details' }).waitFor()
  await page.getByRole('tab', { name: 'Bytes' }).click()
  await grid.focus()
  await page.keyboard.press('s')
  await page.getByText(/Put “star” on 1 row/).waitFor()
  await page.keyboard.press('p')
  await field('What happened', dialog()).fill('First trace on FS01')
  await button(/^Promote as/, dialog()).click()
  await closed()
})

await step('follow a suggestion', async () => {
  await rail('Findings')
  await page.getByRole('region', { name: 'Group' }).waitFor({ timeout: LONG })
  await page.locator('.verdict[data-suggested=true]').click()
  await page.getByText(/: signed by/).first().waitFor()
})

await step('triage a group against the suggestion', async () => {
  await rail('Findings')
  await page.getByRole('region', { name: 'Group' }).waitFor({ timeout: LONG })
  await page.keyboard.press('o')
  const d = dialog()
  await d.getByRole('radio', { name: /^(Suspicious|Unknown) (?!.*suggested)/ }).first().check()
  await choose(/Reason code/, /./, d)
  await field(/^Reason(?! code)/, d).fill('Ticket 2214 explains a part of it; the rest waits for the memory image.')
  await button(/^Sign/, d).click()
  await closed()
})

await step('override a recommendation with a reason', async () => {
  await rail('Decide')
  await button('Change…').and(page.locator(':enabled')).first().click()
  const d = dialog()
  await field(/What you decide instead/, d).fill('Block the receiving address at the edge and keep the host running')
  if (await button('Sign override', d).isEnabled()) throw new Error('it could be signed without a reason')
  await choose(/Reason code/, /./, d)
  await field(/^Reason(?! code)/, d).fill('The 07:40 boards from this server until 08:15; it is isolated when the ferry has left.')
  await d.getByText(/Signed into the record/).waitFor()
  await page.keyboard.press('Control+Enter')
  await closed()
  await segment('Decided')
  await page.getByText(/boards from this server until 08:15/).waitFor()
})

await step('declare a trigger', async () => {
  await rail('Clocks')
  await button('Declare a trigger').first().click()
  const d = dialog()
  await d.getByRole('radio', { name: /aware|personal data|breach/i }).first().check()
  await field(/^When/, d).fill(new Date(Date.now() - 3600_000).toISOString().slice(0, 16).replace('T', ' '))
  await d.getByRole('combobox', { name: /Zone/ }).fill('UTC')
  await page.getByRole('option', { name: 'UTC', exact: true }).click()
  await field(/On what basis/, d).fill('The file list of the passenger share was compared with the transfer.')
  await button('Sign trigger', d).click()
  await closed()
  await page.getByRole('table').getByText(/left$/).first().waitFor()
})

await step('see the notice as a PDF', async () => {
  await rail('Papers')
  await button('Draft a paper').click()
  await page.getByRole('menuitem', { name: /GDPR|notice/i }).first().click()
  await page.getByRole('img', { name: 'Page 1' }).waitFor({ timeout: LONG })
  await page.waitForFunction(() => {
    const c = document.querySelector('canvas')
    if (!c || c.width < 100) return false
    const pixels = c.getContext('2d')?.getImageData(0, 0, c.width, c.height).data ?? []
    let dark = 0
    for (let i = 0; i < pixels.length; i += 40) if (pixels[i] < 100) dark++
    return dark > 50
  }, null, { timeout: LONG })
})

await step('verify the record', async () => {
  await rail('Record')
  await button('Verify now').click()
  await page.getByText(/, verified/).first().waitFor({ timeout: LONG })
})

await step('go by keys', async () => {
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await page.getByRole('heading', { name: 'Board', level: 1 }).waitFor()
  await page.keyboard.press('[')
  await page.getByRole('heading', { name: 'Record', level: 1 }).waitFor()
})

await step('ask and go to the rows', async () => {
  await page.keyboard.press('Control+k')
  await field('Command or question').fill('What is overdue?')
  await page.keyboard.press('Enter')
  await page.getByRole('log', { name: 'Questions and answers' }).getByText(/rule ·|computed aid/).first().waitFor()
})

const SECOND = 'Tove Berg'
const SECOND_KEY = 'harbour willow candle orbit nine'
const person = () => page.getByRole('article', { name: SECOND })
/** Waits for the program's sentence, signs what was shown, and waits until the dialog has gone. */
async function signAct(verb) {
  const d = dialog()
  await button(verb, d).and(page.locator(':enabled')).click()
  await closed()
}
async function change(item) {
  await button('Change', person()).click()
  await page.getByRole('menuitem', { name: item }).click()
}
async function sitDown(who, passphrase) {
  await page.getByTitle('Who you are and the role you act in').click()
  await page.getByRole('menuitem', { name: /Someone else/ }).click()
  await choose('Person', new RegExp(`^${who}`), dialog())
  await field('Passphrase of their key', dialog()).fill(passphrase)
  await button('Switch', dialog()).click()
  await closed()
}

await step('admit a second person and give a role', async () => {
  await rail('Settings')
  await button(/Add a person here/).click()
  await field('Name', dialog()).fill(SECOND)
  await field('Passphrase of their key', dialog()).fill(SECOND_KEY)
  await button('Add', dialog()).click()
  await closed()
  await button('Admit…', person()).click()
  await signAct('Sign and admit')
  await change('Give a role…')
  await choose('Role', 'Legal counsel', dialog())
  await signAct('Sign')
  await person().getByText('Legal counsel').waitFor()
})

await step('lend a role for some acts until an hour', async () => {
  await change('Lend a role of mine…')
  const d = dialog()
  await choose('Role', 'Incident Commander', d)
  await d.getByText('All that this role may sign').click()
  await d.getByLabel('declare the severity').check()
  await button('8 h', d).click()
  await field(/^Why/, d).fill('Away on the ferry until the evening')
  await d.getByText(/The record will say/i).waitFor()
  await signAct('Sign')
  await person().getByText(/lent by/).first().waitFor()
})

await step('ask two persons for decisions', async () => {
  await segment('Authority')
  await button(/^Change who may decide on a recommendation/).click()
  await segment('Two persons')
  await field(/^Why/, dialog()).fill('The ferry line asks for two names under each decision')
  await signAct('Sign the change')
  await page.getByText(/changed by/).first().waitFor()
})

await step('decide with two persons at one keyboard', async () => {
  await rail('Decide')
  await segment('Waiting')
  await button('Accept…').and(page.locator(':enabled')).first().click()
  await button('Sign acceptance', dialog()).and(page.locator(':enabled')).click()
  await dialog().getByText(/not in force/).first().waitFor({ timeout: LONG })
  await choose('Second person', new RegExp(SECOND), dialog())
  await field('Passphrase of their key', dialog()).fill(SECOND_KEY)
  await button('Sign as second person', dialog()).click()
  await closed()
  await page.getByText(/Both have signed/).waitFor()
})

await step('look at what was known when it was decided', async () => {
  await segment('Decided')
  await button('What was known then').first().click()
  await page.getByText(/knew when they signed/).waitFor()
  await page.getByRole('region', { name: 'Learned later' }).waitFor()
  await button('Back to now').click()
  await page.getByRole('slider', { name: 'As known at' }).focus()
  await page.keyboard.press('Home')
  await page.getByText(/You look at the case as known/).waitFor()
  await page.getByText('No recommendation had been decided.').waitFor()
  await page.keyboard.press('End')
  await page.getByText('Since your last visit').waitFor()
})

const SECRET = 'The clock runs from the comparison of the lists'
await step('write into a lane as counsel', async () => {
  await sitDown(SECOND, SECOND_KEY)
  await page.getByTitle('Who you are and the role you act in').click()
  await page.getByRole('menuitem', { name: /^Legal counsel/ }).click()
  await rail('Privilege')
  await button(/Open a lane/).click()
  await field(/^Name/, dialog()).fill('Duties to passengers')
  await field(/At whose direction/, dialog()).fill('The managing director asked counsel to advise on its duties')
  await signAct('Sign and open')
  await page.getByRole('navigation', { name: 'Lanes' }).getByRole('button', { name: /Duties to passengers/ }).click()
  await field('Write into the lane').fill(SECRET)
  await button(/Seal and sign/).click()
  await signAct('Seal and sign')
  await page.getByRole('listitem').getByText(SECRET).waitFor()
})

await step('another person sees that there are words, not what they say', async () => {
  await sitDown('Ana Ruiz', args.passphrase)
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await page.getByRole('button', { name: /Duties to passengers/ }).click()
  await page.getByText(/sealed for 1 key/).waitFor()
  if ((await page.locator('body').textContent()).includes(SECRET)) throw new Error('the words of the lane stand on the screen')
})

await walkIntake({ page, step, button, field, rail, segment, dialog, closed, signAct, LONG })
await walkCopies({ page, args, step, button, field, rail, segment, dialog, closed, choose, signAct, sitDown, LONG, second: SECOND, secondKey: SECOND_KEY })

await finish()
