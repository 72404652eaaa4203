// What drives of the matrix do, one row each.
import type { AtaDescription } from '../describe.ts';
import { MISBEHAVIOURS, type Misbehaviour, type MisbehaviourKind } from '../misbehaviour.ts';
import { NOT_OF_NVME, type NvmeDescription } from '../nvme/describe.ts';
import type { Column } from './columns.ts';

export type Row = {
  id: string;
  title: string;
  misbehaviours: readonly Misbehaviour[];
  ata?: Partial<AtaDescription>;
  nvme?: Partial<NvmeDescription>;
  /** Why it cannot be; null where it can. */
  notApplicable: (column: Column) => string | null;
  /** A second session follows, as the workshop would begin one. */
  again?: 'at once' | 'after a power cycle';
  /** The whole machine sleeps: nothing else may run then. */
  sleeps?: boolean;
  /** It takes long, and hardly any of the processor: begun before the others. */
  lasts?: boolean;
  /** Another drive is on the bench, and the interlocks look at all of them. */
  twin?: boolean;
  /** The firmware lies: this row is also run with the policy that overwrites afterwards. */
  lies?: boolean;
};

const OVERWRITES = 'it is a fault of the drive’s own erase, and an overwrite asks for none';
const KERNEL_GIVES_UP =
  'the kernel gives up a write that is not answered, by its own rules and after minutes';
const ONLY_ATA = 'only ATA drives have it';
const ONLY_NVME = 'only NVMe drives have it';

const always = (): null => null;
const ofErases = ({ technique }: Column): string | null => (technique === 'overwrite' ? OVERWRITES : null);
const notOverwritten = ({ technique }: Column): string | null =>
  technique === 'overwrite' ? KERNEL_GIVES_UP : null;
const ofAta = ({ bus }: Column): string | null => (bus === 'ata' ? null : ONLY_ATA);
const ofNvme = ({ bus }: Column): string | null => (bus === 'nvme' ? null : ONLY_NVME);

const either =
  (...reasons: ((column: Column) => string | null)[]) =>
  (column: Column): string | null =>
    reasons.map((reason) => reason(column)).find((reason) => reason !== null) ?? null;

function misbehaving(
  misbehaviour: Misbehaviour,
  notApplicable: Row['notApplicable'],
  more: Partial<Row> = {},
): Row {
  const { kind } = misbehaviour;
  const nvmeHasNone = ({ bus }: Column): string | null =>
    bus === 'nvme' ? (NOT_OF_NVME[kind] ?? null) : null;
  return {
    id: kind,
    title: MISBEHAVIOURS[kind].firmware,
    misbehaviours: [misbehaviour],
    ...more,
    notApplicable: either(nvmeHasNone, notApplicable),
  };
}

const MIB = 2 ** 20;
const BAD = [1500, 3501];
/** What an erase that was cut off leaves on a drive, and anybody may know (techniques/ata-security-erase.ts). */
const PUBLISHED = 'rebond';

/** Two namespaces; FNA bit 1 says that a format with secure erase goes to all. */
const TWO_THAT_GO_TOGETHER = { namespaces: [{ size: '1M' }, { size: '1M' }], erasesAll: true };

