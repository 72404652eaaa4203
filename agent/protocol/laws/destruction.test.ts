import { describe, expect, it } from 'vitest';
import { type DestructionWishes, signedDestruction } from '../../../test-fixtures/destructions.ts';
import { DestructionMethod, FragmentClass } from '../words/destruction.ts';
import { Medium } from '../words/drive.ts';
import { destroys } from './destruction.ts';
import { verifyDocument } from './verify.ts';

const codeOf = async (wishes: DestructionWishes): Promise<string> =>
  await signedDestruction(wishes).then(
    ({ envelopeBytes: bytes }) =>
      verifyDocument(bytes, null).then(
        ({ kind }) => kind,
        (error: { code: string }) => error.code,
      ),
    (error: { code: string }) => error.code,
  );

describe('the level of a destruction', () => {
  it.each(['ata-ssd', 'scsi-ssd', 'nvme', 'emmc', 'usb-flash', 'sd-card'] as const)(
    'a degausser does nothing to %s',
    (medium) => expect(destroys('degauss', null, medium).level).toBe('none'),
  );

  it.each(['ata-hdd', 'scsi-hdd'] as const)('a degausser purges %s and does not destroy it', (medium) => {
    expect(destroys('degauss', null, medium)).toMatchObject({
      level: 'purge',
      clause: expect.stringContaining('purge by degaussing, no more'),
    });
  });

  it('what a drive is made of must be known before a degausser counts', () => {
    for (const medium of ['unknown', 'behind-bridge', 'virtual'] as const) {
      expect(destroys('degauss', null, medium).level).toBe('none');
    }
  });

  it('fire and melting destroy whatever it is; pieces destroy when none is known to be too large', () => {
    for (const medium of Medium.options) {
      expect(destroys('incinerate', null, medium).level).toBe('destroy');
      expect(destroys('melt', null, medium).level).toBe('destroy');
      expect(destroys('shred', null, medium).level).toBe('destroy');
    }
    expect(destroys('shred', null, 'nvme').clause).toContain('no fragment class stated');
  });

  it.each([
    ['H-3', 'ata-hdd', 'none'],
    ['H-4', 'ata-hdd', 'destroy'],
    ['E-2', 'nvme', 'none'],
    ['E-3', 'nvme', 'destroy'],
    ['H-5', 'nvme', 'none'],
    ['E-4', 'ata-hdd', 'none'],
    ['E-5', 'behind-bridge', 'destroy'],
  ] as const)('%s on %s reaches %s', (fragments, medium, level) => {
    expect(destroys('shred', fragments, medium).level).toBe(level);
  });

  it('every clause says that nobody but persons saw it, or why nothing is claimed', () => {
    const claims = DestructionMethod.options.flatMap((method) =>
      [null, ...FragmentClass.options].flatMap((fragments) =>
        Medium.options.map((medium) => destroys(method, fragments, medium)),
      ),
    );
    const silent = claims.filter(
      ({ level, clause }) => level !== 'none' && !/not seen by the tool/.test(clause),
    );
    expect(claims.some(({ level }) => level === 'destroy')).toBe(true);
    expect(silent).toEqual([]);
  });
});

describe('a certificate of destruction', () => {
  it('is intact as it is, and invalid with one byte changed', async () => {
    const { envelopeBytes: bytes } = await signedDestruction();
    expect(await verifyDocument(bytes, null)).toMatchObject({
      kind: 'destruction',
      certificate: { destruction: { level: 'destroy' } },
    });
    const altered = new Uint8Array(bytes);
    altered[100] = (altered[100] ?? 0) ^ 1;
    await expect(verifyDocument(altered, null)).rejects.toMatchObject({ name: 'ProtocolError' });
  });

  it.each<[string, DestructionWishes, string]>([
    ['a level above what follows', { method: 'degauss', fragments: null, level: 'destroy' }, 'laws-disagree'],
    ['a clause of its own', { clause: 'NIST SP 800-88r1' }, 'laws-disagree'],
    ['degaussed flash', { method: 'degauss', fragments: null, media: { medium: 'nvme' } }, 'laws-disagree'],
    ['pieces too large', { fragments: 'H-2' }, 'laws-disagree'],
    ['a blank witness', { witness: '  ' }, 'laws-disagree'],
    ['no slip at all', { slip: '' }, 'wrong-shape'],
    ['no day', { on: '2026-02-31' }, 'wrong-shape'],
    ['a day to come', { on: '2026-03-22' }, 'impossible'],
    [
      'a statement after its issue',
      { statedAt: { wall: '2026-03-21T00:00:00.000Z', timeSource: 'server' } },
      'impossible',
    ],
    [
      'a softer notice',
      { change: (each) => ({ ...each, notice: { fr: 'Vu par l’outil.', en: 'Seen.' } }) },
      'laws-disagree',
    ],
    [
      'a label beside a serial number of the drive',
      {
        media: {
          identity: { transport: 'sata', model: null, serial: 'S1', wwid: null, propertyLabel: 'Q-1' },
        },
      },
      'impossible',
    ],
  ])('is refused with %s', async (_name, wishes, code) => {
    expect(await codeOf(wishes)).toBe(code);
  });

  it('may be of the day that has begun east of Greenwich', async () => {
    expect(await codeOf({ on: '2026-03-21' })).toBe('destruction');
  });
});
