import { openPage, axe } from './browser.mjs'
import { readFileSync } from 'node:fs'
const url = readFileSync('/tmp/ui-e2e/url','utf8').split('\n')[0]
const out='/work/brief/shots/real/'
const { browser, page, faults } = await openPage(url, {scheme: process.argv[2] ?? 'light'})
await page.screenshot({path: out+'start.png'})
if (await page.locator('.start').count()) {
await page.locator('.recent-item').first().click()
await page.getByLabel('Passphrase', {exact:true}).fill('kragsund exercise'); await page.keyboard.press('Enter')
await page.waitForSelector('.frame', {timeout: 60000})
}
const shot = async (n) => { await page.waitForTimeout(700); await page.screenshot({path: out+n+'.png'}); for (const l of await axe(page,n)) console.log(l) }
const go = async (k) => { await page.keyboard.press('g'); await page.keyboard.press(k) }
await go('b'); await shot('r-board')
await go('e'); await shot('r-evidence'); await page.locator('.evidence-scroll tbody tr').nth(3).click(); await shot('r-evidence-item'); await page.keyboard.press('Escape')
await go('t'); await shot('r-timeline'); await page.keyboard.press('j'); await page.keyboard.press('Enter'); await shot('r-row'); await page.keyboard.press('Escape')
await page.locator('.mantine-SegmentedControl-label',{hasText:'Incident'}).click(); await shot('r-incident')
await go('f'); await shot('r-findings'); await page.keyboard.press('o'); await shot('r-verdict'); await page.keyboard.press('Escape')
await page.getByRole('tab',{name:'What did not run'}).click(); await shot('r-coverage')
await go('d'); await shot('r-decide'); await page.getByRole('button',{name:'Change…'}).and(page.locator(':enabled')).first().click(); await shot('r-override'); await page.keyboard.press('Escape'); 
await page.locator('.mantine-SegmentedControl-label',{hasText:'Decided'}).click(); await shot('r-decided')
await page.locator('.strip-cell').first().click(); await shot('r-severity'); await page.keyboard.press('Escape')
await go('c'); await shot('r-clocks'); await page.locator('.clocks tbody tr').first().click(); await shot('r-clock'); await page.keyboard.press('Escape')
await go('p'); await page.waitForTimeout(1500); await shot('r-papers'); await page.getByRole('tab',{name:'Clauses'}).click(); await shot('r-papers-text')
await go('r'); await shot('r-record'); await page.locator('.entry').nth(2).click(); await shot('r-entry'); await page.keyboard.press('Escape')
await go('s'); await shot('r-settings')
console.log(faults); await browser.close()
