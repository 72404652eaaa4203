// The words with which an NVMe drive of the lab is described. Nothing here runs anything.
import { bytes, type Size } from '../../virtual-laptop/describe.ts';
import { type Misbehaviour, type MisbehaviourKind, misbehaviourOf } from '../misbehaviour.ts';

/** Bytes of data and of metadata in a logical block. */
export type LbaFormat = { data: 512 | 4096; metadata: 0 | 8 | 64 };

type NamespaceDescription = {
  size: Size;
  /** Number of its LBA format in the drive's list. */
  format?: number;
  /** `false`: allocated, but no host sees it among the active ones. */
  attached?: boolean;
};

export type NvmeDescription = {
  /** All that namespaces can be made of; what they leave is unallocated (UNVMCAP). 64 MiB if left out. */
  size?: Size;
  serial?: string;
  model?: string;
  firmware?: string;
  /** One that takes everything, if left out. */
  namespaces?: readonly NamespaceDescription[];
  lbaFormats?: readonly LbaFormat[];
  /** Cells that no address leads to, with data of the owner’s: 7 % if left out. */
  overProvisioned?: Size;
  /** Bytes of hosts’ writing that the lab keeps of it, repetitions not counted; 1 GiB if left out. */
  keepAtMost?: number;
  /** Sanitize operations that the drive has (SANICAP); all of them if left out. */
  sanitize?: readonly SanitizeAction[];
  /** Media modified after a sanitize without deallocation (NODMMAS): 0 not said, 1 no, 2 yes. */
  mediaModified?: 0 | 1 | 2;
  /** Deallocates after a sanitize whatever it is asked (SANICAP.NDI). */
  noDeallocateInhibited?: boolean;
  /** Format NVM: whether it is there (OACS), and the bits of FNA. */
  format?: boolean;
  formatsAll?: boolean;
  erasesAll?: boolean;
  cryptoFormat?: boolean;
  /** There is none in an ordinary laptop's drive: left out, it follows whether `namespaces` are described. */
  namespaceManagement?: boolean;
  selfTest?: boolean;
  /** Seconds of the drive’s time. */
  durations?: Partial<Durations>;
  misbehaviours?: readonly Misbehaviour[];
};

export type SanitizeAction = 'crypto' | 'block' | 'overwrite';
type Durations = Record<SanitizeAction | 'format' | 'cryptoFormat' | 'shortTest' | 'longTest', number>;

export type NvmeModel = Required<
  Omit<NvmeDescription, 'size' | 'overProvisioned' | 'durations' | 'namespaces'>
> & {
  sizeBytes: number;
  overProvisionedBytes: number;
  namespaces: readonly { sizeBytes: number; format: number; attached: boolean }[];
  durations: Durations;
};

const NINETY_DAYS = 90 * 86_400;
const DURATIONS: Durations = {
  crypto: 4,
  block: 60,
  overwrite: 600,
  format: 60,
  cryptoFormat: 4,
  shortTest: 120,
  longTest: 3600,
};
const FORMATS: readonly LbaFormat[] = [
  { data: 512, metadata: 0 },
  { data: 4096, metadata: 0 },
];

