import { type Authority, grubDevice, httpUrl } from './authority.ts';

/** What a laptop that boots by network must know. All of it is plain by its form: nothing here is quoted. */
export type BootFacts = {
  at: Authority;
  /** SHA-256 of the squashfs. */
  imageSha256: string;
  server: string;
  /** The pin of the server's key; null where there is no HTTPS. */
  pin: string | null;
  workshopId: string;
  /** More kernel arguments from the settings. */
  extra: string;
};

/** As on stick and CD (live-image/boot/cmdline). */
const STICK_WORDS =
  'quiet loglevel=1 panic=30 consoleblank=0 noresume nonetworking nofstab nopersistence noeject';

/** The kernel's command line. */
function kernelArguments({ at, imageSha256, server, pin, workshopId, extra }: BootFacts): string {
  return [
    'boot=live',
    `fetch=${httpUrl(at, '/filesystem.squashfs')}`,
    'ip=dhcp',
    `rebond.image=${imageSha256}`,
    `rebond.server=${server}`,
    ...(pin ? [`rebond.pin=${pin}`] : []),
    `rebond.workshop=${workshopId}`,
    STICK_WORDS,
    ...(extra ? [extra] : []),
  ].join(' ');
}

/** For iPXE. Its screen has no accents. */
export function ipxeScript(facts: BootFacts): string {
  const { at } = facts;
  return lines(
    '#!ipxe',
    'cpuid --ext 29 || goto no64',
    'echo Rebond',
    `kernel ${httpUrl(at, '/vmlinuz')} initrd=initrd.img ${kernelArguments(facts)} || goto failed`,
    `initrd --name initrd.img ${httpUrl(at, '/initrd.img')} || goto failed`,
    'boot || goto failed',
    ':failed',
    'echo Le demarrage par le reseau a echoue ; nouvel essai dans 10 s.',
    'echo Booting by network failed; trying again in 10 s.',
    'sleep 10',
    'imgfree',
    `chain --replace ${httpUrl(at, '/boot.ipxe')} || goto failed`,
    ':no64',
    'echo Ce processeur est en 32 bits : Rebond demande 64 bits.',
    'echo This processor has 32 bits: Rebond needs 64.',
    'sleep 30',
    'exit 1',
  );
}

/** For GRUB, which shim has loaded and verified where Secure Boot is on. Its screen has no accents here. */
export function grubConfig(facts: BootFacts): string {
  const device = grubDevice(facts.at);
  return lines(
    'set default=0',
    'set timeout=3',
    '# No password opens the editor or the command line: nobody is given one.',
    'set superusers="nobody"',
    'export superusers',
    'if ! cpuid -l ; then',
    '  set timeout=-1',
    '  menuentry "Processeur 32 bits : Rebond ne peut pas y fonctionner." --unrestricted { true }',
    '  menuentry "32-bit processor: Rebond cannot run on it." --unrestricted { true }',
    'else',
    '  menuentry "Rebond" --unrestricted {',
    '    echo "Rebond ..."',
    `    linux ${device}/vmlinuz ${kernelArguments(facts)}`,
    `    initrd ${device}/initrd.img`,
    '  }',
    'fi',
    'menuentry "Ne pas demarrer Rebond / Do not start Rebond" --unrestricted { exit }',
  );
}

/**
 * The file to put as `grub/grub.cfg` into the folder of the TFTP server, where Debian's signed network GRUB looks for
 * it: it only leads here, so that nothing in that folder changes with the image.
 */
export function grubTftpConfig(at: Authority): string {
  return lines(
    `configfile ${grubDevice(at)}/grub/grub.cfg`,
    "echo 'Le serveur de Rebond ne repond pas. / The Rebond server does not answer.'",
    'sleep 10',
    'exit',
  );
}

function lines(...each: string[]): string {
  return `${each.join('\n')}\n`;
}
