/** One use of a metric in a PromQL expression: its name and the labels its braces ask about. */
export interface MetricUse {
  readonly name: string
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[]
}

/** Of node_exporter: the disks of the servers are not the hub's to measure. */
const outside = /^node_filesystem_(?:avail|size)_bytes$/

/** Metrics of an expression, without those of other exporters. Enough of PromQL for our own files. */
export function metricsIn(expression: string): readonly MetricUse[] {
  const bare = expression.replaceAll(/"[^"]*"/g, (text) => `"${Buffer.from(text.slice(1, -1)).toString('hex')}"`)
  return [...bare.matchAll(/\b([a-z][a-z_]*)\b(?:\{([^}]*)\})?/g)].flatMap(([whole, name = '', inside = '']) => {
    const used = whole.includes('{') || (name.includes('_') && name !== 'histogram_quantile')
    if (!used || outside.test(name)) return []
    const matchers = [...inside.matchAll(/(\w+)(=~|!~|!=|=)"([0-9a-f]*)"/g)].map(
      ([, label = '', operator = '', value = '']) => ({
        label,
        operator,
        value: Buffer.from(value, 'hex').toString(),
      }),
    )
    return [{ name, matchers }]
  })
}