export class NvmeLabError extends Error {
  override readonly name = 'NvmeLabError';
  readonly code: 'bad-description' | 'not-applicable';
  constructor(code: NvmeLabError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What an NVMe drive has no means to do, with the reason. */
export const NOT_OF_NVME: Partial<Record<MisbehaviourKind, string>> = {
  'locked-by-unknown-password': 'NVMe has no ATA password; a locked Opal drive is not emulated.',
  'attempts-expired': 'NVMe has no password, so that none can be tried too often.',
  'exit-0-with-error-sense': 'There is no SCSI sense between the host and an NVMe drive.',
};

let made = 0;

/** Everything that was left out is filled in. @throws NvmeLabError */
export function describeNvme(description: NvmeDescription): NvmeModel {
  const { misbehaviours = [], size = '64M', overProvisioned } = description;
  for (const { kind } of misbehaviours) {
    const why = NOT_OF_NVME[kind];
    if (why !== undefined) throw new NvmeLabError('not-applicable', `${kind}: ${why}`);
  }
  const sizeBytes = bytes(size);
  const model: NvmeModel = {
    serial: `LAB${String((made += 1)).padStart(9, '0')}`,
    model: 'Drive lab NVMe',
    firmware: '1.0',
    lbaFormats: FORMATS,
    keepAtMost: 2 ** 30,
    sanitize: ['crypto', 'block', 'overwrite'],
    mediaModified: 1,
    noDeallocateInhibited: false,
    format: true,
    formatsAll: false,
    erasesAll: false,
    cryptoFormat: true,
    namespaceManagement: description.namespaces !== undefined,
    selfTest: true,
    ...description,
    misbehaviours,
    sizeBytes,
    overProvisionedBytes: overProvisioned === undefined ? sevenPercent(sizeBytes) : bytes(overProvisioned),
    namespaces: [],
    durations: { ...DURATIONS, ...description.durations },
  };
  if (misbehaviourOf(misbehaviours, 'endless-estimate')) stretch(model.durations);
  return checked({ ...model, namespaces: namespacesOf(description, model) });
}

function stretch(durations: Durations): void {
  for (const each of ['crypto', 'block', 'overwrite', 'format', 'cryptoFormat'] as const)
    durations[each] = NINETY_DAYS;
}

function sevenPercent(size: number): number {
  return Math.ceil((size * 0.07) / 4096) * 4096;
}

function namespacesOf(description: NvmeDescription, model: NvmeModel): NvmeModel['namespaces'] {
  const fourK = misbehaviourOf(model.misbehaviours, '4Kn') !== null;
  const usual = Math.max(0, fourK ? model.lbaFormats.findIndex(({ data }) => data === 4096) : 0);
  const wanted = description.namespaces ?? [{ size: model.sizeBytes }];
  return wanted.map(({ size, format = usual, attached = true }) => ({
    sizeBytes: bytes(size),
    format,
    attached,
  }));
}

function checked(model: NvmeModel): NvmeModel {
  const bad = (why: string): never => {
    throw new NvmeLabError('bad-description', why);
  };
  const sum = model.namespaces.reduce((all, { sizeBytes }) => all + sizeBytes, 0);
  if (sum > model.sizeBytes) bad(`namespaces of ${sum} bytes in ${model.sizeBytes}`);
  const sizes = [
    model.sizeBytes,
    model.overProvisionedBytes,
    ...model.namespaces.map((each) => each.sizeBytes),
  ];
  for (const size of sizes) if (size % 4096 !== 0) bad(`${size} is no multiple of 4096 bytes`);
  if (!/^[\x20-\x7e]{0,20}$/.test(model.serial)) bad('a serial is up to 20 characters of ASCII');
  if (!/^[\x20-\x7e]{1,40}$/.test(model.model)) bad('a model is up to 40 characters of ASCII');
  if (!/^[\x20-\x7e]{1,8}$/.test(model.firmware)) bad('a firmware is up to 8 characters of ASCII');
  if (model.lbaFormats.length < 1 || model.lbaFormats.length > 16) bad('1 to 16 LBA formats');
  if (model.namespaces.length > MOST_NAMESPACES) bad(`more than ${MOST_NAMESPACES} namespaces`);
  for (const { format } of model.namespaces) if (!model.lbaFormats[format]) bad(`no LBA format ${format}`);
  return model;
}

export const MOST_NAMESPACES = 32;

/** NN: the largest namespace identifier there can be. */
export function mostNamespaces({ namespaceManagement, namespaces }: NvmeModel): number {
  return namespaceManagement ? MOST_NAMESPACES : Math.max(1, namespaces.length);
}
