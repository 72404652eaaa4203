import { type Evidence, type Leftovers, type Mode } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import {
  bootEntry,
  bootOrder,
  type Machine,
  memoryFiles,
  noFirmware,
  obedientFirmware,
  TPM,
  variable,
} from '../../../test-fixtures/firmware.ts';
import { makeInventory } from '../../../test-fixtures/inventory.ts';
import { EXAMPLES, stepEvidence, stepPlan } from '../../../test-fixtures/step-plans.ts';
import { systemClock } from '../effects/clock.ts';
import type { FirmwareRequests } from '../effects/firmware-requests.ts';
import { leftoverDoor, withLeftovers } from './leftover.ts';

const WIPED = '0fc63daf-8483-4772-8e79-3d69d8477de4';
const OTHER = '1fc63daf-8483-4772-8e79-3d69d8477de5';

const partition = (name: string, drive: string, dev: string, number: string): Machine => ({
  [`/sys/class/block/${name}/partition`]: '1\n',
  [`/sys/class/block/${name}`]: { link: `/sys/devices/x/block/${drive}/${name}` },
  [`/sys/class/block/${name}/dev`]: `${dev}\n`,
  [`/run/udev/data/b${dev}`]: `E:ID_FS_TYPE=ext4\nE:ID_PART_ENTRY_UUID=${number}\n`,
});

/** Two drives, a TPM 2.0, and boot entries of every kind. */
const machine = (): Machine => ({
  ...partition('sda1', 'sda', '8:1', WIPED),
  ...partition('sdb1', 'sdb', '8:17', OTHER),
  [`${TPM}/tpm_version_major`]: '2\n',
  [`${TPM}/ppi/response`]: '0: No Recent Request\n',
  [`${TPM}/ppi/request`]: '0\n',
  [`${TPM}/ppi/tcg_operations`]: '5 3: User required\n22 3: User required\n',
  [variable('Boot0000')]: bootEntry('UEFI PXE', null, [3, 11, 4, 0]),
  [variable('Boot0001')]: bootEntry('ubuntu', WIPED),
  [variable('Boot0002')]: bootEntry('debian', OTHER),
  [variable('Boot0003')]: bootEntry('Windows Boot Manager', WIPED),
  [variable('Boot0004')]: Uint8Array.from([7, 0, 0, 0, 1, 0]),
  [variable('BootOrder')]: bootOrder([1, 0, 3, 2]),
});

function evidenceOf(path: string, outcome: 'done' | 'unknown'): Evidence {
  const wishes = EXAMPLES['overwrite, sampled'];
  const plan = stepPlan({ ...wishes, target: { ...wishes.target, path } });
  const evidence = stepEvidence(plan, wishes.means);
  if (outcome === 'done') return evidence;
  return stepEvidence(plan, wishes.means, { ...evidence.observations, after: null });
}

type Session = {
  machine?: Machine;
  firmware?: FirmwareRequests;
  answers?: Record<string, string>;
  sanitizations?: Evidence[];
  mode?: Mode;
  onLiveImage?: boolean;
  between?: (machine: Machine) => void;
};

/** Questions by a word in them; what is not answered, nobody answers. */
async function session({ machine: own = machine(), answers = {}, ...more }: Session) {
  const { mode = 'real', onLiveImage = true, firmware = obedientFirmware(own) } = more;
  const said: string[] = [];
  const door = leftoverDoor({
    ...{ mode, onLiveImage, firmware, files: memoryFiles(own) },
    asking: {
      tell: ({ fr }) => void said.push(fr),
      ask: async (question) => {
        said.push(`? ${question().fr}`);
        return Object.entries(answers).find(([word]) => question().fr.includes(word))?.[1] ?? null;
      },
    },
  });
  await door.before(makeInventory({}));
  more.between?.(own);
  const { leftovers, checklist } = await door.after(
    more.sanitizations ?? [evidenceOf('/dev/sda', 'done')],
    systemClock(),
  );
  return { leftovers, checklist, said: said.join('\n') };
}

function entriesOf(leftovers: Leftovers | null) {
  if (leftovers?.bootEntries.outcome !== 'read') throw new Error('boot entries were not read');
  return leftovers.bootEntries.value.map(({ name, place, deed }) => [name, place.kind, deed.state]);
}
const clearOf = (leftovers: Leftovers | null) =>
  leftovers?.tpm.outcome === 'read' ? leftovers.tpm.value.clear : leftovers?.tpm.outcome;

