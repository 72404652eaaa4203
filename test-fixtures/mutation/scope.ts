// Which files are mutated, and why; which of their neighbours are not, and why not. A test holds this list against the
// folders: a file of these rooms is in one of the two.
import { globSync } from 'node:fs';
import { ROOT } from './loading.ts';
import type { Source } from './words.ts';

type Area = 'success' | 'level' | 'refusal';

/** `core` is the sample that `npm test` tries whole. */
type InScope = { path: string; area: Area; why: string; core?: true };
type OutOfScope = { path: string; why: string };

const rows = (
  folder: string,
  area: Area,
  files: Record<string, string>,
  core: readonly string[] = [],
): InScope[] =>
  Object.entries(files).map(([name, why]) => ({
    ...{ path: `${folder}/${name}.ts`, area, why },
    ...(core.includes(name) ? { core: true as const } : {}),
  }));

const LAWS = rows(
  'agent/protocol/laws',
  'level',
  {
    judge: 'the outcome and the level of every certificate',
    'judge-reasons': 'whether the drive afterwards is the drive of before',
    'judge-v1': 'the law of the first version of plans',
    'judge-v2': 'the law of each step',
    'judge-v2-reasons': 'the code that each finding bears',
    expected: 'the level that a plan may claim',
    achieves: 'the level of a technique on a medium, with its clause',
    'plan-laws': 'which plans are whole: sizes, order, places',
    'evidence-laws': 'whether conclusions follow from what was seen',
    identity: 'what makes two drives the same',
    plausible: 'what cannot have happened, however well it is signed',
    mode: 'a rehearsal never passes for an erasure',
    'property-label': 'what a label of the workshop may stand for',
    destruction: 'the level that persons may state',
  },
  ['judge-v2'],
);

const DECISIONS = [
  ...rows(
    'agent/src/decide',
    'refusal',
    {
      eligibility: 'all interlocks',
      'refusal-reasons': 'the code that each refusal bears',
      use: 'what stands on a drive',
      topology: 'the node of a drive',
      'boot-medium': 'what the system was started from',
      'still-confirmed': 'whether the drive that answers is the one that was confirmed',
      members: 'what the operator is warned of before he confirms',
      reach: 'which techniques go beyond the namespace that was named',
      'property-label': 'which label the operator may give to a drive without a number',
      'hidden-drives': 'what forbids speaking of the whole machine',
    },
    ['eligibility'],
  ),
  ...rows('agent/src/decide', 'level', {
    ladder: 'which plan is taken, and what may follow it',
    'ladder-reasons': 'the code that each reason of a plan bears',
    medium: 'the medium, on which each level rests',
    'not-covered': 'what a certificate says was not reached',
    'ata-password': 'which passwords are taken off first',
    recover: 'what a wipe that was cut off is worth',
    resume: 'which overwrite may be taken up, and from where',
    'running-sanitize': 'whether a sanitize runs that is waited for',
    'give-up': 'when a dying drive has failed',
  }),
  ...rows('agent/src/decide', 'success', {
    places: 'where a drive is looked at before and after',
    sampling: 'which parts a sampled read-back reads',
    'spot-sampling': 'how many places are due',
  }),
];

const PARSERS = rows('agent/src/parse', 'success', {
  'ata-words': 'capabilities, security state and size of an ATA drive',
  'ata-identify': 'serial, model and medium of an ATA drive',
  'hdparm-answers': 'hidden areas, SANITIZE status, refusals',
  'nvme-answers': 'capabilities and the sanitize log',
  'sg-opcodes': 'SCSI: what is supported, what sense data say',
  json: 'numbers of the tools that answer in JSON',
  mounts: 'what is mounted and what is swap',
  udev: 'serial numbers and signatures as udev has them',
});

