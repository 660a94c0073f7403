import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/ship') as typeof import('../../lifecycle/steps/ship')).ship,
);
