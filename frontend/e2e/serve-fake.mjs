// Serves the fake-mode build on 127.0.0.1 with exactly the content policy of the program, for screenshots and axe.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../.fake', import.meta.url))
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' }

export function serveFake(port = 0) {
  const nonce = randomBytes(16).toString('hex')
  const policy = `default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  const server = createServer(async (req, res) => {
    const path = normalize(new URL(req.url ?? '/', 'http://x').pathname)
    const file = join(ROOT, path === '/' ? 'index.html' : path)
    try {
      let body = await readFile(file)
      if (file.endsWith('index.html')) body = Buffer.from(body.toString('utf8').replaceAll('__CSP_NONCE__', nonce))
      res.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': policy, 'cache-control': 'no-store' })
      res.end(body)
    } catch {
      res.writeHead(404).end()
    }
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() })))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serveFake(Number(process.argv[2] ?? 34117))
  console.log(url)
}