const TECHNIQUES = rows(
  'agent/src/sanitize/techniques',
  'success',
  {
    technique: 'waiting for the end of a technique',
    reasons: 'the code that each lack bears',
    index: 'the list of techniques',
    'ata-sanitize': 'SANITIZE: what it needs, what its end says',
    'ata-sanitize-block': 'one row',
    'ata-sanitize-crypto': 'one row',
    'ata-sanitize-overwrite': 'one row',
    'ata-security-erase': 'SECURITY ERASE: what it needs, what its end says',
    'ata-security-erase-enhanced': 'one row',
    'ata-security-erase-normal': 'one row',
    'nvme-format': 'Format: what it needs, what its end says',
    'nvme-format-1': 'one row',
    'nvme-format-2': 'one row',
    'nvme-sanitize': 'Sanitize: what it needs, what its end says',
    'nvme-sanitize-block': 'one row',
    'nvme-sanitize-crypto': 'one row',
    'nvme-sanitize-overwrite': 'one row',
    'scsi-sanitize': 'SANITIZE: what it needs, what its end says',
    'scsi-sanitize-block': 'one row',
    'scsi-sanitize-crypto': 'one row',
    'scsi-sanitize-overwrite': 'one row',
  },
  ['ata-sanitize'],
);

const STEPS = [
  ...rows('agent/src/sanitize/steps', 'success', {
    'ata-readiness': 'whether a drive is still frozen or locked',
    'await-sanitize': 'whether a sanitize that ran already has ended',
    firmware: 'what a technique saw, as a step',
    overwrite: 'what a pass saw, as a step',
    'read-back': 'what a read-back saw, as a step',
    'read-places': 'whether a piece was read, and is blank',
    remember: 'whether places still hold what they held',
    reveal: 'whether hidden areas were given back',
    scan: 'whether all of a drive is blank',
  }),
  ...rows('agent/src/sanitize/engine', 'success', {
    'read-back': 'comparing what is read with what was written',
    content: 'what was written, at every offset',
    transfer: 'what a drive may answer to a request',
  }),
];

export const IN_SCOPE: readonly InScope[] = [...LAWS, ...DECISIONS, ...PARSERS, ...TECHNIQUES, ...STEPS];

const out = (folder: string, files: Record<string, string>): OutOfScope[] =>
  Object.entries(files).map(([name, why]) => ({ path: `${folder}/${name}.ts`, why }));

/** Each with the reason why no mutant of it can make an erasure, a level or a drive wrong by itself. */
export const OUT_OF_SCOPE: readonly OutOfScope[] = [
  ...out('agent/protocol/laws', {
    canonical: 'bytes that are hashed; held by vectors',
    chain: 'the order of records; held by vectors',
    counted: 'singular and plural in sentences',
    envelope: 'the signed wrapping of a record; held by vectors',
    leftovers: 'what stands beside the drives: no certificate rests on it',
    errors: 'sentences',
    grade: 'the condition of a machine, not its erasure',
    policies: 'what a workshop may wish; whether it came about is the law’s',
    rubric: 'thresholds of grades',
    signing: 'signatures, of WebCrypto',
    verify: 'the order of the auditor’s questions; held by vectors',
    visible: 'how hostile text is shown',
  }),
  ...out('agent/src/decide', {
    'boot-entries': 'which boot entries are offered for removal',
    heat: 'when a drive rests; what it was written is read back all the same',
    'tpm-clear': 'what is asked of the firmware; no drive rests on it',
    'held-journals': 'who speaks of a journal on a stick',
    'machine-ref': 'which machine a session was on',
    'network-files': 'where a workshop’s settings come from',
    pace: 'rate and time left',
    power: 'whether the machine may be switched off',
    settings: 'a workshop’s settings',
    slot: 'which version of the image is started',
    'stick-line': 'whether the stick may be pulled',
  }),
  ...out('agent/src/parse', {
    battery: 'grades only',
    cmdline: 'settings of the live image',
    config: 'settings of a workshop',
    cpuinfo: 'grades only',
    'dmi-memory': 'grades only',
    'dmi-system': 'the machine’s name',
    dmi: 'the machine’s name',
    'efi-load-option': 'boot entries',
    'efi-signature-list': 'owners’ keys of Secure Boot',
    edid: 'grades only',
    grubenv: 'which version of the image is started',
    journal: 'whole lines of a journal; what they say is judged by the law',
    'live-state': 'what the live image says of its own units',
    meminfo: 'grades only',
    parsed: 'how a failure is wrapped',
    placeholder: 'makers’ placeholders in names',
    'ready-cfg': 'which version of the image is started',
    'smart-attribute': 'grades only',
    temperature: 'when a drive rests',
    'tpm-ppi': 'what the firmware answers of the TPM',
    smartctl: 'health and grades; a drive’s identity is asked of the kernel too, and compared',
  }),
  ...out('agent/src/sanitize/steps', {
    'engine-work': 'hands a job to the engine',
    'keep-cool': 'when a drive rests',
    index: 'which runner carries out which step',
    'recording-run': 'writes commands down',
    step: 'types',
  }),
  ...out('agent/src/sanitize/engine', {
    child: 'the process around the engine; held by tests with real processes',
    clockwork: 'time and pauses',
    engine: 'the order of passes; a pass that is missing is missing in the evidence',
    halt: 'why work ended early',
    job: 'schemas of messages',
    run: 'the process around the engine; held by tests with real processes',
    words: 'schemas',
    'write-pass': 'writing; what was written is read back',
  }),
];

