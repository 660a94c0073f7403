import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/verify') as typeof import('../../lifecycle/steps/verify')).verifyAtomised,
);
