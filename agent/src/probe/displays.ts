import type { Display, Part } from '@rebond/protocol';
import type { Files } from '../effects/types.ts';
import { EDID, parseEdid, type Edid } from '../parse/edid.ts';
import { failed, type Parsed } from '../parse/parsed.ts';
import { attribute, failedPart, unread } from './answers.ts';

const DRM = '/sys/class/drm';
const DISPLAYS_MAX = 32;
/** 256 blocks of 128 bytes is the most that an EDID can announce. */
const EDID_MAX = 32_768;

/**
 * Screens on connectors whose status is `connected`. No connector connected means no screen; without the folder
 * (no graphics driver) nothing is known. A screen whose EDID cannot be used is listed without its facts.
 */
export async function probeDisplays(files: Files): Promise<{ displays: Part<Display[]>; remarks: string[] }> {
  const names = await files.list(DRM);
  if (names.kind !== 'read') return { displays: failedPart(unread(names, DRM)), remarks: [] };
  const connectors = names.value.filter((name) => /^card\d+-/.test(name));
  const screens = (await Promise.all(connectors.map((name) => screen(files, name)))).flat();
  const displays: Part<Display[]> =
    screens.length === 0
      ? { outcome: 'absent', sources: [DRM] }
      : {
          outcome: 'read',
          sources: [DRM, EDID],
          value: screens.slice(0, DISPLAYS_MAX).map(({ name, edid }) => display(name, edid)),
        };
  return { displays, remarks: screens.flatMap(remark) };
}

type Screen = { name: string; edid: Parsed<Edid> };

async function screen(files: Files, name: string): Promise<Screen[]> {
  if ((await attribute(files, `${DRM}/${name}/status`)) !== 'connected') return [];
  const bytes = await files.bytes(`${DRM}/${name}/edid`, EDID_MAX);
  if (bytes.kind === 'read') return [{ name, edid: parseEdid(bytes.value) }];
  const { code, source, detail } = unread(bytes, `${DRM}/${name}/edid`);
  return [{ name, edid: failed(code, source, detail) }];
}

const NOTHING: Edid = {
  maker: null,
  model: null,
  serial: null,
  widthPixels: null,
  heightPixels: null,
  widthMillimetres: null,
  heightMillimetres: null,
  year: null,
};

function display(name: string, edid: Parsed<Edid>): Display {
  const connector = name.replace(/^card\d+-/, '');
  const facts = edid.kind === 'parsed' ? edid.value : NOTHING;
  return { connector, internal: /^(?:eDP|LVDS|DSI)\b/.test(connector), ...facts };
}

function remark({ name, edid }: Screen): string[] {
  return edid.kind === 'failed' ? [`${name}: ${edid.failure.source}: ${edid.failure.detail}`] : [];
}
