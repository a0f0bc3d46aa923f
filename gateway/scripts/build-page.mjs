/**
 * Builds the page that verifies without a network: one HTML file, everything inside, from the very sources of
 * `socle verify`. Node's modules are replaced by those of `src/page/shims`; one that is not there fails the build.
 * Plain JavaScript: it runs from `npm run build`, the set-up and the container's build.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const page = join(root, 'src/page')
const output = join(root, 'dist/page/verify.html')

/** A page beyond this carries something that it does not need. */
const maxBytes = 393_216

const shim = (name) => join(page, 'shims', name)
const replaced = {
  'node:crypto': shim('crypto.ts'),
  'node:fs': shim('fs.ts'),
  'node:path': shim('path.ts'),
  'node:zlib': shim('zlib.ts'),
  'node-forge': shim('forge.ts'),
}

const options = {
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  target: ['chrome109', 'firefox115', 'safari16.4'],
  conditions: ['source'],
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  logLevel: 'error',
}

const worker = await bundle({
  entryPoints: [join(page, 'browser/worker.ts')],
  inject: [shim('buffer.ts')],
  define: { global: 'globalThis' },
  plugins: [nodeInBrowser()],
})
const script = await bundle({ entryPoints: [join(page, 'browser/main.ts')] })
const style = await bundle({ entryPoints: [join(page, 'browser/page.css')] })

const policy = [
  "default-src 'none'",
  `script-src 'sha256-${hashOf(script)}'`,
  `style-src 'sha256-${hashOf(style)}'`,
  // The verifier runs beside the page, from the text inside it, so that a large file does not freeze it.
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')
const html = fill(readFileSync(join(page, 'browser/page.html'), 'utf8'), {
  policy: `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
  style: `<style>${style}</style>`,
  verifier: `<script type="text/plain" id="verifier">${worker}</script>`,
  script: `<script>${script}</script>`,
})
const size = Buffer.byteLength(html)
if (size > maxBytes) fail(`the page has ${size} bytes, more than ${maxBytes}`)
mkdirSync(join(output, '..'), { recursive: true })
writeFileSync(output, html)
if (process.argv.includes('--say')) process.stdout.write(`${relative(process.cwd(), output)}: ${size} bytes\n`)

async function bundle(settings) {
  const { outputFiles, metafile } = await build({ ...options, ...settings })
  const left = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
  if (left.length > 0) fail(`the page would need ${left.map(({ path }) => path).join(', ')}`)
  const text = outputFiles[0].text.trimEnd()
  // Inside an HTML element, these would end it or change how it is read.
  if (/<\/(?:script|style)|<!--/i.test(text)) fail('the bundle cannot stand inside HTML')
  return text
}

/**
 * Puts our modules in the place of Node's. Other modules of Node fall out when only unused code imports them; one that is
 * really used stays, and `bundle` refuses it.
 */
function nodeInBrowser() {
  return {
    name: 'node-in-browser',
    setup({ onResolve }) {
      onResolve({ filter: /^(?:node:.+|node-forge|crypto)$/ }, ({ path }) =>
        path in replaced ? { path: replaced[path] } : { path, external: true, sideEffects: false },
      )
    },
  }
}

/** Puts each part in the place of the comment that names it; a function, because a replacement text gives `$` a meaning. */
function fill(template, parts) {
  const left = new Set(Object.keys(parts))
  const filled = template.replaceAll(/<!-- (\w+) -->/g, (_, name) => {
    left.delete(name)
    return parts[name] ?? fail(`there is no part ${name}`)
  })
  if (left.size > 0) fail(`the page has no place for ${[...left].join(', ')}`)
  return filled
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('base64')
}

function fail(text) {
  process.stderr.write(`build-page: ${text}\n`)
  process.exit(1)
}
