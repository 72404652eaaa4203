import type { Db } from './schema.ts';

/** What became of one task of a group. A refusal of one leaves what the others wrote. */
export type Applied<Result> = { done: Result } | { refused: Error };

type Waiting<Task, Result> = {
  task: Task;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
};

const LARGEST_GROUP = 128;

/**
 * Does tasks in transactions. Those that wait at the same moment share one, and with it one flush of the disk; each is
 * answered only after its COMMIT.
 */
export function groupCommits<Task, Result>(
  db: Db,
  apply: (step: Db, task: Task) => Promise<Applied<Result>>,
): (task: Task) => Promise<Result> {
  const waiting: Waiting<Task, Result>[] = [];
  let busy = false;

  async function work(): Promise<void> {
    busy = true;
    await new Promise(setImmediate); // lets requests that arrived together join the first group
    while (waiting.length > 0) await doGroup(db, waiting.splice(0, LARGEST_GROUP), apply);
    busy = false;
  }

  return (task) =>
    new Promise((resolve, reject) => {
      waiting.push({ task, resolve, reject });
      if (!busy) void work();
    });
}

async function doGroup<Task, Result>(
  db: Db,
  group: Waiting<Task, Result>[],
  apply: (step: Db, task: Task) => Promise<Applied<Result>>,
): Promise<void> {
  try {
    const answers = await db.transaction().execute(async (step) => {
      const made: (() => void)[] = [];
      for (const { task, resolve, reject } of group) {
        const applied = await apply(step, task);
        made.push('done' in applied ? () => resolve(applied.done) : () => reject(applied.refused));
      }
      return made;
    });
    for (const answer of answers) answer();
  } catch (error) {
    const [only] = group;
    if (group.length === 1 && only) return only.reject(error);
    for (const each of group) await doGroup(db, [each], apply); // one of them is at fault: the others must not suffer
  }
}
