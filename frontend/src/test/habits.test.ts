// The habits of the window, remembered by a test: one gateway, inert text, no address of anything outside.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const files = readdirSync('src', { recursive: true, withFileTypes: true }).filter((f) => f.isFile() && /\.(tsx?|css)$/.test(f.name)).map((f) => join(f.parentPath, f.name))
const product = files.filter((f) => !/\.test\.|src\/test\/|src\/api\/fake/.test(f))

it('finds the sources', () => expect(product.length).toBeGreaterThan(60))

it('names no address outside this machine', () => {
  for (const f of product) expect(readFileSync(f, 'utf8').match(/https?:\/\/(?!127\.0\.0\.1)/g) ?? [], f).toEqual([])
})

it('imports the made-up case only from main, behind the mode', () => {
  for (const f of product) if (!f.endsWith('main.tsx')) expect(readFileSync(f, 'utf8').includes('/fake'), f).toBe(false)
})

it('keeps colours in the tokens', () => {
  const css = product.filter((f) => f.endsWith('.css') && !f.endsWith('tokens.css'))
  for (const f of css) expect((readFileSync(f, 'utf8').match(/#[0-9a-f]{6}\b/gi) ?? []).length, f).toBeLessThanOrEqual(18)
})
