import { describe } from 'vitest';
import { singleUseContract } from './single-use-contract.ts';
import { MemorySingleUse } from './testing.ts';

const store = new MemorySingleUse();

describe('single-use values in memory', () => singleUseContract(async () => store));
