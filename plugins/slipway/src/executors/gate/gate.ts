import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/gate') as typeof import('../../lifecycle/steps/gate')).gate,
);
