import type { AtaSanitize } from '@rebond/protocol';

/** `hdparm -N`: what is visible and what is there, in logical sectors. Null for nonsense (0, 1, less than visible). */
export type MaxSectors = { visible: bigint; native: bigint; by: 'hpa' | 'ama' };

export function parseMaxSectors(text: string): MaxSectors | null {
  const [, visible, native, by] =
    /max sectors\s*=\s*(\d{1,20})\/(\d{1,20}).*?(HPA|ACCESSIBLE MAX ADDRESS)/i.exec(text) ?? [];
  if (visible === undefined || native === undefined || by === undefined) return null;
  const found = { visible: BigInt(visible), native: BigInt(native) };
  if (found.visible <= 1n || found.native < found.visible) return null;
  return { ...found, by: by.toUpperCase() === 'HPA' ? 'hpa' : 'ama' };
}

/**
 * `hdparm --dco-identify`: the real number of sectors. A drive without the feature set makes hdparm exit 0 and print
 * "Real max sectors: 1": 0 and 1 say nothing.
 */
export function parseDcoSectors(text: string): bigint | null {
  const [, real] = /Real max sectors:\s*(\d{1,20})/i.exec(text) ?? [];
  const sectors = real === undefined ? 0n : BigInt(real);
  return sectors > 1n ? sectors : null;
}

export type SanitizeStatus = {
  state: Exclude<AtaSanitize['state'], 'unknown'>;
  /** "Last Sanitize Operation Completed Without Error": the success flag of the drive's last one, also of an earlier one. */
  lastSucceeded: boolean;
  /** 0…100 while one is in process. */
  percent: number | null;
};

/**
 * `hdparm --sanitize-status`; null where it says no state. Where a bridge dropped the drive's registers, hdparm 9.65 says
 * so on its error output and prints the state that zeros would be, "SD0": that says nothing.
 */
export function parseSanitizeStatus(text: string, stderr: string): SanitizeStatus | null {
  if (/bad\/missing sense data/i.test(stderr)) return null;
  // Of a failure STATUS itself fails (ACS-4 §7.36.8): "Drive in SD3 Sanitize Operation Failed state".
  const [, state] = /(?:State:\s*|Drive in )(SD[0-3])\b/.exec(`${text}\n${stderr}`) ?? [];
  if (state === undefined) return null;
  const [, progress] = /Progress:\s*0x([0-9a-f]{1,4})\b/i.exec(text) ?? [];
  return {
    state: state as SanitizeStatus['state'],
    lastSucceeded: /Last Sanitize Operation Completed Without Error/i.test(text),
    percent: progress === undefined ? null : (Number.parseInt(progress, 16) / 0xffff) * 100,
  };
}

/** hdparm exits 0 on a command that the drive refused; only its error output says so. */
export function saysRefused(stderr: string): boolean {
  return /bad\/missing sense data|SG_IO: .*error|FAILED|Input\/output error|Invalid argument|No such device/i.test(
    stderr,
  );
}
