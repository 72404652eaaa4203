// `npm run bench -- NAME`: measures, beside something run in the same minutes. The last line is one JSON object.
import { bootBenchmark } from './bench-boot.ts';
import { wipeBenchmark } from './bench-wipe.ts';

const BENCHMARKS: Record<string, () => Promise<object>> = { boot: bootBenchmark, wipe: wipeBenchmark };

const name = process.argv[2] ?? '';
const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (benchmark) console.log(JSON.stringify(await benchmark()));
else {
  console.error(`npm run bench -- ${Object.keys(BENCHMARKS).join(' | ')}`);
  process.exitCode = 2;
}
