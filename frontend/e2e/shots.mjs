// Screenshots of every screen with axe over each. Usage: node e2e/shots.mjs OUTDIR [BASE] [ONLY]
// Without BASE it serves the fake-mode build (npm run build:fake first). Exit 1 on any finding.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { axe, openPage } from './browser.mjs'
import { serveFake } from './serve-fake.mjs'

const [out = '/tmp/shots', base = '', only = ''] = process.argv.slice(2)
mkdirSync(out, { recursive: true })
const own = base && base !== '-' ? null : await serveFake()
const url = own?.url ?? base

const go = (key) => async (page) => { await page.keyboard.press('g'); await page.keyboard.press(key) }
const button = (page, name) => page.getByRole('button', { name, exact: true }).first()

const segment = (page, word) => page.locator('.mantine-SegmentedControl-label', { hasText: new RegExp(`^${word}$`) }).click()
async function choose(page, label, option) { await page.getByRole('combobox', { name: label }).last().click(); await page.getByRole('option', { name: option }).last().click() }
async function change(page, person, act) { await page.getByRole('article', { name: person }).getByRole('button', { name: 'Change' }).click(); await page.getByRole('menuitem', { name: act }).click() }
/** The made-up matrix asks two persons for the severity. */
async function twoPersons(page) {
  await go('b')(page)
  await page.locator('.strip-cell').first().click()
  const d = page.getByRole('dialog')
  await d.getByRole('radio', { name: 'Critical' }).check()
  await choose(page, /Reason code/, /Facts that are not/)
  await d.getByLabel(/^Reason(?! code)/).fill('The provider confirmed that the passport files were read.')
  await button(page, 'Sign severity').click()
  await page.getByText(/not in force/).first().waitFor()
}
async function as(page, who) {
  await page.getByTitle('Who you are and the role you act in').click()
  await page.getByRole('menuitem', { name: /Someone else/ }).click()
  await choose(page, 'Person', who)
  await page.getByLabel('Passphrase of their key').fill('x')
  await button(page, 'Switch').click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}
async function decided(page) {
  await go('d')(page)
  await button(page, 'Accept…').click()
  await button(page, 'Sign acceptance').click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await segment(page, 'Decided')
}

async function merging(page, path) {
  await go('r')(page)
  await button(page, 'Merge a copy…').click()
  await page.getByLabel('Folder or file of the copy').fill(path)
  await button(page, 'See what it brings').click()
  await page.getByRole('region', { name: 'What this copy would bring' }).waitFor()
}
async function exporting(page, form) {
  await go('r')(page)
  await button(page, 'Export…').click()
  await segment(page, form)
  await page.getByLabel('Who gets it').fill('Sgt. P. Aalto, police')
}
async function looking(page) {
  await go('e')(page)
  await button(page, 'Add evidence').click()
  await page.getByLabel('Files, folders, archives').fill('/media/usb/second')
  await button(page, 'See what they are').click()
  await page.getByRole('region', { name: 'Files to take in' }).waitFor()
}
async function wizard(page) {
  await looking(page)
  await page.getByRole('button', { name: /^map columns… of door-system/ }).click()
  await page.getByRole('region', { name: 'The first 50 rows' }).waitFor()
}
async function purge(page, name) {
  await button(page, 'Delete for good…').click()
  await page.getByLabel('Why').fill('The works council asked for it, and counsel agreed on 4 March.')
  await page.getByLabel('Type the name of the file').fill(name)
  await page.waitForTimeout(700)
}

