import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { serve } from '../serve.ts'
import { wire } from '../wire.ts'

/** How long those already in may take to get their answer before the process ends anyway. */
const graceMs = 20_000

export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('start the hub; settings HUB_* from the environment')
    .action(async () => {
      const hub = await wire(readConfig(process.env))
      const serving = await serve(hub)
      hub.log.info({
        event: 'serving',
        url: serving.url,
        environment: hub.config.environment,
        data: hub.config.dataDirectory,
        origin: hub.config.logOrigin,
      })
      // The writer thread is gone: what it last did is known to the disk only. Stop; the next start reads it back.
      void hub.failed.then((error) => {
        hub.log.fatal({ event: 'store-failed', err: error })
        process.exit(1)
      })
      closeWithGrace({ delay: graceMs, logger: false }, async ({ err, signal }) => {
        if (err) hub.log.fatal({ event: 'crashed', err })
        hub.log.info({ event: 'stopping', signal })
        await serving.stop()
      })
    })
}
