import { testMatrix } from './tests.ts';

// `REBOND_MATRIX=write` puts what was found into the README.
testMatrix('nvme', process.env['REBOND_MATRIX'] === 'write');
