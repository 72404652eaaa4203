// The process that mutants live in: it does as it is told, and may hang or die of one of them.
import fc from 'fast-check';
import { control, dryRun, makeBench, tryMutant } from './trial.ts';
import type { Order, Told } from './words.ts';

// One seed, so that a mutant is killed or not, and not by luck; and no time spent on the smallest example.
fc.configureGlobal({ seed: 20_26_11, endOnFailure: true });
// What a mutant leaves behind is no finding of the next one's.
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});
process.on('disconnect', () => process.exit(1));
process.once('message', (order: Order) => void work(order));

function tell(told: Told): Promise<void> {
  return new Promise((resolve) => process.send?.(told, () => resolve()));
}

async function work({ sources, dryRun: known, todo, patience }: Order): Promise<void> {
  let alive = 0;
  try {
    const bench = makeBench(sources, known, (boundMs) => tell({ tell: 'begun', mutant: alive, boundMs }));
    if (!known) await tell({ tell: 'dry-run', dryRun: await dryRun(bench, sources) });
    else {
      await all(todo);
      await control(bench, known);
    }
    await tell({ tell: 'finished' });

    async function all(numbers: readonly number[]): Promise<void> {
      for (const mutant of numbers) {
        alive = mutant;
        const outcome = await tryMutant(mutant, known as NonNullable<typeof known>, bench, patience);
        await tell({ tell: 'ended', mutant, outcome });
        // What a test that did not end goes on to do must not reach the next mutant.
        if (outcome.kind === 'late') process.exit(0);
      }
    }
  } catch (error) {
    await tell({
      tell: 'broken',
      what: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
  process.exit(0);
}
