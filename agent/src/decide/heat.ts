import type { Medium } from '@rebond/protocol';

/** What a drive says of its own limits, in degrees Celsius. */
export type OwnLimits = {
  /**
   * Above it the drive should not be for long: NVMe's WCTEMP (NVM Express Base 2.0 §5.17.2.1), the greatest temperature
   * that SCT recommends for continuous operation (ACS-4 §8.3), a SCSI disk's trip point.
   */
  recommended: number | null;
  /** Above it the drive may suffer: NVMe's CCTEMP, SCT's greatest temperature. */
  critical: number | null;
};

export type HeatLimits = {
  /** From this on the work is paused, and it goes on at `goOnAt` or below. */
  pauseAt: number;
  goOnAt: number;
  source: string;
};

/** What a sensor that is not there, or a byte that is not set, says lies outside. */
const [LEAST, MOST] = [45, 100];
/** So far below what harms. */
const MARGIN = 5;

/** The drive's own limit where it has one that can be one, else a default of its kind. */
export function heatLimits(medium: Medium, { recommended, critical }: OwnLimits): HeatLimits {
  const band = medium === 'ata-hdd' || medium === 'scsi-hdd' ? 5 : 10;
  const from = (pauseAt: number, source: string): HeatLimits => ({ pauseAt, goOnAt: pauseAt - band, source });
  if (recommended !== null && isLimit(recommended)) return from(recommended, 'drive, recommended limit');
  if (critical !== null && isLimit(critical - MARGIN))
    return from(critical - MARGIN, `drive, ${MARGIN} below its critical limit`);
  const { celsius, source } = DEFAULTS[medium];
  return from(celsius, source);
}

function isLimit(celsius: number): boolean {
  return celsius >= LEAST && celsius <= MOST;
}

const HDD = {
  celsius: 60,
  source: 'default for hard disks (operating range of laptop drives, e.g. Seagate ST500LT012: 0–60 °C)',
};
const FLASH = {
  celsius: 70,
  source: 'default for flash (operating range of consumer drives, e.g. Samsung 970 EVO: 0–70 °C)',
};
/** Where nothing says what is inside: the lesser. */
const LESSER = { celsius: 60, source: 'default where the kind of drive is not known: that of hard disks' };

const DEFAULTS: Record<Medium, { celsius: number; source: string }> = {
  'ata-hdd': HDD,
  'scsi-hdd': HDD,
  'ata-ssd': FLASH,
  'scsi-ssd': FLASH,
  nvme: FLASH,
  emmc: FLASH,
  'usb-flash': FLASH,
  'sd-card': FLASH,
  'behind-bridge': LESSER,
  virtual: LESSER,
  'rehearsal-file': LESSER,
  'rehearsal-loop': LESSER,
  unknown: LESSER,
};

/** How long a drive may take to cool down, and be paused in all, before it is given up: the bench is not its oven. */
export const COOLS_WITHIN_MS = 30 * 60_000;
export const PAUSED_AT_MOST_MS = 4 * 60 * 60_000;

/** What was read and done so far. Times are monotonic milliseconds. */
export type HeatState = {
  /** Since when it is paused; null while it works. */
  pausedSince: number | null;
  /** Of the pauses that are over. */
  pausedMs: number;
  pauses: number;
  highest: number | null;
};

export const COOL: HeatState = { pausedSince: null, pausedMs: 0, pauses: 0, highest: null };

/**
 * What a reading leads to. One that failed changes nothing while the drive works, for many never say anything; while it
 * is paused it does not let it go on either.
 * @param celsius null where it could not be read
 */
export function afterReading(
  state: HeatState,
  { celsius, at }: { celsius: number | null; at: number },
  limits: HeatLimits,
): { state: HeatState; act: 'pause' | 'go-on' | 'give-up' | null } {
  const highest = celsius === null ? state.highest : Math.max(celsius, state.highest ?? celsius);
  const { pausedSince, pausedMs, pauses } = state;
  if (pausedSince === null) {
    if (celsius === null || celsius < limits.pauseAt) return { state: { ...state, highest }, act: null };
    return { state: { pausedSince: at, pausedMs, pauses: pauses + 1, highest }, act: 'pause' };
  }
  if (celsius !== null && celsius <= limits.goOnAt) {
    const paused = pausedMs + (at - pausedSince);
    return { state: { pausedSince: null, pausedMs: paused, pauses, highest }, act: 'go-on' };
  }
  const long = at - pausedSince >= COOLS_WITHIN_MS || pausedMs + (at - pausedSince) >= PAUSED_AT_MOST_MS;
  return { state: { ...state, highest }, act: long ? 'give-up' : null };
}
