import type { Drive, DriveCapabilities, Part, ProbeFailure } from '@rebond/protocol';
import type { Files, Run } from '../effects/types.ts';
import {
  parseIdCtrl,
  parseIdNs,
  parseListNs,
  parseSanitizeLog,
  type SanitizeLog,
} from '../parse/nvme-answers.ts';
import { failure, type Parsed } from '../parse/parsed.ts';
import { attribute, failedPart, said } from './answers.ts';

const SOURCES = ['nvme id-ctrl', 'nvme id-ns', 'nvme list-ns', 'nvme sanitize-log'];
const NO_ESTIMATES = { crypto: null, block: null, overwrite: null };

/** What an NVMe drive says of its own means, its other namespaces and unallocated capacity among them. */
export async function nvmeCapabilities(
  run: Run,
  files: Files,
  drive: Drive,
): Promise<Part<DriveCapabilities>> {
  const place = await placeOf(files, drive.path);
  if ('code' in place) return failedPart(place);
  const { controller, nsid } = place;
  const means = await ask(run, ['id-ctrl', controller], parseIdCtrl);
  if (means.kind === 'failed') return failedPart(means.failure);
  const own = await ask(run, ['id-ns', controller, '-n', String(nsid)], parseIdNs);
  if (own.kind === 'failed') return failedPart(own.failure);
  const namespaces = await namespacesOf(run, controller, means.value.managesNamespaces);
  if (!Array.isArray(namespaces)) return failedPart(namespaces);
  const log = means.value.sanitize === null ? null : await sanitizeLog(run, controller);
  const { sanitize, format, unallocatedBytes } = means.value;
  return {
    outcome: 'read',
    sources: SOURCES,
    value: {
      ...{ interface: 'nvme', controller, nsid, lbaFormat: own.value.lbaFormat, namespaces },
      ...{ format, unallocatedBytes },
      sanitize:
        sanitize === null
          ? null
          : {
              ...sanitize,
              state: log?.kind === 'parsed' ? log.value.state : 'unknown',
              estimates: log?.kind === 'parsed' ? log.value.estimates : NO_ESTIMATES,
            },
    },
  };
}

async function sanitizeLog(run: Run, controller: string): Promise<Parsed<SanitizeLog>> {
  return await ask(run, ['sanitize-log', controller], parseSanitizeLog);
}

async function ask<T>(
  run: Run,
  [command, ...rest]: [string, ...string[]],
  parse: (text: string) => Parsed<T>,
): Promise<Parsed<T>> {
  const answer = said(await run(['nvme', command, ...rest, '-o', 'json']), `nvme ${command}`);
  return answer.kind === 'said' ? parse(answer.stdout) : answer;
}

/** The controller's node and the namespace's number, as the kernel tells them: a node's name proves neither. */
async function placeOf(
  files: Files,
  path: string,
): Promise<{ controller: string; nsid: number } | ProbeFailure> {
  const name = path.replace(/^\/dev\//, '');
  const folder = `/sys/block/${name}`;
  const nsid = Number(await attribute(files, `${folder}/nsid`));
  const inside = await files.list(`${folder}/device`);
  const device = await files.real(`${folder}/device`);
  const last = device.kind === 'read' ? (device.value.split('/').at(-1) ?? '') : '';
  const below = inside.kind === 'read' ? inside.value.find((each) => /^nvme\d+$/.test(each)) : undefined;
  const controller = /^nvme\d+$/.test(last) ? last : below;
  if (!Number.isSafeInteger(nsid) || nsid < 1 || controller === undefined)
    return failure('unreadable', folder, `nsid ${nsid}, controller ${controller ?? 'not found'}`);
  return { controller: `/dev/${controller}`, nsid };
}

type Namespaces = { nsid: number; attached: boolean; sizeBytes: number | null }[];

/** Allocated namespaces where the controller manages them, and which of them are attached; without management, the active ones. */
async function namespacesOf(
  run: Run,
  controller: string,
  managed: boolean,
): Promise<Namespaces | ProbeFailure> {
  const active = await ask(run, ['list-ns', controller], parseListNs);
  if (active.kind === 'failed') return active.failure;
  const all = managed ? await ask(run, ['list-ns', controller, '-a'], parseListNs) : active;
  if (all.kind === 'failed') return all.failure;
  const found: Namespaces = [];
  for (const nsid of new Set([...active.value, ...all.value])) {
    const own = await ask(run, ['id-ns', controller, '-n', String(nsid)], parseIdNs);
    found.push({
      nsid,
      attached: active.value.includes(nsid),
      sizeBytes: own.kind === 'parsed' ? own.value.sizeBytes : null,
    });
  }
  return found;
}