describe('boot entries', () => {
  it('that lead to what was wiped here are removed where somebody agrees, and the order is written without them', async () => {
    const own = machine();
    const firmware = obedientFirmware(own);
    // The wipe took the partitions away: what lay where was noted before.
    const between = (now: Machine): void => void delete now['/run/udev/data/b8:1'];
    const { leftovers } = await session({ machine: own, firmware, between, answers: { démarrage: 'o' } });
    expect(entriesOf(leftovers)).toEqual([
      ['Boot0000', 'network', 'kept'],
      ['Boot0001', 'sanitized-drive', 'removed'],
      ['Boot0002', 'other-drive', 'kept'],
      ['Boot0003', 'sanitized-drive', 'removed'],
      ['Boot0004', 'unknown', 'kept'],
    ]);
    expect(firmware.asked).toEqual(['Boot0001', 'Boot0003', 'order 0,2']);
  });

  it.each(['', 'n', 'x', 'ou', undefined])('stay when the answer is %j', async (typed) => {
    const answers = typed === undefined ? {} : { démarrage: typed };
    const { leftovers } = await session({ firmware: noFirmware(), answers });
    expect(entriesOf(leftovers).filter(([, , state]) => state === 'declined').length).toBe(2);
  });

  it('that the firmware keeps are failures, whatever it answered', async () => {
    for (const how of [{ refuses: 'EROFS' }, { forgets: true }]) {
      const own = machine();
      const firmware = obedientFirmware(own, how);
      const { leftovers, said } = await session({ machine: own, firmware, answers: { démarrage: 'o' } });
      expect(entriesOf(leftovers).map(([, , state]) => state)).toEqual([
        ...['kept', 'failed', 'kept', 'failed', 'kept'],
      ]);
      expect(said).toContain('Le micrologiciel garde cette entrée de démarrage');
    }
  });

  it('of a drive whose wipe is unknown are its own still', async () => {
    const sanitizations = [evidenceOf('/dev/sda', 'unknown')];
    const { leftovers } = await session({ firmware: noFirmware(), sanitizations });
    expect(entriesOf(leftovers).map(([, kind]) => kind)).not.toContain('sanitized-drive');
  });

  it('of two drives with one partition number stay until both were wiped', async () => {
    const own = { ...machine(), ...partition('sdb1', 'sdb', '8:17', WIPED) };
    const { leftovers } = await session({ machine: own, firmware: noFirmware() });
    expect(entriesOf(leftovers)[1]).toEqual(['Boot0001', 'other-drive', 'kept']);
  });

  it('are absent on a machine that was started the old way, and unread where they are refused', async () => {
    const { leftovers } = await session({ machine: {}, firmware: noFirmware() });
    expect(leftovers?.bootEntries.outcome).toBe('absent');
    const efivars = '/sys/firmware/efi/efivars';
    const refused = await session({ machine: { [efivars]: { refused: 'EACCES' } }, firmware: noFirmware() });
    expect(refused.leftovers?.bootEntries).toMatchObject({ failure: { code: 'refused', source: efivars } });
  });
});

