// The gateways may not import streams/, yet must derive ids by the same rule.
export { derivedId, KHIPU_NAMESPACE, uuidV5 } from '../../streams/kernel/ids.ts';
