import { testMatrix } from './tests.ts';

testMatrix('nvme');
