import { createHash, type Hash } from 'node:crypto';

/** A digest that can be continued, and how many lines are in it. */
type State = { lines: number; hash: Hash };

const KEPT = 64;

/**
 * Digests of journals that grow. The latest states stay in memory, so that a part costs its own length and not the
 * whole journal's; what is not there is made again from what is held.
 */
export function journalDigests() {
  const states = new Map<string, State>();
  return {
    /** The digest of the held lines and the fresh ones. */
    async extended(
      sessionId: string,
      held: number,
      fresh: readonly string[],
      readHeld: () => AsyncIterable<readonly string[]>,
    ): Promise<State> {
      const known = states.get(sessionId);
      const hash = known?.lines === held ? known.hash.copy() : await digestOf(readHeld());
      add(hash, fresh);
      return { lines: held + fresh.length, hash };
    },

    /** Remembers a state once its lines are on the disk. */
    keep(sessionId: string, state: State): void {
      states.delete(sessionId);
      states.set(sessionId, state);
      const [oldest] = states.keys();
      if (states.size > KEPT && oldest !== undefined) states.delete(oldest);
    },
  };
}

export function hexOf({ hash }: State): string {
  return hash.copy().digest('hex');
}

async function digestOf(pieces: AsyncIterable<readonly string[]>): Promise<Hash> {
  const hash = createHash('sha256');
  for await (const lines of pieces) add(hash, lines);
  return hash;
}

function add(hash: Hash, lines: readonly string[]): void {
  for (const line of lines) hash.update(`${line}\n`, 'utf8');
}
