import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/deploy') as typeof import('../../lifecycle/steps/deploy')).deploy,
);
