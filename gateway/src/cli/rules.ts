import { checkCatalogue, openPacks } from '@socle/mappings'
import { rules } from '@socle/schemas'
import type { Command } from 'commander'
import { packsIn } from '../packs/folder.ts'
import { ruleExamples } from '../rules/examples.ts'
import { unshowable } from '../rules/unshowable.ts'
import { judgeExample } from '../rules/judge-example.ts'
import { exitCodes, Unusable } from './exit.ts'
import { packsOption } from './packs-option.ts'

export function rulesCommands(program: Command): void {
  const command = program.command('rules').description('the rule catalogue / le catalogue des règles')
  command
    .command('list', { isDefault: true })
    .description('every rule of the hub, one a line')
    .action(() => {
      for (const { id, severity, message } of Object.values(rules)) {
        process.stdout.write(`${id}\t${severity}\t${message.fr}\n`)
      }
    })
  command
    .command('check')
    .addOption(packsOption)
    .description(
      'refuse a rule without texts, source or examples, a dead rule, or one that names a path that does not exist',
    )
    .action(({ packs: folder }: { readonly packs: string }) => {
      check(folder)
    })
}

function check(folder: string): void {
  const packs = openPacks(packsIn(folder))
  if (packs.installed.length === 0) throw new Unusable(`no pack in ${folder}: run socle packs install`)
  const examples = ruleExamples()
  const problems = checkCatalogue(Object.values(rules), examples, (example) => judgeExample(example, packs), unshowable)
  for (const { rule, problem } of problems) process.stdout.write(`${rule}: ${problem}\n`)
  const count = Object.keys(rules).length
  process.stdout.write(`${count} rules, ${examples.length} examples, ${problems.length} problems\n`)
  if (problems.length > 0) process.exitCode = exitCodes.failed
}
