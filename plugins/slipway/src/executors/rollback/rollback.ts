import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/rollback') as typeof import('../../lifecycle/steps/rollback')).rollback,
);
