import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Firmware } from './describe.ts';

const OVMF = '/usr/share/OVMF';

type Flash = { code: string; variables: string; secure: boolean };

/** The `ms` variables hold Microsoft's keys and Secure Boot on, as a new laptop does. */
const FLASHES: Record<Exclude<Firmware, 'bios'>, Flash> = {
  uefi: { code: 'OVMF_CODE_4M.fd', variables: 'OVMF_VARS_4M.fd', secure: false },
  'uefi-secure': { code: 'OVMF_CODE_4M.ms.fd', variables: 'OVMF_VARS_4M.ms.fd', secure: true },
  'uefi-ia32': { code: 'OVMF32_CODE_4M.secboot.fd', variables: 'OVMF32_VARS_4M.fd', secure: true },
};

/** The flash chips, the second of which (its settings) is this laptop's own and keeps over power cycles. */
export function firmwareArguments(firmware: Firmware, folder: string): string[] {
  if (firmware === 'bios') return ['-machine', 'q35'];
  const { code, variables, secure } = FLASHES[firmware];
  const own = join(folder, 'firmware-settings.fd');
  if (!existsSync(own)) copyFileSync(`${OVMF}/${variables}`, own);
  const guarded = ['-global', 'driver=cfi.pflash01,property=secure,value=on'];
  return [
    ...['-machine', secure ? 'q35,smm=on' : 'q35'],
    ...(secure ? guarded : []),
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${OVMF}/${code}`],
    ...['-drive', `if=pflash,unit=1,format=raw,file=${own}`],
  ];
}