const SCREENS = [
  ['board', go('b')],
  ['evidence', go('e')],
  ['evidence-item', async (p) => { await go('e')(p); await button(p, 'Security.evtx').click() }],
  ['evidence-add', async (p) => { await go('e')(p); await button(p, 'Add evidence').click() }],
  ['evidence-look', async (p) => { await looking(p); await p.waitForTimeout(200) }],
  ['evidence-map', wizard],
  ['evidence-mapped', async (p) => { await wizard(p); await choose(p, 'How Date/Time is written', 'day, month, year, time'); await p.getByLabel('Name to keep it under').fill('Door system'); await p.waitForTimeout(500) }],
  ['evidence-undo', async (p) => { await go('e')(p); await button(p, 'System.evtx').click(); await button(p, 'Undo the import…').click(); await p.getByLabel('Why').fill('It is of another machine.'); await p.waitForTimeout(700) }],
  ['evidence-undone', async (p) => { await go('e')(p); await button(p, 'System.evtx').click(); await button(p, 'Undo the import…').click(); await p.getByLabel('Why').fill('It is of another machine.'); await button(p, 'Sign and undo').click(); await p.getByRole('dialog').waitFor({ state: 'hidden' }); await p.waitForTimeout(300) }],
  ['evidence-again', async (p) => { await go('e')(p); await button(p, 'auth.log').click(); await button(p, 'Read again…').click(); await p.waitForTimeout(300) }],
  ['evidence-absent', async (p) => { await go('e')(p); await button(p, 'FS01.zip').click(); await p.getByText('Blind spots of the case').scrollIntoViewIfNeeded() }],
  ['timeline', go('t')],
  ['timeline-row', async (p) => { await go('t')(p); await p.locator('#expression').fill('host.name:FS01 AND user.name:svc-backup'); await p.keyboard.press('Enter'); await p.waitForSelector('#grid-row-2'); await p.keyboard.press('j'); await p.keyboard.press('j'); await p.keyboard.press('Enter') }],
  ['timeline-incident', async (p) => { await go('t')(p); await p.getByText('Incident', { exact: true }).click() }],
  ['findings', go('f')],
  ['findings-override', async (p) => { await go('f')(p); await p.waitForSelector('.group-head'); await p.keyboard.press('o') }],
  ['findings-coverage', async (p) => { await go('f')(p); await p.getByRole('tab', { name: 'What did not run' }).click() }],
  ['decide', go('d')],
  ['decide-override', async (p) => { await go('d')(p); await button(p, 'Change…').click() }],
  ['severity', async (p) => { await go('b')(p); await p.locator('.strip-cell').first().click() }],
  ['clocks', go('c')],
  ['clocks-one', async (p) => { await go('c')(p); await button(p, 'GDPR Art. 33').click() }],
  ['clocks-declare', async (p) => { await go('c')(p); await button(p, 'Declare a trigger').click() }],
  ['papers', async (p) => { await go('p')(p); await p.waitForSelector('canvas'); await p.waitForTimeout(900) }],
  ['papers-text', async (p) => { await go('p')(p); await p.getByRole('tab', { name: 'Clauses' }).click(); await p.waitForTimeout(900) }],
  ['record', go('r')],
  ['record-entry', async (p) => { await go('r')(p); await p.getByRole('button', { name: /Declared severity high/ }).click(); await p.waitForTimeout(300) }],
  ['record-second', async (p) => { await go('e')(p); await button(p, 'System.evtx').click(); await purge(p, 'System.evtx'); await button(p, 'Sign and delete').click(); await button(p, 'Later').click(); await go('r')(p); await p.getByRole('button', { name: /not in force until/ }).first().click(); await p.waitForTimeout(300) }],
  ['record-conflicts', async (p) => { await go('r')(p); await p.getByText('Conflicts & set aside').click(); await p.getByRole('article').first().waitFor() }],
  ['record-settle', async (p) => { await go('r')(p); await p.getByText('Conflicts & set aside').click(); await p.getByRole('button', { name: 'Choose this…' }).last().click(); await choose(p, /Reason code/, /./); await p.getByLabel(/^Reason(?! code)/).fill('The provider’s own installation notes say UTC; Jonas read them on the machine.'); await p.waitForTimeout(700) }],
  ['record-copies', async (p) => { await go('r')(p); await segment(p, 'Copies'); await p.waitForTimeout(200) }],
  ['record-compare', async (p) => { await go('r')(p); await segment(p, 'Copies'); await button(p, 'Compare a slip…').click(); await p.getByLabel('Code on the slip').fill('QK7M-2RTX-9DPA-V4WE-6HNC'); await button(p, 'Compare').click(); await p.waitForTimeout(300) }],
  ['record-checkpoint', async (p) => { await go('r')(p); await segment(p, 'Copies'); await button(p, 'Sign a checkpoint…').click(); await button(p, 'Sign and write').click(); await p.waitForTimeout(300) }],
  ['record-witness', async (p) => { await go('r')(p); await segment(p, 'Copies'); await button(p, 'Take in').click(); await p.getByRole('menuitem', { name: 'A slip that somebody holds…' }).click(); await p.getByLabel('Who holds it').fill('H. Nyman, port authority'); await p.waitForTimeout(700) }],
  ['merge', async (p) => { await go('r')(p); await button(p, 'Merge a copy…').click() }],
  ['merge-preview', (p) => merging(p, '/media/usb/harbor-lights.case')],
  ['merge-ahead', (p) => merging(p, '/media/usb/ahead.parcel')],
  ['merge-damaged', (p) => merging(p, '/media/usb/damaged-bundle')],
  ['merge-fork', (p) => merging(p, '/media/usb/fork-bundle')],
  ['merge-done', async (p) => { await merging(p, '/media/usb/harbor-lights.case'); await button(p, 'Sign and merge').click(); await p.waitForTimeout(500) }],
  ['export', async (p) => { await go('r')(p); await button(p, 'Export…').click(); await p.waitForTimeout(700) }],
  ['export-parcel', async (p) => { await exporting(p, 'Encrypted parcel'); await p.getByRole('combobox', { name: 'People of the case' }).click(); await p.getByRole('option', { name: 'Maya Okafor' }).click(); await p.keyboard.press('Escape'); await p.waitForTimeout(200) }],
  ['export-plan', async (p) => { await exporting(p, 'Plain folder'); await button(p, 'See what goes along').click(); await p.getByRole('region', { name: 'What would leave' }).waitFor() }],
  ['export-extract', async (p) => { await exporting(p, 'Extract'); await p.getByLabel('What for').fill('Answer to the question of the authority of 4 March'); await p.getByRole('combobox', { name: 'Papers, with what was signed about them' }).click(); await p.getByRole('option').first().click(); await p.keyboard.press('Escape'); await button(p, 'See what goes along').click(); await p.getByRole('region', { name: 'What would leave' }).waitFor() }],
  ['export-done', async (p) => { await exporting(p, 'Plain folder'); await button(p, 'See what goes along').click(); await button(p, 'Sign and export').click(); await p.getByText('Written whole').waitFor() }],
  ['export-blocked', async (p) => { await p.goto(`${url}?altered`); await p.waitForSelector('.frame'); await go('r')(p); await button(p, 'Export…').click(); await p.waitForTimeout(300) }],
  ['custody', async (p) => { await go('e')(p); await p.locator('.seg', { hasText: 'Custody' }).click(); await p.waitForTimeout(200) }],
  ['custody-take', async (p) => { await go('e')(p); await p.locator('.seg', { hasText: 'Custody' }).click(); await button(p, 'Take over…').click(); await p.getByRole('combobox', { name: 'Condition as found' }).fill('sealed, seal unbroken'); await p.waitForTimeout(700) }],
  ['custody-give', async (p) => { await go('e')(p); await p.getByLabel('Select Security.evtx').first().check(); await button(p, '1 item').click(); await p.getByRole('menuitem', { name: 'Hand over…' }).click(); await choose(p, 'Receiver', 'Maya Okafor'); await p.getByLabel('What for').fill('Preparation of the complaint'); await p.getByLabel('Where').fill('Harbour office, room 2'); await p.getByRole('combobox', { name: 'Condition' }).fill('as taken in, no damage seen'); await p.waitForTimeout(700) }],
  ['custody-item', async (p) => { await go('e')(p); await button(p, 'FS01.zip').click(); await p.waitForTimeout(200) }],
  ['custody-purge', async (p) => { await go('e')(p); await button(p, 'System.evtx').click(); await purge(p, 'System.evtx') }],
  ['custody-altered', async (p) => { await p.goto(`${url}?altered`); await p.waitForSelector('.frame'); await go('e')(p); await p.waitForTimeout(300) }],
  ['replay', async (p) => { await go('b')(p); await p.getByRole('slider').focus(); for (let i = 0; i < 6; i++) await p.keyboard.press('ArrowLeft'); await p.getByText(/came later/).waitFor(); await p.getByLabel('Show later').check(); await p.waitForTimeout(300) }],
  ['replay-decision', async (p) => { await decided(p); await button(p, 'What was known then').click(); await p.getByText(/knew when they signed/).waitFor(); await p.waitForTimeout(300) }],
  ['lane', async (p) => { await as(p, /Maya Okafor/); await go('l')(p); await p.getByLabel('Write into the lane').fill('Ask the provider for the deletion log before noon.'); await p.waitForTimeout(500) }],
  ['lane-sealed', async (p) => { await as(p, /Maya Okafor/); await go('l')(p); await p.getByText(/Art. 33 runs/).waitFor(); await as(p, /Ana Ruiz/) }],
  ['lane-open', async (p) => { await as(p, /Maya Okafor/); await go('l')(p); await button(p, 'Open a lane…').click(); await p.getByLabel('Name').fill('Works council'); await p.getByLabel(/At whose direction/).fill('The managing director asked counsel on 4 March.'); await p.waitForTimeout(700) }],
  ['lane-marks', async (p) => { await as(p, /Maya Okafor/); await go('l')(p); await segment(p, 'Marks') }],
  ['lane-log', async (p) => { await as(p, /Maya Okafor/); await go('l')(p); await segment(p, 'Privilege log') }],
  ['lane-mark', async (p) => { await as(p, /Maya Okafor/); await go('e')(p); await button(p, 'Security.evtx').click(); await p.getByRole('button', { name: /^Privilege of this/ }).click(); await p.getByRole('menuitem', { name: /Mark for a lane/ }).click(); await p.getByLabel('On what basis').fill('Collected at counsel’s direction.'); await p.waitForTimeout(700) }],
  ['settings', go('s')],
  ['people-delegate', async (p) => { await go('s')(p); await change(p, 'Maya Okafor', 'Lend a role of mine…'); await p.getByText('All that this role may sign').click(); await p.getByLabel('decide on a recommendation').check(); await p.getByRole('button', { name: '8 h' }).click(); await p.getByLabel('Why').fill('On the ferry until the evening.'); await p.waitForTimeout(700) }],
  ['people-admit', async (p) => { await go('s')(p); await button(p, 'Admit from a card…').click(); await p.getByLabel('Card file').fill('/media/usb/tomas-virtanen.card'); await button(p, 'Read the card').click(); await p.getByText('I compared the code').click(); await p.waitForTimeout(700) }],
  ['people-succession', async (p) => { await go('s')(p); await p.getByRole('button', { name: /^Change who follows as/ }).click(); await p.waitForTimeout(700) }],
  ['people-glass', async (p) => { await go('s')(p); await button(p, 'Break the glass…').click(); await choose(p, 'Role', 'Operations Section Chief'); await p.getByLabel('Why').fill('The line to Jonas is dead and FS01 sends data right now.'); await p.waitForTimeout(700) }],
  ['people-revoke', async (p) => { await go('s')(p); await change(p, 'Jonas Lindqvist', 'Revoke a key…'); await p.getByLabel('Why').fill('The laptop was left on the ferry.'); await p.waitForTimeout(700) }],
  ['authority', async (p) => { await go('s')(p); await segment(p, 'Authority') }],
  ['authority-row', async (p) => { await go('s')(p); await segment(p, 'Authority'); await p.getByRole('button', { name: /^Change who may decide on a recommendation/ }).click(); await segment(p, 'Two persons'); await p.getByLabel('Why').fill('The ferry line asks for two names.'); await p.waitForTimeout(700) }],
  ['settings-case', async (p) => { await go('s')(p); await segment(p, 'Case') }],
  ['settings-limits', async (p) => { await go('s')(p); await segment(p, 'Case'); await button(p, 'Change the limits…').scrollIntoViewIfNeeded() }],
  ['limits-change', async (p) => { await go('s')(p); await segment(p, 'Case'); await button(p, 'Change the limits…').click(); await p.getByLabel('Archives inside archives').fill('8'); await p.getByLabel('Why').fill('The backups of the provider nest deeper.'); await p.waitForTimeout(700) }],
  ['strip-roles', async (p) => { await go('b')(p); await as(p, /Ines Halvorsen/); await p.locator('.strip-person button').first().click() }],
  ['todo-review', async (p) => { await go('b')(p); await button(p, 'Review…').click(); await p.waitForTimeout(500) }],
  ['decide-second', async (p) => { await twoPersons(p); await p.waitForTimeout(300) }],
  ['decide-awaits', async (p) => { await twoPersons(p); await button(p, 'Later').click(); await p.waitForTimeout(300) }],
  ['ask', async (p) => { await go('b')(p); await p.keyboard.press('Control+k'); await p.getByLabel('Command or question').fill('What did svc-backup do on FS01?'); await p.keyboard.press('Enter'); await p.waitForTimeout(300) }],
  ['palette', async (p) => { await go('b')(p); await p.keyboard.press('Control+k') }],
  ['keys', async (p) => { await go('b')(p); await p.keyboard.press('?') }],
  ['jobs', async (p) => { await go('b')(p); await p.locator('.drawer-toggle').click() }],
  ['start', async (p) => { await p.locator('.strip-person button').first().click(); await p.getByText('Close the case').click(); await p.waitForSelector('.start-action') }],
  ['start-new', async (p) => { await p.locator('.strip-person button').first().click(); await p.getByText('Close the case').click(); await p.getByRole('button', { name: /New case/ }).click(); await p.getByLabel('Passphrase', { exact: true }).fill('quiet lantern orbit mustard') }],
  ['start-import', async (p) => { await p.locator('.strip-person button').first().click(); await p.getByText('Close the case').click(); await p.getByRole('button', { name: /A copy that was handed over/ }).click(); await p.getByLabel('Folder or parcel').fill('/media/usb/harbor-lights-copy.parcel'); await button(p, 'See what it holds').click(); await p.getByText('compare it with the slip').waitFor() }],
  ['start-open', async (p) => { await p.getByRole('button', { name: 'Lock the case' }).click(); await p.waitForSelector('.start-form') }],
]
const SIZES = process.env.SIZES === 'small' ? [[1366, 768]] : [[1366, 768], [1920, 1080]]

const problems = []
for (const scheme of ['light', 'dark']) {
  for (const [width, height] of SIZES) {
    const { browser, page, faults } = await openPage(url, { width, height, scheme })
    for (const [name, walk] of SCREENS) {
      if (only && !name.startsWith(only)) continue
      await page.goto(url)
      await page.waitForSelector('.frame, .start')
      const where = `${name} ${scheme} ${width}`
      try {
        await walk(page)
        await page.waitForTimeout(450)
        await page.screenshot({ path: join(out, `${name}-${width}-${scheme}.png`) })
        problems.push(...await axe(page, where))
      } catch (e) {
        problems.push(`${where}: ${String(e.message).split('\n')[0]}`)
        await page.screenshot({ path: join(out, `${name}-${width}-${scheme}-failed.png`) })
      }
      problems.push(...faults.splice(0).map((f) => `${where}: ${f}`))
    }
    await browser.close()
  }
}
own?.close()
for (const p of problems) console.log(p)
console.log(problems.length === 0 ? 'screens: no finding' : `screens: ${problems.length} findings`)
process.exit(problems.length === 0 ? 0 : 1)
