import { createHash } from 'node:crypto'
import type { RuleExample } from '@socle/mappings'
import type { Rule } from '@socle/schemas'

const css = `body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
article{border-top:1px solid #777;padding:1rem 0}h2{font-family:monospace;margin:0}
dt{font-weight:bold}dd{margin:0 0 .5rem}code,pre{font-family:monospace}pre{background:#f3f3f3;overflow:auto;padding:.5rem}`

/** The page's own style, and the digest that lets it through a policy which refuses every other. */
export const catalogueStyle: { readonly css: string; readonly integrity: string } = {
  css,
  integrity: `sha256-${createHash('sha256').update(css).digest('base64')}`,
}

/** Longest part of an example on the page. */
const longestShown = 3_000

/** Every rule with its texts in both languages, its source and its examples, as one page that needs no script. */
export function cataloguePage(rules: readonly Rule[], examples: readonly RuleExample[]): string {
  const articles = rules.map((rule) =>
    article(
      rule,
      examples.filter((example) => example.rule === rule.id),
    ),
  )
  return `<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Socle : catalogue des règles</title>
<style>${css}</style>
<h1>Catalogue des règles <span lang="en">/ Rule catalogue</span></h1>
<p>${rules.length} règles du socle. Les règles officielles du SDK eForms gardent leur propre identifiant : <code>/v1/rules/{id}</code>.</p>
${articles.join('\n')}
</html>
`
}

function article(
  { id, severity, formats, fields, message, hint, source, since }: Rule,
  own: readonly RuleExample[],
): string {
  const shown = own.map(
    ({ name, passes, bytes }) =>
      `<details><summary>${passes ? 'passe / passes' : 'échoue / fails'} : ${escape(name)}</summary><pre>${escape(excerpt(bytes))}</pre></details>`,
  )
  return `<article id="${id}">
<h2><a href="#${id}">${id}</a></h2>
<p>${severity} · ${escape(formats.join(', '))} · <code>${escape(fields.join(' '))}</code></p>
<p>${escape(message.fr)}</p><p lang="en">${escape(message.en)}</p>
<dl><dt>Que faire</dt><dd>${escape(hint.fr)}</dd><dd lang="en">${escape(hint.en)}</dd>
<dt>Source</dt><dd>${escape(source)}</dd><dt>Depuis la version</dt><dd>${escape(since)}</dd></dl>
${shown.join('\n')}
</article>`
}

function excerpt(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes)
  const shown = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
  return shown.replaceAll(/[^\P{Cc}\n\t]/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => references[character] ?? character)
}