describe('the TPM', () => {
  it('is asked for, and nobody says that it was cleared', async () => {
    const own = machine();
    const firmware = obedientFirmware(own);
    const { leftovers, said } = await session({ machine: own, firmware, answers: { TPM: 'O' } });
    expect(clearOf(leftovers)).toEqual({ state: 'requested', operation: 5 });
    expect(firmware.asked).toEqual(['tpm 5']);
    expect(said).toContain('sera effacée au prochain démarrage');
  });

  it.each([
    ['5 0: Success\n', 'cleared', 'a été fait'],
    ['22 0xFFFFFFF0: User Abort\n', 'refused', 'n’a PAS été fait'],
    ['22 0xFFFFFFF1: BIOS Failure\n', 'refused', 'n’a PAS été fait'],
  ])('a later session reads %j', async (response, meaning, words) => {
    const own = { ...machine(), [`${TPM}/ppi/response`]: response };
    const { leftovers, said } = await session({ machine: own });
    expect(leftovers?.tpm).toMatchObject({ value: { last: { state: 'answered', meaning } } });
    expect(said).toContain(words);
  });

  it('what the firmware did not take is a failure, also where it said nothing', async () => {
    for (const how of [{ refuses: 'EPERM' }, { forgets: true }]) {
      const own = machine();
      const firmware = obedientFirmware(own, how);
      const { leftovers } = await session({ machine: own, firmware, answers: { TPM: 'O' } });
      expect(clearOf(leftovers)).toMatchObject({ state: 'failed', reason: { code: 'tpm-not-taken' } });
    }
  });

  it('is left alone where nobody agrees, and not asked for twice', async () => {
    expect(clearOf((await session({ firmware: noFirmware() })).leftovers)).toEqual({ state: 'declined' });
    const waiting = { ...machine(), [`${TPM}/ppi/request`]: '22\n' };
    const { leftovers, said } = await session({
      machine: waiting,
      firmware: noFirmware(),
      answers: { TPM: 'O' },
    });
    expect(clearOf(leftovers)).toEqual({ state: 'requested', operation: 22 });
    expect(said).not.toContain('? Effacer la puce');
  });

  it('may hold the key of a drive that was left as it is: then nothing is asked of it', async () => {
    const sanitizations = [evidenceOf('/dev/sda', 'unknown')];
    const { leftovers } = await session({ firmware: noFirmware(), sanitizations, answers: { TPM: 'O' } });
    expect(clearOf(leftovers)).toMatchObject({ reason: { code: 'no-drive-sanitized' } });
  });

  it('without an interface, or blocked by the firmware, says what to do by hand', async () => {
    const own = machine();
    delete own[`${TPM}/ppi/tcg_operations`];
    expect(clearOf((await session({ machine: own, firmware: noFirmware() })).leftovers)).toMatchObject({
      reason: { code: 'no-ppi' },
    });
    const blocked = {
      ...machine(),
      [`${TPM}/ppi/tcg_operations`]: '5 2: Blocked for OS by system firmware\n',
    };
    expect(clearOf((await session({ machine: blocked, firmware: noFirmware() })).leftovers)).toMatchObject({
      reason: { code: 'ppi-blocked' },
    });
    expect(clearOf((await session({ machine: {}, firmware: noFirmware() })).leftovers)).toBe('absent');
  });
});

describe('enrolled keys', () => {
  const path = '/sys/firmware/efi/efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23';
  const lists = (count: number): Uint8Array => {
    const one = [...Array.from({ length: 16 }, () => 7), 76, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0];
    const list = [...one, ...Array.from({ length: 48 }, () => 1)];
    return Uint8Array.from([6, 0, 0, 0, ...Array.from({ length: count }, () => list).flat()]);
  };
  it.each([
    [1, { keys: 0, reset: { state: 'not-needed' } }],
    [3, { keys: 2, reset: { state: 'unavailable', reason: { code: 'mok-by-hand' } } }],
  ])('%i beside the firmware’s own, of which one is shim’s', async (count, value) => {
    const { leftovers } = await session({ machine: { ...machine(), [path]: lists(count) } });
    expect(leftovers?.mok).toMatchObject({ value });
  });
});

describe('where nothing is asked', () => {
  it('a rehearsal looks at nothing and asks nobody', async () => {
    const { leftovers, checklist, said } = await session({ mode: 'rehearsal', firmware: noFirmware() });
    expect([leftovers, checklist, said]).toEqual([null, null, '']);
  });

  it('another system than the live image: its firmware is left alone, the checklist is asked for', async () => {
    const answers = { démarrage: 'o', TPM: 'o', SD: 'R' };
    const { leftovers, checklist } = await session({ onLiveImage: false, firmware: noFirmware(), answers });
    expect(clearOf(leftovers)).toMatchObject({ reason: { code: 'not-live' } });
    expect(entriesOf(leftovers)[1]).toEqual(['Boot0001', 'sanitized-drive', 'unavailable']);
    expect(checklist?.answers[0]).toEqual({ item: 'sd-card', answer: 'removed', seen: [] });
  });
});

describe('what breaks off', () => {
  it.each(['before', 'after'] as const)(
    '%s the work never takes away what was seen of the drives',
    async (when) => {
      const { door, done } = broken(when);
      const result = await withLeftovers(door, makeInventory({}), systemClock(), () => Promise.resolve(done));
      expect(result.sanitizations).toEqual(done.sanitizations);
      expect(result.remarks.map(({ code }) => code)).toEqual(['own', 'leftovers-broke-off']);
      expect(result.remarks[1]?.en).toContain('EIO');
      expect(result.checklist).toBeNull();
    },
  );

  function broken(when: 'before' | 'after') {
    const fail = (now: string) =>
      now === when ? Promise.reject(Object.assign(new Error('broken'), { code: 'EIO' })) : Promise.resolve();
    const door = {
      before: () => fail('before'),
      after: () => fail('after').then(() => ({ leftovers: null, checklist: null })),
    };
    const remarks = [{ code: 'own', fr: 'Remarque.', en: 'Remark.' }];
    return { door, done: { sanitizations: [evidenceOf('/dev/sda', 'done')], remarks } };
  }
});
