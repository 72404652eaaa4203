// All checks but the slow tests: types, lint with the room rules, unused code, format, unit tests.
import { closingLine, runStatic, runVitest } from './checks.ts';

const counts = [...(await runStatic()), await runVitest('fast')];
closingLine(counts);
