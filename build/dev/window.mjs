// A short form of the flow in the real WebKitGTK window, over WebDriver. usage: node window.mjs PORT WRAPPER [SHOT]
import fs from 'node:fs'
import path from 'node:path'

const [, , port, wrap, shot] = process.argv
const base = `http://127.0.0.1:${port}`
const dir = process.env.E2E_DIR
const EL = 'element-6066-11e4-a52e-4f735466cecf'

async function call(method, where, body) {
  const r = await fetch(base + where, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(60000) })
  const { value } = await r.json()
  if (value?.error) throw new Error(`${where}: ${value.error} ${value.message}`)
  return value
}
for (let i = 0; i < 100; i++) {
  try {
    await fetch(base + '/status')
    break
  } catch {
    await new Promise((r) => setTimeout(r, 100))
  }
}
const { sessionId } = await call('POST', '/session', {
  capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: wrap, args: [] } } },
})
const S = '/session/' + sessionId
await call('POST', S + '/timeouts', { implicit: 20000, script: 60000 })
const find = async (value, using = 'css selector') => (await call('POST', S + '/element', { using, value }))[EL]
const byText = (tag, text) => find(`//${tag}[normalize-space(.)=${JSON.stringify(text)}]`, 'xpath')
const click = (e) => call('POST', `${S}/element/${e}/click`, {})
const js = (script, ...args) => call('POST', S + '/execute/sync', { script, args })
const ajs = (script) =>
  call('POST', S + '/execute/async', {
    script: `const done=arguments[arguments.length-1];(async()=>{${script}})().then(done,e=>done('ERR '+e))`,
    args: [],
  })
let n = 0
function check(name, ok, got) {
  n++
  console.log(ok ? 'ok  ' : 'FAIL', name, ok ? '' : JSON.stringify(got))
  if (!ok) process.exitCode = 1
}
const api = (method, where, body) =>
  ajs(`const r=await fetch('/api/${where}',{method:'${method}',body:${body ? JSON.stringify(JSON.stringify(body)) : 'undefined'}});return {status:r.status,body:await r.json()}`)
const settle = async (what, ask, good, ms = 120000) => {
  const end = Date.now() + ms
  for (;;) {
    const got = await ask()
    if (good(got) || Date.now() > end) {
      check(what, good(got), got)
      return got
    }
    await new Promise((r) => setTimeout(r, 300))
  }
}

await find('h1')
check('the page is shown', true)
const csp = await ajs("return (await fetch('/')).headers.get('content-security-policy')")
check('the content policy reaches the window', /default-src 'none'/.test(csp ?? ''), csp)
check('the desktop calls are bound', await js("return !!(window.go && window.go.app && window.go.app.Desktop)"))
const watch = () => js("window.__violations=[];document.addEventListener('securitypolicyviolation',e=>window.__violations.push(e.violatedDirective));return 1")
await watch()

// The sample incident, made by the window's own job, from evidence to papers.
const demo = path.join(dir, 'demo')
const made = await api('POST', 'case/demo', { dir: demo, passphrase: 'window test phrase' })
check('the sample incident starts', made.status === 200, made)
await settle('the sample incident is done', () => api('GET', 'jobs'), (j) => j?.body?.jobs?.[0]?.state === 'done' || j?.body?.jobs?.[0]?.state === 'failed')
const jobs = await api('GET', 'jobs')
check('without an error', jobs.body.jobs[0].state === 'done', jobs.body.jobs[0])
const opened = await api('POST', 'case/open', { dir: path.join(demo, 'kragsund.case'), passphrase: 'window test phrase' })
check('the case opens', opened.status === 200 && opened.body.open, opened)
check('no content policy violation on the start screen', (await js('return window.__violations.length')) === 0)
await call('POST', S + '/refresh', {})
// The view answers "no such frame" while the old page makes room for the new one.
for (let i = 0; ; i++) {
  try {
    await find('nav')
    break
  } catch (e) {
    if (i === 20) throw e
    await new Promise((r) => setTimeout(r, 250))
  }
}
await watch()
check('the rail is shown', true)
for (const [stage, sign] of [['Timeline', '[role=grid],[role=table],[data-grid]'], ['Papers', 'main'], ['Record', 'main'], ['Board', 'main']]) {
  await click(await find(`//nav//*[self::a or self::button][contains(normalize-space(.),'${stage}')]`, 'xpath'))
  await find(sign)
  check(`${stage} opens by a click`, true)
  await new Promise((r) => setTimeout(r, 500))
}
const page = await api('GET', 'timeline?q=event.code%3A7045&limit=5')
check('the timeline answers a query', page.status === 200 && page.body.total > 0, page)
const record = await api('POST', 'record/verify')
check('the record verifies', record.body.verdict === 'good', record)
check('no content policy violation', (await js('return window.__violations.length')) === 0, await js('return window.__violations'))
if (shot) {
  const png = await Promise.race([call('GET', S + '/screenshot'), new Promise((r) => setTimeout(() => r(null), 10000))])
  if (png) fs.writeFileSync(shot, Buffer.from(png, 'base64'))
}
await call('DELETE', S).catch(() => {}) // answers "no such window" when the program quits: expected
console.log(`${n} checks`)
process.exit(process.exitCode ?? 0)
