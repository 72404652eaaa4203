import type { AtaSecurity, Command, Technique } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { identifyText } from '../../../../test-fixtures/identify-words.ts';
import { memoryDrive } from '../../../../test-fixtures/memory-drive.ts';
import { scriptedTools } from '../../../../test-fixtures/scripted-tools.ts';
import { EXAMPLES, HDD_TARGET, stepPlan } from '../../../../test-fixtures/step-plans.ts';
import { unfreezeStep, unlockStep } from './ata-readiness.ts';
import type { StepAbout, StepDoors } from './step.ts';

type Script = Parameters<typeof scriptedTools>[0];

const { path } = HDD_TARGET;
const QUESTION = `hdparm --Istdout ${path}`;
const in_ = (security: AtaSecurity['state']): string => identifyText({ security });

async function ran(kind: 'unfreeze' | 'unlock', script: Script, technique: Technique = 'ata-security-erase') {
  const tools = scriptedTools(script);
  const noted: Command[] = [];
  let slept = 0;
  const suspend = async (): Promise<boolean> => {
    slept = tools.asked.length === 0 ? slept + 1 : Number.NaN;
    return await Promise.resolve(false);
  };
  const plan = { ...stepPlan(EXAMPLES['thawed, unlocked, revealed, enhanced erase']), technique };
  const about: StepAbout = { plan, index: 0, sizeBytes: HDD_TARGET.sizeBytes, keyHex: '', seen: [] };
  const doors: StepDoors = {
    ...{
      writer: memoryDrive(new Uint8Array()),
      monotonic: tools.monotonic,
      progress: () => {},
      giveUp: () => {},
    },
    ...{ signal: new AbortController().signal, command: (command) => void noted.push(command) },
  };
  const room = { run: tools.run, wait: tools.wait, suspend };
  const seen =
    kind === 'unfreeze'
      ? await unfreezeStep(room)({ kind }, about, doors)
      : await unlockStep(room)({ kind }, about, doors);
  return { seen, slept, commands: tools.asked.map(({ command }) => command), waits: tools.waits, noted };
}

describe('freeing a drive that is frozen', () => {
  it.each([
    ['SEC1', false],
    ['SEC2', true],
    ['SEC4', false],
    ['SEC5', false],
    ['SEC6', true],
  ] as const)('puts the machine to sleep first, then asks: %s is frozen: %s', async (state, frozenAfter) => {
    const { seen, slept, commands, noted } = await ran('unfreeze', { Istdout: [in_(state)] });
    expect(seen).toEqual({ kind: 'unfreeze', frozenAfter });
    expect(slept).toBe(1);
    expect(commands).toEqual([QUESTION]);
    expect(noted.map(({ argv }) => argv.join(' '))).toEqual(commands);
  });

  it('looks at SANITIZE’s own freeze where that is what matters', async () => {
    const status = (word: string): Script => ({
      Istdout: [in_('SEC2')],
      'sanitize-status': [`State:    ${word} …`],
    });
    for (const technique of ['ata-sanitize-block', 'ata-sanitize-crypto'] as const) {
      const { seen, commands } = await ran('unfreeze', status('SD0'), technique);
      expect(seen).toEqual({ kind: 'unfreeze', frozenAfter: false });
      expect(commands).toEqual([QUESTION, `hdparm --sanitize-status ${path}`]);
      expect((await ran('unfreeze', status('SD1'), technique)).seen).toEqual({
        kind: 'unfreeze',
        frozenAfter: true,
      });
    }
    const silent = { Istdout: [in_('SEC1')], 'sanitize-status': [''] };
    expect((await ran('unfreeze', silent, 'ata-sanitize-block')).seen).toEqual({
      kind: 'unfreeze',
      frozenAfter: null,
    });
    // A password that is frozen has to come off before either.
    const both = { Istdout: [in_('SEC6')], 'sanitize-status': ['State:    SD0 …'] };
    expect((await ran('unfreeze', both, 'ata-sanitize-block')).seen).toEqual({
      kind: 'unfreeze',
      frozenAfter: true,
    });
  });

  it('asks a drive that just woke up five times, a second apart, and then does not know', async () => {
    const late = await ran('unfreeze', { Istdout: ['', '', in_('SEC1')] });
    expect(late.seen).toEqual({ kind: 'unfreeze', frozenAfter: false });
    expect(late.waits).toEqual([1000, 1000]);
    const never = await ran('unfreeze', { Istdout: [''] });
    expect(never.seen).toEqual({ kind: 'unfreeze', frozenAfter: null });
    expect(never.commands).toEqual(Array.from({ length: 5 }, () => QUESTION));
    expect(never.waits).toEqual([1000, 1000, 1000, 1000, 1000]);
  });
});

describe('taking our password off', () => {
  const word = (option: string): string => `hdparm --user-master u ${option} rebond ${path}`;
  const [UNLOCK, DISABLE] = [word('--security-unlock'), word('--security-disable')];

  it('unlocks a drive that is locked, then takes the password off it, and asks after each', async () => {
    const states = [in_('SEC4'), in_('SEC5'), in_('SEC1')];
    const { seen, commands, noted, slept } = await ran('unlock', { Istdout: states, security: [''] });
    expect(seen).toEqual({ kind: 'unlock', lockedAfter: false });
    expect(commands).toEqual([QUESTION, UNLOCK, QUESTION, DISABLE, QUESTION]);
    expect(noted).toHaveLength(5);
    expect(slept).toBe(0);
  });

  it('tries our password once: a drive counts wrong ones, and a stranger’s stays', async () => {
    const { seen, commands } = await ran('unlock', {
      Istdout: [in_('SEC4')],
      security: [{ err: 'Input/output error' }],
    });
    expect(seen).toEqual({ kind: 'unlock', lockedAfter: true });
    expect(commands).toEqual([QUESTION, UNLOCK, QUESTION, QUESTION]);
  });

  it('does not unlock what is not locked', async () => {
    const open = await ran('unlock', { Istdout: [in_('SEC5'), in_('SEC5'), in_('SEC1')], security: [''] });
    expect(open.commands).toEqual([QUESTION, QUESTION, DISABLE, QUESTION]);
    const free = await ran('unlock', { Istdout: [in_('SEC1')] });
    expect(free.seen).toEqual({ kind: 'unlock', lockedAfter: false });
    expect(free.commands).toEqual([QUESTION, QUESTION, QUESTION]);
  });

  it.each(['SEC2', 'SEC4', 'SEC5', 'SEC6'] as const)(
    'is not done while the drive is in %s',
    async (state) => {
      const { seen } = await ran('unlock', {
        Istdout: [in_('SEC5'), in_('SEC5'), in_(state)],
        security: [''],
      });
      expect(seen).toEqual({ kind: 'unlock', lockedAfter: true });
    },
  );

  it('is unknown where the drive does not answer, then or at the end', async () => {
    const silent = await ran('unlock', { Istdout: [''] });
    expect(silent.seen).toEqual({ kind: 'unlock', lockedAfter: null });
    expect(silent.commands).toEqual(Array.from({ length: 7 }, () => QUESTION));
    const end = await ran('unlock', { Istdout: [in_('SEC4'), in_('SEC5'), ''], security: [''] });
    expect(end.seen).toEqual({ kind: 'unlock', lockedAfter: null });
  });
});
