import type { Files } from '../effects/types.ts';

/** UEFI 2.10, 3.3: one byte, after the four bytes of attributes that efivarfs puts before it. */
const SECURE_BOOT = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
const LOCKDOWN = '/sys/kernel/security/lockdown';

/**
 * Whether the firmware enforced Secure Boot, and how far the kernel is locked down: what a tool could not read may
 * come from that. Nothing is said where neither can be read.
 */
export async function probeSecureBoot(files: Files): Promise<{ remarks: string[] }> {
  const variable = await files.bytes(SECURE_BOOT, 16);
  const lockdown = await files.text(LOCKDOWN, 256);
  const state = variable.kind === 'read' ? variable.value.at(4) : undefined;
  // `none [integrity] confidentiality`: the one in brackets holds (kernel, security/lockdown/lockdown.c).
  const level =
    lockdown.kind === 'read' ? /\[(none|integrity|confidentiality)\]/.exec(lockdown.value)?.[1] : undefined;
  const said = [
    ...(state === 1 ? ['Secure Boot: enabled'] : state === 0 ? ['Secure Boot: disabled'] : []),
    ...(level === undefined ? [] : [`kernel lockdown: ${level}`]),
  ];
  return { remarks: said.length > 0 ? [said.join('; ')] : [] };
}
