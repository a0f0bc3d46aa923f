/** A file that a person chose or dropped: its name, or its path inside the folder that was given. */
export interface Chosen {
  readonly path: string
  readonly file: File
}

/** Of an input: files alone, or those of a folder with their paths. */
export function chosenIn(list: FileList): Chosen[] {
  return Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, file }))
}

/**
 * Of a drop: folders are walked. Entries are taken before anything is awaited: the browser empties the list then.
 * @throws DOMException when something cannot be read
 */
export async function droppedIn(transfer: DataTransfer): Promise<Chosen[]> {
  const items = Array.from(transfer.items).filter(({ kind }) => kind === 'file')
  const taken = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const found: Chosen[] = []
  for (const { entry, file } of taken) {
    if (entry !== null) await walk(entry, found)
    else if (file !== null) found.push({ path: file.name, file })
  }
  return found
}

async function walk(entry: FileSystemEntry, found: Chosen[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail))
    found.push({ path: entry.fullPath.replace(/^\//, ''), file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    // A folder is told a hundred entries at a time.
    const part = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail))
    if (part.length === 0) return
    for (const inner of part) await walk(inner, found)
  }
}
