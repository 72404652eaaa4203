// Everything: the checks of `npm run check`, the slow tests (real browser, real kills, real disks), then the live image,
// built and booted in virtual laptops.
import { closingLine, runStatic, runStep, runVitest } from './checks.ts';
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
    await runVitest('slow'),
    await runStep('live image', [process.execPath, 'scripts/live-image.ts']),
    await runVitest('laptops'),
  ]);
}
