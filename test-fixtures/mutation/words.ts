// What parent and child tell each other.
import type { Imports } from './loading.ts';

/** What the tests do without any mutant: which of them pass the place of which mutant. */
export type DryRun = {
  tests: DryTest[];
  /** By mutant: the tests that pass its place, with how often. */
  passing: Record<number, { test: number; times: number }[]>;
  /** Mutants whose place is passed while a file is loaded or its tests are made: what they do is done once. */
  once: number[];
  imports: Imports;
};

/** A file under test, and the files of the tests that may notice its mutants. */
export type Source = { path: string; tests: string[] };

/** `index` is its place in its file. */
export type DryTest = { file: string; index: number; name: string; durationMs: number };

export type Order = {
  /** Under test; their mutants are numbered from 1 in this order. */
  sources: Source[];
  /** Null for a child that makes the dry run. */
  dryRun: DryRun | null;
  /** Numbers of mutants, in the order in which they are tried. */
  todo: number[];
  /** How many times as long as usual a test may take. */
  patience: number;
};

export type Outcome =
  | { kind: 'killed'; by: string }
  /** Went round for ever at its own place, or a test did not end in its time. */
  | { kind: 'endless'; by: string }
  | { kind: 'late'; by: string }
  | { kind: 'survived'; tests: number };

export type Told =
  | { tell: 'dry-run'; dryRun: DryRun }
  | { tell: 'broken'; what: string }
  | { tell: 'begun'; mutant: number; boundMs: number }
  | { tell: 'ended'; mutant: number; outcome: Outcome }
  | { tell: 'finished' };

/** The longest that one test may take, in milliseconds. */
export function boundOf(durationMs: number, patience: number): number {
  return Math.round(patience * (3000 + 8 * durationMs));
}
