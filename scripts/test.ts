// Everything: the checks of `npm run check`, the slow tests (real browser, real kills, real disks), then the live image,
// built and booted in virtual laptops, then the mutants of three core files.
import { closingLine, type Count, runStatic, runStep, runVitest } from './checks.ts';
import { VIRTUAL_LAPTOP_NEEDS } from '../test-fixtures/virtual-laptop/ensure.ts';
import { ensure, whatToInstall } from './debian-packages.ts';

const NEEDED = [
  { program: 'chromium', package: 'chromium' },
  { program: 'pdftotext', package: 'poppler-utils' },
  { program: 'qpdf', package: 'qpdf' },
  { program: 'zbarimg', package: 'zbar-tools' },
  { program: 'smartctl', package: 'smartmontools' },
  { program: 'dmidecode', package: 'dmidecode' },
  { program: 'losetup', package: 'mount' },
  { program: 'mkfs.ext4', package: 'e2fsprogs' },
  { program: 'openssl', package: 'openssl' },
  ...VIRTUAL_LAPTOP_NEEDS,
];

const lacking = ensure(NEEDED, console.log);
if (lacking.length > 0) {
  console.error(whatToInstall(lacking));
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} else {
  closingLine([
    ...(await runStatic()),
    await runVitest('fast'),
    // The slow tests come one after the other and leave a core idle: the image is built beside them.
    ...(await Promise.all([runVitest('slow'), image()])).flat(),
    await runVitest('laptops'),
    await mutants(),
  ]);
}

/** A sample: all mutants of one file for each of what is mutated. It fails where one lives on and nobody said why. */
async function mutants(): Promise<Count> {
  const argv = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    'scripts/mutate.ts',
    '--core',
  ] as const;
  return await runStep('mutants of three core files', [...argv]);
}

async function image(): Promise<Count[]> {
  const step = (title: string, script: string): Promise<Count> =>
    runStep(title, [process.execPath, `scripts/${script}.ts`]);
  return [
    await step('live image', 'live-image'),
    await step('live image, the same bytes again', 'live-image-again'),
  ];
}
