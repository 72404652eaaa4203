import { defineConfig } from 'vitest/config';

const shared = { environment: 'node' as const, pool: 'forks' as const, maxWorkers: 2 };
const SLOW = '**/*.slow.test.ts';
const MATRIX = 'test-fixtures/drive-lab/matrix/*.slow.test.ts';
const EVERYWHERE = ['agent', 'bench-server', 'live-image', 'scripts', 'test-fixtures'].map(
  (room) => `${room}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'fast',
          include: [...EVERYWHERE, 'house.test.ts'],
          exclude: [SLOW, '**/node_modules/**'],
          // A busy machine is slow, and no test is about that.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'slow',
          include: ['{agent,bench-server,scripts}/' + SLOW],
          exclude: ['**/node_modules/**'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // Virtual laptops have one core each: two of them run side by side.
        test: {
          ...shared,
          name: 'laptops',
          include: ['{live-image,test-fixtures}/' + SLOW],
          exclude: ['**/node_modules/**'],
          testTimeout: 15 * 60_000,
          hookTimeout: 20 * 60_000,
        },
      },
      {
        // Every technique on every drive of the lab, in two guests side by side; it is among the laptops, so that no core
        // waits at the end of either. By itself: `npx vitest run --project matrix`.
        test: {
          ...shared,
          name: 'matrix',
          include: [MATRIX],
          testTimeout: 40 * 60_000,
          hookTimeout: 20 * 60_000,
        },
      },
    ],
  },
});