export const ROWS: readonly Row[] = [
  { id: 'honest', title: 'Does what it says.', misbehaviours: [], notApplicable: always },
  misbehaving({ kind: '4Kn' }, always),
  {
    ...{ id: 'hpa', title: 'Hides its last quarter by a host protected area.', misbehaviours: [] },
    ...{ ata: { hpa: { visible: 1.5 * MIB } }, notApplicable: ofAta },
  },
  {
    ...{ id: 'dco', title: 'Hides its last quarter by a device configuration overlay.', misbehaviours: [] },
    ...{ ata: { dco: { visible: 1.5 * MIB } }, notApplicable: ofAta },
  },
  {
    ...{ id: 'hpa-and-dco', title: 'Hides a quarter by each of them.', misbehaviours: [] },
    ...{ ata: { hpa: { visible: MIB }, dco: { visible: 1.5 * MIB } }, notApplicable: ofAta },
  },
  {
    ...{ id: 'ama', title: 'Hides its last quarter by an accessible max address.', misbehaviours: [] },
    ...{ ata: { hpa: false, ama: { visible: 1.5 * MIB } }, notApplicable: ofAta },
  },
  {
    ...{
      id: 'other-namespace',
      title: 'Has a second namespace, with data of the owner’s.',
      misbehaviours: [],
    },
    ...{ nvme: { namespaces: [{ size: '1M' }, { size: '1M' }] }, notApplicable: ofNvme },
  },
  {
    ...{ id: 'erases-all-namespaces', misbehaviours: [], notApplicable: ofNvme },
    title: 'Has a second namespace, and says that a secure erase of one goes to both.',
    nvme: TWO_THAT_GO_TOGETHER,
  },
  {
    ...{ id: 'unallocated', title: 'Has capacity that no namespace has, with data of the owner’s.' },
    ...{ misbehaviours: [], nvme: { namespaces: [{ size: '1M' }] }, notApplicable: ofNvme },
  },
  {
    ...misbehaving({ kind: 'frozen' }, ({ bus }) => (bus === 'scsi' ? ONLY_ATA_FREEZES : null)),
    sleeps: true,
  },
  {
    ...misbehaving({ kind: 'frozen', sanitizeToo: true }, ofAta),
    ...{ id: 'sanitize-frozen', sleeps: true },
    title: 'Comes up with its SANITIZE feature set frozen as well.',
  },
  {
    ...{ id: 'own-password', misbehaviours: [], notApplicable: ofAta },
    title: 'Is locked by the published password, which an erase that was cut off left.',
    ata: { security: { userPassword: PUBLISHED } },
  },
  misbehaving({ kind: 'locked-by-unknown-password' }, ofAta),
  {
    ...misbehaving({ kind: 'attempts-expired' }, ofAta),
    ...{ ata: { security: { userPassword: PUBLISHED } }, again: 'after a power cycle' },
    title: 'Is locked by the published password, and has counted five wrong ones already.',
  },
  misbehaving({ kind: 'lies-done-erased-nothing' }, ofErases, { lies: true }),
  misbehaving({ kind: 'lies-done-erased-nothing', on: 'everything' }, always, {
    ...{ id: 'drops-writes', lies: true },
    title: 'Erases nothing, drops whatever a host writes, and reports success.',
  }),
  misbehaving({ kind: 'erased-half' }, ofErases, { lies: true }),
  misbehaving({ kind: 'erased-half', on: 'everything' }, always, {
    ...{ id: 'half-of-everything', lies: true },
    title: 'Erases, and stores, the first half only, and reports success.',
  }),
  misbehaving({ kind: 'hpa-left' }, ofErases, {
    lies: true,
    ...{ ata: { hpa: { visible: 1.5 * MIB } }, nvme: { namespaces: [{ size: '1M' }] } },
  }),
  misbehaving({ kind: 'erased-one-namespace' }, either(ofNvme, ofErases), {
    ...{ lies: true, nvme: TWO_THAT_GO_TOGETHER },
  }),
  misbehaving({ kind: 'zeros-without-erasing' }, ofErases, { lies: true }),
  misbehaving({ kind: 'zeros-without-erasing', on: 'everything' }, always, {
    ...{ id: 'drops-zeros', lies: true },
    title: 'Erases nothing, notes zeros in place of storing them, and answers with zeros.',
  }),
  misbehaving({ kind: 'stale-cache' }, ofErases, { lies: true }),
  misbehaving({ kind: 'enhanced-advertised-but-unsupported' }, (column) =>
    column.technique === 'ata-security-erase'
      ? 'the normal erase is the one that it does support'
      : ofErases(column),
  ),
  misbehaving({ kind: 'exit-0-with-error-sense' }, always),
  misbehaving({ kind: 'sanitize-failed-state' }, ofErases),
  misbehaving({ kind: 'stuck-at', percent: 1 }, ofErases, { lasts: true }),
  misbehaving({ kind: 'endless-estimate' }, ofErases, { lasts: true }),
  misbehaving({ kind: 'power-lost-at', percent: 40 }, always, { again: 'at once' }),
  misbehaving({ kind: 'disconnected-and-replayed', percent: 40 }, always, { again: 'at once' }),
  misbehaving({ kind: 'hangs-at', percent: 40 }, notOverwritten, { lasts: true }),
  misbehaving({ kind: 'removed-in-the-middle', percent: 40 }, always, { lasts: true }),
  misbehaving({ kind: 'unreadable-after-success' }, ofErases),
  misbehaving({ kind: 'bad-sectors', sectors: BAD }, always),
  misbehaving({ kind: 'read-errors-on-read-back-only', sectors: BAD }, always),
  misbehaving({ kind: 'capacity-changed-after' }, ofErases),
  misbehaving({ kind: 'lba-format-changed-after' }, either(ofNvme, ofErases)),
  misbehaving({ kind: 'serial-changed-after' }, ofErases),
  misbehaving({ kind: 'two-drives-with-one-serial' }, always, { twin: true }),
];

/** Of the session that follows. */
export function againId(id: string): string {
  return `${id}-again`;
}

const ONLY_ATA_FREEZES = 'SCSI has no state like it';

/** Kinds that no row has: there must be none. */
export function missingKinds(): MisbehaviourKind[] {
  const had = new Set(ROWS.flatMap(({ misbehaviours }) => misbehaviours.map(({ kind }) => kind)));
  return (Object.keys(MISBEHAVIOURS) as MisbehaviourKind[]).filter((kind) => !had.has(kind));
}
