import { existsSync, globSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { complaints, unexpected, unseenElsewhere } from './checks.ts';
import type { Bus } from './columns.ts';
import { missingKinds } from './rows.ts';
import { BUILDS, expectCertificates, expectInReadme, runTrial, type Trial } from './trial.ts';

const built = existsSync(BUILDS) && globSync('*/manifest.json', { cwd: BUILDS }).length > 0;
const LONGEST_MS = 60 * 60_000;

/** The tests of one bus: its cells are run once, and looked at from several sides. */
export function testMatrix(bus: Bus, writes: boolean): void {
  describe.skipIf(!built)(
    `every technique on ${bus} drives that do what they say, and on those that do not`,
    () => {
      let trial: Trial;
      beforeAll(async () => {
        trial = await runTrial(bus);
        return () => trial[Symbol.asyncDispose]();
      }, LONGEST_MS);

      it('knows every way in which the lab’s drives misbehave', () => {
        expect(missingKinds()).toEqual([]);
      });

      it('says of no drive that it is sanitized while a host could see that it is not', () => {
        expect(complaints(trial.cells)).toEqual([]);
      });

      it('comes to what it must, cell by cell: success where the drive does what it says', () => {
        expect(unexpected(trial.cells)).toEqual([]);
      });

      it('is deceived only by firmware that makes its answers up, or keeps what no address leads to', () => {
        expect(unseenElsewhere(trial.cells)).toEqual([]);
      });

      it('says the same on certificates', async () => {
        await expectCertificates(trial.cells, trial.office);
      });

      it('is as the README has it', () => {
        expectInReadme(bus, trial, writes);
      });
    },
  );
}
