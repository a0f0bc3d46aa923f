/**
 * The `socle` command as it is run, with one thing added: it ends with the process that started it. Its parameters
 * follow; the settings are in its environment.
 */
process.on('disconnect', () => process.exit(1))
await import(new URL('../../../gateway/dist/cli/main.js', import.meta.url).href)
