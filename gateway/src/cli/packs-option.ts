import { Option } from 'commander'
import { defaultPacksFolder } from '../packs/folder.ts'

/** Where the official schemas and rules are, for every command that judges. */
export const packsOption: Option = new Option('--packs <folder>', 'where packs are kept')
  .env('HUB_PACKS_DIR')
  .default(defaultPacksFolder, '.cache/packs beside the programs')
