import { createHash } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { growTree } from './evidence-record-tree.ts'
import { treesKept, treeUnder } from './evidence-record-trees.ts'

const leaves = (text: string): Buffer[] =>
  Array.from({ length: 5 }, (_, at) => createHash('sha256').update(`${text} ${at}`).digest())
const token = (text: string): Buffer => Buffer.from(`token of ${text}`)

test('a tree is grown once for its token, and is the one of its leaves', () => {
  const leavesOf = vi.fn(() => leaves('a'))
  const trees = [1, 2, 3].map(() => treeUnder(token('a'), 'sha256', leavesOf))
  expect(leavesOf).toHaveBeenCalledOnce()
  for (const tree of trees) expect(tree).toEqual(growTree('sha256', leaves('a')))
  expect(treeUnder(token('b'), 'sha256', () => leaves('b'))).toEqual(growTree('sha256', leaves('b')))
})

test('the trees used last are kept, and no more', () => {
  const grown: string[] = []
  const use = (name: string): void => {
    treeUnder(token(name), 'sha512', () => {
      grown.push(name)
      return leaves(name)
    })
  }
  const names = Array.from({ length: treesKept + 1 }, (_, at) => `tree ${at}`)
  for (const name of names.slice(0, treesKept)) use(name)
  use('tree 0')
  use(`tree ${treesKept}`)
  use('tree 0')
  use('tree 1')
  expect(grown).toEqual([...names, 'tree 1'])
})