/** Of these folders every file is in one of the lists. */
export const ROOMS = [
  'agent/protocol/laws',
  'agent/src/decide',
  'agent/src/parse',
  'agent/src/sanitize/techniques',
  'agent/src/sanitize/steps',
  'agent/src/sanitize/engine',
] as const;

const LAW_TESTS = ['agent/protocol/laws/*.test.ts', 'agent/src/decide/ladder.test.ts'];
const STEP_TESTS = [
  'agent/src/sanitize/{techniques,steps}/*.test.ts',
  'agent/src/sanitize/walk-steps.test.ts',
];
const ENGINE_TESTS = ['agent/src/sanitize/overwrite.test.ts', 'agent/src/sanitize/steps/*.test.ts'];

/**
 * The tests that may notice a mutant of a room: those of the room, and of what rests on it. Others might too, which does
 * not count: what a law promises is to be held beside the law. Tests that touch real devices are never among them, for
 * what a mutant of an interlock lets through would be one of this machine.
 */
const TESTS_OF: Record<(typeof ROOMS)[number], readonly string[]> = {
  'agent/protocol/laws': [...LAW_TESTS, 'agent/src/sanitize/{walk-steps,techniques/*}.test.ts'],
  'agent/src/decide': [
    ...['agent/src/decide/*.test.ts', 'agent/src/probe/{interlocks,topology,drives}.test.ts'],
    ...['agent/src/commands/{hot-plug,verdict}.test.ts', 'agent/src/sanitize/techniques/*.test.ts'],
  ],
  'agent/src/parse': ['agent/src/{parse,probe}/*.test.ts', 'agent/src/sanitize/techniques/*.test.ts'],
  'agent/src/sanitize/techniques': STEP_TESTS,
  'agent/src/sanitize/steps': [...STEP_TESTS, ...ENGINE_TESTS],
  'agent/src/sanitize/engine': [...ENGINE_TESTS, 'agent/src/sanitize/engine/*.test.ts'],
};
/** Slow, or with devices of their own. */
const NOT_THESE_TESTS = /\.slow\.test\.ts$|\/real-loops\.test\.ts$/;

/** Each file with its tests. */
export function sourcesOf(files: readonly InScope[]): Source[] {
  return files.map(({ path }) => {
    const room = ROOMS.find((each) => path.startsWith(`${each}/`));
    const globs = room ? TESTS_OF[room] : [];
    const tests = globs.flatMap((glob) => globSync(glob, { cwd: ROOT }));
    return { path, tests: [...new Set(tests)].filter((each) => !NOT_THESE_TESTS.test(each)).sort() };
  });
}
