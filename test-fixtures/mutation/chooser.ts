// Which mutant is alive, asked by the instrumented files at every place that has one.
import { CHOOSER } from './instrument.ts';

/** A mutant that goes round far more often than the text does has hung; it is ended here, without a clock. */
const ROUNDS_AT_LEAST = 100_000;
const ROUNDS_TIMES = 100;
const ROUNDS_MORE = 20_000_000;

class Endless extends Error {}

export type Chooser = {
  /** Whether one of these numbers is alive. */
  at(first: number, last: number): boolean;
  is(number: number): boolean;
  /** No mutant is alive; the places that are passed are counted until `recorded` is asked. */
  record(): void;
  /** Number of a mutant → how often its place was passed since the last call. */
  recorded(): Map<number, number>;
  /** Brings one mutant to life. @param usual how often its place is passed by one test */
  live(number: number, usual: number): void;
  /** Each test counts its rounds anew. */
  anew(): void;
  isEndless(): boolean;
};

export function makeChooser(): Chooser {
  const passed = new Map<number, number>();
  let [alive, limit, rounds] = [0, 0, 0];
  let [recording, endless] = [false, false];
  const pass = (first: number, last: number): void => {
    for (let number = first; number <= last; number += 1) passed.set(number, (passed.get(number) ?? 0) + 1);
  };
  const chooser: Chooser = {
    at(first, last) {
      if (recording) pass(first, last);
      if (alive < first || alive > last) return false;
      rounds += 1;
      if (rounds <= limit) return true;
      endless = true;
      throw new Endless('This mutant goes round and round.');
    },
    is: (number) => number === alive,
    record() {
      [alive, recording] = [0, true];
    },
    recorded() {
      const found = new Map(passed);
      passed.clear();
      return found;
    },
    live(number, usual) {
      [alive, recording, endless, rounds] = [number, false, false, 0];
      limit = ROUNDS_AT_LEAST + usual + Math.min(ROUNDS_TIMES * usual, ROUNDS_MORE);
    },
    anew() {
      rounds = 0;
    },
    isEndless: () => endless,
  };
  (globalThis as Record<string, unknown>)[CHOOSER] = chooser;
  return chooser;
}
