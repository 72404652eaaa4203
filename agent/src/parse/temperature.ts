import type { OwnLimits } from '../decide/heat.ts';
import { countAt, integerAt, parseJson } from './json.ts';
import { parseSmartctl } from './smartctl.ts';

/** Of a sensor that does not answer drives say −128, −273 or 255. */
const plausible = (celsius: number | null): number | null =>
  celsius !== null && celsius >= -40 && celsius <= 150 ? celsius : null;

/** A `temp*_…` of hwmon: millidegrees in decimal. @returns degrees Celsius, or null */
export function hwmonCelsius(text: string | null): number | null {
  return text !== null && /^-?\d{1,7}$/.test(text.trim()) ? plausible(Math.round(Number(text) / 1000)) : null;
}

/** What `smartctl --json -A -l scttempsts` says of temperature. */
export function smartctlHeat(text: string): { celsius: number | null; own: OwnLimits } {
  const report = parseSmartctl(text);
  const health = report.kind === 'parsed' ? report.value.health : null;
  const celsius = health?.outcome === 'read' ? health.value.temperatureCelsius : null;
  const json = parseJson(text, 'smartctl');
  const limit = (name: string): number | null =>
    json.kind === 'parsed' ? plausible(integerAt(json.value, 'temperature', name)) : null;
  const own = { recommended: limit('op_limit_max') ?? limit('drive_trip'), critical: limit('limit_max') };
  return { celsius: plausible(celsius), own };
}

/** `nvme id-ctrl -o json`: WCTEMP and CCTEMP, in kelvins; 0 where the drive does not say. */
export function nvmeLimits(text: string): OwnLimits {
  const json = parseJson(text, 'nvme id-ctrl');
  const kelvins = (name: string): number | null => {
    const value = json.kind === 'parsed' ? countAt(json.value, name) : null;
    return value === null || value === 0 ? null : plausible(value - 273);
  };
  return { recommended: kelvins('wctemp'), critical: kelvins('cctemp') };
}
