import type { Examination } from '@socle/mappings'
import { type ExamineTask, examineTask } from './examiner.ts'

/** Entry of a pool thread: one document in, one report out. */
export function examineInThread(task: ExamineTask): Examination {
  return examineTask(task)
}

// Piscina takes the module's default export as the task.
export { examineInThread as default }
