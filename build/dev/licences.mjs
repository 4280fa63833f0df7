// Checks that what the product links may be shipped: every Go module of the program and every production package of the
// page has a licence on the list. usage: node build/dev/licences.mjs
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const fine = /^(MIT|MIT-0|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|OFL-1\.1|CC0-1\.0|Unlicense|Zlib|BlueOak-1\.0\.0|MPL-2\.0)$/
const bad = []
let go = 0
let npm = 0

// Go: the modules of the built program, told by the text of their licence files.
const env = { ...process.env, CGO_ENABLED: '0' }
const mods = execFileSync('go', ['list', '-deps', '-f', '{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}', '.'], { env, encoding: 'utf8', maxBuffer: 1 << 26 })
const texts = [
  ['GPL', /GNU (AFFERO |LESSER )?GENERAL PUBLIC LICENSE/i], ['Apache-2.0', /Apache License/i], ['MPL-2.0', /Mozilla Public License/i],
  ['MIT', /Permission is hereby granted, free of charge/i], ['ISC', /Permission to use, copy, modify, and(\/or)? distribute/i],
  ['BSD-3-Clause', /Redistribution and use in source and binary forms/i], ['Unlicense', /This is free and unencumbered software/i], ['CC0-1.0', /CC0/],
]
for (const line of [...new Set(mods.split('\n'))]) {
  const [name, dir] = line.split('\t')
  if (!name || name === 'adjutant') continue
  go++
  const file = dir && fs.readdirSync(dir).find((f) => /^(licen[sc]e|copying|unlicense)/i.test(f))
  const text = file ? fs.readFileSync(path.join(dir, file), 'utf8') : ''
  const found = texts.find(([, re]) => re.test(text))?.[0]
  if (!found || found === 'GPL') bad.push(`${name}: ${found ?? 'no licence file that is known'}`)
}

// npm: what the lock file marks as production.
const lock = JSON.parse(fs.readFileSync('frontend/package-lock.json', 'utf8'))
for (const [place, p] of Object.entries(lock.packages)) {
  if (!place || p.dev || p.optional || p.devOptional || p.peer) continue
  npm++
  const licence = String(p.license ?? '').replace(/^\((.*)\)$/, '$1')
  if (!licence.split(/ OR | AND /).some((l) => fine.test(l))) bad.push(`${place}: ${licence || 'no licence named'}`)
}
if (go < 20 || npm < 10) bad.push(`only ${go} modules and ${npm} packages were found: the check itself is broken`)
for (const b of bad) console.log(b)
console.log(`licences: ${go} Go modules, ${npm} npm packages, ${bad.length} not on the list`)
process.exit(bad.length ? 1 : 0)
