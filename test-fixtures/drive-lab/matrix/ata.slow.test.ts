import { testMatrix } from './tests.ts';

// `REBOND_MATRIX=write` puts what was found into the README.
testMatrix('ata', process.env['REBOND_MATRIX'] === 'write');
