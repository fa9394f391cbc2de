import { describe } from 'vitest';
import { expiringContract } from './expiring-contract.ts';
import { MemoryExpiring } from './testing.ts';

const store = new MemoryExpiring();

describe('expiring values in memory', () => expiringContract(async () => store));
